/** How a caller's proxy deals with the chosen destination: what destination rules say, in words. */
import { asFields, asList, asText, isFields, specOf, type Fields } from '@/lib/validation/read'
import type { Read } from '../objects'
import type { DestinationRuleSpec } from '../schemas/networking'
import { labelWords } from './action'
import { durationWords, line, listWords, nameOf, percentWords, type StoryLine } from './story'

type Rule = Read<DestinationRuleSpec>

/** `isAutoMtls`: proxies choose mutual TLS by themselves where the pod takes it. */
export function destinationLines(rules: readonly Rule[], isAutoMtls: boolean): StoryLine[] {
  const lines = rules.flatMap(ruleLines)
  const hasTls = rules.some((rule) =>
    JSON.stringify(specOf(rule.object).trafficPolicy ?? {}).includes('"tls"'),
  )
  if (rules.length === 0) {
    lines.push(
      line('no destination rule: the pod with the fewest open requests of two is taken (Istio’s default)'),
    )
  }
  if (!hasTls) {
    lines.push(
      line(
        isAutoMtls
          ? 'in mutual TLS where the pod takes it, else in plain text (auto mTLS)'
          : 'in plain text: auto mTLS is off, and no destination rule says otherwise',
      ),
    )
  }
  return lines
}

function ruleLines(rule: Rule): StoryLine[] {
  const object = nameOf(rule.object)
  const spec = specOf(rule.object)
  const policy = asFields(spec.trafficPolicy)
  const words = policyWords(policy)
  const selected = asFields(asFields(spec.workloadSelector).matchLabels) as Record<string, string>
  const whose =
    Object.keys(selected).length > 0 ? `, for callers with ${labelWords(selected)} in ${rule.namespace}` : ''
  const lines = [
    line(`destination rule ${rule.namespace}/${rule.name}${whose}`, { object }),
    ...words.map((text) => line(text, { depth: 1 })),
  ]
  for (const port of asList(policy.portLevelSettings).filter(isFields)) {
    const own = policyWords(port)
    const number = asFields(port.port).number
    if (own.length > 0) {
      lines.push(line(`on port ${JSON.stringify(number)}, instead of the above:`, { depth: 1 }))
      lines.push(...own.map((text) => line(text, { depth: 2 })))
    }
  }
  for (const subset of asList(spec.subsets).filter(isFields)) {
    const own = policyWords(asFields(subset.trafficPolicy))
    const labels = asFields(subset.labels) as Record<string, string>
    lines.push(
      line(
        `subset ${asText(subset.name)} is pods with ${labelWords(labels)}${own.length > 0 ? '; for it also:' : ''}`,
        { depth: 1 },
      ),
      ...own.map((text) => line(text, { depth: 2 })),
    )
  }
  if (lines.length === 1) lines.push(line('says nothing that changes a request', { depth: 1 }))
  return lines
}

/** https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy */
function policyWords(policy: Fields): string[] {
  return [
    ...loadBalancerWords(asFields(policy.loadBalancer)),
    ...poolWords(asFields(policy.connectionPool)),
    ...(isFields(policy.outlierDetection) ? [outlierWords(policy.outlierDetection)] : []),
    ...(isFields(policy.tls)
      ? // without a mode the first of the enumeration holds
        [TLS_WORDS[asText(policy.tls.mode) || 'DISABLE'] ?? `TLS mode ${asText(policy.tls.mode)}`]
      : []),
  ]
}

const TLS_WORDS: Readonly<Record<string, string>> = {
  DISABLE: 'in plain text, whatever the pod takes (TLS off)',
  SIMPLE: 'in TLS with the certificate of the other side checked, not in the mesh’s mutual TLS',
  MUTUAL: 'in mutual TLS with certificates of your own, not the mesh’s',
  ISTIO_MUTUAL: 'in the mesh’s mutual TLS always',
}

const BALANCER_WORDS: Readonly<Record<string, string>> = {
  ROUND_ROBIN: 'pods take turns (round robin)',
  LEAST_REQUEST: 'the pod with the fewest open requests of two is taken',
  LEAST_CONN: 'the pod with the fewest open requests of two is taken',
  RANDOM: 'a pod is taken at random',
  PASSTHROUGH: 'sent to the address that was asked for, without balancing',
}

function loadBalancerWords(balancer: Fields): string[] {
  const words: string[] = []
  const simple = BALANCER_WORDS[asText(balancer.simple)]
  if (simple) words.push(simple)
  if (isFields(balancer.consistentHash)) {
    const hash = balancer.consistentHash
    const by = isFields(hash.httpCookie)
      ? `cookie ${asText(hash.httpCookie.name)}`
      : asText(hash.httpHeaderName)
        ? `header ${asText(hash.httpHeaderName)}`
        : asText(hash.httpQueryParameterName)
          ? `query parameter ${asText(hash.httpQueryParameterName)}`
          : hash.useSourceIp === true
            ? 'the caller’s address'
            : 'a hash'
    words.push(`the same pod for the same value of ${by}`)
  }
  if (isFields(balancer.localityLbSetting) && balancer.localityLbSetting.enabled !== false) {
    words.push('near pods first (locality)')
  }
  return words
}

function poolWords(pool: Fields): string[] {
  const tcp = asFields(pool.tcp)
  const http = asFields(pool.http)
  const limits = [
    [tcp.maxConnections, 'connection', 'connections'],
    [http.http1MaxPendingRequests, 'waiting request', 'waiting requests'],
    [http.http2MaxRequests, 'request at once', 'requests at once'],
    [http.maxRetries, 'retry at once', 'retries at once'],
  ].flatMap(([value, one, many]) =>
    typeof value === 'number' ? [`${value} ${String(value === 1 ? one : many)}`] : [],
  )
  const words: string[] = []
  if (limits.length > 0) {
    words.push(`at most ${listWords(limits)} from one proxy; more are answered 503 (circuit breaker, UO)`)
  }
  if (typeof http.maxRequestsPerConnection === 'number' && http.maxRequestsPerConnection > 0) {
    words.push(`a new connection after ${http.maxRequestsPerConnection} requests`)
  }
  if (asText(tcp.connectTimeout)) {
    words.push(`connecting is given up after ${durationWords(asText(tcp.connectTimeout))}`)
  }
  return words
}

/** Defaults: https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection */
function outlierWords(outlier: Fields): string {
  const inARow = (value: unknown, usual: number) => (typeof value === 'number' ? value : usual)
  // gateway errors are counted beside 5xx, which only a 0 of their own switches off
  const kinds = [
    [inARow(outlier.consecutive5xxErrors, 5), '5xx'],
    [inARow(outlier.consecutiveGatewayErrors, 0), 'gateway errors'],
  ].flatMap(([count, what]) => (Number(count) > 0 ? [`${count} ${what}`] : []))
  if (kinds.length === 0)
    return 'no pod is left out for answering with errors (outlier detection counts none)'
  const most = typeof outlier.maxEjectionPercent === 'number' ? outlier.maxEjectionPercent : 10
  return `a pod with ${kinds.join(' or ')} in a row is left out for ${durationWords(
    asText(outlier.baseEjectionTime) || '30s',
  )} and longer each time, looked at every ${durationWords(asText(outlier.interval) || '10s')}, at most ${percentWords(
    most,
  )} of the pods (outlier detection)`
}
