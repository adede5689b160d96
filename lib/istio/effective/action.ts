/** What one rule of a virtual service does with the requests it takes, in the order in which it is done. */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asFields, asList, asText, asTexts, isFields, type Fields } from '@/lib/validation/read'
import { parseServiceHost, resolveHost } from '../hosts'
import { resolveBackend, sharesOf } from '../split/backends'
import { isUnread } from '../unread'
import {
  durationSeconds,
  durationWords,
  line,
  listWords,
  percentWords,
  warning,
  type StoryLine,
} from './story'

/** Istio's own, where nobody says otherwise: https://istio.io/latest/docs/concepts/traffic-management/#retries */
const DEFAULT_RETRIES =
  'failures to connect are tried again, up to 2 times, and 503 where the request was not sent (Istio’s default)'

/** `rule` is one entry of `spec.http`, as written in an object of `namespace`. */
export function actionLines(rule: Fields, index: InventoryIndex, namespace: string): StoryLine[] {
  const lines = [...faultLines(asFields(rule.fault))]
  if (isFields(rule.redirect))
    return [...lines, at(`answered with a redirect${redirectWords(rule.redirect)}`)]
  if (isFields(rule.directResponse)) {
    return [...lines, at(`answered ${plain(rule.directResponse.status)} by the proxy itself, sent nowhere`)]
  }
  lines.push(...rewriteLines(rule), ...destinationLines(asList(rule.route), index, namespace))
  lines.push(timeoutLine(rule), retryLine(rule), ...mirrorLines(rule, index, namespace))
  return lines
}

/** Destinations of a TCP or TLS rule. */
export function plainActionLines(rule: Fields, index: InventoryIndex, namespace: string): StoryLine[] {
  return destinationLines(asList(rule.route), index, namespace)
}

const at = (text: string) => line(text, { depth: 1 })

function faultLines(fault: Fields): StoryLine[] {
  const lines: StoryLine[] = []
  if (isFields(fault.delay)) {
    const held = asText(fault.delay.fixedDelay)
    lines.push(
      warning(`${shareOf(fault.delay)} are held for ${durationWords(held)} on purpose (fault injection)`, {
        depth: 1,
      }),
    )
  }
  if (isFields(fault.abort)) {
    const { httpStatus, grpcStatus } = fault.abort
    const answer = httpStatus === undefined ? `gRPC status ${plain(grpcStatus)}` : plain(httpStatus)
    lines.push(
      warning(`${shareOf(fault.abort)} are answered ${answer} on purpose (fault injection), sent nowhere`, {
        depth: 1,
      }),
    )
  }
  return lines
}

/** `percentage.value`, or the old whole number `percent`; absent is all. */
function shareOf(part: Fields): string {
  const value = asFields(part.percentage).value ?? part.percent ?? 100
  return value === 100 ? 'all of them' : `${percentWords(Number(value))} of them`
}

function redirectWords(redirect: Fields): string {
  const code = redirect.redirectCode ?? 301
  const to = [asText(redirect.scheme) && `${asText(redirect.scheme)}://`, redirect.authority, redirect.uri]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('')
  return ` (${plain(code)}${to === '' ? '' : ` to ${to}`})`
}

function rewriteLines(rule: Fields): StoryLine[] {
  const lines: StoryLine[] = []
  if (isFields(rule.rewrite)) {
    const { uri, authority, uriRegexRewrite } = rule.rewrite
    const parts = [
      uri === undefined ? null : `path to ${plain(uri)}`,
      isFields(uriRegexRewrite)
        ? `path ${plain(uriRegexRewrite.match)} to ${plain(uriRegexRewrite.rewrite)}`
        : null,
      authority === undefined ? null : `host to ${plain(authority)}`,
    ].filter((part) => part !== null)
    lines.push(at(`rewritten: ${listWords(parts)}`))
  }
  const request = asFields(asFields(rule.headers).request)
  const names = [
    ...Object.keys(asFields(request.set)).map((name) => `${name} set`),
    ...Object.keys(asFields(request.add)).map((name) => `${name} added`),
    ...asTexts(request.remove).map((name) => `${name} removed`),
  ]
  if (names.length > 0) lines.push(at(`request headers: ${listWords(names)}`))
  return lines
}

