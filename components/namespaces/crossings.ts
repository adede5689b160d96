/** What crosses the border of a namespace, from a graph of it. Pure. */
import type { Graph, GraphEdge } from '@/lib/api/schemas/mesh/graph'

export interface Crossings {
  /** from elsewhere into it */
  into: GraphEdge[]
  outOf: GraphEdge[]
  within: GraphEdge[]
}

/** Edges that touch a namespace (`{cluster}/{namespace}`) by where their ends lie, the busiest first. */
export function crossingsOf({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>, place: string): Crossings {
  const inside = new Set(
    nodes.filter(({ cluster, namespace }) => `${cluster}/${namespace}` === place).map(({ id }) => id),
  )
  const crossings: Crossings = { into: [], outOf: [], within: [] }
  for (const edge of edges) {
    const [from, to] = [inside.has(edge.source), inside.has(edge.target)]
    if (from && to) crossings.within.push(edge)
    else if (from) crossings.outOf.push(edge)
    else if (to) crossings.into.push(edge)
  }
  for (const list of Object.values(crossings) as GraphEdge[][]) {
    list.sort((a, b) => weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1))
  }
  return crossings
}

/** Requests first; bytes tell connections apart from one another only. */
function weightOf({ requestsPerSecond, sentBytesPerSecond, receivedBytesPerSecond }: GraphEdge): number {
  return requestsPerSecond ?? ((sentBytesPerSecond ?? 0) + (receivedBytesPerSecond ?? 0)) * 1e-12
}
