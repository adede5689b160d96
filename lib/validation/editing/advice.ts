/** What live figures and other fields say about a rule: never an error, since the person may know better. */
import { asFields, asText, findNumber, items, type Fields } from '@/lib/validation/read'
import { parseDuration } from '@/lib/validation/checkers/schema/rules/values'
import { formatDuration } from '@/lib/units/duration'
import type { Problem } from './problems'

export interface LiveFigures {
  /** of the service over the page's window; null: not measured */
  p99Ms: number | null
  requestsPerSecond: number | null
}

/** Advice about one rule of a virtual service or HTTPRoute; paths are from the rule. */
export function ruleAdvice(rule: Fields, live: LiveFigures): Problem[] {
  const advice: Problem[] = []
  const warn = (path: Problem['path'], message: string) => advice.push({ severity: 'warning', path, message })
  const isRoute = Array.isArray(rule.backendRefs)
  const timeouts = asFields(rule.timeouts)
  const at = isRoute ? ['timeouts', 'request'] : ['timeout']
  const timeout = durationOf(isRoute ? timeouts.request : rule.timeout)
  if (timeout !== undefined && live.p99Ms !== null && timeout < live.p99Ms) {
    warn(
      at,
      `Shorter than what is observed: P99 is ${formatDuration(live.p99Ms)}, so more than 1 of 100 requests would be ended with 504.`,
    )
  }
  const retries = asFields(rule.retries)
  const attempts = findNumber(retries.attempts) ?? 0
  const perTry = durationOf(isRoute ? timeouts.backendRequest : retries.perTryTimeout)
  if (timeout !== undefined && perTry !== undefined && attempts > 0 && perTry * (attempts + 1) > timeout) {
    warn(
      [...at],
      `${attempts + 1} tries of ${formatDuration(perTry)} take up to ${formatDuration(perTry * (attempts + 1))}: the timeout of ${formatDuration(timeout)} ends them earlier.`,
    )
  }
  const { abort, delay } = asFields(rule.fault)
  const { fixedDelay } = asFields(delay)
  if ((abort !== undefined || delay !== undefined) && (timeout !== undefined || attempts > 0)) {
    warn(
      ['fault'],
      'The rule’s own timeout and retries do not act on faults of the same rule: the proxy injects them before.',
    )
  }
  for (const [name, fault] of [['abort', abort] as const, ['delay', delay] as const]) {
    if (fault === undefined) continue
    const percent =
      findNumber(asFields(asFields(fault).percentage).value) ?? findNumber(asFields(fault).percent)
    if (percent === undefined)
      warn(['fault', name, 'percentage'], 'Without a percentage proxies do this to no request. Set one.')
    else if (percent === 100)
      warn(
        ['fault', name, 'percentage'],
        `This is every request${rate(live)}. Match testers first to spare the others.`,
      )
  }
  if (asText(fixedDelay) === '' && delay !== undefined) warn(['fault', 'delay'], 'The delay has no length.')
  if (live.requestsPerSecond !== null && attempts > 0) {
    const most = live.requestsPerSecond * (attempts + 1)
    if (attempts >= 3)
      warn(
        ['retries', 'attempts'],
        `If all fails, ${round(live.requestsPerSecond)} requests/s become ${round(most)}.`,
      )
  }
  return advice
}

function durationOf(value: unknown): number | undefined {
  const ms = parseDuration(asText(value))
  // zero switches a timeout off
  return ms === undefined || ms <= 0 ? undefined : ms
}

function rate({ requestsPerSecond }: LiveFigures): string {
  return requestsPerSecond === null ? '' : `, ${round(requestsPerSecond)}/s now`
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)))
}

/** Advice about a traffic policy; paths are from the policy. `endpoints` is how many there are, null: not known. */
export function policyAdvice(policy: Fields, endpoints: number | null): Problem[] {
  const advice: Problem[] = []
  const outlier = asFields(policy.outlierDetection)
  if (policy.outlierDetection === undefined) return advice
  const percent = findNumber(outlier.maxEjectionPercent) ?? 10
  if (percent === 100)
    advice.push({
      severity: 'warning',
      path: ['outlierDetection', 'maxEjectionPercent'],
      message: 'Every endpoint may be ejected at once; then nobody answers.',
    })
  else if (endpoints !== null && endpoints > 0 && (endpoints * percent) / 100 < 1)
    advice.push({
      severity: 'warning',
      path: ['outlierDetection', 'maxEjectionPercent'],
      message: `${percent} % of ${endpoints} ${endpoints === 1 ? 'endpoint' : 'endpoints'} is less than one endpoint, so recent proxies eject none. Raise the share.`,
    })
  if (items(policy.portLevelSettings).length > 0)
    advice.push({
      severity: 'warning',
      path: ['outlierDetection'],
      message: 'Ports with settings of their own take nothing from here; edit them as YAML.',
    })
  return advice
}
