/**
 * What becomes of a call, as shares and latencies: the arithmetic behind every tick.
 *
 * Attempts go to a branch by weight, to a workload by its ready pods; failed ones are retried while the
 * configuration allows; a timeout cuts what is left. Faults come before all of that, as in Envoy's filter order.
 */
import type { WireProtocol } from '@/lib/demo/model'
import type { Branch, Call, Client, Member } from './call'
import { AT_ONCE, fixed, lognormal, mix, plus, within } from './latency'
import type { Latency } from './latency'

/** What an application (or the next proxy) answers: shares add up to 1. */
export interface Answer {
  code: string
  grpc: string | null
  ratio: number
  latency: Latency
}

/** What the callee's own proxy reports of an attempt. */
export interface FarSide {
  code: string
  grpc: string | null
  flags: string
  latency: Latency
}

export interface Outcome {
  /** as the caller's proxy reports it; the code is empty for TCP */
  code: string
  grpc: string | null
  flags: string
  ratio: number
  latency: Latency
  branch: Branch
  member: Member | null
  /** null where the callee's proxy saw nothing */
  far: FarSide | null
  /** the application got the request, and does its work */
  reaches: boolean
}

export interface Plan {
  call: Call
  /** ratios add up to 1 */
  outcomes: Outcome[]
  /** attempts beyond the first, which only the callees see: how many per call, and which */
  retried: { perCall: number; outcomes: Outcome[] }
  mirrors: { ratio: number; outcomes: Outcome[] }[]
  okRatio: number
  okLatency: Latency
  /** how it fails, for what the caller says to its own callers */
  failures: { kind: FailureKind; ratio: number; latency: Latency }[]
}

export type FailureKind = 'unavailable' | 'timeout' | 'error'

/** What earlier ticks taught about a caller and a cluster; see `feedback.ts`. */
export interface ClusterState {
  overflow: number
  /** share of time a workload's endpoints are ejected, by workload id */
  ejected: ReadonlyMap<string, number>
}

export interface PlanContext {
  /** answers of a node's application */
  answersOf(node: number): readonly Answer[]
  planOf(call: Call): Plan
  stateOf(feedbackKey: string): ClusterState | undefined
}

/** Both proxies of a call together, and the way between two clusters. */
const PROXIES = lognormal(0.55, 3)
const BARE_WIRE = fixed(0.2)
const BETWEEN_CLUSTERS = fixed(9)
const AT_PROXY = lognormal(0.3, 1.5)
/** Envoy waits 25 ms on average before the first retry. */
const BACKOFF = fixed(25)
const NEGLIGIBLE = 1e-9

export function planCall(call: Call, context: PlanContext): Plan {
  const attempts = call.branches.flatMap((branch) =>
    attempt(call.client, branch, context).map((one) => scaled(one, branch.share)),
  )
  const { outcomes: answered, retried } = withRetries(call, attempts)
  const outcomes = merged(withFaults(call, withTimeout(call, answered)))
  const failed = outcomes.filter(failsCaller)
  const succeeded = outcomes.filter((outcome) => !failsCaller(outcome))
  return {
    call,
    outcomes,
    retried,
    mirrors: call.mirrors.map(({ ratio, branch }) => ({
      ratio,
      outcomes: merged(attempt(call.client, branch, context)),
    })),
    okRatio: total(succeeded),
    okLatency: latencyOf(succeeded),
    failures: (['unavailable', 'timeout', 'error'] as const).flatMap((kind) => {
      const own = failed.filter((outcome) => failureKind(outcome) === kind)
      return own.length === 0 ? [] : [{ kind, ratio: total(own), latency: latencyOf(own) }]
    }),
  }
}

/** Failed from the caller's point of view: no answer, 4xx or 5xx, another gRPC status than 0, a broken connection. */
export function isFailure(outcome: Pick<Outcome, 'code' | 'grpc' | 'flags'>): boolean {
  if (outcome.code === '') return outcome.flags !== '-'
  if (outcome.grpc !== null && outcome.grpc !== '0') return true
  const code = Number(outcome.code)
  return code === 0 || code >= 400
}

