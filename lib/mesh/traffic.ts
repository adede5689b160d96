/**
 * What a telemetry adapter turns a mesh's metrics into. Nothing past the adapters asks which mesh it was.
 * Unknown is null, never the string "unknown"; rates are per second over the snapshot's window.
 */

export const REPORTERS = ['source', 'destination', 'waypoint'] as const
/** Who measured. Both proxies count every request: choose one per pair, never add them. */
export type Reporter = (typeof REPORTERS)[number]

export const PROTOCOLS = ['http', 'grpc', 'tcp'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** As people write them. */
export const PROTOCOL_NAMES: Readonly<Record<Protocol, string>> = { http: 'HTTP', grpc: 'gRPC', tcp: 'TCP' }

/** Which proxy wrote the series: a node-level L4 proxy repeats the bytes of what an L7 proxy reports. */
export type ProxyLayer = 'l7' | 'l4'

/** The calling end as the proxies know it. All null: the unknown source. */
export interface TrafficSource {
  cluster: string | null
  namespace: string | null
  workload: string | null
  app: string | null
  version: string | null
}

/** The called end: the workload that answered (null when none did) and the service that was asked for. */
export interface TrafficDestination extends TrafficSource {
  service: {
    namespace: string | null
    /** short name; of an external host the host itself; or `PassthroughCluster`, `BlackHoleCluster`… */
    name: string
    /** the host that was asked for, as the proxy saw it */
    host: string | null
  } | null
}

interface Measured {
  reporter: Reporter
  layer: ProxyLayer
  source: TrafficSource
  destination: TrafficDestination
}

/** Requests of one pair with one outcome. */
export interface RequestSample extends Measured {
  protocol: 'http' | 'grpc'
  /** HTTP status; `0` when no response reached the client */
  responseCode: string
  /** numeric gRPC status; null for plain HTTP and for calls without an answer */
  grpcStatus: string | null
  /** Envoy response flags, a comma list; `-` when clean */
  flags: string
  /** true mTLS, false plain text, null when the reporter cannot tell (source proxies never can) */
  mutualTls: boolean | null
  requestsPerSecond: number
}

/** TCP traffic of one pair. `received` is what the destination received, `sent` what it sent back. */
export interface TcpSample extends Measured {
  flags: string
  mutualTls: boolean | null
  sentBytesPerSecond: number
  receivedBytesPerSecond: number
  connectionsPerSecond: number
}

/** A latency histogram of one pair as rates per second: cumulative buckets by upper bound in milliseconds. */
export interface LatencySample extends Measured {
  protocol: 'http' | 'grpc'
  /** sorted by `le`; the last is `Infinity`; counts are cumulative, requests per second */
  buckets: readonly { le: number; perSecond: number }[]
}

/** Mean latency of one pair, where buckets are too dear to ask for. */
export interface MeanLatencySample extends Measured {
  protocol: 'http' | 'grpc'
  /** summed request time per second, in milliseconds */
  sumMsPerSecond: number
  requestsPerSecond: number
}
