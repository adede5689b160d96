import 'server-only'
import type { Graph, GraphNode } from '@/lib/api/schemas/graph'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import type { NamespaceList, NamespaceSummary } from '@/lib/api/schemas/status'
import { compareStatus, worstStatus } from '@/lib/health/combine'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { ClusterInventory, NamespaceInventory } from '@/lib/mesh/inventory'
import type { Upstreams } from '../upstreams'
import { namesOf } from './get-graph'
import { readSnapshot } from './read-snapshot'
import { resolveTime } from './resolve-time'

/** A namespace names its worst; the rest is one click away. */
const NAMED_REASONS = 5

/** All namespaces that exist or carry traffic, with the traffic into them and the health of what is in them. */
export async function listNamespaces(up: Upstreams, query: ScopeQuery): Promise<NamespaceList> {
  const time = await resolveTime(up, query)
  const { snapshot, notices } = await readSnapshot(up, time)
  const graph = up.projector.project(
    snapshot,
    {
      graphType: 'workload',
      namespaces: namesOf(query.namespaces),
      clusters: namesOf(query.clusters),
      serviceNodes: false,
      idle: true,
      focus: null,
      hops: 1,
    },
    notices,
  )
  return {
    at: graph.at,
    windowSeconds: graph.windowSeconds,
    notices: graph.notices,
    items: summaries(graph, snapshot.topology.inventories, query),
  }
}

function summaries(
  graph: Graph,
  inventories: readonly ClusterInventory[],
  query: ScopeQuery,
): NamespaceSummary[] {
  const nodes = new Map<string, GraphNode[]>()
  const existing = new Map<string, NamespaceInventory>()
  for (const namespace of inventories.flatMap((one) => one.namespaces)) {
    const isAsked =
      isNamed(query.namespaces, namespace.cluster, namespace.name) &&
      (query.clusters.length === 0 || query.clusters.includes(namespace.cluster))
    if (!isAsked) continue
    const id = `${namespace.cluster}/${namespace.name}`
    existing.set(id, namespace)
    nodes.set(id, [])
  }
  for (const node of graph.nodes) {
    const isInside = node.kind === 'workload' || node.kind === 'app'
    if (!isInside || node.namespace === UNKNOWN || node.roles.includes('outside')) continue
    const id = `${node.cluster}/${node.namespace}`
    const same = nodes.get(id)
    if (same) same.push(node)
    else nodes.set(id, [node])
  }
  return [...nodes]
    .map(([id, inside]) => summary(id, inside, existing.get(id)))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function summary(
  id: string,
  nodes: GraphNode[],
  namespace: NamespaceInventory | undefined,
): NamespaceSummary {
  const slash = id.indexOf('/')
  const inbound = nodes
    .flatMap((node) => [node.inbound.http, node.inbound.grpc])
    .filter((one) => one !== null)
  const requests = inbound.reduce((sum, one) => sum + one.requestsPerSecond, 0)
  const errors = inbound.reduce((sum, one) => sum + one.requestsPerSecond * (one.errorRatio ?? 0), 0)
  const reasons = nodes
    .flatMap((node) =>
      node.health.reasons.map((reason) => ({ ...reason, message: `${node.name}: ${reason.message}` })),
    )
    .sort((a, b) => compareStatus(b.status, a.status))
    .slice(0, NAMED_REASONS)
  return {
    id,
    cluster: id.slice(0, slash),
    name: id.slice(slash + 1),
    dataPlane: namespace ? dataPlaneOf(namespace, nodes) : null,
    labels: namespace?.labels ?? {},
    nodes: nodes.length,
    health: {
      status: nodes.length === 0 ? 'idle' : worstStatus(nodes.map((node) => node.health.status)),
      reasons,
    },
    requestsPerSecond: inbound.length === 0 ? null : requests,
    errorRatio: requests > 0 ? errors / requests : null,
  }
}

/** What the namespace's labels ask for; a label that asks for nothing leaves what its workloads do. */
function dataPlaneOf(namespace: NamespaceInventory, nodes: GraphNode[]): NamespaceSummary['dataPlane'] {
  const { labels } = namespace
  if (labels['istio.io/dataplane-mode'] === 'ambient') return 'ambient'
  if (labels['istio-injection'] === 'enabled' || labels['istio.io/rev']) return 'sidecar'
  if (labels['istio-injection'] === 'disabled') return 'none'
  return nodes.find((node) => node.dataPlane !== null && node.dataPlane !== 'none')?.dataPlane ?? 'none'
}

/** Names are bare or `cluster/namespace`; no names mean all. */
function isNamed(names: readonly string[], cluster: string, namespace: string): boolean {
  return names.length === 0 || names.includes(namespace) || names.includes(`${cluster}/${namespace}`)
}
