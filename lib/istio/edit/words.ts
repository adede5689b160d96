/** What rules and policies do, in words: short clauses with units, in the order in which they take effect. */
import { asFields, asList, isFields, type Fields } from './fields'
import { readForm } from './form'
import { balancingForm, type Balancer } from './policy/balancing'
import { breakerForm } from './policy/breaker'
import { faultForm } from './rule/fault'
import { mirrorForm, routeMirrorForm } from './rule/mirror'
import { rewriteForm, routeRewriteForm } from './rule/rewrite'
import { routeTimeoutForm, timeoutForm } from './rule/timeout'
import type { RuleKind } from './rules'

/** `reviews v2 90 %, reviews v3 10 %`; names of services are shortened to what tells them apart. */
export function destinationWords(rule: Fields, kind: RuleKind): string {
  const items = asList(kind === 'VirtualService' ? rule.route : rule.backendRefs).map(asFields)
  const weights = items.map(({ weight }) => (typeof weight === 'number' ? weight : null))
  const total = weights.reduce<number>(
    (sum, weight) => sum + (weight ?? defaultWeight(kind, items.length)),
    0,
  )
  return items
    .map((item, index) => {
      const name = kind === 'VirtualService' ? istioName(asFields(item.destination)) : String(item.name ?? '')
      if (items.length === 1) return name
      const weight = weights[index] ?? defaultWeight(kind, items.length)
      return `${name} ${total > 0 ? percent((weight / total) * 100) : '0 %'}`
    })
    .join(', ')
}

function defaultWeight(kind: RuleKind, count: number): number {
  return kind !== 'VirtualService' || count === 1 ? 1 : 0
}

