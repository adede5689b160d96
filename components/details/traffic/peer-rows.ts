/** Edges of one node as rows about its peers. Pure. */
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { bytesPerSecond, comparePeerEdges } from '@/lib/graph/peers'

export interface PeerRow {
  edge: GraphEdge
  /** node id of the other end */
  peer: string
  bytesPerSecond: number | null
}

/** Callers (`in`) or callees (`out`) of a node: what is not well first, then the busiest. */
export function peerRows(edges: readonly GraphEdge[], id: string, direction: 'in' | 'out'): PeerRow[] {
  return edges
    .filter((edge) => (direction === 'in' ? edge.target : edge.source) === id)
    .toSorted(comparePeerEdges)
    .map((edge) => ({
      edge,
      peer: direction === 'in' ? edge.source : edge.target,
      bytesPerSecond: bytesPerSecond(edge),
    }))
}
