/** The decoded objects of a cluster put together: who owns whom. */
import type {
  ClusterInventory,
  ConfigObject,
  NamespaceInventory,
  PodInventory,
  ServiceInventory,
  WorkloadInventory,
} from '@/lib/mesh/inventory'
import type { Owner, PodRecord, WorkloadRecord } from './decode'

/** Everything we keep of a cluster, in any order. */
export interface ClusterRecords {
  cluster: string
  namespaces: Iterable<NamespaceInventory>
  /** all kinds but ReplicaSets */
  workloads: Iterable<WorkloadRecord>
  replicaSets: Iterable<WorkloadRecord>
  pods: Iterable<PodRecord>
  services: Iterable<ServiceInventory>
  serviceAccounts: Iterable<{ cluster: string; namespace: string; name: string }>
  config: Iterable<ConfigObject>
  meshConfigs: Iterable<{ namespace: string; name: string; meshConfig: Record<string, unknown> }>
}

const DEFAULT_ROOT_NAMESPACE = 'istio-system'

/**
 * A cluster's inventory, arrays sorted by namespace and name.
 *
 * Pods are walked up Pod → ReplicaSet → Deployment or Rollout, and Pod → Job → CronJob, which is also how Istio
 * names the workloads in its telemetry. Where a step cannot be read (no rights on ReplicaSets) the template
 * hash that the pod's label repeats tells the Deployment exactly. A workload of which only pods are known
 * (a bare pod, an owner of a kind we do not watch) is put together from them.
 */
export function buildInventory(records: ClusterRecords): ClusterInventory {
  const replicaSets = new Map<string, WorkloadRecord>()
  for (const one of records.replicaSets) replicaSets.set(key(one.namespace, one.name), one)
  const known = new Map<string, WorkloadRecord>()
  for (const one of records.workloads) known.set(key(one.namespace, one.name, one.kind), one)

  const pods: PodInventory[] = []
  const missing = new Map<string, { owner: Owner; first: PodRecord; startedAt: number | null }>()
  for (const record of sorted(records.pods)) {
    const owner = walkUp(record, replicaSets, known)
    pods.push(podOf(record, owner))
    const stands = owner ?? { kind: 'Pod', name: record.name }
    const id = key(record.namespace, stands.name, stands.kind)
    if (known.has(id)) continue
    const group = missing.get(id)
    if (group) group.startedAt = earlier(group.startedAt, record.startedAt)
    else missing.set(id, { owner: stands, first: record, startedAt: record.startedAt })
  }

  const workloads: WorkloadInventory[] = []
  for (const one of [...known.values(), ...replicaSets.values()]) {
    if (isStep(one)) continue
    workloads.push(workloadOf(one))
    missing.delete(key(one.namespace, one.name, one.kind))
  }
  for (const { owner, first, startedAt } of missing.values()) workloads.push(fromPod(owner, first, startedAt))

  const meshConfig = chooseMeshConfig([...records.meshConfigs])
  const root = meshConfig?.meshConfig['rootNamespace']
  return {
    cluster: records.cluster,
    namespaces: [...records.namespaces].sort((a, b) => compare(a.name, b.name)),
    workloads: sorted(workloads, (a, b) => compare(a.kind, b.kind)),
    pods,
    services: sorted(records.services),
    serviceAccounts: sorted(records.serviceAccounts),
    config: [...records.config].sort(byConfigName),
    meshConfig: meshConfig?.meshConfig ?? null,
    rootNamespace:
      typeof root === 'string' && root !== '' ? root : (meshConfig?.namespace ?? DEFAULT_ROOT_NAMESPACE),
  }
}

const podsMade = new WeakMap<PodRecord, PodInventory>()
const workloadsMade = new WeakMap<WorkloadRecord, WorkloadInventory>()