function destinationLines(route: readonly unknown[], index: InventoryIndex, namespace: string): StoryLine[] {
  const destinations = route.filter(isFields)
  if (destinations.length === 0) {
    return [warning('nothing says where they go: answered 404 (no route, NR)', { depth: 1 })]
  }
  const weights = destinations.map(({ weight }) => (typeof weight === 'number' ? weight : null))
  const shares = sharesOf(weights, 'istio')
  return destinations.flatMap((each, place) => {
    const share = shares[place] ?? 0
    const to = destinationWords(asFields(each.destination), index, namespace)
    const how = destinations.length === 1 ? 'sent' : `${percentWords(share * 100)} sent`
    return [
      line(`${how} to ${to.words}`, { depth: 1 }),
      // what gets nothing cannot fail
      ...(to.problem !== null && share > 0 ? [warning(to.problem, { depth: 2 })] : []),
    ]
  })
}

/** A destination with what stands behind it, and what is wrong with it. */
export function destinationWords(
  destination: Fields,
  index: InventoryIndex,
  namespace: string,
): { words: string; problem: string | null } {
  const written = asText(destination.host)
  const host = resolveHost(written, namespace)
  const service = parseServiceHost(host)
  const subset = asText(destination.subset) || null
  const port = asFields(destination.port).number
  const behind = resolveBackend(index, namespace, { host: written, port: null, subset })
  const where = service
    ? service.namespace === namespace
      ? service.name
      : `${service.name} in ${service.namespace}`
    : host
  const words = [
    where,
    typeof port === 'number' ? ` port ${port}` : '',
    subset === null ? '' : `, subset ${subset}`,
    subset !== null && behind.labels ? ` (pods with ${labelWords(behind.labels)})` : '',
    behind.workloads && behind.workloads.length > 0 ? `: ${listWords(behind.workloads)}` : '',
  ].join('')
  return { words, problem: problemOf(index, { service, subset, host }, behind) }
}

function problemOf(
  index: InventoryIndex,
  at: { service: { namespace: string; name: string } | undefined; subset: string | null; host: string },
  behind: { labels: unknown; workloads: string[] | null },
): string | null {
  if (at.service && !index.services.has(`${at.service.namespace}/${at.service.name}`)) {
    if (isUnread(index, 'Service')) return null
    return `there is no service ${at.service.name} in ${at.service.namespace}: answered 503 (no such cluster, NC)`
  }
  if (at.subset !== null && behind.labels === null) {
    if (isUnread(index, 'DestinationRule')) return null
    return `no destination rule of ${at.host} has a subset ${at.subset}: answered 503 (no such cluster, NC)`
  }
  if (at.service && behind.workloads?.length === 0 && !isUnread(index, 'Pod')) {
    // a service without selector has endpoints of its own, which we do not see
    const selector = index.services.get(`${at.service.namespace}/${at.service.name}`)?.selector ?? {}
    if (Object.keys(selector).length === 0) return null
    return 'no workload stands behind it: answered 503 (no healthy endpoint, UH)'
  }
  return null
}

export function labelWords(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? 'any label' : pairs.join(', ')
}

function timeoutLine(rule: Fields): StoryLine {
  const timeout = asText(rule.timeout)
  if (timeout === '' || durationSeconds(timeout) === 0) {
    return at('waited for without limit (no timeout)')
  }
  return at(`given up after ${durationWords(timeout)} with 504, all tries together (timeout)`)
}

function retryLine(rule: Fields): StoryLine {
  if (!isFields(rule.retries)) return at(DEFAULT_RETRIES)
  const { attempts, perTryTimeout, retryOn } = rule.retries
  if (attempts === 0) return at('tried once: retries are off')
  const many = typeof attempts === 'number' ? attempts : 2
  const each = asText(perTryTimeout)
  const on = asText(retryOn) || 'connect-failure, refused-stream, unavailable, cancelled'
  return at(
    `tried again up to ${many} ${many === 1 ? 'time' : 'times'}${each === '' ? '' : `, each try at most ${durationWords(each)}`}, on ${on
      .split(',')
      .map((part) => part.trim())
      .join(', ')} (retries)`,
  )
}

function mirrorLines(rule: Fields, index: InventoryIndex, namespace: string): StoryLine[] {
  const of = (destination: Fields, value: unknown) => {
    const share = typeof value === 'number' ? value : 100
    const to = destinationWords(destination, index, namespace)
    return [
      at(
        `${share === 100 ? 'copied' : `${percentWords(share)} copied`} to ${to.words}; answers to copies are thrown away (mirror)`,
      ),
    ]
  }
  const one = isFields(rule.mirror)
    ? of(rule.mirror, asFields(rule.mirrorPercentage).value ?? rule.mirrorPercent)
    : []
  const many = asList(rule.mirrors)
    .filter(isFields)
    .flatMap((mirror) => of(asFields(mirror.destination), asFields(mirror.percentage).value))
  return [...one, ...many]
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}
