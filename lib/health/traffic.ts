/** Health of traffic: requests, TCP connections and latency, over one window. */
import { explainFlags, isFailedConnection } from '@/lib/mesh/response-flags'
import { formatDuration } from '@/lib/units/duration'
import { formatRatio } from '@/lib/units/ratio'
import { formatWindow } from '@/lib/units/window'
import { limitText, requestReasons, shareOf } from './requests'
import type {
  HealthConfig,
  HealthReason,
  LatencyBaseline,
  RequestOutcomes,
  TcpOutcomes,
  Tolerance,
} from './types'

export interface TrafficInput {
  windowSeconds: number
  requests: readonly RequestOutcomes[]
  tcp: readonly TcpOutcomes[]
  tolerances: readonly Tolerance[]
  /** P95 now with the rate of requests behind it, and P95 some time ago; null where either is not known */
  latency: { p95Ms: number | null; requestsPerSecond: number; baseline: LatencyBaseline | null } | null
}

export interface TrafficVerdict {
  reasons: HealthReason[]
  /** anything at all was observed in the window */
  hasTraffic: boolean
}

/** What traffic alone says of an object or an edge; without traffic there is nothing to say. */
export function trafficHealth(input: TrafficInput, config: HealthConfig): TrafficVerdict {
  const { windowSeconds } = input
  const reasons = [
    ...input.requests.flatMap((each) => requestReasons(each, input.tolerances, windowSeconds)),
    ...input.tcp.flatMap((each) => connectionReasons(each, config, windowSeconds)),
    ...latencyReasons(input, config),
  ]
  const hasTraffic =
    input.requests.some((each) => each.responses.some((response) => response.requestsPerSecond > 0)) ||
    input.tcp.some(
      (each) => each.bytesPerSecond > 0 || each.connections.some((some) => some.connectionsPerSecond > 0),
    )
  return { reasons, hasTraffic }
}

/** Share of TCP connections that failed, by their response flags. */
function connectionReasons(tcp: TcpOutcomes, config: HealthConfig, windowSeconds: number): HealthReason[] {
  let total = 0
  let failed = 0
  let worst = { flags: '', connectionsPerSecond: 0 }
  for (const each of tcp.connections) {
    total += each.connectionsPerSecond
    if (!isFailedConnection(each.flags)) continue
    failed += each.connectionsPerSecond
    const isMore =
      each.connectionsPerSecond > worst.connectionsPerSecond ||
      (each.connectionsPerSecond === worst.connectionsPerSecond && each.flags < worst.flags)
    if (isMore) worst = each
  }
  if (!(failed > 0)) return []
  const ratio = shareOf(failed, total)
  const status =
    ratio >= config.tcp.failing ? 'failing' : ratio >= config.tcp.degraded ? 'degraded' : 'healthy'
  if (status === 'healthy') return []
  const threshold = config.tcp[status]
  const subject = tcp.direction === 'outbound' ? 'outgoing TCP connections' : 'TCP connections'
  return [
    {
      code: 'tcp-failures',
      message:
        `${formatRatio(ratio)} of ${subject} failed, mostly ${explainFlags(worst.flags)} ` +
        `(${limitText(status, threshold)}) over ${formatWindow(windowSeconds)}`,
      value: ratio,
      threshold,
      status,
    },
  ]
}

/**
 * From so many requests on a P95 is what it seems: the slowest twentieth are a dozen. Of a thousand services that
 * answered as ever ten had twice their usual P95 at any moment, nearly all of them with fewer.
 */
const REQUESTS_OF_A_P95 = 240

/** P95 against its own recent past; few requests say nothing, some say it when it is clear, and slow alone is not broken. */
function latencyReasons(input: TrafficInput, config: HealthConfig): HealthReason[] {
  const { latency, windowSeconds } = input
  const limits = config.latency
  if (!limits || !latency?.baseline || latency.p95Ms === null) return []
  const requests = latency.requestsPerSecond * windowSeconds
  if (requests < limits.minRequests) return []
  const usual = latency.baseline.p95Ms
  // chance spreads a quantile's logarithm by one over the root of the requests
  const spread = Math.sqrt(Math.max(1, REQUESTS_OF_A_P95 / requests))
  const threshold = Math.max(usual * limits.factor ** spread, usual + limits.marginMs)
  if (!(latency.p95Ms > threshold)) return []
  return [
    {
      code: 'latency-high',
      message:
        `P95 latency is ${formatDuration(latency.p95Ms)}, usually ${formatDuration(usual)} ` +
        `(degraded above ${formatDuration(threshold)}) over ${formatWindow(windowSeconds)}`,
      value: latency.p95Ms,
      threshold,
      status: 'degraded',
    },
  ]
}