/** The same object as long as nothing of it changed, so that readers can tell what did. */
function podOf(record: PodRecord, owner: Owner | null): PodInventory {
  const known = podsMade.get(record)
  const workload = owner?.name ?? null
  const workloadKind = owner?.kind ?? null
  if (known?.workload === workload && known.workloadKind === workloadKind) return known
  const { owner: _step, ...rest } = record
  const pod = { ...rest, workload, workloadKind }
  podsMade.set(record, pod)
  return pod
}

function workloadOf(record: WorkloadRecord): WorkloadInventory {
  const known = workloadsMade.get(record)
  if (known) return known
  const { owner: _owner, ...workload } = record
  workloadsMade.set(record, workload)
  return workload
}

/** Objects that only carry the pods of another: their owner is shown instead. */
function isStep(record: WorkloadRecord): boolean {
  if (record.owner === null) return false
  return record.kind === 'ReplicaSet' || (record.kind === 'Job' && record.owner.kind === 'CronJob')
}

function walkUp(
  pod: PodRecord,
  replicaSets: ReadonlyMap<string, WorkloadRecord>,
  known: ReadonlyMap<string, WorkloadRecord>,
): Owner | null {
  const { owner } = pod
  if (owner === null) return null
  if (owner.kind === 'ReplicaSet') {
    const replicaSet = replicaSets.get(key(pod.namespace, owner.name))
    return replicaSet ? (replicaSet.owner ?? owner) : (byTemplateHash(pod, owner) ?? owner)
  }
  if (owner.kind === 'Job') {
    const job = known.get(key(pod.namespace, owner.name, 'Job'))
    if (job) return job.owner?.kind === 'CronJob' ? job.owner : owner
    // the controller appends the scheduled minute
    const cronJob = /^(.+)-\d{8,10}$/.exec(owner.name)?.[1]
    return cronJob === undefined ? owner : { kind: 'CronJob', name: cronJob }
  }
  // OpenShift
  const deploymentConfig = pod.labels['deploymentconfig']
  if (owner.kind === 'ReplicationController' && deploymentConfig) {
    return { kind: 'DeploymentConfig', name: deploymentConfig }
  }
  return owner
}

/** Controllers name a ReplicaSet `{owner}-{hash}` and put the same hash on its pods. */
function byTemplateHash(pod: PodRecord, owner: Owner): Owner | undefined {
  for (const [label, kind] of [
    ['rollouts-pod-template-hash', 'Rollout'],
    ['pod-template-hash', 'Deployment'],
  ] as const) {
    const hash = pod.labels[label]
    if (hash && owner.name.endsWith(`-${hash}`)) return { kind, name: owner.name.slice(0, -hash.length - 1) }
  }
  return undefined
}

/** `replicas` stays null: pods tell how many there are, not how many there should be. */
function fromPod(owner: Owner, first: PodRecord, createdAt: number | null): WorkloadInventory {
  return {
    cluster: first.cluster,
    namespace: first.namespace,
    name: owner.name,
    kind: owner.kind,
    labels: owner.kind === 'Pod' ? first.labels : {},
    annotations: owner.kind === 'Pod' ? first.annotations : {},
    podLabels: first.labels,
    podAnnotations: first.annotations,
    serviceAccount: first.serviceAccount,
    replicas: null,
    createdAt,
  }
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

/** The default revision's settings before those of a named revision. */
function chooseMeshConfig<T extends { name: string }>(configs: readonly T[]): T | undefined {
  return [...configs].sort((a, b) => compare(a.name, b.name))[0]
}

function key(...parts: string[]): string {
  return parts.join('/')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function sorted<T extends { namespace: string; name: string }>(
  items: Iterable<T>,
  then: (a: T, b: T) => number = () => 0,
): T[] {
  return [...items].sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name) || then(a, b))
}

function byConfigName(a: ConfigObject, b: ConfigObject): number {
  return (
    compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
    compare(a.metadata.name, b.metadata.name) ||
    compare(a.kind, b.kind) ||
    compare(a.apiVersion, b.apiVersion)
  )
}