/** An application that is told "no such thing" by another carries on; a missing route is another matter. */
export function failsCaller(outcome: Outcome): boolean {
  return isFailure(outcome) && !(outcome.reaches && outcome.code === '404')
}

export function failureKind(outcome: Pick<Outcome, 'code' | 'grpc' | 'flags'>): FailureKind {
  if (outcome.code === '504' || outcome.flags.split(',').includes('UT')) return 'timeout'
  if (['503', '502', '0', ''].includes(outcome.code) || outcome.grpc === '14') return 'unavailable'
  return 'error'
}

/** gRPC status that proxies make of an HTTP status. https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
function grpcFor(status: number): string {
  if (status === 400) return '13'
  if (status === 401) return '16'
  if (status === 403) return '7'
  if (status === 404) return '12'
  return [429, 502, 503, 504].includes(status) ? '14' : '2'
}

/** A proxy's own answer: to gRPC a status in the trailers of a 200, to TCP a closed connection. */
export function proxyAnswer(protocol: WireProtocol, status: number): { code: string; grpc: string | null } {
  if (protocol === 'tcp') return { code: '', grpc: null }
  if (protocol === 'grpc') return { code: '200', grpc: status < 300 ? '0' : grpcFor(status) }
  return { code: String(status), grpc: null }
}

/** One try at one branch; ratios add up to 1. */
export function attempt(client: Client, branch: Branch, context: PlanContext): Outcome[] {
  const protocol = branch.request.protocol
  const own = (status: number, flags: string, ratio = 1, member: Member | null = null): Outcome => ({
    ...proxyAnswer(protocol, status),
    flags,
    ratio,
    latency: AT_PROXY,
    branch,
    member,
    far: null,
    reaches: false,
  })
  const { target } = branch
  if (target.kind === 'local') return [own(target.status, target.flags)]
  if (target.kind === 'external') {
    const { spec } = target
    if (spec === null || !target.accepts) return [own(503, 'UF')]
    const base = {
      ...own(200, '-'),
      latency: plus(PROXIES, lognormal(spec.latencyMs.median, spec.latencyMs.p99)),
    }
    const good: Outcome = { ...base, ratio: 1 - spec.errorRatio, grpc: protocol === 'grpc' ? '0' : null }
    if (spec.errorRatio <= 0) return [good]
    const bad = protocol === 'tcp' ? { flags: 'UF' } : { code: '500' }
    return [good, { ...base, ...bad, ratio: spec.errorRatio }]
  }
  const state = target.feedbackKey === null ? undefined : context.stateOf(target.feedbackKey)
  const overflow = state?.overflow ?? 0
  const outcomes: Outcome[] = overflow > 0 ? [own(503, 'UO', overflow)] : []
  const ejected = target.members.map((member) => state?.ejected.get(member.workload.id) ?? 0)
  const noneLeft = target.members.reduce(
    (share, member, index) => share * (ejected[index] ?? 0) ** member.workload.ready,
    1,
  )
  if (noneLeft > 0) outcomes.push(own(503, 'UH', (1 - overflow) * noneLeft))
  const weights = target.members.map((member, index) => member.workload.ready * (1 - (ejected[index] ?? 0)))
  const weight = weights.reduce((sum, one) => sum + one, 0)
  for (const [index, member] of target.members.entries()) {
    const share = ((weights[index] ?? 0) / weight) * (1 - overflow) * (1 - noneLeft)
    if (!(share > NEGLIGIBLE)) continue
    for (const one of atMember(client, branch, member, context, own)) outcomes.push(scaled(one, share))
  }
  return outcomes
}

