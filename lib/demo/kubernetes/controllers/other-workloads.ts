import type { KubernetesObject } from '@/lib/demo/model'
import { asNumber, asRecord, asStrings, canonicalJson } from '../json'
import { stableSuffix } from '../names'
import { timestamp } from '../object-store'
import { writeStatus } from './conditions'
import { isPodReady } from './kubelet'
import { deletePod, makePod, phaseOf, podName } from './pods'
import type { Pass } from './pods'
import { birthOf, desiredReplicas } from './replica-sets'

const REVISION_LABEL = 'controller-revision-hash'

function revisionHash(workload: KubernetesObject): string {
  return stableSuffix(canonicalJson(asRecord(workload.spec).template), 10)
}

function isCurrent(pod: KubernetesObject, revision: string): boolean {
  return asStrings(pod.metadata.labels)[REVISION_LABEL]?.endsWith(revision) ?? false
}

/** Pods `name-0`, `name-1`… in order; a changed template replaces one at a time, from the last. */
export function reconcileStatefulSet(pass: Pass, set: KubernetesObject): void {
  const wanted = desiredReplicas(set)
  const revision = revisionHash(set)
  const isFirst = pass.isStart || asRecord(set.status).observedGeneration === undefined
  const pods = new Map(pass.podsOf(set).map((pod) => [pod.metadata.name, pod]))
  const name = (ordinal: number) => `${set.metadata.name}-${ordinal}`
  for (const [podName, pod] of pods) {
    const ordinal = Number(podName.slice(set.metadata.name.length + 1))
    if (ordinal < wanted) continue
    deletePod(pass, pod)
    pods.delete(podName)
  }
  const allReady = [...pods.values()].every(isPodReady)
  if (allReady && pods.size === wanted) {
    for (let ordinal = wanted - 1; ordinal >= 0; ordinal -= 1) {
      const pod = pods.get(name(ordinal))
      if (pod === undefined || isCurrent(pod, revision)) continue
      deletePod(pass, pod)
      pods.delete(pod.metadata.name)
      break
    }
  }
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    if (pods.has(name(ordinal))) continue
    const pod = makePod(pass, {
      owner: set,
      template: set,
      name: name(ordinal),
      createdMs: birthOf(set, isFirst, pass.nowMs),
      extraLabels: {
        [REVISION_LABEL]: `${set.metadata.name}-${revision}`,
        'statefulset.kubernetes.io/pod-name': name(ordinal),
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
    })
    pods.set(pod.metadata.name, pod)
  }
  const ready = [...pods.values()].filter(isPodReady).length
  const updated = [...pods.values()].filter((pod) => isCurrent(pod, revision)).length
  writeStatus(pass.store, set, {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.size,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: updated,
    updatedReplicas: updated,
    currentRevision: `${set.metadata.name}-${revision}`,
    updateRevision: `${set.metadata.name}-${revision}`,
    collisionCount: 0,
  })
}

/** One pod on every node; a changed template replaces one at a time. */
export function reconcileDaemonSet(pass: Pass, set: KubernetesObject): void {
  const revision = revisionHash(set)
  const isFirst = pass.isStart || asRecord(set.status).observedGeneration === undefined
  let pods = [...pass.podsOf(set)]
  const outdated = pods.find((pod) => !isCurrent(pod, revision))
  if (outdated !== undefined && pods.every((pod) => isPodReady(pod) || pod === outdated)) {
    deletePod(pass, outdated)
    pods = pods.filter((pod) => pod !== outdated)
  }
  pass.nodes.forEach((node, position) => {
    if (pods.some((pod) => asRecord(pod.spec).nodeName === node.metadata.name)) return
    pods.push(
      makePod(pass, {
        owner: set,
        template: set,
        name: podName(pass, set.metadata.name, position, isFirst),
        createdMs: birthOf(set, isFirst, pass.nowMs),
        extraLabels: { [REVISION_LABEL]: revision },
        node,
      }),
    )
  })
  const ready = pods.filter(isPodReady).length
  writeStatus(pass.store, set, {
    observedGeneration: set.metadata.generation ?? 1,
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: pass.nodes.length,
    numberMisscheduled: 0,
    numberReady: ready,
    updatedNumberScheduled: pods.filter((pod) => isCurrent(pod, revision)).length,
    ...(ready > 0 ? { numberAvailable: ready } : {}),
    ...(ready < pass.nodes.length ? { numberUnavailable: pass.nodes.length - ready } : {}),
  })
}

/** As many pods as the Job has completions, each run once. */
export function reconcileJob(pass: Pass, job: KubernetesObject): void {
  const wanted = asNumber(asRecord(job.spec).completions, 1)
  const pods = [...pass.podsOf(job)]
  const isFirst = asRecord(job.status).startTime === undefined
  const labels = { 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name }
  for (let position = pods.length; position < wanted; position += 1) {
    const name = podName(pass, job.metadata.name, position, isFirst)
    const createdMs = birthOf(job, isFirst, pass.nowMs)
    pods.push(makePod(pass, { owner: job, template: job, name, createdMs, extraLabels: labels }))
  }
  const succeeded = pods.filter((pod) => phaseOf(pod) === 'Succeeded').length
  const old = asRecord(job.status)
  const isComplete = succeeded >= wanted
  const done = old.completionTime ?? timestamp(pass.nowMs)
  writeStatus(pass.store, job, {
    startTime: old.startTime ?? timestamp(birthOf(job, true, pass.nowMs)),
    ...(isComplete
      ? {
          succeeded,
          completionTime: done,
          conditions: [{ type: 'Complete', status: 'True', lastProbeTime: done, lastTransitionTime: done }],
        }
      : { active: pods.length - succeeded, ready: pods.filter(isPodReady).length }),
  })
}
