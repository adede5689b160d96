import { GRPC_STATUSES } from '@/lib/mesh/outcome'
import type { FieldPath } from '@/lib/validation/finding'
import { re2Problem } from '@/lib/validation/lookups/re2'
import {
  asFields,
  asList,
  asText,
  asTexts,
  findNumber,
  isFields,
  items,
  type Fields,
} from '@/lib/validation/read'
import { checkHeaders, checkAuthority } from './headers'
import type { Say } from './say'
import {
  checkDuration,
  checkLabels,
  checkPercentage,
  checkPort,
  isDnsLabel,
  isHeaderName,
  isPort,
  parseDuration,
  wildcardHostProblem,
} from './values'

const PSEUDO_HEADERS = new Set([':method', ':scheme', ':authority', ':path', ':status'])
const METHODS = new Set('GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE *'.split(' '))
const RETRY_ON = new Set(
  [
    '5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream envoy-ratelimited',
    'retriable-status-codes retriable-headers http3-post-connect-failure cancelled deadline-exceeded internal',
    'resource-exhausted unavailable',
  ]
    .join(' ')
    .split(' '),
)
const GRPC_STATUS = new Set<string>(GRPC_STATUSES)
const KIB = 1024

/** Rules of one entry of a virtual service's `http`. */
export function checkHttpRoute(rule: Fields, path: FieldPath, isDelegate: boolean, say: Say): void {
  checkActions(rule, path, isDelegate, say)
  for (const [match, index] of items(rule.match)) checkHttpMatch(match, [...path, 'match', index], say)
  checkHeaders(rule.headers, [...path, 'headers'], say)
  checkAuthority(rule.rewrite, rule.headers, path, say)
  checkCors(rule.corsPolicy, [...path, 'corsPolicy'], say)
  checkFault(rule.fault, [...path, 'fault'], say)
  checkMirrors(rule, path, say)
  checkRedirect(rule.redirect, [...path, 'redirect'], say)
  checkDirectResponse(rule.directResponse, [...path, 'directResponse'], say)
  checkRetries(rule.retries, [...path, 'retries'], say)
  checkRewrite(rule.rewrite, [...path, 'rewrite'], say)
  checkWeights(rule.route, [...path, 'route'], say)
  checkDuration(rule.timeout, [...path, 'timeout'], say)
}

function checkActions(rule: Fields, path: FieldPath, isDelegate: boolean, say: Say): void {
  const has = (field: string) => isFields(rule[field])
  const hasRoute = asList(rule.route).length > 0
  if (has('delegate') && !isDelegate) {
    if (has('redirect'))
      say.error([...path, 'redirect'], 'A rule that delegates cannot redirect. Leave one of them.')
    if (hasRoute)
      say.error([...path, 'route'], 'A rule that delegates cannot route by itself. Leave one of them.')
    return
  }
  if (has('delegate')) say.error([...path, 'delegate'], 'A delegate cannot delegate again.')
  const action = has('redirect') ? 'redirect' : has('directResponse') ? 'directResponse' : undefined
  if (action) {
    if (hasRoute) say.error([...path, 'route'], `A rule with ${action} cannot route too. Leave one of them.`)
    for (const field of ['fault', 'rewrite', ...(action === 'redirect' ? ['directResponse'] : [])]) {
      if (has(field))
        say.error([...path, field], `${field} and ${action} exclude each other. Leave one of them.`)
    }
  } else if (!hasRoute) {
    say.error(path, 'The rule says nothing to do. Give it a route, a redirect or a directResponse.')
  }
  if (has('mirror') && asList(rule.mirrors).length > 0) {
    say.error([...path, 'mirrors'], 'mirror and mirrors exclude each other. Use mirrors for several.')
  }
}

