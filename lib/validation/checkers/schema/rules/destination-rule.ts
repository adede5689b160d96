import type { FieldPath } from '@/lib/validation/finding'
import { isIp } from '@/lib/validation/lookups/addresses'
import {
  asFields,
  asList,
  asText,
  asTexts,
  findNumber,
  isFields,
  items,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import type { Rules, Say } from './say'
import {
  checkDuration,
  checkExportTo,
  checkLabels,
  checkPort,
  checkSelector,
  hostProblem,
  isDnsLabel,
  parseDuration,
  wildcardHostProblem,
} from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidateDestinationRule */
export const destinationRuleRules: Rules = (object, say) => {
  const spec = specOf(object)
  const problem = wildcardHostProblem(asText(spec.host))
  if (problem !== undefined) say.error(['spec', 'host'], `The host cannot be used: ${problem}.`)
  checkTrafficPolicy(spec.trafficPolicy, ['spec', 'trafficPolicy'], say)
  const names = new Set<string>()
  for (const [subset, index] of items(spec.subsets)) {
    const path = ['spec', 'subsets', index]
    const name = asText(subset.name)
    if (names.has(name))
      say.error([...path, 'name'], `The subset ${name} is defined twice. Give each its own name.`)
    names.add(name)
    if (!isDnsLabel(name))
      say.error([...path, 'name'], `${name || 'An empty text'} is no subset name. Use letters, digits and -.`)
    checkLabels(subset.labels, [...path, 'labels'], say)
    checkTrafficPolicy(subset.trafficPolicy, [...path, 'trafficPolicy'], say)
  }
  checkExportTo(asTexts(spec.exportTo), namespaceOf(object), say, {
    mustStay: isFields(spec.workloadSelector),
  })
  checkSelector(
    spec.workloadSelector,
    'matchLabels',
    ['spec', 'workloadSelector'],
    say,
    'applies to all workloads',
  )
}

const POLICIES = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls']

function checkTrafficPolicy(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const { tunnel, proxyProtocol, portLevelSettings } = value
  const isEmpty = [...POLICIES, 'portLevelSettings', 'tunnel', 'proxyProtocol'].every(
    (field) => value[field] === undefined,
  )
  if (isEmpty) say.error(path, 'The traffic policy is empty. Set one of its fields, or remove it.')
  if (isFields(tunnel) && isFields(proxyProtocol))
    say.error(path, 'tunnel and proxyProtocol exclude each other. Leave one of them.')
  checkPolicies(value, path, say)
  for (const [level, index] of items(portLevelSettings)) {
    const at = [...path, 'portLevelSettings', index]
    if (!isFields(level.port)) say.error(at, 'Settings of a port need port.number.')
    if (POLICIES.every((field) => level[field] === undefined))
      say.error(at, 'The settings of the port are empty. Set one, or remove them.')
    checkPolicies(level, at, say)
  }
  if (isFields(tunnel)) checkTunnel(tunnel, [...path, 'tunnel'], say)
}

function checkPolicies(policy: Fields, path: FieldPath, say: Say): void {
  checkOutlier(policy.outlierDetection, [...path, 'outlierDetection'], say)
  checkConnectionPool(policy.connectionPool, [...path, 'connectionPool'], say)
  checkLoadBalancer(policy.loadBalancer, [...path, 'loadBalancer'], say)
  checkClientTls(policy.tls, [...path, 'tls'], say)
}

function checkTunnel({ protocol, targetHost, targetPort }: Fields, path: FieldPath, say: Say): void {
  if (!['', 'CONNECT', 'POST'].includes(asText(protocol)))
    say.error([...path, 'protocol'], 'A tunnel is made with CONNECT or POST.')
  if (!isIp(asText(targetHost)) && hostProblem(asText(targetHost)) !== undefined) {
    say.error([...path, 'targetHost'], `${asText(targetHost) || 'An empty text'} is no host and no address.`)
  }
  checkPort(findNumber(targetPort) ?? 0, [...path, 'targetPort'], say)
}

function checkOutlier(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  for (const field of ['baseEjectionTime', 'interval']) checkDuration(value[field], [...path, field], say)
  if (value.consecutiveErrors !== undefined && value.consecutiveErrors !== 0) {
    say.warning(
      [...path, 'consecutiveErrors'],
      'consecutiveErrors is going away. Use consecutive5xxErrors or consecutiveGatewayErrors.',
    )
  }
  if (
    value.splitExternalLocalOriginErrors !== true &&
    (findNumber(value.consecutiveLocalOriginFailures) ?? 0) > 0
  ) {
    say.error(
      [...path, 'consecutiveLocalOriginFailures'],
      'Local failures are only counted with splitExternalLocalOriginErrors: true. Set it, or remove the limit.',
    )
  }
  for (const field of ['maxEjectionPercent', 'minHealthPercent']) {
    const percent = value[field]
    if (typeof percent === 'number' && (percent < 0 || percent > 100))
      say.error([...path, field], `${percent} is no percentage. Use 0 to 100.`)
  }
}

export function checkConnectionPool(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const { http, tcp } = value
  if (!isFields(http) && !isFields(tcp))
    say.error(path, 'The connection pool is empty. Set http or tcp, or remove it.')
  const checkCounts = (settings: Fields, at: FieldPath, fields: readonly string[]) => {
    for (const field of fields) {
      const count = settings[field]
      if (typeof count === 'number' && count < 0)
        say.error([...at, field], `${field} cannot be negative (${count}).`)
    }
  }
  if (isFields(http)) {
    const at = [...path, 'http']
    checkCounts(http, at, [
      'http1MaxPendingRequests',
      'http2MaxRequests',
      'maxRequestsPerConnection',
      'maxRetries',
      'maxConcurrentStreams',
    ])
    checkDuration(http.idleTimeout, [...at, 'idleTimeout'], say)
    if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true) {
      say.error(
        [...at, 'useClientProtocol'],
        'useClientProtocol and an upgrade to HTTP/2 exclude each other. Leave one of them.',
      )
    }
  }
  if (isFields(tcp)) {
    const at = [...path, 'tcp']
    checkCounts(tcp, at, ['maxConnections'])
    for (const field of ['connectTimeout', 'maxConnectionDuration'])
      checkDuration(tcp[field], [...at, field], say)
    // zero switches the idle timeout off
    if (parseDuration(asText(tcp.idleTimeout)) !== 0)
      checkDuration(tcp.idleTimeout, [...at, 'idleTimeout'], say)
    const keepalive = asFields(tcp.tcpKeepalive)
    for (const field of ['time', 'interval'])
      checkDuration(keepalive[field], [...at, 'tcpKeepalive', field], say)
  }
}

