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
      const { topology } = snapshot
      const graph = view.hidesOutside
        ? withoutOutside(whole, outsideOf(view), hiddenNames(view, topology.inventories))
        : view.wholeClusters
          ? withoutOutside(
              whole,
              beyond(view.wholeClusters, projectGraph(topology, everything(view), health, baseline)),
            )
          : whole
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

type IsOutside = (node: Graph['nodes'][number]) => boolean

/** For who may see some namespaces: all that lies in none of them. */
function outsideOf(view: GraphView): IsOutside {
  const namespaces = new Set(view.namespaces)
  return ({ kind, cluster, namespace, roles }) =>
    roles.includes('outside') ||
    kind === 'unknown' ||
    (kind === 'external' && !namespaces.has(namespace) && !namespaces.has(`${cluster}/${namespace}`))
}

/** The whole graph of which a view is a part. */
function everything(view: GraphView): GraphView {
  return { ...view, namespaces: null, clusters: null, idle: true, focus: null }
}

/**
 * For who may see all of some clusters: what lies in others, callers nobody knows, and outside hosts that one of those
 * calls. `all`: the whole graph.
 */
function beyond(clusters: readonly string[], all: Graph): IsOutside {
  const isElsewhere: IsOutside = ({ kind, cluster }) => kind === 'unknown' || !clusters.includes(cluster)
  const elsewhere = new Set(all.nodes.flatMap((node) => (isElsewhere(node) ? [node.id] : [])))
  const shared = new Set(all.edges.flatMap(({ source, target }) => (elsewhere.has(source) ? [target] : [])))
  return (node) => isElsewhere(node) || (node.kind === 'external' && shared.has(node.id))
}

/** By cluster, which names in a sentence are those of namespaces that may not be seen. */
function hiddenNames(
  view: GraphView,
  inventories: readonly ClusterInventory[],
): (cluster: string) => (name: string) => boolean {
  const namespaces = new Set(view.namespaces)
  const known = new Set(
    inventories.flatMap((one) => one.namespaces.map(({ name }) => `${one.cluster}/${name}`)),
  )
  return (cluster) => (name) => {
    const id = `${cluster}/${name}`
    return known.has(id) && !namespaces.has(name) && !namespaces.has(id)
  }
}

/**
 * What lies outside keeps its name and its edges, which are traffic of what is inside. A caller's share of its own
 * traffic would tell all it sends, and what no namespace holds is called from everywhere.
 */
function withoutOutside(
  graph: Graph,
  isOutside: IsOutside,
  isHiddenIn: (cluster: string) => (name: string) => boolean = () => () => false,
): Graph {
  const outside = new Set(graph.nodes.filter(isOutside).map(({ id }) => id))
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
                    reason: withoutHiddenNames(node.mtls.reason, isHiddenIn(node.cluster)),
                  },
                },
          ],
    ),
    edges: edges.map((edge) => (outside.has(edge.source) ? { ...edge, share: null } : edge)),
  }
}

/** One text per view, whatever order its names were given in. */
export function viewKey(view: GraphView): string {
  const { graphType, namespaces, clusters, serviceNodes, idle, focus, hops, hidesOutside, wholeClusters } =
    view
  return JSON.stringify([
    graphType,
    namespaces && [...namespaces].sort(),
    clusters && [...clusters].sort(),
    serviceNodes,
    idle,
    focus,
    focus === null ? 0 : hops,
    hidesOutside ?? false,
    wholeClusters && [...wholeClusters].sort(),
  ])
}
