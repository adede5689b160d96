/** Words of health: one calculation serves graph, lists and pages. */
import type { Protocol } from '@/lib/mesh/traffic'

export const HEALTH_STATUSES = ['healthy', 'degraded', 'failing', 'idle', 'unknown'] as const
/** `idle`: exists and carries nothing; `unknown`: nothing is known of it. Neither is healthy. */
export type HealthStatus = (typeof HEALTH_STATUSES)[number]

export interface HealthReason {
  /** stable, kebab-case */
  code: string
  /** a sentence with value, threshold and window */
  message: string
  value: number | null
  threshold: number | null
  /** how bad this reason alone is */
  status: HealthStatus
}

export interface Health {
  status: HealthStatus
  /** worst first */
  reasons: HealthReason[]
}

export type Direction = 'inbound' | 'outbound'

/** How many requests may end with some codes. Ratios 0..1 of all requests of the protocol. */
export interface Tolerance {
  /** matched against the whole code: HTTP status, gRPC status of grpc traffic, `-` for no response */
  codes: RegExp
  protocols: readonly Protocol[]
  directions: readonly Direction[]
  /** from here on degraded; 0 means "any at all" */
  degraded: number
  failing: number
  /** as written by people, for messages */
  text: string
}

/** What counts as latency gone bad: P95 above both limits, with enough requests to say so. */
export interface LatencyTolerance {
  factor: number
  marginMs: number
  minRequests: number
}

export interface HealthConfig {
  tolerances: readonly Tolerance[]
  /** replace `tolerances` where the first of them matches */
  rules: readonly HealthRule[]
  /** share of TCP connections that may fail */
  tcp: { degraded: number; failing: number }
  /** null: latency is not judged */
  latency: LatencyTolerance | null
  restarts: { perHour: number; atLeast: number }
}

/** Tolerances of the configuration file for some objects; the patterns match whole names. */
export interface HealthRule {
  namespace: RegExp
  kind: RegExp
  name: RegExp
  tolerances: readonly Tolerance[]
}

/** Requests per second of one protocol by outcome, in one direction. */
export interface RequestOutcomes {
  protocol: 'http' | 'grpc'
  direction: Direction
  responses: readonly { code: string; requestsPerSecond: number }[]
}

/** TCP connections per second by response flags, in one direction. */
export interface TcpOutcomes {
  direction: Direction
  connections: readonly { flags: string; connectionsPerSecond: number }[]
  bytesPerSecond: number
}

/** Latency of a node some time ago, to compare with. */
export interface LatencyBaseline {
  p95Ms: number
}
