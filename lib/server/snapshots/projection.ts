import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import { projectGraph } from '@/lib/graph/project'
import type { GraphView } from '@/lib/graph/types'
import type { HealthConfig } from '@/lib/health/types'
import { withoutHiddenNames } from '@/lib/mesh/names/hidden-names'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { OwnMetrics } from '../own-metrics'
import type { BaselineMap, Baselines } from './baselines'
import type { Snapshot } from './snapshot'

/** Views kept per snapshot; they go when it goes. */
const KEPT_VIEWS = 64

export interface Projector {
  /** One view of a snapshot; asked again, the very same object, so that its bytes are made once too. */
  project(snapshot: Snapshot, view: GraphView, notices?: readonly Notice[]): Graph
}

export function createProjector(health: HealthConfig, baselines: Baselines, metrics: OwnMetrics): Projector {
  const graphs = new WeakMap<Snapshot, Map<string, { graph: Graph; baseline: BaselineMap }>>()
  return {
    project(snapshot, view, notices = []) {
      let kept = graphs.get(snapshot)
      if (!kept) {
        kept = new Map()
        graphs.set(snapshot, kept)
      }
      const key = `${viewKey(view)} ${JSON.stringify(notices)}`
      const baseline = baselines.of(snapshot)
      const known = kept.get(key)
      if (known?.baseline === baseline) return known.graph
      metrics.projections.inc()
      const whole = projectGraph(snapshot.topology, view, health, baseline)
      const graph = view.hidesOutside ? withoutOutside(whole, view, snapshot.topology.inventories) : whole
      const told = { ...graph, notices: [...graph.notices, ...snapshot.notices, ...notices] }
      kept.delete(key)
      kept.set(key, { graph: told, baseline })
      const oldest = kept.keys().next()
      if (kept.size > KEPT_VIEWS && !oldest.done) kept.delete(oldest.value)
      return told
    },
  }
}

const NO_TRAFFIC = { http: null, grpc: null, tcp: null }

/**
 * What lies outside keeps its name and its edges, which are traffic of what is inside. A caller's share of its own
 * traffic would tell all it sends, and what no namespace holds is called from everywhere.
 */
function withoutOutside(graph: Graph, view: GraphView, inventories: readonly ClusterInventory[]): Graph {
  const namespaces = new Set(view.namespaces)
  const isOutside = ({ kind, cluster, namespace, roles }: Graph['nodes'][number]): boolean =>
    roles.includes('outside') ||
    kind === 'unknown' ||
    (kind === 'external' && !namespaces.has(namespace) && !namespaces.has(`${cluster}/${namespace}`))
  const outside = new Set(graph.nodes.filter(isOutside).map(({ id }) => id))
  const known = new Set(
    inventories.flatMap((one) => one.namespaces.map(({ name }) => `${one.cluster}/${name}`)),
  )
  const isHiddenFrom = ({ cluster }: Graph['nodes'][number]) => {
    return (name: string) => {
      const id = `${cluster}/${name}`
      return known.has(id) && !namespaces.has(name) && !namespaces.has(id)
    }
  }
  // behind a service elsewhere is what all of its callers ask
  const edges = graph.edges.filter(({ source, target }) => !outside.has(source) || !outside.has(target))
  const ends = new Set(edges.flatMap(({ source, target }) => [source, target]))
  return {
    ...graph,
    nodes: graph.nodes.flatMap((node) =>
      outside.has(node.id) && !ends.has(node.id)
        ? []
        : [
            outside.has(node.id)
              ? {
                  ...node,
                  inbound: NO_TRAFFIC,
                  outbound: NO_TRAFFIC,
                  health: { status: 'unknown', reasons: [] },
                  badges: [],
                  replicas: null,
                  serviceAccount: null,
                  mtls: null,
                  mtlsRatio: null,
                }
              : {
                  ...node,
                  mtls: node.mtls && {
                    ...node.mtls,
                    reason: withoutHiddenNames(node.mtls.reason, isHiddenFrom(node)),
                  },
                },
          ],
    ),
    edges: edges.map((edge) => (outside.has(edge.source) ? { ...edge, share: null } : edge)),
  }
}

/** One text per view, whatever order its names were given in. */
export function viewKey(view: GraphView): string {
  const { graphType, namespaces, clusters, serviceNodes, idle, focus, hops, hidesOutside } = view
  return JSON.stringify([
    graphType,
    namespaces && [...namespaces].sort(),
    clusters && [...clusters].sort(),
    serviceNodes,
    idle,
    focus,
    focus === null ? 0 : hops,
    hidesOutside ?? false,
  ])
}
