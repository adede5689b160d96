/** Health of requests: shares of codes against tolerances, each verdict with its reason in words. */
import { findGrpcStatusName, NO_HTTP_RESPONSE } from '@/lib/mesh/outcome'
import { formatRatio } from '@/lib/units/ratio'
import { formatWindow } from '@/lib/units/window'
import type { HealthReason, RequestOutcomes, Tolerance } from './types'

/** No response, as tolerances write it for every protocol. */
const NO_RESPONSE = '-'

/**
 * Reasons why requests are not healthy, one per tolerance exceeded. A share must be above zero to count, so a
 * limit of 0 means "any at all". Nothing observed gives no reason.
 */
export function requestReasons(
  outcomes: RequestOutcomes,
  tolerances: readonly Tolerance[],
  windowSeconds: number,
): HealthReason[] {
  let total = 0
  for (const { requestsPerSecond } of outcomes.responses) total += requestsPerSecond
  if (!(total > 0)) return []
  const reasons: HealthReason[] = []
  for (const tolerance of tolerances) {
    if (!tolerance.protocols.includes(outcomes.protocol)) continue
    if (!tolerance.directions.includes(outcomes.direction)) continue
    let failed = 0
    for (const { code, requestsPerSecond } of outcomes.responses) {
      if (requestsPerSecond > 0 && tolerance.codes.test(toleratedCode(outcomes.protocol, code))) {
        failed += requestsPerSecond
      }
    }
    if (failed === 0) continue
    const ratio = shareOf(failed, total)
    const status =
      ratio >= tolerance.failing ? 'failing' : ratio >= tolerance.degraded ? 'degraded' : 'healthy'
    if (!(ratio > 0) || status === 'healthy') continue
    const matching = sumByCode(outcomes, tolerance)
    const threshold = status === 'failing' ? tolerance.failing : tolerance.degraded
    reasons.push({
      code: reasonCode(outcomes.protocol, matching),
      message:
        `${formatRatio(ratio)} of ${subject(outcomes)} ${verb(outcomes.protocol, matching, total)} ` +
        `(${limitText(status, threshold)}) over ${formatWindow(windowSeconds)}`,
      value: ratio,
      threshold,
      status,
    })
  }
  return reasons
}

/** A share 0..1 of a positive total, in nine decimals: 1.1 of 11 must reach a limit of 10 %. */
export function shareOf(part: number, total: number): number {
  return Math.min(1, Math.round((part / total) * 1e9) / 1e9)
}

/** "failing from 10 %", "degraded above 0 %". */
export function limitText(status: 'failing' | 'degraded', threshold: number): string {
  return `${status} ${threshold === 0 ? 'above' : 'from'} ${formatRatio(threshold)}`
}

/** Rates of the codes a tolerance speaks of. */
function sumByCode(outcomes: RequestOutcomes, tolerance: Tolerance): Matching {
  const sums = new Map<string, number>()
  for (const { code, requestsPerSecond } of outcomes.responses) {
    const key = toleratedCode(outcomes.protocol, code)
    if (tolerance.codes.test(key)) sums.set(key, (sums.get(key) ?? 0) + requestsPerSecond)
  }
  return [...sums]
}

function toleratedCode(protocol: 'http' | 'grpc', code: string): string {
  return protocol === 'http' && code === NO_HTTP_RESPONSE ? NO_RESPONSE : code
}

function subject(outcomes: RequestOutcomes): string {
  const protocol = outcomes.protocol === 'grpc' ? 'gRPC' : 'HTTP'
  return outcomes.direction === 'outbound' ? `outgoing ${protocol} requests` : `${protocol} requests`
}

type Matching = readonly (readonly [code: string, rate: number])[]

function isOfClass(code: string, first: string): boolean {
  return code.length === 3 && code.startsWith(first)
}

function reasonCode(protocol: 'http' | 'grpc', matching: Matching): string {
  const present = matching.filter(([, rate]) => rate > 0)
  if (present.every(([code]) => code === NO_RESPONSE)) return 'no-response'
  const answered = present.filter(([code]) => code !== NO_RESPONSE)
  if (answered.every(([code]) => isOfClass(code, '4'))) return `${protocol}-4xx`
  if (protocol === 'grpc') return 'grpc-errors'
  return answered.every(([code]) => isOfClass(code, '5')) ? 'http-5xx' : 'http-codes'
}

function verb(protocol: 'http' | 'grpc', matching: Matching, total: number): string {
  const present = matching.filter(([, rate]) => rate > 0)
  const silent = present.find(([code]) => code === NO_RESPONSE)?.[1] ?? 0
  const answered = present.filter(([code]) => code !== NO_RESPONSE)
  if (answered.length === 0) return 'got no response'
  const words = protocol === 'grpc' ? grpcWords(answered) : `answered ${httpWords(answered)}`
  if (silent === 0) return words
  const share = formatRatio(answered.reduce((sum, [, rate]) => sum + rate, 0) / total)
  return `failed: ${share} ${words}, ${formatRatio(silent / total)} got no response`
}

function httpWords(answered: Matching): string {
  if (answered.every(([code]) => isOfClass(code, '5'))) return '5xx'
  if (answered.every(([code]) => isOfClass(code, '4'))) return '4xx'
  return answered
    .map(([code]) => code)
    .sort()
    .join(', ')
}

/** "failed with Unavailable (14)", the most frequent first and at most two named. */
function grpcWords(answered: Matching): string {
  if (answered.every(([code]) => isOfClass(code, '4'))) return 'answered HTTP 4xx'
  const named = [...answered]
    .sort(([a, rateA], [b, rateB]) => rateB - rateA || (a < b ? -1 : 1))
    .slice(0, 2)
    .map(([code]) => {
      const name = findGrpcStatusName(code)
      return name ? `${name} (${code})` : `HTTP ${code}`
    })
  const more = answered.length > 2 ? ' and others' : ''
  return `failed with ${named.join(' and ')}${more}`
}
