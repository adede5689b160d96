/** `GET /api/v1/graph` and its stream: the contract of the topology. */
import { z } from 'zod'
import { Health, LatencyMs, Notice } from '../common'

export const GRAPH_TYPES = ['workload', 'app', 'versionedApp', 'service'] as const
export const GraphType = z.enum(GRAPH_TYPES)
export type GraphType = z.infer<typeof GraphType>

export const NODE_ROLES = [
  'root',
  'outside',
  'gateway',
  'waypoint',
  'serviceEntry',
  'idle',
  'dead',
  /** passthrough and black-hole pseudo destinations */
  'passthrough',
  'blackHole',
] as const
export const NodeRole = z.enum(NODE_ROLES)
export type NodeRole = z.infer<typeof NodeRole>

/** What configuration does to a node; the legend explains each. */
export const BADGES = [
  'missingSidecar',
  'ambient',
  'requestRouting',
  'trafficShifting',
  'faultInjection',
  'requestTimeout',
  'retries',
  'mirroring',
  'redirect',
  'circuitBreaker',
] as const
export const Badge = z.enum(BADGES)
export type Badge = z.infer<typeof Badge>

export const RequestTraffic = z.object({
  requestsPerSecond: z.number(),
  errorRatio: z.number().nullable(),
  clientErrorRatio: z.number().nullable(),
  latencyMs: LatencyMs.nullable(),
})
export type RequestTraffic = z.infer<typeof RequestTraffic>

export const TcpTraffic = z.object({
  sentBytesPerSecond: z.number(),
  receivedBytesPerSecond: z.number(),
  connectionsPerSecond: z.number().nullable(),
})
export type TcpTraffic = z.infer<typeof TcpTraffic>

export const NodeTraffic = z.object({
  http: RequestTraffic.nullable(),
  grpc: RequestTraffic.nullable(),
  tcp: TcpTraffic.nullable(),
})
export type NodeTraffic = z.infer<typeof NodeTraffic>

export const MtlsMode = z.enum(['STRICT', 'PERMISSIVE', 'DISABLE'])
export type MtlsMode = z.infer<typeof MtlsMode>

export const GraphNode = z.object({
  id: z.string(),
  kind: z.enum(['workload', 'app', 'service', 'external', 'unknown']),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  workload: z.string().nullable(),
  app: z.string().nullable(),
  version: z.string().nullable(),
  service: z.string().nullable(),
  mesh: z.enum(['istio', 'linkerd', 'consul']).nullable(),
  dataPlane: z.enum(['sidecar', 'ambient', 'none']).nullable().describe('null: not known without Kubernetes'),
  roles: z.array(NodeRole),
  inbound: NodeTraffic,
  outbound: NodeTraffic,
  health: Health,
  badges: z.array(Badge),
  workloadKind: z.string().nullable(),
  replicas: z.object({ desired: z.number(), current: z.number(), available: z.number() }).nullable(),
  serviceAccount: z.string().nullable(),
  mtls: z
    .object({
      mode: MtlsMode.nullable().describe('null: PeerAuthentications may not be read'),
      reason: z.string().describe('which PeerAuthentication, in a sentence'),
    })
    .nullable()
    .describe(
      'what its ports accept, the most open of them; null without Kubernetes, and for gateways and the control plane',
    ),
  mtlsRatio: z
    .number()
    .nullable()
    .describe('share of mutual TLS in what it receives: of requests, where none, of TCP bytes'),
})
export type GraphNode = z.infer<typeof GraphNode>

export const ResponseShare = z.object({
  code: z.string().describe('HTTP status, gRPC status for grpc edges, `0` for no response'),
  flags: z.string(),
  requestsPerSecond: z.number(),
})
export type ResponseShare = z.infer<typeof ResponseShare>

export const GraphEdge = z.object({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  protocol: z.enum(['http', 'grpc', 'tcp']),
  requestsPerSecond: z.number().nullable().describe('null for tcp'),
  errorRatio: z.number().nullable(),
  clientErrorRatio: z.number().nullable(),
  share: z
    .number()
    .nullable()
    .describe('of all requests (tcp: bytes) the source sends with this protocol, 0..1'),
  responses: z.array(ResponseShare),
  latencyMs: LatencyMs.nullable(),
  sentBytesPerSecond: z.number().nullable(),
  receivedBytesPerSecond: z.number().nullable(),
  connectionsPerSecond: z.number().nullable(),
  mtlsRatio: z.number().nullable(),
  health: Health,
})
export type GraphEdge = z.infer<typeof GraphEdge>

export const Graph = z.object({
  at: z.number().describe('instant all queries were evaluated at, epoch milliseconds'),
  windowSeconds: z.number(),
  graphType: GraphType,
  notices: z.array(Notice),
  nodes: z.array(GraphNode).describe('sorted by id'),
  edges: z.array(GraphEdge).describe('sorted by id'),
})
export type Graph = z.infer<typeof Graph>

/** SSE `patch`: what changed since the last event; elements come whole. */
export const GraphPatch = z.object({
  at: z.number(),
  notices: z.array(Notice),
  nodes: z.array(GraphNode),
  edges: z.array(GraphEdge),
  removedNodes: z.array(z.string()),
  removedEdges: z.array(z.string()),
})
export type GraphPatch = z.infer<typeof GraphPatch>
