import type { KubernetesObject } from '@/lib/demo/model'
import { collectGarbage, finalizeNamespaces } from './controllers/cleanup'
import { ensureNodes, ensureServiceAccount, nodeAddress, proxyVersion } from './controllers/cluster'
import { reconcileDeployment } from './controllers/deployments'
import { reconcileEndpoints } from './controllers/endpoints'
import { asMeshPod } from './controllers/injection'
import { podStatusAt, wantedConditions } from './controllers/kubelet'
import { reconcileDaemonSet, reconcileJob, reconcileStatefulSet } from './controllers/other-workloads'
import { byController, controllerOf } from './controllers/owners'
import { schedule } from './controllers/pods'
import type { Pass } from './controllers/pods'
import { forgetOldEvents, recordEvent } from './controllers/recorder'
import { reconcileReplicaSet } from './controllers/replica-sets'
import { asRecord, asRecords, asStrings, asText, canonicalJson } from './json'
import { stableNumber } from './names'
import { StoreError } from './object-store'
import type { ObjectStore } from './object-store'

export { NOT_READY_ANNOTATION, RESTARTS_ANNOTATION } from './controllers/kubelet'

export interface ReconcileOptions {
  /** mean time from a pod's creation until it is ready; default 4,000 */
  startupMs?: number
}

interface Progress {
  /** everything up to this revision has been seen */
  revision: number
  /** namespaces whose pods change by themselves, and when, epoch milliseconds */
  wakeAt: Map<string, number>
  addresses: Map<string, string>
}

const progressOf = new WeakMap<ObjectStore, Progress>()

/** Kinds whose changes concern a controller; others, such as leases and routes, wake nobody. */
const WATCHED = new Set([
  'Namespace',
  'Node',
  'Pod',
  'Service',
  'Deployment.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Job.batch',
])

/** A rollout takes a few rounds; a loop that writes for ever would be a fault of ours. */
const MAX_ROUNDS = 25

/**
 * Brings ReplicaSets, Pods, endpoints and statuses in line with the workloads in the store, as Kubernetes'
 * controllers, scheduler, kubelets and Istio's injector would by `nowMs`: reacts to creation, deletion,
 * scaling, changed templates and time passing (new pods become ready after `startupMs`).
 *
 * Cheap to call often: only namespaces written to, or with pods under way, since the last call are looked at.
 * The first call on a store gives workloads that have no pods yet pods as old as themselves.
 * `demo.heddle.dev/not-ready` and `demo.heddle.dev/restarts` hold pods in trouble, see `controllers/kubelet.ts`.
 */
export function reconcileWorkloads(store: ObjectStore, nowMs: number, options: ReconcileOptions = {}): void {
  const progress = progressOf.get(store) ?? { revision: -1, wakeAt: new Map(), addresses: new Map() }
  progressOf.set(store, progress)
  const isStart = progress.revision === -1
  const nodes = ensureNodes(store, nowMs)
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const dirty = dirtyNamespaces(store, progress, nowMs)
    progress.revision = store.revision
    if (dirty.size === 0) return
    if (round === 0) forgetOldEvents(store, nowMs)
    finalizeNamespaces(store)
    const version = proxyVersion(store)
    for (const name of [...dirty].sort()) {
      const namespace = store.get({ kind: 'Namespace', group: '', name })
      if (namespace !== undefined) ensureServiceAccount(store, namespace)
      progress.wakeAt.delete(name)
      const mesh = { namespaceLabels: asStrings(namespace?.metadata.labels), proxyVersion: version }
      reconcileNamespace(
        { store, nowMs, isStart, nodes, namespace: name, mesh },
        progress,
        options.startupMs ?? 4_000,
      )
    }
  }
}

function dirtyNamespaces(store: ObjectStore, progress: Progress, nowMs: number): Set<string> {
  const dirty = new Set<string>()
  for (const [namespace, wakeAt] of progress.wakeAt) if (wakeAt <= nowMs) dirty.add(namespace)
  try {
    if (progress.revision >= 0) {
      for (const event of store.eventsSince(progress.revision)) {
        if (!WATCHED.has(event.kind)) continue
        if (event.kind === 'Node') return everyNamespace(store)
        dirty.add(event.object.metadata.namespace ?? event.object.metadata.name)
      }
      return dirty
    }
  } catch (error) {
    // written to faster than history is kept: look at everything
    if (!(error instanceof StoreError)) throw error
  }
  return everyNamespace(store)
}

function everyNamespace(store: ObjectStore): Set<string> {
  const names = new Set<string>()
  for (const namespace of store.list('Namespace')) names.add(namespace.metadata.name)
  for (const kind of WATCHED) {
    for (const object of store.list(kind)) if (object.metadata.namespace) names.add(object.metadata.namespace)
  }
  return names
}

function reconcileNamespace(base: Omit<Pass, 'podsOf'>, progress: Progress, startupMs: number): void {
  const { store, namespace } = base
  collectGarbage(store, namespace)
  const pods = byController(store.list('Pod', namespace))
  const pass: Pass = { ...base, podsOf: (owner) => pods.get(owner.metadata.uid ?? '') ?? [] }

  const sets = byController(store.list('ReplicaSet', namespace))
  for (const deployment of store.list('Deployment', namespace)) {
    reconcileDeployment(pass, deployment, sets.get(deployment.metadata.uid ?? '') ?? [])
  }
  for (const set of store.list('ReplicaSet', namespace)) reconcileReplicaSet(pass, set)
  for (const set of store.list('StatefulSet', namespace)) reconcileStatefulSet(pass, set)
  for (const set of store.list('DaemonSet', namespace)) reconcileDaemonSet(pass, set)
  for (const job of store.list('Job', namespace)) reconcileJob(pass, job)
  reconcilePods(pass, progress, startupMs)
  reconcileEndpoints(pass)
}

