import 'server-only'
import { HEALTH_STATUSES, type HealthStatus, type Notice } from '@/lib/api/schemas/common'
import type { Graph, GraphNode } from '@/lib/api/schemas/mesh/graph'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import type { NamespaceList, NamespaceSummary } from '@/lib/api/schemas/status'
import { compareStatus, worstStatus } from '@/lib/health/combine'
import { figuresOfPlaces, mtlsRatioOf, type TrafficFigures } from '@/lib/graph/namespace-figures'
import type { Topology } from '@/lib/graph/types'
import { wholeView } from '@/lib/graph/whole-view'
import { scopeMtls } from '@/lib/istio/mtls'
import { withoutHiddenNames } from '@/lib/mesh/names/hidden-names'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { NamespaceInventory } from '@/lib/mesh/inventory'
import { indexInventories } from '@/lib/mesh/inventory-index'
import { findingPlaces, type FindingPlaces } from '../../finding-counts'
import type { Snapshot } from '../../snapshots/snapshot'
import type { Upstreams } from '../../upstreams'
import { hidingOf, namesOf } from '../graph/get-graph'
import { isInScope } from '../config-scope'
import { readSnapshotOrObjects } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

/** A namespace names its worst; the rest is one click away. */
const NAMED_REASONS = 5

/** All namespaces that exist or carry traffic, with the traffic into them and the health of what is in them. */
export async function listNamespaces(up: Upstreams, query: ScopeQuery): Promise<NamespaceList> {
  const time = await resolveTime(up, query)
  const { snapshot, notices } = await readSnapshotOrObjects(up, time)
  return namespacesOf(up, query, snapshot, notices)
}

/** The same from a snapshot that was read already. */
export function namespacesOf(
  up: Upstreams,
  query: Pick<ScopeQuery, 'namespaces' | 'clusters'>,
  snapshot: Snapshot,
  notices: readonly Notice[],
): NamespaceList {
  const graph = up.projector.project(
    snapshot,
    {
      ...wholeView('workload'),
      namespaces: namesOf(query.namespaces),
      clusters: namesOf(query.clusters),
      ...hidingOf(),
    },
    notices,
  )
  return {
    at: graph.at,
    windowSeconds: graph.windowSeconds,
    notices: graph.notices,
    items: summaries(graph, snapshot.topology, query, findingPlaces(up)),
  }
}

/** Workloads count; a service node stands for requests that no workload answered. */
const INSIDE = new Set<GraphNode['kind']>(['workload', 'app', 'service'])

function summaries(
  graph: Graph,
  topology: Topology,
  query: Pick<ScopeQuery, 'namespaces' | 'clusters'>,
  findings: FindingPlaces,
): NamespaceSummary[] {
  const nodes = new Map<string, GraphNode[]>()
  const existing = new Map<string, NamespaceInventory>()
  for (const namespace of topology.inventories.flatMap((one) => one.namespaces)) {
    const isAsked =
      isNamed(query.namespaces, namespace.cluster, namespace.name) &&
      (query.clusters.length === 0 || query.clusters.includes(namespace.cluster))
    if (!isAsked) continue
    const id = `${namespace.cluster}/${namespace.name}`
    existing.set(id, namespace)
    nodes.set(id, [])
  }
  for (const node of graph.nodes) {
    if (!INSIDE.has(node.kind) || node.namespace === UNKNOWN || node.roles.includes('outside')) continue
    if (node.kind === 'service' && !carriesTraffic(node)) continue
    const id = `${node.cluster}/${node.namespace}`
    const same = nodes.get(id)
    if (same) same.push(node)
    else nodes.set(id, [node])
  }
  const figures = figuresOf(topology)
  const indexes = indexInventories(topology.inventories)
  // who may not see all namespaces asks for those that may be seen
  const told = (reason: string, cluster: string) =>
    hidingOf().hidesOutside ? withoutHiddenNames(reason, (name) => !isInScope(query, cluster, name)) : reason
  return [...nodes]
    .map(([id, inside]): NamespaceSummary => {
      const namespace = existing.get(id)
      const index = namespace && indexes.get(namespace.cluster)
      const mtls = namespace && index ? scopeMtls(index, namespace.name) : null
      return {
        ...summary(id, inside, namespace, topology.isMeasured),
        p99Ms: figures.get(id)?.p99Ms ?? null,
        mtls: mtls && { mode: mtls.mode, reason: told(mtls.reason, namespace?.cluster ?? '') },
        mtlsRatio: mtlsRatioOf(figures.get(id)),
        findings: namespace ? findings.ofNamespace(namespace.cluster, namespace.name) : null,
      }
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

// quantiles over everything are not for every request to compute again
const known = new WeakMap<Topology, ReadonlyMap<string, TrafficFigures>>()

/** Figures of all namespaces and clusters of a topology. */
export function figuresOf(topology: Topology): ReadonlyMap<string, TrafficFigures> {
  let figures = known.get(topology)
  if (!figures) known.set(topology, (figures = figuresOfPlaces(topology)))
  return figures
}

function carriesTraffic({ inbound }: GraphNode): boolean {
  return inbound.http !== null || inbound.grpc !== null || inbound.tcp !== null
}

type Counted = Omit<NamespaceSummary, 'p99Ms' | 'mtls' | 'mtlsRatio' | 'findings'>

function summary(
  id: string,
  nodes: GraphNode[],
  namespace: NamespaceInventory | undefined,
  isMeasured: boolean,
): Counted {
  const slash = id.indexOf('/')
  const workloads = nodes.filter((node) => node.kind !== 'service')
  const inbound = nodes
    .flatMap((node) => [node.inbound.http, node.inbound.grpc])
    .filter((one) => one !== null)
  const requests = inbound.reduce((sum, one) => sum + one.requestsPerSecond, 0)
  const errors = inbound.reduce((sum, one) => sum + one.requestsPerSecond * (one.errorRatio ?? 0), 0)
  // a service node here holds only what nobody answered: its own page judges all its requests
  const reasons = workloads
    .flatMap((node) =>
      node.health.reasons.map((reason) => ({ ...reason, message: `${node.name}: ${reason.message}` })),
    )
    .sort((a, b) => compareStatus(b.status, a.status))
    .slice(0, NAMED_REASONS)
  const replicas = workloads.flatMap((node) => node.replicas ?? [])
  const worst = workloads.length === 0 ? 'idle' : worstStatus(workloads.map((node) => node.health.status))
  return {
    id,
    cluster: id.slice(0, slash),
    name: id.slice(slash + 1),
    dataPlane: namespace ? dataPlaneOf(namespace, workloads) : null,
    labels: namespace?.labels ?? {},
    nodes: workloads.length,
    counts: countsOf(workloads),
    health: {
      status: isMeasured || compareStatus(worst, 'healthy') > 0 ? worst : 'unknown',
      reasons,
    },
    requestsPerSecond: inbound.length === 0 ? null : requests,
    errorRatio: requests > 0 ? errors / requests : null,
    replicas:
      replicas.length === 0
        ? null
        : {
            desired: replicas.reduce((sum, one) => sum + one.desired, 0),
            available: replicas.reduce((sum, one) => sum + one.available, 0),
          },
  }
}

function countsOf(nodes: readonly GraphNode[]): Record<HealthStatus, number> {
  const counts = Object.fromEntries(HEALTH_STATUSES.map((status) => [status, 0])) as Record<
    HealthStatus,
    number
  >
  for (const node of nodes) counts[node.health.status] += 1
  return counts
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