function atMember(
  client: Client,
  branch: Branch,
  member: Member,
  context: PlanContext,
  own: (status: number, flags: string, ratio?: number, member?: Member | null) => Outcome,
): Outcome[] {
  const protocol = branch.request.protocol
  const isTcp = protocol === 'tcp'
  if (member.connection === 'failed') return [own(503, 'UF', 1, member)]
  // closed by the server before an answer; a TCP caller only sees the connection end
  if (member.connection === 'refused') return [own(503, isTcp ? 'UF' : 'UC', 1, member)]
  if (member.denied === 'connection') {
    const flags = member.workload.hasProxy ? 'UAEX' : 'DENY'
    const far = { code: '', grpc: null, flags, latency: AT_PROXY }
    return [{ ...own(503, isTcp ? 'UF' : 'UC', 1, member), far }]
  }
  const wire = wireTo(client, member)
  if (member.denied === 'http') {
    const answer = proxyAnswer(protocol, 403)
    const far = { ...answer, flags: '-', latency: AT_PROXY }
    return [{ ...own(403, '-', 1, member), latency: plus(wire, AT_PROXY), far }]
  }
  if (member.next !== null) {
    return context.planOf(member.next).outcomes.map((inner) => ({
      ...own(200, '-', inner.ratio, member),
      code: isTcp ? '' : inner.code,
      grpc: inner.grpc,
      // the gateway's reasons stay its own; a broken TCP connection is seen through
      flags: isTcp ? inner.flags : '-',
      latency: plus(wire, inner.latency),
      reaches: true,
    }))
  }
  if (member.node === null) {
    // nothing listens: with a proxy in front it is that one which fails to connect
    if (!member.workload.hasProxy || isTcp) return [own(503, 'UF', 1, member)]
    const far = { ...proxyAnswer(protocol, 503), flags: 'UF', latency: AT_PROXY }
    return [{ ...own(503, '-', 1, member), far }]
  }
  const answers: readonly Answer[] =
    member.node === 'unknown'
      ? [{ ...proxyAnswer(protocol, 404), ratio: 1, latency: AT_PROXY }]
      : context.answersOf(member.node)
  return answers.map((answer) => {
    const seen = {
      code: isTcp ? '' : answer.code,
      grpc: protocol === 'grpc' ? answer.grpc : null,
      flags: '-',
    }
    return {
      ...own(200, '-', answer.ratio, member),
      ...seen,
      latency: plus(wire, answer.latency),
      far: { ...seen, latency: plus(AT_PROXY, answer.latency) },
      reaches: true,
    }
  })
}

function wireTo(client: Client, member: Member): Latency {
  const base = client.via === 'none' && !member.workload.hasProxy ? BARE_WIRE : PROXIES
  const from = client.workload?.spec.cluster
  return from !== undefined && from !== member.workload.spec.cluster ? plus(base, BETWEEN_CLUSTERS) : base
}

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

function withRetries(call: Call, attempts: Outcome[]): { outcomes: Outcome[]; retried: Plan['retried'] } {
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

function withTimeout(call: Call, outcomes: Outcome[]): Outcome[] {
  const limit = call.timeoutMs
  return limit === null ? outcomes : outcomes.flatMap((one) => cut(one, limit))
}

/** Faults are injected before routing: an abort reaches nobody, and a delay counts against no timeout of the route. */
function withFaults(call: Call, outcomes: Outcome[]): Outcome[] {
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

/** Outcomes that nobody can tell apart are one. */
function merged(outcomes: Outcome[]): Outcome[] {
  const groups = new Map<string, Outcome[]>()
  for (const one of outcomes) {
    if (one.ratio < NEGLIGIBLE) continue
    const where = `${one.branch.clusterName}/${one.branch.request.path}/${one.member?.workload.id ?? ''}`
    const far = one.far === null ? '' : `${one.far.code}/${one.far.grpc}/${one.far.flags}`
    const key = `${where}/${one.code}/${one.grpc}/${one.flags}/${far}/${one.reaches}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()].map((group) => {
    const [first] = group
    if (first === undefined || group.length === 1) return group[0] as Outcome
    return {
      ...first,
      ratio: total(group),
      latency: latencyOf(group),
      far:
        first.far === null
          ? null
          : {
              ...first.far,
              latency: mix(group.map((one) => ({ share: one.ratio, latency: one.far?.latency ?? AT_ONCE }))),
            },
    }
  })
}

function scaled(outcome: Outcome, by: number): Outcome {
  return by === 1 ? outcome : { ...outcome, ratio: outcome.ratio * by }
}

function total(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, one) => sum + one.ratio, 0)
}

function latencyOf(outcomes: readonly Outcome[]): Latency {
  if (outcomes.length === 0) return AT_ONCE
  return mix(outcomes.map((one) => ({ share: one.ratio, latency: one.latency })))
}