/** Pods whose status stays as it is while the same is wanted of them: most pods at most times. */
const settled = new WeakMap<KubernetesObject, string>()

function reconcilePods(pass: Pass, progress: Progress, startupMs: number): void {
  const positions = new Map<string, number>()
  for (const listed of pass.store.list('Pod', pass.namespace)) {
    const workload = workloadOf(pass, listed)
    const group = workload?.metadata.uid ?? listed.metadata.uid ?? ''
    const position = positions.get(group) ?? 0
    positions.set(group, position + 1)
    const wanted = wantedConditions(listed, workload, position)
    const wish = `${wanted.notReady ?? ''}/${wanted.restarts}/${JSON.stringify(wanted.past)}`
    if (settled.get(listed) === wish) continue
    const pod = scheduled(pass, listed)
    const node = pass.nodes.find((candidate) => candidate.metadata.name === asRecord(pod.spec).nodeName)
    const address = nodeAddress(node)
    const podIp = asRecord(pod.spec).hostNetwork === true ? address : addressOf(progress, pass.store, pod)
    const at = podStatusAt(pod, { address }, podIp, wanted, pass.nowMs, startupMs)
    noteTrouble(pass, pod, wanted.notReady)
    const stored = pass.store.update({ ...pod, status: at.status })
    if (at.changesAt === null) {
      settled.set(stored, wish)
      continue
    }
    const wakeAt = progress.wakeAt.get(pass.namespace) ?? Infinity
    progress.wakeAt.set(pass.namespace, Math.min(wakeAt, at.changesAt))
  }
}

/** A pod people made by hand is injected and given a node like any other. */
function scheduled(pass: Pass, pod: KubernetesObject): KubernetesObject {
  const spec = asRecord(pod.spec)
  if (asText(spec.nodeName) !== '') return pod
  const meshed = asMeshPod(
    { labels: asStrings(pod.metadata.labels), annotations: asStrings(pod.metadata.annotations), spec },
    pass.mesh,
  )
  const node = schedule(pass.nodes, `${pass.namespace}/${pod.metadata.name}`)
  return pass.store.update({
    ...pod,
    metadata: { ...pod.metadata, labels: meshed.labels, annotations: meshed.annotations },
    spec: {
      restartPolicy: 'Always',
      ...meshed.spec,
      serviceAccountName: asText(spec.serviceAccountName) || 'default',
      nodeName: node?.metadata.name ?? '',
    },
  })
}

function workloadOf(pass: Pass, pod: KubernetesObject): KubernetesObject | undefined {
  const owner = controllerOf(pod)
  if (owner === undefined) return undefined
  const find = (reference: Record<string, unknown>) =>
    pass.store.get({ kind: String(reference.kind), namespace: pass.namespace, name: String(reference.name) })
  const direct = find(owner)
  const above = direct === undefined ? undefined : controllerOf(direct)
  return above === undefined ? direct : (find(above) ?? direct)
}

/** The pod's address: the one it has, or a free one of 10.128.0.0/10 fixed by its name. */
function addressOf(progress: Progress, store: ObjectStore, pod: KubernetesObject): string {
  const own = asText(asRecord(pod.status).podIP)
  const uid = pod.metadata.uid ?? ''
  if (own !== '') {
    progress.addresses.set(own, uid)
    return own
  }
  if (progress.addresses.size > 2 * store.count('Pod') + 1_000) progress.addresses.clear()
  if (progress.addresses.size === 0) {
    for (const other of store.list('Pod')) {
      const ip = asText(asRecord(other.status).podIP)
      if (ip !== '') progress.addresses.set(ip, other.metadata.uid ?? '')
    }
  }
  for (let attempt = 0; ; attempt += 1) {
    const seed = stableNumber(`address ${pod.metadata.namespace ?? ''}/${pod.metadata.name}/${attempt}`)
    const ip = `10.${128 + ((seed >>> 16) & 63)}.${(seed >>> 8) & 255}.${1 + ((seed & 255) % 254)}`
    if (progress.addresses.has(ip)) continue
    progress.addresses.set(ip, uid)
    return ip
  }
}

function noteTrouble(pass: Pass, pod: KubernetesObject, notReady: string | null): void {
  if (notReady === null) return
  const container = asRecords(asRecord(pod.spec).containers).find((item) => item.name !== 'istio-proxy')
  const name = asText(container?.name)
  const note =
    notReady === 'true'
      ? { reason: 'Unhealthy', message: `Readiness probe failed: HTTP probe failed with statuscode: 503` }
      : { reason: 'BackOff', message: `Back-off: container ${name} is waiting (${notReady})` }
  const before = canonicalJson(asRecord(pod.status).conditions)
  // noted when the pod turns unready, not at every look
  if (before.includes('"reason":"ContainersNotReady"')) return
  recordEvent(pass.store, pod, { type: 'Warning', component: 'kubelet', ...note }, pass.nowMs, pass.nowMs)
}
