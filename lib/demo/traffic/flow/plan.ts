/**
 * What becomes of a call, as shares and latencies: the arithmetic behind every tick.
 *
 * Attempts go to a branch by weight, to a workload by its ready pods; failed ones are retried while the
 * configuration allows; a timeout cuts what is left. Faults come before all of that, as in Envoy's filter order.
 */
import { attempt } from './attempt'
import type { Call } from './call'
import { failsCaller, failureKind, latencyOf, merged, scaled, total } from './outcome'
import type { Plan, PlanContext } from './outcome'
import { withFaults, withRetries, withTimeout } from './policies'

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
