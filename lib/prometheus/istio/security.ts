/** Questions for a change of mTLS mode: who called some namespaces over a long window, and how it was secured. */
import type { SecurityRow } from '@/lib/istio/mutual-tls/preflight'
import { windowText } from '@/lib/units/window'
import type { Sample, Series } from '../decode'
import { is, isNot, isOneOf, rate, selector, sumBy, type Matcher } from '../promql'
import { decodeDestination, decodeSource, layerOf } from './decode'
import { END_LABELS } from './labels'

export interface SecurityOptions {
  scope: readonly Matcher[]
  /** of the called workloads */
  namespaces: readonly string[]
  /** also when callers by mutual TLS were last seen; many series, and only a mode without it turns them away */
  seesMutual?: boolean
}

export type SecurityQueries = Record<'requests' | 'connections' | 'bytes' | 'born' | 'seen', string>

const LABELS = ['app', ...END_LABELS, 'source_principal', 'request_protocol', 'connection_security_policy']
const REQUESTS = 'istio_requests_total'
const CONNECTIONS = 'istio_tcp_connections_opened_total'
const BYTES = 'istio_tcp_received_bytes_total'

/** Asked over a range: the points with a value are the covered part of the window. */
export function coverageQuery({ scope }: Pick<SecurityOptions, 'scope'>): string {
  const matchers = [is('reporter', 'destination'), ...scope]
  return `count(${selector(REQUESTS, matchers)}) or count(${selector(CONNECTIONS, matchers)})`
}

/**
 * What called sides reported. A rate does not see the first value of a series, and a caller that called once has no
 * other: `born` holds the plain-text counters that did not exist when the window began, whose value is their count.
 * `seen` is asked over a range with steps of `stepSeconds`.
 */
export function securityQueries(
  options: SecurityOptions,
  windowSeconds: number,
  stepSeconds: number,
): SecurityQueries {
  const all = [
    is('reporter', 'destination'),
    isOneOf('destination_workload_namespace', options.namespaces),
    ...options.scope,
  ]
  const plain = [...all, isNot('connection_security_policy', 'mutual_tls')]
  const of = (metric: string) => sumBy(LABELS, rate(selector(metric, all), windowSeconds))
  const window = windowText(windowSeconds)
  const born = (metric: string) => {
    const series = selector(metric, plain)
    return sumBy(LABELS, `max_over_time(${series}[${window}]) unless ${series} offset ${window}`)
  }
  const seen = (metric: string) =>
    sumBy(
      LABELS,
      `increase(${selector(metric, options.seesMutual ? all : plain)}[${windowText(stepSeconds)}])`,
    )
  return {
    requests: of(REQUESTS),
    connections: of(CONNECTIONS),
    bytes: of(BYTES),
    born: `${born(REQUESTS)} or ${born(CONNECTIONS)}`,
    seen: `${seen(REQUESTS)} or ${seen(BYTES)}`,
  }
}

/** Rows that carried anything, one for each caller, service and way of securing. */
export function decodeSecurity(
  answers: Record<'requests' | 'connections' | 'bytes' | 'born', readonly Sample[]> & {
    seen: readonly Series[]
  },
  windowSeconds: number,
): SecurityRow[] {
  const rows = new Map<string, SecurityRow & { bytes: number }>()
  const rowOf = (labels: Sample['labels'], isTcp: boolean) => {
    const key = LABELS.map((name) => labels[name] ?? '').join('\n')
    let row = rows.get(key)
    if (!row) {
      row = { ...emptyRow(labels, isTcp), bytes: 0 }
      rows.set(key, row)
    }
    return row
  }
  for (const { labels, value } of answers.requests) {
    if (isCount(value)) rowOf(labels, false).requestsPerSecond = value
  }
  for (const { labels, value } of answers.connections) {
    if (isCount(value)) rowOf(labels, true).connectionsPerSecond = value
  }
  for (const { labels, value } of answers.bytes) {
    if (isCount(value)) rowOf(labels, true).bytes = value
  }
  for (const { labels, value } of answers.born) {
    if (!isCount(value)) continue
    const row = rowOf(labels, labels.request_protocol === 'tcp')
    const least = value / windowSeconds
    if (row.protocol === 'tcp') row.connectionsPerSecond = Math.max(row.connectionsPerSecond ?? 0, least)
    else row.requestsPerSecond = Math.max(row.requestsPerSecond ?? 0, least)
  }
  for (const { labels, points } of answers.seen) {
    const row = rowOf(labels, labels.request_protocol === 'tcp')
    for (const [at, value] of points)
      if (isCount(value) && value > 0) row.lastSeen = Math.max(row.lastSeen ?? 0, at)
  }
  return [...rows.values()].flatMap(({ bytes, ...row }) => {
    const carried = (row.requestsPerSecond ?? 0) + (row.connectionsPerSecond ?? 0) + bytes
    return carried > 0 || row.lastSeen !== null ? [row] : []
  })
}

function emptyRow(labels: Sample['labels'], isTcp: boolean): SecurityRow {
  const policy = labels.connection_security_policy
  const principal = labels.source_principal
  return {
    source: decodeSource(labels),
    principal: principal === undefined || principal === '' || principal === 'unknown' ? null : principal,
    destination: decodeDestination(labels),
    protocol: isTcp ? 'tcp' : labels.request_protocol === 'grpc' ? 'grpc' : 'http',
    isLayer4: layerOf(labels) === 'l4',
    // at the called side "unknown" is ztunnel's word for plain text; no label at all is no answer
    mutualTls: policy === undefined || policy === '' ? null : policy === 'mutual_tls',
    requestsPerSecond: isTcp ? null : 0,
    connectionsPerSecond: isTcp ? 0 : null,
    lastSeen: null,
  }
}

function isCount(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value >= 0
}
