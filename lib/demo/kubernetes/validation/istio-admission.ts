import type { KubernetesObject } from '@/lib/demo/model'
import { asList, asNumber, asRecord, asRecords, asText, at, isRecord } from '../json'
import type { JsonRecord } from '../json'

/**
 * Why Istio's validating webhook refuses an object; empty when it does not. Only the plain rules of single
 * objects: what needs other objects is for analysis. Wording follows Istio's.
 * Rules: istio/istio pkg/config/validation/validation.go
 */
export function istioProblems(object: KubernetesObject): string[] {
  const spec = asRecord(object.spec)
  switch (object.kind) {
    case 'VirtualService':
      return virtualService(spec)
    case 'DestinationRule':
      return destinationRule(spec)
    case 'Gateway':
      return object.apiVersion.startsWith('networking.istio.io/') ? gateway(spec) : []
    case 'ServiceEntry':
      return serviceEntry(spec)
    case 'Sidecar':
      return sidecar(spec)
    case 'PeerAuthentication':
      return peerAuthentication(spec)
    case 'AuthorizationPolicy':
      return authorizationPolicy(spec)
    case 'RequestAuthentication':
      return asRecords(spec.jwtRules)
        .filter((rule) => asText(rule.issuer) === '')
        .map(() => 'issuer must be set')
    default:
      return []
  }
}

function virtualService(spec: JsonRecord): string[] {
  const problems: string[] = []
  const http = asRecords(spec.http)
  const others = [...asRecords(spec.tls), ...asRecords(spec.tcp)]
  const hosts = asList(spec.hosts)
  if (http.length === 0 && others.length === 0)
    problems.push('http, tcp or tls must be provided in virtual service')
  // without hosts it is a delegate, and then only http is of use
  if (hosts.length === 0 && asList(spec.gateways).length > 0) {
    problems.push('delegate virtual service must have no gateways specified')
  }
  for (const host of hosts) if (typeof host === 'string') problems.push(...hostName(host))
  for (const route of http) problems.push(...httpRoute(route))
  for (const route of others) problems.push(...weights(asRecords(route.route)))
  return problems
}

function httpRoute(route: JsonRecord): string[] {
  const problems: string[] = []
  const destinations = asRecords(route.route)
  const isRedirect = isRecord(route.redirect)
  const isDirect = isRecord(route.directResponse)
  if (isRedirect && destinations.length > 0)
    problems.push('HTTP route cannot contain both route and redirect')
  if (isDirect && destinations.length > 0)
    problems.push('HTTP route cannot contain both route and direct_response')
  if (isRedirect && isRecord(route.rewrite))
    problems.push('HTTP route rule cannot contain both rewrite and redirect')
  if (!isRedirect && !isDirect && destinations.length === 0 && !isRecord(route.delegate)) {
    problems.push('HTTP route, redirect or direct_response is required')
  }
  problems.push(...weights(destinations))
  const abort = asRecord(at(route.fault, 'abort'))
  const delay = asRecord(at(route.fault, 'delay'))
  for (const percent of [at(abort.percentage, 'value'), at(delay.percentage, 'value'), delay.percent]) {
    problems.push(...percentage(percent))
  }
  if (isRecord(at(route.fault, 'abort'))) {
    const status = abort.httpStatus
    if (status === undefined && abort.grpcStatus === undefined && abort.http2Error === undefined) {
      problems.push('must specify HTTP abort fault type')
    }
    if (typeof status === 'number' && (status < 200 || status > 600))
      problems.push(`HTTP abort fault status should be in range [200, 599]`)
  }
  if (
    isRecord(at(route.fault, 'delay')) &&
    delay.fixedDelay === undefined &&
    delay.exponentialDelay === undefined
  ) {
    problems.push('HTTP route fault delay must specify fixedDelay')
  }
  const retries = asRecord(route.retries)
  if (asNumber(retries.attempts, 0) < 0) problems.push('attempts cannot be negative')
  for (const duration of [route.timeout, retries.perTryTimeout, delay.fixedDelay])
    problems.push(...durationOf(duration))
  problems.push(...percentage(at(route.mirrorPercentage, 'value')))
  for (const mirror of asRecords(route.mirrors)) problems.push(...percentage(at(mirror.percentage, 'value')))
  return problems
}

