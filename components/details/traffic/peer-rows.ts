/** Edges of one node as rows about its peers. Pure. */
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { severity } from '@/components/graph/scene/traffic'

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
    .map((edge) => ({
      edge,
      peer: direction === 'in' ? edge.source : edge.target,
      bytesPerSecond:
        edge.sentBytesPerSecond === null && edge.receivedBytesPerSecond === null
          ? null
          : (edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0),
    }))
    .sort(
      (a, b) =>
        trouble(b) - trouble(a) ||
        (b.edge.requestsPerSecond ?? 0) - (a.edge.requestsPerSecond ?? 0) ||
        (b.bytesPerSecond ?? 0) - (a.bytesPerSecond ?? 0) ||
        (a.edge.id < b.edge.id ? -1 : 1),
    )
}

function trouble({ edge }: PeerRow): number {
  const level = severity(edge.health.status)
  return level >= severity('degraded') ? level : 0
}
