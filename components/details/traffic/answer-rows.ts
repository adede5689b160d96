/** How requests between a node and each peer end. Pure. */
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'

export interface AnswerRow {
  /** node id of the other end */
  peer: string
  protocol: 'http' | 'grpc'
  code: string
  flags: string
  requestsPerSecond: number
  /** of what this peer sends (or is sent) by this protocol, 0..1 */
  share: number
  isError: boolean
}

/** One row per peer, protocol, code and flags: what failed first, then the most. */
export function answerRows(edges: readonly GraphEdge[], id: string, direction: 'in' | 'out'): AnswerRow[] {
  return edges
    .filter((edge) => (direction === 'in' ? edge.target : edge.source) === id)
    .flatMap((edge): AnswerRow[] => {
      const { protocol } = edge
      if (protocol === 'tcp') return []
      const total = edge.responses.reduce((sum, each) => sum + each.requestsPerSecond, 0)
      return edge.responses.map(({ code, flags, requestsPerSecond }) => ({
        peer: direction === 'in' ? edge.source : edge.target,
        protocol,
        code,
        flags,
        requestsPerSecond,
        share: total > 0 ? requestsPerSecond / total : 0,
        isError: isError(code, protocol),
      }))
    })
    .filter((row) => row.requestsPerSecond > 0)
    .sort(
      (a, b) =>
        Number(b.isError) - Number(a.isError) ||
        b.requestsPerSecond - a.requestsPerSecond ||
        (`${a.peer} ${a.code} ${a.flags}` < `${b.peer} ${b.code} ${b.flags}` ? -1 : 1),
    )
}

/** 5xx, no response, and a gRPC status other than OK; a gRPC request may also end with a code of HTTP. */
function isError(code: string, protocol: 'http' | 'grpc'): boolean {
  const number = Number(code)
  if (!Number.isFinite(number)) return true
  if (protocol === 'grpc' && number <= 16) return number !== 0
  return number === 0 || number >= 500
}
