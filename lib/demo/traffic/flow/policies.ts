/** What a route does around its tries: retries, timeouts, faults. */
import { AT_PROXY } from './attempt'
import type { Call } from './call'
import { AT_ONCE, fixed, mix, plus, within } from './latency'
import { isFailure, latencyOf, proxyAnswer, scaled, total } from './outcome'
import type { Outcome, Plan } from './outcome'

/** Envoy waits 25 ms on average before the first retry. */
const BACKOFF = fixed(25)
const NEGLIGIBLE = 1e-9

/** Conditions of Envoy's `retry_on` that an outcome meets. */
export function isRetried(outcome: Outcome, on: ReadonlySet<string>): boolean {
  if (!isFailure(outcome)) return false
  const flags = outcome.flags.split(',')
  const code = Number(outcome.code)
  const noAnswer = flags.includes('UC') || code === 0
  if (flags.includes('UO') || flags.includes('NR') || flags.includes('NC')) return false
  if (flags.includes('UF'))
    return ['connect-failure', '5xx', 'reset', 'gateway-error'].some((word) => on.has(word))
  // no endpoint was chosen, so there is nothing to try again elsewhere
  if (flags.includes('UH')) return false
  if (noAnswer && (on.has('reset') || on.has('5xx') || on.has('gateway-error'))) return true
  if (code >= 500 && on.has('5xx')) return true
  if (code >= 502 && code <= 504 && on.has('gateway-error')) return true
  if (on.has(outcome.code) || (code === 409 && on.has('retriable-4xx'))) return true
  const word = GRPC_WORDS[outcome.grpc ?? '']
  return word !== undefined && on.has(word)
}

const GRPC_WORDS: Record<string, string> = {
  '1': 'cancelled',
  '4': 'deadline-exceeded',
  '8': 'resource-exhausted',
  '13': 'internal',
  '14': 'unavailable',
}

export function withRetries(
  call: Call,
  attempts: Outcome[],
): { outcomes: Outcome[]; retried: Plan['retried'] } {
  const { attempts: allowed, on, perTryTimeoutMs } = call.retries
  const tries = perTryTimeoutMs === null ? attempts : attempts.flatMap((one) => cut(one, perTryTimeoutMs))
  const again = allowed > 0 ? tries.filter((one) => isRetried(one, on)) : []
  const f = total(again)
  if (f <= NEGLIGIBLE) return { outcomes: tries, retried: { perCall: 0, outcomes: [] } }
  const lost = plus(latencyOf(again), BACKOFF)
  // share of calls that come to try number k, and how long the lost tries before it took
  const reached = [{ share: 1, before: AT_ONCE }]
  for (let k = 1; k <= allowed; k++) {
    const last = reached[k - 1]
    if (last === undefined || last.share * f < 1e-6) break
    reached.push({ share: last.share * f, before: plus(last.before, lost) })
  }
  const final = reached[reached.length - 1] ?? { share: 1, before: AT_ONCE }
  const sum = reached.reduce((all, one) => all + one.share, 0)
  const before = mix(reached.map((one) => ({ share: one.share, latency: one.before })))
  const outcomes = tries.map((one) => {
    if (!again.includes(one)) return { ...one, ratio: one.ratio * sum, latency: plus(before, one.latency) }
    return {
      ...one,
      ratio: one.ratio * final.share,
      latency: plus(final.before, one.latency),
      flags: one.flags === '-' ? 'URX' : `${one.flags},URX`,
    }
  })
  return {
    outcomes,
    retried: { perCall: sum - 1, outcomes: again.map((one) => ({ ...one, ratio: one.ratio / f })) },
  }
}

/** An outcome under a time limit: what made it, and what was cut, which the callee sees as a client that left. */
function cut(outcome: Outcome, limitMs: number): Outcome[] {
  const made = within(outcome.latency, limitMs)
  if (made.ratio > 1 - 1e-6) return [outcome]
  const missed: Outcome = {
    ...outcome,
    ...proxyAnswer(outcome.branch.request.protocol, 504),
    flags: 'UT',
    ratio: outcome.ratio * (1 - made.ratio),
    latency: fixed(limitMs),
    far:
      outcome.far === null
        ? null
        : { code: '0', grpc: null, flags: 'DC', latency: fixed(Math.max(0, limitMs - 0.5)) },
  }
  if (made.latency === null) return [missed]
  const far = outcome.far
  const inTime = { ...outcome, ratio: outcome.ratio * made.ratio, latency: made.latency }
  const farInTime = far === null ? null : within(far.latency, limitMs).latency
  return [{ ...inTime, far: far === null ? null : { ...far, latency: farInTime ?? far.latency } }, missed]
}

export function withTimeout(call: Call, outcomes: Outcome[]): Outcome[] {
  const limit = call.timeoutMs
  return limit === null ? outcomes : outcomes.flatMap((one) => cut(one, limit))
}

/** Faults are injected before routing: an abort reaches nobody, and a delay counts against no timeout of the route. */
export function withFaults(call: Call, outcomes: Outcome[]): Outcome[] {
  const { fault } = call
  if (fault === null) return outcomes
  const delayed = fault.delay === null ? 0 : fault.delay.ratio
  const wait = fixed(fault.delay?.ms ?? 0)
  const after =
    delayed === 0
      ? outcomes
      : outcomes.flatMap((one) => [
          scaled(one, 1 - delayed),
          {
            ...scaled(one, delayed),
            latency: plus(wait, one.latency),
            flags: one.flags === '-' ? 'DI' : `DI,${one.flags}`,
          },
        ])
  const { abort } = fault
  if (abort === null || abort.ratio === 0) return after
  const branch = call.branches[0]
  if (branch === undefined) return after
  const isGrpc = branch.request.protocol === 'grpc'
  const answer =
    abort.grpcStatus !== null
      ? { code: '200', grpc: abort.grpcStatus }
      : isGrpc
        ? proxyAnswer('grpc', abort.httpStatus)
        : { code: String(abort.httpStatus), grpc: null }
  const latency =
    delayed === 0
      ? AT_PROXY
      : mix([
          { share: 1 - delayed, latency: AT_PROXY },
          { share: delayed, latency: plus(wait, AT_PROXY) },
        ])
  const aborted: Outcome = {
    ...answer,
    flags: 'FI',
    ratio: abort.ratio,
    latency,
    branch,
    member: null,
    far: null,
    reaches: false,
  }
  return [aborted, ...after.map((one) => scaled(one, 1 - abort.ratio))]
}
