/**
 * The topology (everything one snapshot knows, at its finest) and the graph (what one view shows of it).
 * The graph types are the wire contract of lib/api/schemas/graph.ts; a guard test holds the two together.
 */
import type { Health } from '@/lib/health/types'
import type { Badge } from '@/lib/istio/badges'
import type { MtlsMode } from '@/lib/istio/mtls'
import type { ClusterInventory, DataPlaneMode } from '@/lib/mesh/inventory'
import type { NodeKind } from '@/lib/mesh/identity'
import type { Protocol, Reporter, RequestSample, TcpSample } from '@/lib/mesh/traffic'

export type GraphType = 'workload' | 'app' | 'versionedApp' | 'service'
export type MeshName = 'istio' | 'linkerd' | 'consul'

export interface TopologyInput {
  /** instant of all queries, epoch milliseconds */
  at: number
  windowSeconds: number
  requests: readonly RequestSample[]
  tcp: readonly TcpSample[]
  inventories: readonly ClusterInventory[]
  /** cluster of series that carry no cluster label */
  defaultCluster: string
  /** whose metrics these are; `istio` unless said otherwise */
  mesh?: MeshName
  /** false: telemetry did not answer, the objects are all there is; true unless said otherwise */
  isMeasured?: boolean
}

/** One view of the topology. */
export interface GraphView {
  graphType: GraphType
  /** namespace names, or `cluster/namespace`; null: all */
  namespaces: readonly string[] | null
  clusters: readonly string[] | null
  /** put services between callers and workloads */
  serviceNodes: boolean
  /** neighbours outside `namespaces` are named, without figures of their own: the viewer may not see them */
  hidesOutside?: boolean
  /** the same of what lies outside of these clusters alone: the viewer may see all of each */
  wholeClusters?: readonly string[]
  /** show what exists or once was seen but carries nothing */
  idle: boolean
  /** node id: only what is within `hops` of it */
  focus: string | null
  hops: number
}

/** A workload (or what is known of it) at an end of traffic. Index into `Topology.ends`. */
export interface End {
  /** `unknown`: no identity at all; `app`: only the app is known */
  kind: 'workload' | 'app' | 'unknown'
  cluster: string
  namespace: string
  workload: string | null
  app: string | null
  version: string | null
  isGateway: boolean
  isWaypoint: boolean
}

/** A service that was asked for. Index into `Topology.services`. */
export interface ServiceEnd {
  kind: 'service' | 'external'
  cluster: string
  namespace: string
  name: string
  role: 'serviceEntry' | 'passthrough' | 'blackHole' | null
}

/** Requests with one outcome. */
export interface ResponseRate {
  /** HTTP status; gRPC status of grpc traffic; no response is `0` for http and `-` for grpc, where 0 means OK */
  code: string
  flags: string
  requestsPerSecond: number
}

/** Cumulative counts per second at each bound, in milliseconds; the last bound is Infinity. */
export interface Histogram {
  bounds: readonly number[]
  counts: readonly number[]
}

/** Traffic of one caller to one workload through one service with one protocol: the finest edge there is. */
export interface Flow {
  /** index into `ends` */
  source: number
  /** index into `services`; null when no service was named */
  service: number | null
  /** index into `ends`; null when no workload answered */
  target: number | null
  protocol: Protocol
  /** whose figures these are */
  reporter: Reporter
  requestsPerSecond: number
  errorsPerSecond: number
  clientErrorsPerSecond: number
  /** http, grpc: by code and flags */
  responses: readonly ResponseRate[]
  /** tcp: connections per second by flags */
  connections: readonly { flags: string; connectionsPerSecond: number }[]
  /** null: not measured */
  sentBytesPerSecond: number | null
  receivedBytesPerSecond: number | null
  connectionsPerSecond: number | null
  /** traffic whose security is known, and how much of it was mutual TLS; same unit for the two */
  secured: { known: number; mutual: number }
  histogram: Histogram | null
  /** summed request time per second and the requests it covers */
  mean: { sumMsPerSecond: number; requestsPerSecond: number } | null
}

export interface Topology {
  at: number
  windowSeconds: number
  /** false: nobody knows what carries traffic, so nothing is idle either */
  isMeasured: boolean
  mesh: MeshName
  defaultCluster: string
  ends: readonly End[]
  services: readonly ServiceEnd[]
  flows: readonly Flow[]
  inventories: readonly ClusterInventory[]
  /** finds the flow of a sample that comes later, such as latency */
  findFlow: FindFlow
}

/** The labels by which a sample finds its flow. */
export type FlowSample = Pick<RequestSample, 'reporter' | 'layer' | 'source' | 'destination' | 'protocol'>

/**
 * The flow a sample belongs to and the share of its measurements that counts, 0..1; null when the sample's
 * reporter is not the one chosen for its pair, or the pair carried nothing.
 */
export type FindFlow = (sample: FlowSample) => { flow: number; share: number } | null

export interface LatencyMs {
  p50: number | null
  p90: number | null
  p95: number | null
  p99: number | null
  mean?: number | null
}

export interface RequestTraffic {
  requestsPerSecond: number
  errorRatio: number | null
  clientErrorRatio: number | null
  latencyMs: LatencyMs | null
}

export interface TcpTraffic {
  sentBytesPerSecond: number
  receivedBytesPerSecond: number
  connectionsPerSecond: number | null
}

export interface NodeTraffic {
  http: RequestTraffic | null
  grpc: RequestTraffic | null
  tcp: TcpTraffic | null
}

export type NodeRole =
  'root' | 'outside' | 'gateway' | 'waypoint' | 'serviceEntry' | 'idle' | 'dead' | 'passthrough' | 'blackHole'

export interface GraphNode {
  id: string
  kind: NodeKind
  cluster: string
  namespace: string
  name: string
  workload: string | null
  app: string | null
  version: string | null
  service: string | null
  mesh: MeshName | null
  dataPlane: DataPlaneMode | null
  roles: NodeRole[]
  inbound: NodeTraffic
  outbound: NodeTraffic
  health: Health
  badges: Badge[]
  workloadKind: string | null
  replicas: { desired: number; current: number; available: number } | null
  serviceAccount: string | null
  /** a mode of null is not known */
  mtls: { mode: MtlsMode | null; reason: string } | null
  mtlsRatio: number | null
}

export interface GraphEdge {
  id: string
  source: string
  target: string
  protocol: Protocol
  requestsPerSecond: number | null
  errorRatio: number | null
  clientErrorRatio: number | null
  share: number | null
  responses: ResponseRate[]
  latencyMs: LatencyMs | null
  sentBytesPerSecond: number | null
  receivedBytesPerSecond: number | null
  connectionsPerSecond: number | null
  mtlsRatio: number | null
  health: Health
}

/** Something the reader of partial data must be told. */
export interface Notice {
  code: string
  message: string
  upstream?: 'prometheus' | 'kubernetes' | 'jaeger' | 'tempo' | 'alertmanager'
}

export interface Graph {
  at: number
  windowSeconds: number
  graphType: GraphType
  notices: Notice[]
  /** sorted by id */
  nodes: GraphNode[]
  /** sorted by id */
  edges: GraphEdge[]
}

/** What changed between two graphs of one view; elements come whole. */
export interface GraphPatch {
  at: number
  notices: Notice[]
  nodes: GraphNode[]
  edges: GraphEdge[]
  removedNodes: string[]
  removedEdges: string[]
}
