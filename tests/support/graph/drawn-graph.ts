/** Literals of the graph as the HTTP API answers it, for tests of what is drawn. */
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'

const healthy = { status: 'healthy' as const, reasons: [] }

export function graphNode(name: string, more: Partial<GraphNode> = {}): GraphNode {
  return {
    id: `east/shop/workload/${name}`,
    kind: 'workload',
    cluster: 'east',
    namespace: 'shop',
    name,
    workload: name,
    app: name,
    version: null,
    service: null,
    mesh: 'istio',
    dataPlane: null,
    roles: [],
    inbound: { http: null, grpc: null, tcp: null },
    outbound: { http: null, grpc: null, tcp: null },
    health: healthy,
    badges: [],
    workloadKind: null,
    replicas: null,
    serviceAccount: null,
    mtlsRatio: null,
    mtls: null,
    ...more,
  }
}

export function graphEdge(source: GraphNode, target: GraphNode, more: Partial<GraphEdge> = {}): GraphEdge {
  const protocol = more.protocol ?? 'http'
  return {
    id: `${source.id}>${target.id}#${protocol}`,
    source: source.id,
    target: target.id,
    protocol,
    requestsPerSecond: 10,
    errorRatio: 0,
    clientErrorRatio: 0,
    share: 1,
    responses: [],
    latencyMs: { p50: 1, p90: 2, p95: 3, p99: 40 },
    sentBytesPerSecond: null,
    receivedBytesPerSecond: null,
    connectionsPerSecond: null,
    mtlsRatio: 1,
    health: healthy,
    ...more,
  }
}

/** Of workloads, at no time in particular. */
export const drawnGraph = (nodes: GraphNode[], edges: GraphEdge[]): Graph => ({
  at: 0,
  windowSeconds: 120,
  graphType: 'workload',
  notices: [],
  nodes,
  edges,
})
