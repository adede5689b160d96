/** What an application answers, once it is known how its own calls end. */
import type { EndpointSpec } from '@/lib/demo/model'
import { lognormal, mix, plus, stretch, times } from './latency'
import type { Latency } from './latency'
import type { Answer, FailureKind, Plan } from './outcome'

/** What a scenario does to a workload. */
export interface WorkloadFault {
  /** multiplies its own working time */
  latencyFactor?: number
  /** share of requests it fails by itself, beyond what it always does */
  errorRatio?: number
  /** HTTP status of those failures; 500 when absent */
  errorStatus?: number
}

export interface NodeAnswers {
  answers: Answer[]
  /** share of requests that get as far as each of the calls: a failed required call ends the work */
  reaching: number[]
}

/**
 * Calls are made one after the other. A required one that fails ends the request with an error; the
 * application's own failures come last, when the work is done. TCP endpoints fail by closing.
 */
export function answersOf(
  endpoint: EndpointSpec,
  plans: readonly Plan[],
  fault: WorkloadFault | undefined,
): NodeAnswers {
  const { median, p99 } = endpoint.latencyMs
  let spent = stretch(lognormal(median, p99), fault?.latencyFactor ?? 1)
  let alive = 1
  const reaching: number[] = []
  const ended: { kind: FailureKind; share: number; latency: Latency }[] = []
  for (const [index, plan] of plans.entries()) {
    const call = endpoint.calls[index]
    if (call === undefined) break
    reaching.push(alive)
    if (call.required === false) {
      const whole = mix([
        { share: plan.okRatio, latency: plan.okLatency },
        ...plan.failures.map(({ ratio, latency }) => ({ share: ratio, latency })),
      ])
      spent = plus(spent, times(whole, call.perRequest))
      continue
    }
    const whole = Math.floor(call.perRequest)
    const rest = call.perRequest - whole
    const success = plan.okRatio ** whole * (1 - rest + rest * plan.okRatio)
    for (const failure of plan.failures) {
      const share = alive * (1 - success) * (failure.ratio / (1 - plan.okRatio))
      ended.push({ kind: failure.kind, share, latency: plus(spent, failure.latency) })
    }
    spent = plus(spent, times(plan.okLatency, call.perRequest))
    alive *= success
  }
  const isGrpc = endpoint.protocol === 'grpc'
  const own = Math.min(1, endpoint.errorRatio + (fault?.errorRatio ?? 0))
  const missing = isGrpc ? 0 : Math.min(1 - own, endpoint.clientErrorRatio ?? 0)
  const answers: Answer[] = [
    {
      ...said(endpoint, 200),
      ratio: alive * (1 - own - missing),
      latency: spent,
    },
  ]
  if (missing > 0) answers.push({ ...said(endpoint, 404), ratio: alive * missing, latency: spent })
  if (own > 0) {
    answers.push({ ...said(endpoint, fault?.errorStatus ?? 500), ratio: alive * own, latency: spent })
  }
  for (const kind of ['unavailable', 'timeout', 'error'] as const) {
    const group = ended.filter((one) => one.kind === kind)
    if (group.length === 0) continue
    answers.push({
      ...said(endpoint, STATUS_FOR[kind]),
      ratio: group.reduce((sum, one) => sum + one.share, 0),
      latency: mix(group.map(({ share, latency }) => ({ share, latency }))),
    })
  }
  return { answers: collapsed(answers), reaching }
}

/** What an application says upwards when something below it failed. */
export const STATUS_FOR: Record<FailureKind, number> = { unavailable: 503, timeout: 504, error: 500 }

/** An application's answer in its own protocol. */
export function said(endpoint: EndpointSpec, status: number): { code: string; grpc: string | null } {
  if (endpoint.protocol === 'grpc') {
    const grpc = status < 300 ? '0' : status === 503 ? '14' : status === 504 ? '4' : '13'
    return { code: '200', grpc }
  }
  return { code: String(status), grpc: null }
}

function collapsed(answers: readonly Answer[]): Answer[] {
  const groups = new Map<string, Answer[]>()
  for (const answer of answers) {
    if (!(answer.ratio > 1e-9)) continue
    const key = `${answer.code}/${answer.grpc}`
    groups.set(key, [...(groups.get(key) ?? []), answer])
  }
  return [...groups.values()].map((group) => ({
    ...(group[0] as Answer),
    ratio: group.reduce((sum, one) => sum + one.ratio, 0),
    latency: mix(group.map(({ ratio, latency }) => ({ share: ratio, latency }))),
  }))
}
