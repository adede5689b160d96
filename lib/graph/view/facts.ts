/** What Kubernetes knows of a node: its objects, and what they say. */
import { badgesOfService, badgesOfWorkload, mergeBadges, type Badge } from '@/lib/istio/badges'
import { dataPlaneOf } from '@/lib/istio/data-plane'
import type { MtlsMode } from '@/lib/istio/mtls'
import { enforcedMtls } from '@/lib/istio/mutual-tls/enforced'
import type { DataPlaneMode, PodInventory, ServiceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import type { GraphNode } from '../types'
import type { NodeDraft } from './drafts'

export interface NodeFacts {
  /** its own workloads; of a service those behind it; sorted by name */
  workloads: readonly WorkloadInventory[]
  service: ServiceInventory | null
  pods: readonly PodInventory[]
  dataPlane: DataPlaneMode | null
  badges: Badge[]
  workloadKind: string | null
  replicas: { desired: number; current: number; available: number } | null
  serviceAccount: string | null
  mtls: GraphNode['mtls']
  /** an object of that name exists; null when nobody can tell */
  exists: boolean | null
  /** nothing runs behind it; null when nobody can tell */
  isDead: boolean | null
}

const NO_FACTS: NodeFacts = {
  workloads: [],
  service: null,
  pods: [],
  dataPlane: null,
  badges: [],
  workloadKind: null,
  replicas: null,
  serviceAccount: null,
  mtls: null,
  exists: null,
  isDead: null,
}

/** The facts of a node; all null without an inventory of its cluster. */
export function factsOf(node: NodeDraft, indexes: ReadonlyMap<string, InventoryIndex>): NodeFacts {
  const index = indexes.get(node.cluster)
  if (!index || node.kind === 'unknown') return NO_FACTS
  if (node.kind === 'external') {
    const badges = badgesOfService(index, node.namespace, node.name, node.name)
    return { ...NO_FACTS, badges: node.roles.includes('serviceEntry') ? badges : [] }
  }
  return node.kind === 'service' ? factsOfService(node, index) : factsOfWorkloads(node, index)
}

function factsOfService(node: NodeDraft, index: InventoryIndex): NodeFacts {
  const key = `${node.namespace}/${node.name}`
  const service = index.services.get(key) ?? null
  const workloads = [...(index.workloadsOfService.get(key) ?? [])].sort(byName)
  const hasSelector = service !== null && Object.keys(service.selector).length > 0
  return {
    ...NO_FACTS,
    workloads,
    service,
    dataPlane: dataPlaneOfAll(workloads, index),
    badges: badgesOfService(index, node.namespace, node.name),
    mtls: mtlsOfAll(workloads, index),
    exists: service !== null,
    // without a selector somebody else fills in the endpoints
    isDead: service === null || (hasSelector && workloads.length === 0),
  }
}

function factsOfWorkloads(node: NodeDraft, index: InventoryIndex): NodeFacts {
  const workloads = [...node.workloads].sort().flatMap((name) => {
    const workload = index.workloads.get(`${node.namespace}/${name}`)
    return workload ? [workload] : []
  })
  const pods = workloads.flatMap((each) => index.pods.get(`${each.namespace}/${each.name}`) ?? [])
  const [first] = workloads
  const single = workloads.length === 1 ? first : undefined
  const accounts = new Set(workloads.map((workload) => workload.serviceAccount))
  return {
    workloads,
    service: null,
    pods,
    dataPlane: dataPlaneOfAll(workloads, index),
    badges: mergeBadges(workloads.map((workload) => badgesOfWorkload(index, workload))),
    workloadKind: single?.kind ?? null,
    replicas: sumReplicas(workloads),
    serviceAccount: accounts.size === 1 ? (first?.serviceAccount ?? null) : null,
    mtls: mtlsOfAll(workloads, index),
    exists: workloads.length > 0,
    isDead: workloads.every((workload) => hasNoPods(workload, index)),
  }
}

function hasNoPods(workload: WorkloadInventory, index: InventoryIndex): boolean {
  if (workload.replicas) return workload.replicas.current === 0
  return (index.pods.get(`${workload.namespace}/${workload.name}`) ?? []).length === 0
}

/** In the mesh when any of them is. */
function dataPlaneOfAll(
  workloads: readonly WorkloadInventory[],
  index: InventoryIndex,
): DataPlaneMode | null {
  if (workloads.length === 0) return null
  const modes = new Set(workloads.map((workload) => dataPlaneOf(workload, index)))
  return modes.has('sidecar') ? 'sidecar' : modes.has('ambient') ? 'ambient' : 'none'
}

function sumReplicas(workloads: readonly WorkloadInventory[]): NodeFacts['replicas'] {
  const counted = workloads.flatMap(({ replicas }) => (replicas ? [replicas] : []))
  if (counted.length === 0) return null
  const sum = { desired: 0, current: 0, available: 0 }
  for (const { desired, current, available } of counted) {
    sum.desired += desired
    sum.current += current
    sum.available += available
  }
  return sum
}

/** A mode that is not known may be any that a proxy enforces. */
const OPENNESS: Readonly<Record<MtlsMode | 'unknown', number>> = {
  STRICT: 0,
  PERMISSIVE: 1,
  unknown: 2,
  DISABLE: 3,
}

/** Of several workloads the most open one: that is where plain text can get in. */
function mtlsOfAll(workloads: readonly WorkloadInventory[], index: InventoryIndex): NodeFacts['mtls'] {
  let open: { mode: MtlsMode | null; reason: string; name: string } | null = null
  let isMixed = false
  for (const workload of workloads) {
    const enforced = enforcedMtls(workload, index)
    if (!enforced) continue
    const { mode, reason } = enforced
    if (open && open.mode !== mode) isMixed = true
    if (!open || OPENNESS[mode ?? 'unknown'] > OPENNESS[open.mode ?? 'unknown'])
      open = { mode, reason, name: workload.name }
  }
  if (!open) return null
  return { mode: open.mode, reason: isMixed ? `${open.name}: ${open.reason}` : open.reason }
}

function byName(a: WorkloadInventory, b: WorkloadInventory): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
