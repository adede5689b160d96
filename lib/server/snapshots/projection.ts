import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph } from '@/lib/api/schemas/graph'
import { projectGraph } from '@/lib/graph/project'
import type { GraphView } from '@/lib/graph/types'
import type { HealthConfig } from '@/lib/health/types'
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
      const graph = view.hidesOutside ? withoutOutside(whole, view) : whole
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
function withoutOutside(graph: Graph, view: GraphView): Graph {
  const namespaces = new Set(view.namespaces)
  const isOutside = ({ kind, cluster, namespace, roles }: Graph['nodes'][number]): boolean =>
    roles.includes('outside') ||
    kind === 'unknown' ||
    (kind === 'external' && !namespaces.has(namespace) && !namespaces.has(`${cluster}/${namespace}`))
  const outside = new Set(graph.nodes.filter(isOutside).map(({ id }) => id))
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
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
        : node,
    ),
    edges: graph.edges.map((edge) => (outside.has(edge.source) ? { ...edge, share: null } : edge)),
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
