/** The state of the control plane and of the proxies of one cluster, in words and numbers. Pure. */
import { worstStatus } from '@/lib/health/combine'
import type { HealthStatus } from '@/lib/health/types'
import { nodeId } from '@/lib/mesh/identity'
import type { PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isControlPlane } from '@/lib/mesh/labels'
import { formatDuration } from '@/lib/units/duration'
import { dataPlaneOf, expectedDataPlane } from '../data-plane'

/** A push that takes longer leaves proxies on old configuration for as long as a person notices. */
const SLOW_PUSH_MS = 5_000
const PROXY = 'istio-proxy'

/** What istiod measures; null: it is not scraped, or this version does not say. */
export interface IstiodMeasures {
  connectedProxies: number | null
  pushesPerSecond: number | null
  pushP99Ms: number | null
  rejectsPerSecond: number | null
  internalErrorsPerSecond: number | null
}

export interface IstiodState {
  id: string
  name: string
  namespace: string
  version: string | null
  replicas: { desired: number; available: number } | null
}

export interface ControlPlaneState extends IstiodMeasures {
  status: HealthStatus
  reasons: string[]
  istiods: IstiodState[]
}

export interface DataPlaneState {
  status: HealthStatus
  reasons: string[]
  proxies: number
  versions: { version: string; proxies: number }[]
  notConnected: number | null
  missingSidecars: string[]
  ambientPods: number
  ztunnel: { desired: number; available: number } | null
}

interface Verdict {
  status: HealthStatus
  reason: string
}

/** Istiod Deployments of a cluster, revisions and canaries included; sorted by namespace and name. */
export function istiodsOf(index: InventoryIndex): WorkloadInventory[] {
  return index.inventory.workloads.filter(
    ({ name, labels, podLabels }) => (labels.app ?? podLabels.app) === 'istiod' || /^istiod(-|$)/.test(name),
  )
}

/** Null where no istiod runs in the cluster: its proxies take their configuration from elsewhere. */
export function controlPlaneOf(index: InventoryIndex, measures: IstiodMeasures): ControlPlaneState | null {
  const istiods = istiodsOf(index)
  if (istiods.length === 0) return null
  const verdicts: Verdict[] = []
  for (const { name, replicas } of istiods) {
    if (!replicas || replicas.available >= replicas.desired) continue
    verdicts.push({
      status: replicas.available === 0 ? 'failing' : 'degraded',
      reason: `${name} has ${replicas.available} of ${replicas.desired} replicas`,
    })
  }
  const { pushP99Ms, rejectsPerSecond, internalErrorsPerSecond } = measures
  if (pushP99Ms !== null && pushP99Ms > SLOW_PUSH_MS) {
    verdicts.push({
      status: 'degraded',
      reason: `Configuration takes ${formatDuration(pushP99Ms)} (P99, limit ${formatDuration(SLOW_PUSH_MS)}) to be sent to the proxies`,
    })
  }
  if (rejectsPerSecond !== null && rejectsPerSecond > 0) {
    verdicts.push({
      status: 'degraded',
      reason: `Proxies refuse configuration, ${perHour(rejectsPerSecond)} times per hour`,
    })
  }
  if (internalErrorsPerSecond !== null && internalErrorsPerSecond > 0) {
    verdicts.push({
      status: 'degraded',
      reason: `Istiod fails to make configuration, ${perHour(internalErrorsPerSecond)} times per hour`,
    })
  }
  return {
    ...judged(verdicts),
    istiods: istiods.map((workload) => ({
      id: idOf(workload),
      name: workload.name,
      namespace: workload.namespace,
      version: versionOf(workload, index),
      replicas: workload.replicas && {
        desired: workload.replicas.desired,
        available: workload.replicas.available,
      },
    })),
    ...measures,
  }
}

