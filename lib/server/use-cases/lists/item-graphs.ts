import 'server-only'
import type { ItemKind } from '@/lib/api/paths'
import type { Graph, GraphNode } from '@/lib/api/schemas/mesh/graph'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import type { GraphType, Topology } from '@/lib/graph/types'
import { nodeId } from '@/lib/mesh/identity'
import type { PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventories, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf, versionOf } from '@/lib/mesh/labels'

/** Which graph holds the things of a list: lists, pages and graph then agree by construction. */
export const GRAPH_OF_ITEMS: Record<
  ItemKind,
  { graphType: GraphType; nodeKind: 'workload' | 'app' | 'service' }
> = {
  workloads: { graphType: 'workload', nodeKind: 'workload' },
  apps: { graphType: 'app', nodeKind: 'app' },
  services: { graphType: 'service', nodeKind: 'service' },
}

/** The rows of a list: nodes of its kind, without the neighbours of other namespaces. */
export function itemsOf(kind: ItemKind, graph: Graph, topology: Topology): ListItem[] {
  const members = createMembers(topology)
  return graph.nodes
    .filter((node) => node.kind === GRAPH_OF_ITEMS[kind].nodeKind && !node.roles.includes('outside'))
    .map((node) => itemOf(node, members))
}

/** A node as a row, with its labels and what it stands for. */
export function itemOf(node: GraphNode, members: Members): ListItem {
  return {
    ...node,
    labels: members.labelsOf(node),
    members: members.workloadsOf(node),
    versions: members.versionsOf(node),
  }
}

export interface Members {
  /** ids of the workloads of an app or behind a service, sorted; a workload has none */
  workloadsOf(node: NodePlace): string[]
  /** of the workloads of an app or behind a service, sorted; a workload has its one */
  versionsOf(node: NodePlace): string[]
  /** null where Kubernetes does not know the object */
  labelsOf(node: NodePlace): Record<string, string> | null
  podsOf(node: NodePlace): PodInventory[] | null
  /** names of services in front of a workload or app, sorted */
  servicesOf(node: NodePlace): string[] | null
}

type NodePlace = Pick<GraphNode, 'kind' | 'cluster' | 'namespace' | 'name'>

/** Who belongs to whom, from what Kubernetes says and from who answered for what in the traffic. */
export function createMembers(topology: Topology): Members {
  const indexes = indexInventories(topology.inventories)
  const ofApp = new Map<string, Set<string>>()
  const ofService = new Map<string, Set<string>>()
  const versions = new Map<string, string>()
  for (const end of topology.ends) {
    if (end.version !== null && end.workload !== null) {
      versions.set(workloadId(end.cluster, end.namespace, end.workload), end.version)
    }
    if (end.app === null || end.workload === null || end.kind === 'unknown') continue
    add(ofApp, placeKey({ ...end, name: end.app }), workloadId(end.cluster, end.namespace, end.workload))
  }
  for (const { service, target } of topology.flows) {
    const asked = service === null ? undefined : topology.services[service]
    const end = target === null ? undefined : topology.ends[target]
    if (!asked || !end || end.workload === null || end.kind === 'unknown') continue
    add(ofService, placeKey(asked), workloadId(end.cluster, end.namespace, end.workload))
  }

  function known(node: NodePlace): WorkloadInventory[] {
    const index = indexes.get(node.cluster)
    if (!index) return []
    if (node.kind === 'service') {
      return [...(index.workloadsOfService.get(`${node.namespace}/${node.name}`) ?? [])]
    }
    if (node.kind === 'app') {
      return index.inventory.workloads.filter(
        (one) => one.namespace === node.namespace && appOf({ ...one.labels, ...one.podLabels }) === node.name,
      )
    }
    const workload = index.workloads.get(`${node.namespace}/${node.name}`)
    return workload ? [workload] : []
  }

  return {
    workloadsOf(node) {
      if (node.kind !== 'app' && node.kind !== 'service') return []
      const seen = (node.kind === 'app' ? ofApp : ofService).get(placeKey(node)) ?? []
      const existing = known(node).map((one) => workloadId(one.cluster, one.namespace, one.name))
      return [...new Set([...seen, ...existing])].sort()
    },
    versionsOf(node) {
      const seen = (node.kind === 'app' ? ofApp : ofService).get(placeKey(node)) ?? []
      const found = [
        ...[...seen].map((id) => versions.get(id)),
        ...known(node).map((one) => versionOf({ ...one.labels, ...one.podLabels })),
      ]
      return [...new Set(found.flatMap((version) => version ?? []))].sort()
    },
    labelsOf(node) {
      const index = indexes.get(node.cluster)
      if (node.kind === 'service') {
        return index?.services.get(`${node.namespace}/${node.name}`)?.labels ?? null
      }
      if (node.kind === 'app') return index ? commonLabels(known(node)) : null
      const workload = index?.workloads.get(`${node.namespace}/${node.name}`)
      return workload ? { ...workload.podLabels, ...workload.labels } : null
    },
    podsOf(node) {
      const index = indexes.get(node.cluster)
      return index ? known(node).flatMap((one) => podsOfWorkload(index, one)) : null
    },
    servicesOf(node) {
      const index = indexes.get(node.cluster)
      if (!index) return null
      if (node.kind === 'service') return []
      const services = known(node).flatMap((one) =>
        (index.servicesOfWorkload.get(`${one.namespace}/${one.name}`) ?? []).map((service) => service.name),
      )
      return [...new Set(services)].sort()
    },
  }
}

function podsOfWorkload(index: InventoryIndex, workload: WorkloadInventory): readonly PodInventory[] {
  return index.pods.get(`${workload.namespace}/${workload.name}`) ?? []
}

/** Labels all workloads of an app agree on. */
function commonLabels(workloads: readonly WorkloadInventory[]): Record<string, string> {
  const [first, ...rest] = workloads.map((one) => ({ ...one.podLabels, ...one.labels }))
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([key, value]) => rest.every((labels) => labels[key] === value)),
  )
}

function workloadId(cluster: string, namespace: string, name: string): string {
  return nodeId({ cluster, namespace, kind: 'workload', name })
}

function placeKey(at: { cluster: string; namespace: string; name: string }): string {
  return `${at.cluster}\n${at.namespace}\n${at.name}`
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key)
  if (set) set.add(value)
  else map.set(key, new Set([value]))
}