function weights(destinations: readonly JsonRecord[]): string[] {
  const problems: string[] = []
  let total = 0
  for (const destination of destinations) {
    const weight = asNumber(destination.weight, 0)
    if (weight < 0) problems.push(`weight ${weight} < 0`)
    total += weight
  }
  if (destinations.length > 1 && total === 0) problems.push('total destination weight = 0')
  return problems
}

function percentage(value: unknown): string[] {
  if (typeof value !== 'number' || (value >= 0 && value <= 100)) return []
  return [`percentage ${value.toFixed(1)} is not in range 0..100`]
}

/** A Go duration of at least a millisecond. */
function durationOf(value: unknown): string[] {
  if (value === undefined) return []
  const text = asText(value)
  if (!/^(\d+(\.\d+)?(h|m|s|ms|us|ns))+$/.test(text))
    return [`bad Duration: time: invalid duration ${JSON.stringify(text)}`]
  const total = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (MILLISECONDS[unit ?? ''] ?? 0),
    0,
  )
  return total < 1 ? ['duration must be greater than 1ms'] : []
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
}

function hostName(host: string): string[] {
  const plain = host.startsWith('*.') ? host.slice(2) : host
  if (plain === '*' || /^[a-zA-Z0-9]([-\w.:]*[a-zA-Z0-9])?$/.test(plain)) return []
  return [`domain name ${JSON.stringify(host)} invalid (label ${JSON.stringify(plain)} invalid)`]
}

