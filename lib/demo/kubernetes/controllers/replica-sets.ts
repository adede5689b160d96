import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord } from '../json'
import { writeStatus } from './conditions'
import { isPodReady } from './kubelet'
import { deletePod, inOrderOfLoss, makePod, phaseOf, podName } from './pods'
import type { Pass } from './pods'
import { recordEvent } from './recorder'

/** When a workload's own children begin: with the workload if it has none yet, else now. */
export function birthOf(workload: KubernetesObject, isFirst: boolean, nowMs: number): number {
  const created = Date.parse(workload.metadata.creationTimestamp ?? '')
  return isFirst && created <= nowMs ? created : nowMs
}

export function desiredReplicas(workload: KubernetesObject): number {
  return Math.max(0, asNumber(asRecord(workload.spec).replicas, 1))
}

/** Makes and removes pods until a ReplicaSet has as many as it asks for, and reports on them. */
export function reconcileReplicaSet(pass: Pass, replicaSet: KubernetesObject): void {
  const wanted = desiredReplicas(replicaSet)
  const isFirst = asRecord(replicaSet.status).observedGeneration === undefined
  const pods = pass
    .podsOf(replicaSet)
    .filter((pod) => phaseOf(pod) !== 'Succeeded' && phaseOf(pod) !== 'Failed')
  for (let position = pods.length; position < wanted; position += 1) {
    const createdMs = birthOf(replicaSet, isFirst, pass.nowMs)
    const pod = makePod(pass, {
      owner: replicaSet,
      template: replicaSet,
      name: podName(pass, replicaSet.metadata.name, position, isFirst),
      createdMs,
      extraLabels: {},
    })
    pods.push(pod)
    recordEvent(
      pass.store,
      replicaSet,
      {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
        component: 'replicaset-controller',
      },
      createdMs,
      pass.nowMs,
    )
  }
  for (const pod of inOrderOfLoss(pods).slice(0, Math.max(0, pods.length - wanted))) {
    deletePod(pass, pod)
    pods.splice(pods.indexOf(pod), 1)
    recordEvent(
      pass.store,
      replicaSet,
      {
        type: 'Normal',
        reason: 'SuccessfulDelete',
        message: `Deleted pod: ${pod.metadata.name}`,
        component: 'replicaset-controller',
      },
      pass.nowMs,
      pass.nowMs,
    )
  }
  const ready = pods.filter(isPodReady).length
  writeStatus(pass.store, replicaSet, {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    observedGeneration: replicaSet.metadata.generation ?? 1,
  })
}
