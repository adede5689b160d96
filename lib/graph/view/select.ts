/** The part of a whole graph that a view shows. Figures stay those of the whole, so all views agree. */
import type { GraphEdge, GraphNode, GraphView } from '../types'
import { sortRoles } from './finish'
import { findHood } from './hood'

/** A graph of everything: quiet parts included and marked. */
export interface WholeGraph {
  nodes: readonly GraphNode[]
  edges: readonly GraphEdge[]
  /** carried nothing in the window */
  quietNodes: ReadonlySet<string>
  quietEdges: ReadonlySet<string>
  /** services that stand between callers and workloads */
  injected: ReadonlySet<string>
}

export interface Selection {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/**
 * Nodes in the chosen namespaces and clusters with all their edges; the far ends come along as neighbours with
 * role `outside`. With `focus` only what is within `hops` of that node.
 */
export function selectView(
  whole: WholeGraph,
  view: Pick<GraphView, 'namespaces' | 'clusters' | 'idle' | 'focus' | 'hops'>,
): Selection {
  const isInside = scopeOf(view)
  const byId = new Map(whole.nodes.map((node) => [node.id, node]))
  const isNodeInside = (id: string): boolean => {
    const node = byId.get(id)
    return node !== undefined && isInside(node)
  }
  const live = view.idle ? whole.edges : whole.edges.filter((edge) => !whole.quietEdges.has(edge.id))
  let edges = edgesInScope(live, isNodeInside, whole.injected)
  const kept = new Set<string>()
  for (const edge of edges) kept.add(edge.source).add(edge.target)
  for (const node of whole.nodes) {
    if (!isInside(node)) continue
    if (view.idle || !whole.quietNodes.has(node.id) || node.id === view.focus) kept.add(node.id)
  }
  if (view.focus !== null) {
    const hood = findHood(edges, kept, whole.injected, { focus: view.focus, hops: view.hops })
    edges = hood.edges
    for (const id of kept) if (!hood.nodes.has(id)) kept.delete(id)
  }
  const nodes = whole.nodes
    .filter((node) => kept.has(node.id))
    .map((node) =>
      isInside(node) || isNowhere(node)
        ? node
        : { ...node, roles: sortRoles([...node.roles, 'outside' as const]) },
    )
  return { nodes, edges }
}

/** The mesh has no place for these: they are never inside, and calling them outside says nothing. */
function isNowhere(node: GraphNode): boolean {
  return node.kind === 'unknown' || node.kind === 'external'
}

function scopeOf(view: Pick<GraphView, 'namespaces' | 'clusters'>): (node: GraphNode) => boolean {
  const namespaces = view.namespaces && new Set(view.namespaces)
  const clusters = view.clusters && new Set(view.clusters)
  if (!namespaces && !clusters) return () => true
  return (node) => {
    // without a namespace filter unknown callers belong to every view that has an edge to them, to none alone
    if (node.kind === 'unknown') return false
    if (clusters && !clusters.has(node.cluster)) return false
    if (!namespaces) return true
    return namespaces.has(node.namespace) || namespaces.has(`${node.cluster}/${node.namespace}`)
  }
}

/** Edges with an end inside, and through a service in between the part on its other side. */
function edgesInScope(
  edges: readonly GraphEdge[],
  isNodeInside: (id: string) => boolean,
  injected: ReadonlySet<string>,
): GraphEdge[] {
  const crossedInto = new Set<string>()
  const crossedFrom = new Set<string>()
  for (const edge of edges) {
    if (injected.has(edge.target) && isNodeInside(edge.source)) crossedInto.add(edge.target)
    if (injected.has(edge.source) && isNodeInside(edge.target)) crossedFrom.add(edge.source)
  }
  return edges.filter(
    (edge) =>
      isNodeInside(edge.source) ||
      isNodeInside(edge.target) ||
      crossedInto.has(edge.source) ||
      crossedFrom.has(edge.target),
  )
}