function destinationRule(spec: JsonRecord): string[] {
  const problems = asText(spec.host) === '' ? ['destination rule host is required'] : []
  const subsets = asRecords(spec.subsets)
  const seen = new Set<string>()
  for (const subset of subsets) {
    const name = asText(subset.name)
    if (!/^[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?$/.test(name)) {
      problems.push(`subset name is invalid: ${JSON.stringify(name)}`)
    }
    if (seen.has(name)) problems.push(`duplicate subset names: ${name}`)
    seen.add(name)
  }
  for (const policy of [spec.trafficPolicy, ...subsets.map((subset) => subset.trafficPolicy)]) {
    problems.push(...trafficPolicy(asRecord(policy)))
  }
  return problems
}

function trafficPolicy(policy: JsonRecord): string[] {
  const problems: string[] = []
  const pool = asRecord(policy.connectionPool)
  for (const [group, field, message] of [
    ['tcp', 'maxConnections', 'max connections must be non-negative'],
    ['http', 'http1MaxPendingRequests', 'http1 max pending requests must be non-negative'],
    ['http', 'http2MaxRequests', 'http2 max requests must be non-negative'],
    ['http', 'maxRequestsPerConnection', 'max requests per connection must be non-negative'],
    ['http', 'maxRetries', 'max retries must be non-negative'],
  ] as const) {
    if (asNumber(at(pool[group], field), 0) < 0) problems.push(message)
  }
  const outlier = asRecord(policy.outlierDetection)
  for (const field of ['maxEjectionPercent', 'minHealthPercent']) {
    const value = outlier[field]
    if (typeof value === 'number' && (value < 0 || value > 100))
      problems.push(`percentage ${value} is not in range 0..100`)
  }
  problems.push(...durationOf(outlier.interval), ...durationOf(outlier.baseEjectionTime))
  problems.push(...durationOf(at(pool.tcp, 'connectTimeout')))
  const tls = asRecord(policy.tls)
  if (tls.mode === 'MUTUAL' && asText(tls.credentialName) === '') {
    if (asText(tls.clientCertificate) === '') problems.push('client certificate required for mutual tls')
    if (asText(tls.privateKey) === '') problems.push('private key required for mutual tls')
  }
  return problems
}

function gateway(spec: JsonRecord): string[] {
  const servers = asRecords(spec.servers)
  if (servers.length === 0) return ['gateway must have at least one server']
  const problems: string[] = []
  const names = new Set<string>()
  for (const server of servers) {
    const port = asRecord(server.port)
    const name = asText(port.name)
    const protocol = asText(port.protocol).toUpperCase()
    if (names.has(name)) problems.push(`port names in servers must be unique: duplicate name ${name}`)
    names.add(name)
    if (asList(server.hosts).length === 0) problems.push('server config must contain at least one host')
    if ((protocol === 'HTTPS' || protocol === 'TLS') && !isRecord(server.tls)) {
      problems.push(`server must have TLS settings for HTTPS/TLS protocols`)
    }
    if (protocol === 'HTTP' && isRecord(server.tls) && at(server.tls, 'httpsRedirect') !== true) {
      problems.push('server cannot have TLS settings for plain text HTTP ports')
    }
    const tls = asRecord(server.tls)
    if (tls.mode === 'SIMPLE' && asText(tls.credentialName) === '' && asText(tls.serverCertificate) === '') {
      problems.push('SIMPLE TLS requires a server certificate')
    }
  }
  return problems
}

function serviceEntry(spec: JsonRecord): string[] {
  const problems: string[] = []
  const hosts = asList(spec.hosts)
  if (hosts.length === 0) problems.push('service entry must have at least one host')
  if (hosts.includes('*')) problems.push('invalid host *')
  if (isRecord(spec.workloadSelector) && asList(spec.endpoints).length > 0) {
    problems.push('only one of WorkloadSelector or Endpoints is allowed in Service Entry')
  }
  const seen = new Set<unknown>()
  for (const port of asRecords(spec.ports)) {
    if (seen.has(port.number)) problems.push(`service entry port ${String(port.number)} already defined`)
    seen.add(port.number)
  }
  if (
    spec.resolution === 'STATIC' &&
    asList(spec.endpoints).length === 0 &&
    !isRecord(spec.workloadSelector)
  ) {
    problems.push('endpoints must be provided if service entry resolution mode is STATIC')
  }
  return problems
}

function sidecar(spec: JsonRecord): string[] {
  const hosts = asRecords(spec.egress).flatMap((egress) => asList(egress.hosts))
  return hosts
    .filter((host) => typeof host === 'string' && !host.includes('/'))
    .map((host) => `host ${String(host)} in egress must be of form namespace/dnsName`)
}

function peerAuthentication(spec: JsonRecord): string[] {
  const ports = Object.keys(asRecord(spec.portLevelMtls))
  const problems: string[] = []
  if (ports.length > 0 && !isRecord(spec.selector)) {
    problems.push('mesh/namespace peer authentication cannot have port level mTLS')
  }
  for (const port of ports)
    if (!(Number(port) > 0 && Number(port) < 65_536)) problems.push('port must be within 1-65535')
  return problems
}

function authorizationPolicy(spec: JsonRecord): string[] {
  const problems: string[] = []
  const rules = asRecords(spec.rules)
  const action = asText(spec.action) || 'ALLOW'
  if (action === 'DENY' && spec.rules === undefined) {
    problems.push(
      'DENY policy without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request',
    )
  }
  if (action === 'CUSTOM' && asText(at(spec.provider, 'name')) === '')
    problems.push('`provider.name` must not be empty')
  if (action !== 'CUSTOM' && spec.provider !== undefined)
    problems.push('`provider` must not be with non CUSTOM action')
  if (isRecord(spec.selector) && spec.targetRefs !== undefined) {
    problems.push('only one of targetRefs or workloadSelector can be set')
  }
  rules.forEach((rule, index) => {
    for (const field of ['from', 'to', 'when']) {
      if (Array.isArray(rule[field]) && asList(rule[field]).length === 0) {
        problems.push(`'${field}' cannot be empty, found at rule ${index}`)
      }
    }
    for (const from of asRecords(rule.from)) {
      if (Object.keys(asRecord(from.source)).length === 0)
        problems.push(`'from.source' cannot be empty, found at rule ${index}`)
    }
    for (const to of asRecords(rule.to)) {
      if (Object.keys(asRecord(to.operation)).length === 0)
        problems.push(`'to.operation' cannot be empty, found at rule ${index}`)
    }
    for (const condition of asRecords(rule.when)) {
      if (asText(condition.key) === '') problems.push("'key' cannot be empty")
      if (condition.values === undefined && condition.notValues === undefined) {
        problems.push(
          `at least one of 'values' or 'notValues' must be set for condition ${asText(condition.key)}`,
        )
      }
    }
  })
  return problems
}