/** The proxies of a cluster by what runs; null where there are none and none is asked for. */
export function dataPlaneState(
  index: InventoryIndex,
  connectedProxies: number | null,
): DataPlaneState | null {
  const { pods, workloads } = index.inventory
  const proxied = pods.filter((pod) => pod.hasSidecar && isRunning(pod))
  const ambientPods = pods.filter((pod) => pod.isAmbient && isRunning(pod)).length
  const ztunnels = workloads.filter((workload) => workload.name === 'ztunnel')
  const ztunnel = ztunnels.reduce<DataPlaneState['ztunnel']>(
    (sum, { replicas }) =>
      replicas
        ? {
            desired: (sum?.desired ?? 0) + replicas.desired,
            available: (sum?.available ?? 0) + replicas.available,
          }
        : sum,
    null,
  )
  const missing = workloads.filter((workload) => isMissingSidecar(workload, index)).map(idOf)
  if (proxied.length === 0 && ambientPods === 0 && ztunnel === null && missing.length === 0) return null

  const versions = countVersions(proxied)
  const ready = proxied.filter((pod) => pod.ready).length + (ztunnel?.available ?? 0)
  const notConnected = connectedProxies === null ? null : Math.max(0, ready - Math.round(connectedProxies))
  const verdicts: Verdict[] = []
  if (notConnected !== null && notConnected > 0) {
    verdicts.push({
      status: 'degraded',
      reason: `${notConnected} of ${ready} proxies hold no stream to istiod and do not hear of changes`,
    })
  }
  const current = new Set(istiodsOf(index).map((workload) => versionOf(workload, index)))
  const old = versions.filter(({ version }) => !current.has(version))
  if (current.size > 0 && !current.has(null) && old.length > 0) {
    const count = old.reduce((sum, { proxies }) => sum + proxies, 0)
    verdicts.push({
      status: 'degraded',
      reason: `${count} of ${proxied.length} proxies run ${old.map(({ version }) => version).join(', ')}, istiod ${[...current].join(', ')}: restart their workloads`,
    })
  }
  if (missing.length > 0) {
    verdicts.push({
      status: 'degraded',
      reason: `${missing.length} ${missing.length === 1 ? 'workload' : 'workloads'} should have a sidecar and ${missing.length === 1 ? 'has' : 'have'} none: restart the pods`,
    })
  }
  if (ztunnel && ztunnel.available < ztunnel.desired) {
    verdicts.push({
      status: ztunnel.available === 0 ? 'failing' : 'degraded',
      reason: `ztunnel runs on ${ztunnel.available} of ${ztunnel.desired} nodes: ambient pods of the others are cut off`,
    })
  }
  return {
    ...judged(verdicts),
    proxies: proxied.length,
    versions,
    notConnected,
    missingSidecars: missing,
    ambientPods,
    ztunnel,
  }
}

/** Asked for by its labels, and on none of its pods. */
function isMissingSidecar(workload: WorkloadInventory, index: InventoryIndex): boolean {
  if (isControlPlane(workload.name, { ...workload.labels, ...workload.podLabels })) return false
  const pods = index.pods.get(`${workload.namespace}/${workload.name}`) ?? []
  const injectable = pods.filter((pod) => isRunning(pod) && pod.hostNetwork !== true)
  return (
    injectable.length > 0 &&
    expectedDataPlane(workload, index) === 'sidecar' &&
    dataPlaneOf(workload, index) === 'none'
  )
}

function isRunning(pod: PodInventory): boolean {
  return pod.phase === 'Running' || pod.phase === 'Pending'
}

function countVersions(pods: readonly PodInventory[]): DataPlaneState['versions'] {
  const counts = new Map<string, number>()
  for (const pod of pods) {
    const image = pod.containers.find(({ name }) => name === PROXY)?.image
    const version = (image === undefined ? null : imageVersion(image)) ?? 'unknown'
    counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  return [...counts]
    .map(([version, proxies]) => ({ version, proxies }))
    .sort((a, b) => b.proxies - a.proxies || (a.version < b.version ? -1 : 1))
}

function versionOf(workload: WorkloadInventory, index: InventoryIndex): string | null {
  const [pod] = index.pods.get(`${workload.namespace}/${workload.name}`) ?? []
  const image = pod?.containers[0]?.image ?? workload.containers?.[0]?.image
  return image === undefined ? null : imageVersion(image)
}

/** The tag of an image without its flavour: `docker.io/istio/proxyv2:1.29.2-distroless` is 1.29.2. */
export function imageVersion(image: string): string | null {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1]
  return tag?.replace(/-(?:distroless|debug)$/, '') ?? null
}

function judged(verdicts: readonly Verdict[]): { status: HealthStatus; reasons: string[] } {
  return {
    status: worstStatus(['healthy', ...verdicts.map(({ status }) => status)]),
    reasons: verdicts.map(({ reason }) => reason),
  }
}

function idOf({ cluster, namespace, name }: WorkloadInventory): string {
  return nodeId({ cluster, namespace, kind: 'workload', name })
}

function perHour(perSecond: number): number {
  return Math.max(1, Math.round(perSecond * 3_600))
}
