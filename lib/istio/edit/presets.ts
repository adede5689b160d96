/** What operators set again and again, each as one step with a sentence that says what will happen. */
import { asFields, getAt, isFields, setAt, type Fields } from './fields'
import { readForm, writeForm } from './form'
import { breakerForm, NEW_OUTLIER } from './policy/breaker'
import { faultForm, NEW_ABORT, NEW_DELAY } from './rule/fault'
import { narrowed, type Condition } from './rule/match'
import { NEW_RETRIES, routeTimeoutForm, timeoutForm } from './rule/timeout'
import { copyOfRule, type RuleKind } from './rules'

export interface Preset {
  id: string
  label: string
  /** what will happen, with units */
  meaning: string
  apply(part: Fields): Fields
}

/** Presets of a rule by the form they belong to. */
export const RULE_PRESETS: Readonly<
  Record<'fault' | 'timeout', readonly (Preset & { kinds: readonly RuleKind[] })[]>
> = {
  fault: [
    {
      id: 'abort-503',
      label: 'Abort 10 % with 503',
      meaning:
        'One request in ten is answered with 503 by the caller’s own proxy and never reaches the service.',
      kinds: ['VirtualService'],
      apply: (rule) => writeForm(faultForm, rule, { ...readForm(faultForm, rule), abort: { ...NEW_ABORT } }),
    },
    {
      id: 'delay-2s',
      label: 'Delay 10 % by 2 s',
      meaning: 'One request in ten waits 2 s in the caller’s proxy before it is sent.',
      kinds: ['VirtualService'],
      apply: (rule) => writeForm(faultForm, rule, { ...readForm(faultForm, rule), delay: { ...NEW_DELAY } }),
    },
  ],
  timeout: [
    {
      id: 'timeout-3s',
      label: 'Timeout 3 s',
      meaning: 'A request that has no answer after 3 s, retries included, is ended with 504.',
      kinds: ['VirtualService', 'HTTPRoute'],
      apply: (rule) =>
        Array.isArray(rule.backendRefs)
          ? writeForm(routeTimeoutForm, rule, { ...readForm(routeTimeoutForm, rule), request: '3s' })
          : writeForm(timeoutForm, rule, { ...readForm(timeoutForm, rule), timeout: '3s' }),
    },
    {
      id: 'retry-5xx',
      label: 'Retry twice on 5xx',
      meaning:
        'A request that fails with a 5xx answer or without any is sent up to 2 times more: up to 3 times the load.',
      kinds: ['VirtualService'],
      apply: (rule) => {
        const form = readForm(timeoutForm, rule)
        const retries = { ...(form.retries ?? NEW_RETRIES), attempts: 2, retryOn: '5xx' }
        return writeForm(timeoutForm, rule, { ...form, retries })
      },
    },
  ],
}

/** Presets of a traffic policy. */
export const POLICY_PRESETS: readonly Preset[] = [
  {
    id: 'eject-5xx',
    label: 'Eject after 5 consecutive 5xx',
    meaning:
      'An endpoint that answers 5 requests in a row with 5xx gets none for 30 s, each time longer; at most half of the endpoints at once.',
    apply: (policy) => {
      const form = readForm(breakerForm, policy)
      const outlier = form.outlier ? { ...form.outlier, consecutive5xxErrors: 5 } : { ...NEW_OUTLIER }
      return writeForm(breakerForm, policy, { ...form, outlier })
    },
  },
  {
    id: 'max-connections',
    label: 'At most 100 connections',
    meaning:
      'Each caller’s proxy opens at most 100 connections to the service and lets at most 100 requests wait; what is more fails at once with 503.',
    apply: (policy) =>
      writeForm(breakerForm, policy, {
        ...readForm(breakerForm, policy),
        maxConnections: 100,
        maxPendingRequests: 100,
      }),
  },
]

/**
 * A copy of a rule that takes only the requests with that header, to be put before the rule: testers meet what the
 * change does, everybody else does not.
 */
export function testersRule(
  rule: Fields,
  kind: RuleKind,
  header: { name: string; value: string },
  change: (copy: Fields) => Fields,
): Fields {
  const condition: Condition = { field: 'header', name: header.name, how: 'exact', value: header.value }
  return change(narrowed(copyOfRule(rule), kind, condition))
}

/** Where a traffic policy is in a destination rule. */
export type PolicyScope = { of: 'all' } | { of: 'subset'; index: number }

export function policyPath(scope: PolicyScope): (string | number)[] {
  return scope.of === 'all' ? ['spec', 'trafficPolicy'] : ['spec', 'subsets', scope.index, 'trafficPolicy']
}

export function policyAt(object: unknown, scope: PolicyScope): Fields {
  return asFields(getAt(object, policyPath(scope)))
}

/** The destination rule with another policy; an empty one is taken out, since Istio refuses it. */
export function withPolicy<T>(object: T, scope: PolicyScope, policy: Fields): T {
  const isEmpty = isFields(policy) && Object.keys(policy).length === 0
  return setAt(object, policyPath(scope), isEmpty ? undefined : policy)
}