function checkHttpMatch(match: Fields, path: FieldPath, say: Say): void {
  for (const field of ['headers', 'withoutHeaders'] as const) {
    for (const [name, value] of Object.entries(asFields(match[field]))) {
      const at = [...path, field, name]
      const isKnown =
        name.startsWith('@request.auth.claims') || PSEUDO_HEADERS.has(name) || isHeaderName(name)
      if (!isKnown) say.error(at, `${name || 'An empty text'} is no header name.`)
      // without a header, * stands for any value
      if (field === 'withoutHeaders' && asFields(value).regex === '*') continue
      checkStringMatch(value, at, say)
    }
  }
  // every path begins with an empty prefix; elsewhere one would match nothing
  checkStringMatch(match.uri, [...path, 'uri'], say, true)
  for (const field of ['scheme', 'method', 'authority']) checkStringMatch(match[field], [...path, field], say)
  for (const [name, value] of Object.entries(asFields(match.queryParams))) {
    checkStringMatch(value, [...path, 'queryParams', name], say)
  }
  checkPort(match.port, [...path, 'port'], say)
  checkLabels(match.sourceLabels, [...path, 'sourceLabels'], say)
  checkGatewayNames(match.gateways, [...path, 'gateways'], say)
  const namespace = asText(match.sourceNamespace)
  if (namespace !== '' && !isDnsLabel(namespace)) {
    say.error([...path, 'sourceNamespace'], `${namespace} is no namespace.`)
  }
}

export function checkStringMatch(value: unknown, path: FieldPath, say: Say, allowsEmptyPrefix = false): void {
  const { prefix, regex } = asFields(value)
  if (prefix === '' && !allowsEmptyPrefix)
    say.error([...path, 'prefix'], 'An empty prefix matches nothing here. Give one.')
  if (regex === '') say.error([...path, 'regex'], 'An empty regular expression matches nothing. Give one.')
  checkRegex(regex, [...path, 'regex'], say)
}

function checkRegex(value: unknown, path: FieldPath, say: Say): void {
  const problem = typeof value === 'string' && value !== '' ? re2Problem(value) : undefined
  if (problem === undefined) return
  say.error(
    path,
    `The regular expression ${asText(value).slice(0, 80)} cannot be used: ${problem}. Proxies read RE2 syntax.`,
  )
}

/** Gateways by `name` or `namespace/name`. */
export function checkGatewayNames(value: unknown, path: FieldPath, say: Say): void {
  for (const [index, entry] of asList(value).entries()) {
    const name = asText(entry)
    const at = [...path, index]
    const [namespace = '', local] = name.split('/', 2)
    if (local === undefined) {
      if (name.includes('.')) {
        const [first = '', second = ''] = name.split('.')
        say.warning(at, `${name} names a gateway in the old way. Write ${second}/${first}.`)
      }
      if (!name.split('.').every(isDnsLabel)) say.error(at, `${name || 'An empty text'} is no gateway name.`)
    } else if (!isDnsLabel(namespace) || !isDnsLabel(name.slice(namespace.length + 1))) {
      say.error(at, `${name} is no gateway. Write name, or namespace/name.`)
    }
  }
}

function checkCors(value: unknown, path: FieldPath, say: Say): void {
  const cors = asFields(value)
  for (const [origin, index] of items(cors.allowOrigins)) {
    const at = [...path, 'allowOrigins', index]
    if (![origin.exact, origin.prefix, origin.regex].some((text) => asText(text) !== '')) {
      say.error(at, 'An allowed origin needs exact, prefix or regex.')
    }
    checkRegex(origin.regex, [...at, 'regex'], say)
  }
  for (const [index, method] of asTexts(cors.allowMethods).entries()) {
    if (!METHODS.has(method)) say.error([...path, 'allowMethods', index], `${method} is no HTTP method.`)
  }
  for (const field of ['allowHeaders', 'exposeHeaders']) {
    for (const [index, name] of asTexts(cors[field]).entries()) {
      if (name !== '*' && !isHeaderName(name))
        say.error([...path, field, index], `${name || 'An empty text'} is no header name.`)
    }
  }
  checkDuration(cors.maxAge, [...path, 'maxAge'], say)
  const age = parseDuration(asText(cors.maxAge))
  if (age !== undefined && age % 1000 !== 0)
    say.error([...path, 'maxAge'], 'maxAge is counted in whole seconds.')
}

