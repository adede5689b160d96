/** Figures of a node or a set of edges, put together from protocols. Pure. */
import type { LatencyMs } from '@/lib/api/schemas/common'
import type { Graph, GraphEdge, GraphNode, NodeTraffic, RequestTraffic } from '@/lib/api/schemas/mesh/graph'

export { severity, worstStatus } from '@/lib/health/combine'

export interface Figures {
  /** requests of HTTP and gRPC together; null where nothing speaks either */
  requestsPerSecond: number | null
  errorRatio: number | null
  clientErrorRatio: number | null
  /** of the protocol with more requests: quantiles of two histograms cannot be added */
  latencyMs: LatencyMs | null
  /** TCP, both directions */
  bytesPerSecond: number | null
}

/** One side of a node over its protocols. */
export function trafficFigures(traffic: NodeTraffic): Figures {
  const parts = [traffic.http, traffic.grpc].filter((part): part is RequestTraffic => part !== null)
  const requestsPerSecond = parts.length === 0 ? null : sum(parts.map((part) => part.requestsPerSecond))
  const busiest = parts.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond)[0]
  return {
    requestsPerSecond,
    errorRatio: weighted(parts, (part) => part.errorRatio),
    clientErrorRatio: weighted(parts, (part) => part.clientErrorRatio),
    latencyMs: busiest?.latencyMs ?? null,
    bytesPerSecond: traffic.tcp ? traffic.tcp.sentBytesPerSecond + traffic.tcp.receivedBytesPerSecond : null,
  }
}

/** What a node is judged by: what it is asked for, or, where nobody calls it, what it asks of others. */
export function nodeFigures(node: GraphNode): Figures & { direction: 'in' | 'out' } {
  const inbound = trafficFigures(node.inbound)
  if (inbound.requestsPerSecond !== null || inbound.bytesPerSecond !== null) {
    return { ...inbound, direction: 'in' }
  }
  const outbound = trafficFigures(node.outbound)
  const isSilent = outbound.requestsPerSecond === null && outbound.bytesPerSecond === null
  return { ...outbound, direction: isSilent ? 'in' : 'out' }
}

/**
 * Where services are drawn between workloads, tells edges whose requests came into a set of nodes before, by the
 * service that passes them on: who adds edges up must leave these out, or counts every request twice.
 */
export function passedOn(graph: Graph): (edge: GraphEdge, isInside: (id: string) => boolean) => boolean {
  const services = new Set(
    graph.graphType === 'service'
      ? []
      : graph.nodes.flatMap(({ kind, id }) => (kind === 'service' ? id : [])),
  )
  return ({ source }, isInside) => services.has(source) && isInside(source)
}

/** Edges taken together; no latency, since quantiles of several edges do not add up. */
export function edgeFigures(edges: readonly GraphEdge[]): Figures & { mtlsRatio: number | null } {
  const requests = edges.filter((edge) => edge.requestsPerSecond !== null)
  const rated = requests.map((edge) => ({ ...edge, requestsPerSecond: edge.requestsPerSecond ?? 0 }))
  const streams = edges.filter(
    (edge) => edge.sentBytesPerSecond !== null || edge.receivedBytesPerSecond !== null,
  )
  return {
    requestsPerSecond: rated.length === 0 ? null : sum(rated.map((edge) => edge.requestsPerSecond)),
    errorRatio: weighted(rated, (edge) => edge.errorRatio),
    clientErrorRatio: weighted(rated, (edge) => edge.clientErrorRatio),
    latencyMs: null,
    bytesPerSecond:
      streams.length === 0
        ? null
        : sum(streams.map((edge) => (edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0))),
    mtlsRatio: weighted(rated, (edge) => edge.mtlsRatio),
  }
}

/** Mean weighted by requests over those that were measured; null when none was. */
function weighted<T extends { requestsPerSecond: number }>(
  parts: readonly T[],
  ratio: (part: T) => number | null,
): number | null {
  let weight = 0
  let total = 0
  for (const part of parts) {
    const value = ratio(part)
    if (value === null) continue
    weight += part.requestsPerSecond
    total += part.requestsPerSecond * value
  }
  return weight > 0 ? total / weight : null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
