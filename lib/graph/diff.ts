/** Changes between two graphs of one view: made by the server, applied by the browser. */
import type { Graph, GraphPatch } from './types'

/**
 * What turns `previous` into `next`: new and changed elements whole, ids of those that are gone.
 * Both graphs must be of the same view (type, window, filters).
 */
export function diffGraph(previous: Graph, next: Graph): GraphPatch {
  const nodes = changes(previous.nodes, next.nodes)
  const edges = changes(previous.edges, next.edges)
  return {
    at: next.at,
    notices: next.notices,
    nodes: nodes.changed,
    edges: edges.changed,
    removedNodes: nodes.removed,
    removedEdges: edges.removed,
  }
}

/**
 * The graph after a patch, sorted by id. Untouched elements keep their identity, so a view that compares by
 * reference redraws only what changed. Neither argument is altered; applying a patch twice changes nothing.
 */
export function applyPatch(graph: Graph, patch: GraphPatch): Graph {
  return {
    ...graph,
    at: patch.at,
    notices: patch.notices,
    nodes: patched(graph.nodes, patch.nodes, patch.removedNodes),
    edges: patched(graph.edges, patch.edges, patch.removedEdges),
  }
}

interface Element {
  id: string
}

function changes<E extends Element>(
  previous: readonly E[],
  next: readonly E[],
): { changed: E[]; removed: string[] } {
  const before = new Map(previous.map((element) => [element.id, element]))
  const changed: E[] = []
  for (const element of next) {
    const old = before.get(element.id)
    if (old === undefined || !isEqual(old, element)) changed.push(element)
    before.delete(element.id)
  }
  return { changed, removed: [...before.keys()] }
}

function patched<E extends Element>(
  elements: readonly E[],
  changed: readonly E[],
  removed: readonly string[],
): E[] {
  if (changed.length === 0 && removed.length === 0) return [...elements]
  const byId = new Map(elements.map((element) => [element.id, element]))
  for (const id of removed) byId.delete(id)
  for (const element of changed) byId.set(element.id, element)
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** Equality of plain JSON values; an absent key equals an undefined one, as on the wire. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  }
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  for (const key in left) if (!isEqual(left[key], right[key])) return false
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false
  return true
}