function checkFault(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const { abort, delay } = value
  if (!isFields(abort) && !isFields(delay)) say.error(path, 'A fault needs an abort or a delay.')
  if (isFields(abort)) {
    checkPercentage(abort.percentage, [...path, 'abort', 'percentage'], say)
    const { grpcStatus, httpStatus, http2Error } = abort
    if (typeof grpcStatus === 'string') {
      if (!GRPC_STATUS.has(grpcStatus)) {
        say.error(
          [...path, 'abort', 'grpcStatus'],
          `${grpcStatus} is no gRPC status. Write it as UNAVAILABLE or NOT_FOUND.`,
        )
      }
    } else if (http2Error !== undefined) {
      say.error([...path, 'abort', 'http2Error'], 'Proxies cannot abort with HTTP/2 errors. Use httpStatus.')
    } else if (typeof httpStatus === 'number') {
      checkStatus(httpStatus, [...path, 'abort', 'httpStatus'], say)
    } else {
      say.warning(
        [...path, 'abort'],
        'The abort has no status, so nothing is aborted. Set httpStatus or grpcStatus.',
      )
    }
  }
  if (isFields(delay)) {
    checkPercentage(delay.percentage, [...path, 'delay', 'percentage'], say)
    checkDuration(delay.fixedDelay, [...path, 'delay', 'fixedDelay'], say)
    if (delay.exponentialDelay !== undefined) {
      say.error(
        [...path, 'delay', 'exponentialDelay'],
        'Proxies cannot do exponential delays. Use fixedDelay.',
      )
    }
  }
}

function checkStatus(status: number, path: FieldPath, say: Say): void {
  if (status < 200 || status > 600) say.error(path, `${status} is no HTTP status. Use one from 200 to 599.`)
}

function checkMirrors(rule: Fields, path: FieldPath, say: Say): void {
  if (typeof rule.mirrorPercent === 'number') {
    if (rule.mirrorPercent > 100)
      say.error([...path, 'mirrorPercent'], `${rule.mirrorPercent} is more than 100 per cent.`)
    say.warning(
      [...path, 'mirrorPercent'],
      'mirrorPercent is going away. Write mirrorPercentage.value instead.',
    )
  }
  const checkShare = (value: unknown, at: FieldPath) => {
    const share = asFields(value).value
    if (typeof share === 'number' && (share < 0 || share > 100)) {
      say.error([...at, 'value'], `${share} is no percentage. Use a value from 0 to 100.`)
    }
  }
  checkShare(rule.mirrorPercentage, [...path, 'mirrorPercentage'])
  checkDestination(rule.mirror, [...path, 'mirror'], say)
  for (const [mirror, index] of items(rule.mirrors)) {
    const at = [...path, 'mirrors', index]
    if (!isFields(mirror.destination)) say.error(at, 'A mirror needs a destination.')
    checkDestination(mirror.destination, [...at, 'destination'], say)
    checkShare(mirror.percentage, [...at, 'percentage'])
  }
}

function checkRedirect(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const { uri, authority, scheme, redirectCode, port, derivePort } = value
  const changes = [uri, authority, scheme].some((text) => asText(text) !== '')
  if (!changes && port === undefined && derivePort === undefined) {
    say.error(path, 'The redirect goes nowhere. Set uri, authority, scheme or port.')
  }
  const code = findNumber(redirectCode)
  if (code !== undefined && code !== 0 && (code < 300 || code > 399)) {
    say.error([...path, 'redirectCode'], `${code} is no redirect. Use a status from 300 to 399.`)
  }
  if (asText(scheme) !== '' && scheme !== 'http' && scheme !== 'https') {
    say.error([...path, 'scheme'], `Redirects go to http or https, not to ${asText(scheme)}.`)
  }
  if (typeof port === 'number' && port > 0 && !isPort(port)) checkPort(port, [...path, 'port'], say)
}

