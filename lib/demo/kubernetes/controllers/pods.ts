import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asText } from '../json'
import { stableNumber, stableSuffix } from '../names'
import { timestamp } from '../object-store'
import type { ObjectStore } from '../object-store'
import { asMeshPod, templateShape } from './injection'
import type { MeshSettings } from './injection'
import { isPodReady } from './kubelet'
import { ownedBy } from './owners'
import { recordEvent } from './recorder'

/** What every controller of one pass over a namespace needs. */
export interface Pass {
  store: ObjectStore
  namespace: string
  nowMs: number
  /** the first look at a store: what has no pods yet gets pods as old as itself */
  isStart: boolean
  nodes: readonly KubernetesObject[]
  mesh: MeshSettings
  /** pods of the namespace by the uid of their controller, in order of name */
  podsOf(owner: KubernetesObject): KubernetesObject[]
}

export interface PodToMake {
  owner: KubernetesObject
  /** whose template the pod is made from */
  template: KubernetesObject
  name: string
  createdMs: number
  extraLabels: Record<string, string>
  /** when left out, the scheduler picks by name */
  node?: KubernetesObject
}

/** Makes one pod from a workload's template, injected as its namespace and labels ask. */
export function makePod(pass: Pass, want: PodToMake): KubernetesObject {
  const shape = templateShape(want.template)
  const meshed = asMeshPod({ ...shape, labels: { ...shape.labels, ...want.extraLabels } }, pass.mesh)
  const node = want.node ?? schedule(pass.nodes, `${pass.namespace}/${want.name}`)
  const pod = pass.store.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: want.name,
      generateName: want.name.slice(0, want.name.lastIndexOf('-') + 1),
      namespace: pass.namespace,
      labels: meshed.labels,
      annotations: meshed.annotations,
      ownerReferences: ownedBy(want.owner),
      creationTimestamp: timestamp(want.createdMs),
    },
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      ...meshed.spec,
      serviceAccountName: asText(meshed.spec.serviceAccountName) || 'default',
      serviceAccount: asText(meshed.spec.serviceAccountName) || 'default',
      nodeName: node?.metadata.name ?? '',
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  })
  recordEvent(
    pass.store,
    pod,
    {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${pass.namespace}/${want.name} to ${node?.metadata.name ?? ''}`,
      component: 'default-scheduler',
    },
    want.createdMs,
    pass.nowMs,
  )
  return pod
}

export function schedule(nodes: readonly KubernetesObject[], key: string): KubernetesObject | undefined {
  return nodes[stableNumber(`schedule ${key}`) % Math.max(1, nodes.length)]
}

/**
 * A free name `{prefix}-xxxxx`. The first pods of a workload are named by their number alone, so that a world
 * has the same pods every time; later ones also by the store's revision, so that a deleted pod's name does not
 * come back.
 */
export function podName(pass: Pass, prefix: string, position: number, isFirst: boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const seed = `${pass.namespace}/${prefix}/${position}/${isFirst ? '' : pass.store.revision}/${attempt}`
    const name = `${prefix}-${stableSuffix(seed, 5)}`
    if (pass.store.get({ kind: 'Pod', group: '', namespace: pass.namespace, name }) === undefined) return name
  }
}

export function deletePod(pass: Pass, pod: KubernetesObject): void {
  const note = { type: 'Normal', reason: 'Killing', message: 'Stopping containers of the pod' } as const
  recordEvent(pass.store, pod, { ...note, component: 'kubelet' }, pass.nowMs, pass.nowMs)
  pass.store.delete({ kind: 'Pod', group: '', namespace: pass.namespace, name: pod.metadata.name })
}

/** Pods in the order in which a controller gives them up: unready first, then the youngest. */
export function inOrderOfLoss(pods: readonly KubernetesObject[]): KubernetesObject[] {
  const created = (pod: KubernetesObject) => asText(pod.metadata.creationTimestamp)
  return [...pods].sort((a, b) => {
    if (isPodReady(a) !== isPodReady(b)) return isPodReady(a) ? 1 : -1
    if (created(a) !== created(b)) return created(a) < created(b) ? 1 : -1
    return a.metadata.name < b.metadata.name ? -1 : 1
  })
}

export function phaseOf(pod: KubernetesObject): string {
  return asText(asRecord(pod.status).phase)
}