function istioName({ host, subset, port }: Fields): string {
  const { number } = asFields(port)
  return [
    shortHost(typeof host === 'string' ? host : ''),
    typeof subset === 'string' ? subset : '',
    typeof number === 'number' ? `port ${number}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** `reviews` of `reviews.bookinfo.svc.cluster.local`; other hosts in full. */
export function shortHost(host: string): string {
  return /^([^.*]+)\.[^.]+\.svc(\.|$)/.exec(host)?.[1] ?? host
}

/** What a rule does beside sending on, one clause a feature. */
export function ruleWords(rule: Fields, kind: RuleKind): string[] {
  return kind === 'VirtualService' ? istioRuleWords(rule) : routeRuleWords(rule)
}

function istioRuleWords(rule: Fields): string[] {
  const { abort, delay } = readForm(faultForm, rule)
  const { timeout, retries } = readForm(timeoutForm, rule)
  const { rewrite, redirect } = readForm(rewriteForm, rule)
  const direct = asFields(rule.directResponse)
  const delegate = asFields(rule.delegate)
  return [
    ...(delay ? [`delays ${shareWords(delay.percent)} by ${delay.fixedDelay || 'nothing'}`] : []),
    ...(abort
      ? [
          `aborts ${shareWords(abort.percent)} with ${abort.grpcStatus ? `gRPC ${abort.grpcStatus}` : (abort.httpStatus ?? 'no status')}`,
        ]
      : []),
    ...(redirect
      ? [redirectWords(redirect.redirectCode, `${redirect.authority}${redirect.uri}`, redirect.scheme)]
      : []),
    ...(isFields(rule.directResponse) ? [`answers ${String(direct.status ?? '')} itself`] : []),
    ...(isFields(rule.delegate) ? [`leaves it to virtual service ${String(delegate.name ?? '')}`] : []),
    ...(rewrite ? [rewriteWords(rewrite.uri || rewrite.replacement, rewrite.authority)] : []),
    ...(timeout === '' || isZero(timeout) ? [] : [`timeout ${timeout}`]),
    ...(retries ? [retryWords(retries.attempts, retries.retryOn, retries.perTryTimeout)] : []),
    ...mirrorWords(readForm(mirrorForm, rule).mirrors),
  ]
}

function routeRuleWords(rule: Fields): string[] {
  const { request, backendRequest, retry } = readForm(routeTimeoutForm, rule)
  const { rewrite, redirect } = readForm(routeRewriteForm, rule)
  return [
    ...(redirect
      ? [
          redirectWords(
            redirect.statusCode,
            `${redirect.hostname}${redirect.path?.value ?? ''}`,
            redirect.scheme,
          ),
        ]
      : []),
    ...(rewrite ? [rewriteWords(rewrite.path?.value ?? '', rewrite.hostname)] : []),
    ...(request === '' || isZero(request) ? [] : [`timeout ${request}`]),
    ...(backendRequest === '' || isZero(backendRequest) ? [] : [`timeout per try ${backendRequest}`]),
    ...(retry ? [retryWords(retry.attempts, retry.codes.join(','), '')] : []),
    ...mirrorWords(readForm(routeMirrorForm, rule).mirrors),
  ]
}

function isZero(duration: string): boolean {
  return /^0+(\.0+)?(ms|s|m|h)?$/.test(duration)
}

/** Absent is none: proxies read it so. */
function shareWords(share: number | null): string {
  return share === null ? 'no request (no percentage is set)' : `${percent(share)} of requests`
}

function percent(value: number): string {
  return `${Number(value.toFixed(value < 10 ? 2 : 1))} %`
}

function redirectWords(code: number | null, where: string, scheme: string): string {
  return `redirects (${code ?? 301}) to ${where || (scheme === '' ? 'the same place' : scheme)}`
}

function rewriteWords(path: string, host: string): string {
  const parts = [path === '' ? '' : `path to ${path}`, host === '' ? '' : `host to ${host}`]
  return `rewrites ${parts.filter((part) => part !== '').join(' and ') || 'nothing'}`
}

function retryWords(attempts: number | null, on: string, perTry: string): string {
  if (attempts === 0) return 'no retries'
  const times = attempts === 1 ? '1 retry' : `${attempts ?? 2} retries`
  return `${times}${on === '' ? '' : ` on ${on.replaceAll(',', ', ')}`}${perTry === '' ? '' : ` of ${perTry} each`}`
}

function mirrorWords(mirrors: readonly { host: string; subset: string; percent: number | null }[]): string[] {
  return mirrors.map(({ host, subset, percent: share }) => {
    const name = [shortHost(host), subset].filter((part) => part !== '').join(' ')
    return `mirrors ${percent(share ?? 100)} to ${name}`
  })
}

/** What a traffic policy sets, one clause a setting; empty where it sets nothing the forms know. */
export function policyWords(policy: Fields): string[] {
  const form = readForm(breakerForm, policy)
  const { balancer, warmup, isLocalFirst } = readForm(balancingForm, policy)
  const { outlier } = form
  const limit = (value: number | null, what: string) => (value === null ? [] : [`at most ${value} ${what}`])
  return [
    ...(balancer.kind === '' ? [] : [balancerWords(balancer)]),
    ...(warmup === '' ? [] : [`warm-up ${warmup}`]),
    ...(isLocalFirst === null ? [] : [isLocalFirst ? 'nearest first' : 'not by locality']),
    ...limit(form.maxConnections, 'connections'),
    ...(form.connectTimeout === '' ? [] : [`connects within ${form.connectTimeout}`]),
    ...limit(form.maxPendingRequests, 'waiting requests'),
    ...limit(form.maxRequests, 'requests at once'),
    ...limit(form.maxRequestsPerConnection, 'requests a connection'),
    ...limit(form.maxRetries, 'retries at once'),
    ...(form.idleTimeout === '' ? [] : [`idle connections end after ${form.idleTimeout}`]),
    ...(outlier ? [outlierWords(outlier)] : []),
  ]
}

const BALANCERS: Readonly<Record<string, string>> = {
  LEAST_REQUEST: 'least requests first',
  ROUND_ROBIN: 'round robin',
  RANDOM: 'random',
  PASSTHROUGH: 'to the address asked for',
  sourceIp: 'by source address',
  other: 'another way of balancing',
}

function balancerWords({ kind, name }: Balancer): string {
  const by = { header: 'header', cookie: 'cookie', queryParam: 'query parameter' }
  if (kind === 'header' || kind === 'cookie' || kind === 'queryParam') return `by ${by[kind]} ${name}`
  return BALANCERS[kind] ?? kind
}

function outlierWords(outlier: {
  consecutive5xxErrors: number | null
  consecutiveGatewayErrors: number | null
  baseEjectionTime: string
}): string {
  const { consecutive5xxErrors, consecutiveGatewayErrors, baseEjectionTime } = outlier
  const reasons = [
    ...(consecutive5xxErrors === 0 ? [] : [`${consecutive5xxErrors ?? 5} consecutive 5xx`]),
    ...(consecutiveGatewayErrors ? [`${consecutiveGatewayErrors} consecutive 502, 503 or 504`] : []),
  ]
  if (reasons.length === 0) return 'ejects nothing'
  return `ejects for ${baseEjectionTime || '30s'} after ${reasons.join(' or ')}`
}