function checkDirectResponse(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const { string, bytes } = asFields(value.body)
  const size = asText(string).length || Math.floor((asText(bytes).length * 3) / 4)
  if (size > KIB * KIB)
    say.error([...path, 'body'], 'The body is larger than 1 MiB, which the control plane cannot carry.')
  else if (size > 100 * KIB)
    say.warning(
      [...path, 'body'],
      'The body is larger than 100 KiB; the control plane sends it to every proxy.',
    )
  checkStatus(findNumber(value.status) ?? 0, [...path, 'status'], say)
}

function checkRetries(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const attempts = findNumber(value.attempts) ?? 0
  if (attempts < 0)
    say.error([...path, 'attempts'], `${attempts} attempts cannot be made. Use 0 to switch retries off.`)
  const hasMore =
    value.perTryTimeout !== undefined ||
    asText(value.retryOn) !== '' ||
    value.retryRemoteLocalities !== undefined
  if (attempts === 0 && hasMore) {
    say.error(
      path,
      'Retries are set but attempts is 0, which switches them off. Set attempts, or remove the rest.',
    )
  }
  checkDuration(value.perTryTimeout, [...path, 'perTryTimeout'], say)
  checkDuration(value.backoff, [...path, 'backoff'], say)
  for (const policy of asText(value.retryOn) === '' ? [] : asText(value.retryOn).split(',')) {
    const isStatus = /^[1-5]\d\d$/.test(policy)
    if (!isStatus && !RETRY_ON.has(policy)) {
      say.error(
        [...path, 'retryOn'],
        `${policy || 'An empty text'} is no reason to retry. Use names such as 5xx or connect-failure, without spaces.`,
      )
    }
  }
}

function checkRewrite(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const { uri, uriRegexRewrite, authority } = value
  if (asText(uri) !== '' && isFields(uriRegexRewrite)) {
    say.error(path, 'uri and uriRegexRewrite exclude each other. Leave one of them.')
  }
  if (asText(uri) === '' && !isFields(uriRegexRewrite) && asText(authority) === '') {
    say.error(path, 'The rewrite changes nothing. Set uri, uriRegexRewrite or authority.')
  }
  if (!isFields(uriRegexRewrite)) return
  const { match, rewrite } = uriRegexRewrite
  if (asText(match) === '' || asText(rewrite) === '') {
    say.error([...path, 'uriRegexRewrite'], 'A rewrite by regular expression needs both match and rewrite.')
  }
  checkRegex(match, [...path, 'uriRegexRewrite', 'match'], say)
}

/** Destinations of a rule: none negative, and some that gets requests. */
export function checkWeights(value: unknown, path: FieldPath, say: Say): void {
  const routes = items(value)
  let total = 0
  for (const [route, index] of routes) {
    const at = [...path, index]
    if (!isFields(route.destination)) say.error(at, 'A route needs a destination.')
    checkHeaders(route.headers, [...at, 'headers'], say)
    checkDestination(route.destination, [...at, 'destination'], say)
    const weight = findNumber(route.weight) ?? 0
    if (weight < 0) say.error([...at, 'weight'], `A weight cannot be negative (${weight}).`)
    total += weight
  }
  if (routes.length > 1 && total === 0) {
    say.error(path, 'The weights add up to 0, so no destination gets requests. Give at least one a weight.')
  }
}

function checkDestination(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const host = asText(value.host)
  const problem = host === '*' ? 'a destination cannot be *' : wildcardHostProblem(host)
  if (problem !== undefined) say.error([...path, 'host'], `The destination cannot be used: ${problem}.`)
  const subset = asText(value.subset)
  if (subset !== '' && !isDnsLabel(subset))
    say.error([...path, 'subset'], `${subset} is no subset name. Use letters, digits and -.`)
  if (isFields(value.port)) checkPort(findNumber(value.port.number) ?? 0, [...path, 'port', 'number'], say)
}
