import 'server-only'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import type {
  ClusterInventory,
  PodInventory,
  ServiceInventory,
  WorkloadInventory,
} from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'
import { invalid } from '../../errors'
import type { Upstreams } from '../../upstreams'

/** What Kubernetes has of one node. */
export interface NodeObjects {
  ref: NodeRef
  /** null: the cluster's objects are not read */
  index: InventoryIndex | null
  workloads: WorkloadInventory[]
  /** in front of a workload or app; a service itself */
  services: ServiceInventory[]
  pods: PodInventory[]
}

/** Throws Refusal for what is no node id, or no workload, app, service or outside host. */
export function nodeObjects(up: Upstreams, id: string): NodeObjects {
  const ref = parseNodeId(id)
  if (!ref || ref.kind === 'unknown') {
    throw invalid('node', 'node must be a workload, an app, a service or an outside host.')
  }
  const inventory = inventoryOf(up, ref.cluster)
  if (!inventory) return { ref, index: null, workloads: [], services: [], pods: [] }
  const index = indexInventory(inventory)
  const key = `${ref.namespace}/${ref.name}`
  const workloads = workloadsOf(ref, index, key)
  const own = index.services.get(key)
  const services =
    ref.kind === 'service'
      ? own
        ? [own]
        : []
      : [
          ...new Set(
            workloads.flatMap((one) => index.servicesOfWorkload.get(`${one.namespace}/${one.name}`) ?? []),
          ),
        ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const pods = workloads.flatMap((one) => index.pods.get(`${one.namespace}/${one.name}`) ?? [])
  return { ref, index, workloads, services, pods }
}

/** Pods of all in a namespace; null where the cluster's objects are not read. */
export function namespacePods(
  up: Upstreams,
  { cluster, namespace }: { cluster: string; namespace: string },
): PodInventory[] | null {
  const inventory = inventoryOf(up, cluster)
  return inventory ? inventory.pods.filter((pod) => pod.namespace === namespace) : null
}

function inventoryOf(up: Upstreams, cluster: string): ClusterInventory | null {
  return up.inventories.find((source) => source.cluster === cluster)?.current().inventory ?? null
}

function workloadsOf(ref: NodeRef, index: InventoryIndex, key: string): WorkloadInventory[] {
  if (ref.kind === 'service') return [...(index.workloadsOfService.get(key) ?? [])]
  if (ref.kind === 'workload') return [index.workloads.get(key)].filter((one) => one !== undefined)
  return index.inventory.workloads.filter(
    (one) => one.namespace === ref.namespace && appOf({ ...one.labels, ...one.podLabels }) === ref.name,
  )
}
