/** How one call can end, as both sides of it report it. */
import type { WireProtocol } from '@/lib/demo/model'
import type { Branch, Call, Member } from './call'
import { AT_ONCE, mix } from './latency'
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

const NEGLIGIBLE = 1e-9

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

/** Outcomes that nobody can tell apart are one. */
export function merged(outcomes: Outcome[]): Outcome[] {
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

export function scaled(outcome: Outcome, by: number): Outcome {
  return by === 1 ? outcome : { ...outcome, ratio: outcome.ratio * by }
}

export function total(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, one) => sum + one.ratio, 0)
}

export function latencyOf(outcomes: readonly Outcome[]): Latency {
  if (outcomes.length === 0) return AT_ONCE
  return mix(outcomes.map((one) => ({ share: one.ratio, latency: one.latency })))
}