function checkLoadBalancer(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const hash = value.consistentHash
  if (isFields(hash)) {
    const at = [...path, 'consistentHash']
    if (isFields(hash.httpCookie) && asText(hash.httpCookie.name) === '')
      say.error([...at, 'httpCookie'], 'The cookie needs a name.')
    const ring = findNumber(hash.minimumRingSize) ?? 0
    if (ring !== 0)
      say.warning([...at, 'minimumRingSize'], 'minimumRingSize is going away. Use ringHash.minimumRingSize.')
    if (ring !== 0 && (isFields(hash.maglev) || isFields(hash.ringHash))) {
      say.error(at, 'minimumRingSize excludes maglev and ringHash. Leave one of them.')
    }
    if (isFields(hash.maglev)) {
      const size = findNumber(hash.maglev.tableSize) ?? 0
      if (size >= 5_000_011 || !isPrime(size)) {
        say.error(
          [...at, 'maglev', 'tableSize'],
          `The table of maglev must have a prime size below 5000011, not ${size}. Try 65537.`,
        )
      }
    }
  }
  checkLocality(value.localityLbSetting, [...path, 'localityLbSetting'], say)
  const { warmup } = value
  if (!isFields(warmup)) return
  if (warmup.duration === undefined) say.error([...path, 'warmup'], 'A warm-up needs a duration.')
  checkDuration(warmup.duration, [...path, 'warmup', 'duration'], say)
  if ((findNumber(warmup.minimumPercent) ?? 0) > 100)
    say.error([...path, 'warmup', 'minimumPercent'], 'minimumPercent is at most 100.')
  const { aggression } = warmup
  if (typeof aggression === 'number' && aggression < 1)
    say.error([...path, 'warmup', 'aggression'], 'aggression is at least 1.')
}

function isPrime(value: number): boolean {
  if (value < 2 || value % 1 !== 0) return false
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false
  return true
}

function checkLocality(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const uses = ['distribute', 'failover', 'failoverPriority'].filter(
    (field) => asList(value[field]).length > 0,
  )
  if (uses.includes('distribute') && uses.length > 1) {
    say.error(path, 'distribute excludes failover and failoverPriority. Leave one of them.')
  }
  for (const [entry, index] of items(value.distribute)) {
    const shares = Object.values(asFields(entry.to)).map((share) => findNumber(share) ?? 0)
    const at = [...path, 'distribute', index, 'to']
    if (shares.some((share) => share <= 0 || share > 100))
      say.error(at, 'Each share of a locality is from 1 to 100.')
    else if (shares.reduce((sum, share) => sum + share, 0) !== 100)
      say.error(at, 'The shares of the localities must add up to 100.')
  }
  for (const [entry, index] of items(value.failover)) {
    const { from, to } = entry
    if (asText(from) !== '' && from === to)
      say.error([...path, 'failover', index], 'A region cannot fail over to itself.')
    for (const field of ['from', 'to']) {
      if (/[/*]/.test(asText(entry[field])))
        say.error(
          [...path, 'failover', index, field],
          'Failover is between regions, without zone or wildcard.',
        )
    }
  }
}

/** TLS settings of a client: what its mode needs, and nothing that excludes each other. */
export function checkClientTls(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const mode = asText(value.mode)
  const has = (field: string) => asText(value[field]) !== ''
  const usesCertificates = mode === 'SIMPLE' || mode === 'MUTUAL'
  if (value.insecureSkipVerify === true && usesCertificates) {
    const verified = ['caCertificates', ...(mode === 'SIMPLE' ? ['credentialName'] : [])].filter(has)
    if (verified.length > 0 || value.subjectAltNames !== undefined) {
      say.error(
        [...path, 'insecureSkipVerify'],
        'insecureSkipVerify excludes what would be verified against (CA, credentialName, subjectAltNames). Remove one side.',
      )
    }
  }
  if (usesCertificates && has('credentialName')) {
    if (['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].some(has)) {
      say.error(
        [...path, 'credentialName'],
        'credentialName excludes certificates by file. Leave one of them.',
      )
    }
    return
  }
  if (mode !== 'MUTUAL') return
  if (!has('clientCertificate')) say.error(path, 'Mode MUTUAL needs clientCertificate.')
  if (!has('privateKey')) say.error(path, 'Mode MUTUAL needs privateKey.')
}
