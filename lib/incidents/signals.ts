/** What each node and edge shows of a failure, and how much of it its own dependencies explain. */
import type { GraphEdge, GraphNode } from '@/lib/graph/types'
import type { HealthStatus, LatencyBaseline } from '@/lib/health/types'
import { isFailedConnection, splitFlags } from '@/lib/mesh/response-flags'
import type { IncidentInput } from './types'

/** What an edge carries and how much of it fails; requests per second, of TCP connections per second. */
export interface EdgeSignal {
  edge: GraphEdge
  carried: number
  failed: number
  /** of `failed`: ended because an answer did not come in time */
  timedOut: number
  /** of `failed`: the connection broke or never came about */
  refused: number
  slow: Slowness | null
}

export interface Slowness {
  p95Ms: number
  usualMs: number
}

export interface NodeSignal {
  node: GraphNode
  into: EdgeSignal[]
  outOf: EdgeSignal[]
  carried: number
  failed: number
  /** P95 above its usual, as health judges it; null: not slow, or not known */
  slow: Slowness | null
  /** of `failed`, what no failing dependency explains */
  ownFailed: number
  /** share of its slowness that no slow dependency explains, 0..1; 0 when it is not slow */
  ownSlowness: number
}

export type Signals = ReadonlyMap<string, NodeSignal>

/** Answers of a caller that did not wait longer. */
const TIMEOUT_FLAGS = new Set(['UT', 'DT', 'SI', 'DC', 'UMSDR'])
const CONNECTION_FLAGS = new Set(['UC', 'UF', 'UR', 'UPE', 'CONNECT', 'TLS_FAILURE', 'H2_HANDSHAKE_FAILURE'])
const DEADLINE_EXCEEDED = '4'
const GATEWAY_TIMEOUT = '504'
/** A dependency asked on fewer of the requests does not move the P95 of all. */
const LEAST_SHARE_FOR_P95 = 0.03
/** What happens to so many requests moves their P95. */
const P95_TAIL = 0.05
/** Of the excess of the called side, so much must be seen on an edge to call that edge slow. */
const SLOW_EDGE_SHARE = 0.5

export function isBad(status: HealthStatus): status is 'failing' | 'degraded' {
  return status === 'failing' || status === 'degraded'
}

/** Signals of every node, by id. Only what health calls degraded or failing counts as a failure. */
export function readSignals({ graph, baselines }: Pick<IncidentInput, 'graph' | 'baselines'>): Signals {
  const signals = new Map<string, NodeSignal>()
  for (const node of graph.nodes) {
    signals.set(node.id, {
      node,
      into: [],
      outOf: [],
      carried: 0,
      failed: 0,
      slow: slownessOf(node, baselines),
      ownFailed: 0,
      ownSlowness: 0,
    })
  }
  for (const edge of graph.edges) {
    const source = signals.get(edge.source)
    const target = signals.get(edge.target)
    if (!source || !target) continue
    const signal = edgeSignal(edge, target.slow)
    source.outOf.push(signal)
    target.into.push(signal)
    target.carried += signal.carried
    target.failed += signal.failed
  }
  for (const signal of signals.values()) {
    signal.ownSlowness = ownSlownessOf(signal)
    signal.ownFailed = ownFailedOf(signal)
  }
  return signals
}

function slownessOf(node: GraphNode, baselines: ReadonlyMap<string, LatencyBaseline>): Slowness | null {
  const reason = node.health.reasons.find(({ code }) => code === 'latency-high')
  const usual = baselines.get(node.id)
  return reason?.value == null || !usual ? null : { p95Ms: reason.value, usualMs: usual.p95Ms }
}

function edgeSignal(edge: GraphEdge, target: Slowness | null): EdgeSignal {
  const isTcp = edge.protocol === 'tcp'
  const carried = (isTcp ? edge.connectionsPerSecond : edge.requestsPerSecond) ?? 0
  const signal: EdgeSignal = { edge, carried, failed: 0, timedOut: 0, refused: 0, slow: null }
  const p95Ms = edge.latencyMs?.p95 ?? null
  if (target && p95Ms !== null && carried > 0) {
    const excess = p95Ms - target.usualMs
    if (excess >= SLOW_EDGE_SHARE * (target.p95Ms - target.usualMs)) {
      signal.slow = { p95Ms, usualMs: target.usualMs }
    }
  }
  // what somebody tolerates by an annotation is no failure
  if (!isBad(edge.health.status)) return signal
  for (const { code, flags, requestsPerSecond } of edge.responses) {
    if (!isFailure(edge, code, flags)) continue
    signal.failed += requestsPerSecond
    const each = splitFlags(flags)
    if (each.some((flag) => CONNECTION_FLAGS.has(flag))) signal.refused += requestsPerSecond
    else if (isTimeout(edge, code, each)) signal.timedOut += requestsPerSecond
  }
  return signal
}

/** Whether an answer counts as failed: always when it is an error, a 4xx only where there are too many of them. */
export function isFailure(edge: GraphEdge, code: string, flags: string): boolean {
  if (edge.protocol === 'tcp') return isFailedConnection(flags)
  const is = (first: string) => code.length === 3 && code.startsWith(first)
  if (is('5')) return true
  if (is('4')) return edge.health.reasons.some((reason) => reason.code.endsWith('-4xx'))
  return edge.protocol === 'grpc' ? code !== '0' && !is('2') && !is('3') : code === '0'
}

function isTimeout(edge: GraphEdge, code: string, flags: readonly string[]): boolean {
  if (flags.some((flag) => TIMEOUT_FLAGS.has(flag))) return true
  return code === GATEWAY_TIMEOUT || (edge.protocol === 'grpc' && code === DEADLINE_EXCEEDED)
}

/**
 * The slowest dependency that is asked often enough explains as much of the excess as it exceeds its own usual.
 * One that fails explains all of it: trying again, and waiting before that, takes its time.
 */
function ownSlownessOf({ slow, outOf, carried }: NodeSignal): number {
  if (!slow) return 0
  const excess = slow.p95Ms - slow.usualMs
  if (!(excess > 0)) return 0
  let explained = 0
  let failing = 0
  for (const each of outOf) {
    failing += each.failed
    if (!each.slow || each.carried < LEAST_SHARE_FOR_P95 * carried) continue
    explained = Math.max(explained, each.slow.p95Ms - each.slow.usualMs)
  }
  if (failing >= P95_TAIL * carried) return 0
  return 1 - Math.min(1, explained / excess)
}

/**
 * Failures of workloads that their failing dependencies do not explain: each failed outgoing request may have
 * failed one incoming one. Answers that came too late are explained by a dependency that is slow. Of services and
 * outside hosts the requests ended there: all is their own.
 */
function ownFailedOf({ node, into, outOf, failed, ownSlowness, slow }: NodeSignal): number {
  if (failed === 0) return 0
  if (node.kind === 'service' || node.kind === 'external') return failed
  let explained = 0
  for (const each of outOf) explained += each.failed
  if (slow && ownSlowness < 0.5) for (const each of into) explained += each.timedOut
  return Math.max(0, failed - explained)
}
