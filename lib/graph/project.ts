/** From topology to graph: one view of a snapshot. */
import type { HealthConfig, LatencyBaseline } from '@/lib/health/types'
import { indexInventories } from '@/lib/mesh/inventory-index'
import type { Graph, GraphEdge, GraphView, Topology } from './types'
import { factsOf } from './view/facts'
import { finishEdge, finishNode } from './view/finish'
import { foldFlows } from './view/fold'
import { healthOfEdge, healthOfNode, tolerancesOfNode, type HealthContext } from './view/health'
import { addObjects } from './view/objects'
import { markRoles } from './view/roles'
import type { RouteView } from './view/routes'
import { selectView, type WholeGraph } from './view/select'
import { isCarrying } from './view/tally'

const NO_BASELINES: ReadonlyMap<string, LatencyBaseline> = new Map()

/**
 * One view of a topology in the shape of the API: nodes and edges sorted by id, every edge with both ends,
 * figures and health of the whole mesh, so that a node reads the same in every view that shows it.
 * `baselines`: P95 of some time ago by node id, to judge latency by. `notices` is left to the caller.
 */
export function projectGraph(
  topology: Topology,
  view: GraphView,
  health: HealthConfig,
  baselines: ReadonlyMap<string, LatencyBaseline> = NO_BASELINES,
): Graph {
  const whole = wholeGraph(topology, view, health, baselines)
  const { nodes, edges } = selectView(whole, view)
  const { at, windowSeconds } = topology
  return { at, windowSeconds, graphType: view.graphType, notices: [], nodes, edges }
}

interface Made {
  health: HealthConfig
  baselines: ReadonlyMap<string, LatencyBaseline>
  graphs: Map<string, WholeGraph>
}

// namespaces, clusters, idle and focus only select: viewers who differ in those share one graph
const made = new WeakMap<Topology, Made>()

function wholeGraph(
  topology: Topology,
  view: RouteView,
  health: HealthConfig,
  baselines: ReadonlyMap<string, LatencyBaseline>,
): WholeGraph {
  let known = made.get(topology)
  if (!known || known.health !== health || known.baselines !== baselines) {
    known = { health, baselines, graphs: new Map() }
    made.set(topology, known)
  }
  const key = `${view.graphType} ${view.serviceNodes}`
  const kept = known.graphs.get(key)
  if (kept) return kept
  const graph = makeWholeGraph(topology, view, {
    at: topology.at,
    windowSeconds: topology.windowSeconds,
    isMeasured: topology.isMeasured,
    config: health,
    baselines,
  })
  known.graphs.set(key, graph)
  return graph
}

function makeWholeGraph(topology: Topology, view: RouteView, context: HealthContext): WholeGraph {
  const drafts = foldFlows(topology, view)
  addObjects(drafts, topology, view)
  const indexes = indexInventories(topology.inventories)
  const facts = new Map([...drafts.nodes.values()].map((node) => [node, factsOf(node, indexes)]))
  const { edges } = drafts
  const quietNodes = markRoles(drafts, facts, topology.isMeasured)

  const limits = new Map(
    [...facts].map(([node, known]) => [node, tolerancesOfNode(node, known, context.config)]),
  )
  const nodes = [...facts].map(([node, known]) => {
    const health = healthOfNode(node, known, limits.get(node) ?? [], context)
    return finishNode(node, known, health, topology.mesh)
  })
  const finished = edges.map((edge) => {
    const pair = { source: limits.get(edge.source) ?? [], target: limits.get(edge.target) ?? [] }
    return finishEdge(edge, healthOfEdge(edge, pair, context))
  })
  return {
    nodes: nodes.sort(byId),
    edges: sortEdges(finished),
    quietNodes,
    quietEdges: new Set(edges.filter((edge) => !isCarrying(edge.tally)).map((edge) => edge.id)),
    injected: new Set([...drafts.nodes.values()].filter((node) => node.isInjected).map((node) => node.id)),
  }
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Sorted by id, caller by caller: an id begins with its caller's and the mark behind it, which no id holds. */
function sortEdges(edges: readonly GraphEdge[]): GraphEdge[] {
  const byCaller = new Map<string, GraphEdge[]>()
  for (const edge of edges) {
    const same = byCaller.get(edge.source)
    if (same) same.push(edge)
    else byCaller.set(edge.source, [edge])
  }
  return [...byCaller.values()]
    .map((list) => ({ id: `${list[0]?.source ?? ''}>`, list: list.length > 1 ? list.sort(byId) : list }))
    .sort(byId)
    .flatMap(({ list }) => list)
}
