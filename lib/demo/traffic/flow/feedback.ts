/**
 * Circuit breakers and outlier detection: what the traffic of one tick does to the next.
 *
 * A pool overflows by Erlang's loss formula for the requests that are under way at once (Little's law: rate
 * times latency). An endpoint is ejected when a run of errors is due at its rate and error share.
 */
import type { Outlier, Pool } from '../config/destination-rules'
import type { Branch, Client } from './call'
import { meanMs } from './latency'
import type { ClusterState, Outcome } from './outcome'

interface MemberCount {
  ready: number
  requests: number
  errors: number
}

interface Seen {
  pool: Pool | null
  outlier: Outlier | null
  /** proxies of the caller that share the load, each with a pool of its own */
  callers: number
  offered: number
  /** answered ones and their summed time, for the mean */
  answered: number
  timeMs: number
  members: Map<string, MemberCount>
}

/** Changes smaller than this are not worth another round of arithmetic. */
const STEP = 0.01

export class Feedback {
  private readonly states = new Map<string, ClusterState>()
  private seen = new Map<string, Seen>()

  stateOf(key: string): ClusterState | undefined {
    return this.states.get(key)
  }

  /** Counts attempts at a branch; `count` of them ended so. */
  note(client: Client, branch: Branch, outcome: Outcome, count: number): void {
    const { target } = branch
    if (target.kind !== 'pods' || target.feedbackKey === null) return
    let seen = this.seen.get(target.feedbackKey)
    if (seen === undefined) {
      seen = {
        pool: branch.request.protocol === 'tcp' ? null : target.pool,
        outlier: target.outlier,
        callers: Math.max(1, client.workload?.ready ?? 1),
        offered: 0,
        answered: 0,
        timeMs: 0,
        members: new Map(
          target.members.map(({ workload }) => [
            workload.id,
            { ready: workload.ready, requests: 0, errors: 0 },
          ]),
        ),
      }
      this.seen.set(target.feedbackKey, seen)
    }
    seen.offered += count
    if (outcome.member === null) return
    seen.answered += count
    seen.timeMs += count * meanMs(outcome.latency)
    const member = seen.members.get(outcome.member.workload.id)
    if (member === undefined) return
    member.requests += count
    if (isServerError(outcome)) member.errors += count
  }

  /** Ends a tick of so many milliseconds. True when what the next one should expect has moved. */
  learn(tickMs: number): boolean {
    let moved = false
    for (const [key, seen] of this.seen) {
      const before = this.states.get(key)
      const after = { overflow: overflowOf(seen, tickMs), ejected: ejectedOf(seen, tickMs, before) }
      if (!differs(before, after)) continue
      this.states.set(key, after)
      moved = true
    }
    for (const [key, state] of this.states) {
      if (this.seen.has(key) || (state.overflow === 0 && state.ejected.size === 0)) continue
      // nobody calls any more: the endpoints come back
      this.states.delete(key)
      moved = true
    }
    this.seen = new Map()
    return moved
  }
}

function isServerError(outcome: Outcome): boolean {
  if (outcome.code === '') return outcome.flags !== '-'
  const code = Number(outcome.code)
  // Envoy counts a gRPC status by the HTTP status it stands for
  return code === 0 || code >= 500 || ['2', '4', '13', '14', '15'].includes(outcome.grpc ?? '')
}

function overflowOf({ pool, offered, answered, timeMs, callers }: Seen, tickMs: number): number {
  if (pool === null || answered === 0) return 0
  const perConnection =
    pool.maxConnections !== null && pool.maxPending !== null
      ? pool.maxConnections + pool.maxPending
      : Infinity
  const limit = Math.min(perConnection, pool.maxRequests ?? Infinity)
  if (!Number.isFinite(limit)) return 0
  const load = (offered * (timeMs / answered)) / tickMs / callers
  const blocked = erlangB(load, Math.max(0, Math.floor(limit)))
  return blocked < 0.001 ? 0 : blocked
}

/** Share of requests lost when `load` are under way on average and `limit` may be. */
export function erlangB(load: number, limit: number): number {
  let blocked = 1
  for (let n = 1; n <= limit; n++) {
    blocked = (load * blocked) / (n + load * blocked)
    if (blocked < 1e-9) return 0
  }
  return blocked
}

function ejectedOf(
  { outlier, members, callers }: Seen,
  tickMs: number,
  before: ClusterState | undefined,
): Map<string, number> {
  const ejected = new Map<string, number>()
  if (outlier === null) return ejected
  let endpoints = 0
  let out = 0
  for (const [id, { ready, requests, errors }] of members) {
    endpoints += ready
    const earlier = before?.ejected.get(id) ?? 0
    // too little seen to judge: half of what was known stays
    const share =
      requests < 3
        ? earlier / 2
        : ejectedShare(outlier, { ready, requests, errors }, callers, tickMs, earlier)
    if (share < 0.001) continue
    ejected.set(id, share)
    out += share * ready
  }
  // Envoy always may eject one
  const allowed = Math.max(1, Math.floor(outlier.maxEjectionRatio * endpoints))
  if (out > allowed) for (const [id, share] of ejected) ejected.set(id, (share * allowed) / out)
  const healthy = endpoints === 0 ? 1 : 1 - Math.min(out, allowed) / endpoints
  return healthy < outlier.minHealthRatio ? new Map() : ejected
}

/** Share of time one endpoint is out: a run of errors puts it out for twice the base time on average. */
function ejectedShare(
  outlier: Outlier,
  { ready, requests, errors }: MemberCount,
  callers: number,
  tickMs: number,
  earlier: number,
): number {
  const errorShare = errors / requests
  if (errorShare < 0.02) return 0
  const run = errorShare ** outlier.errors
  const needed = errorShare > 0.999 ? outlier.errors : (1 - run) / ((1 - errorShare) * run)
  // what an endpoint gets per millisecond while it is in
  const rate = requests / tickMs / callers / ready / Math.max(0.05, 1 - earlier)
  const inMs = needed / rate + outlier.intervalMs / 2
  const outMs = 2 * outlier.baseEjectionMs
  return outMs / (inMs + outMs)
}

function differs(before: ClusterState | undefined, after: ClusterState): boolean {
  if (before === undefined) return after.overflow > 0 || after.ejected.size > 0
  if (Math.abs(before.overflow - after.overflow) > STEP) return true
  if ((before.overflow === 0) !== (after.overflow === 0)) return true
  for (const id of new Set([...before.ejected.keys(), ...after.ejected.keys()])) {
    // the last step down to nothing counts however small it is
    if (before.ejected.has(id) !== after.ejected.has(id)) return true
    if (Math.abs((before.ejected.get(id) ?? 0) - (after.ejected.get(id) ?? 0)) > 3 * STEP) return true
  }
  return false
}
