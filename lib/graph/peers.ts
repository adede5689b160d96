/** The edges of one node as an answer about it carries them: of very many, those that matter most. Pure. */
import { compareStatus, severity } from '@/lib/health/combine'
import type { GraphEdge } from './types'

/** More callers, or called ones, than any but what the whole mesh asks for has. */
export const MOST_PEER_EDGES = 300

export interface PeerEdges {
  /** in the order in which they were given */
  edges: GraphEdge[]
  /** edges there are, whatever is among `edges` */
  edgesTotal: { inbound: number; outbound: number }
  /** other nodes that sent to it in this time */
  callersTotal: number
  /** other nodes that it sent to in this time */
  calledTotal: number
}

/** At most `most` edges into a node and as many out of it, the first by `comparePeerEdges`, and how many there are. */
export function peerEdges(edges: readonly GraphEdge[], id: string, most = MOST_PEER_EDGES): PeerEdges {
  const inbound = edges.filter(({ target }) => target === id)
  const outbound = edges.filter(({ source }) => source === id)
  const kept = new Set([...firstOf(inbound, most), ...firstOf(outbound, most)])
  const others = (side: readonly GraphEdge[], end: 'source' | 'target') =>
    new Set(side.filter(isCarrying).map((edge) => edge[end])).size
  return {
    edges: edges.filter((edge) => kept.has(edge)),
    edgesTotal: { inbound: inbound.length, outbound: outbound.length },
    callersTotal: others(inbound, 'source'),
    calledTotal: others(outbound, 'target'),
  }
}

/** What is failing first, then what is degraded, then the busiest. */
export function comparePeerEdges(a: GraphEdge, b: GraphEdge): number {
  return (
    trouble(b) - trouble(a) ||
    (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) ||
    (bytesPerSecond(b) ?? 0) - (bytesPerSecond(a) ?? 0) ||
    (a.id < b.id ? -1 : 1)
  )
}

/** Both directions; null: not measured. */
export function bytesPerSecond({ sentBytesPerSecond, receivedBytesPerSecond }: GraphEdge): number | null {
  return sentBytesPerSecond === null && receivedBytesPerSecond === null
    ? null
    : (sentBytesPerSecond ?? 0) + (receivedBytesPerSecond ?? 0)
}

function firstOf(edges: readonly GraphEdge[], most: number): readonly GraphEdge[] {
  return edges.length > most ? edges.toSorted(comparePeerEdges).slice(0, most) : edges
}

/** Idle and unknown are no worse than healthy. */
function trouble({ health: { status } }: GraphEdge): number {
  return compareStatus(status, 'degraded') >= 0 ? severity(status) : 0
}

function isCarrying(edge: GraphEdge): boolean {
  return [edge.requestsPerSecond, bytesPerSecond(edge), edge.connectionsPerSecond].some(
    (rate) => (rate ?? 0) > 0,
  )
}
