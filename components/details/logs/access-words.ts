/** A request of an access log in words. Pure. */
import type { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import type { AccessEntry } from '@/lib/logs/access-log'
import { directionOf } from '@/lib/logs/access-log'
import { explainFlags } from '@/lib/mesh/response-flags'
import { formatBytes } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'

/** What tells pods of one workload apart: `reviews-v1-6b4c9d7f88-x2x9k` is `x2x9k`; of a StatefulSet its number. */
export function shortPod(pod: string): string {
  return pod.slice(pod.lastIndexOf('-') + 1)
}

/** Where a request went: host and version of an outbound cluster; nothing for one that came in. */
export function placeOfCluster(access: Pick<AccessEntry, 'upstreamCluster' | 'authority'>): string {
  const cluster = access.upstreamCluster ?? ''
  const [way, port = '', subset = '', host = ''] = cluster.split('|')
  if (way === 'outbound') {
    const short = host.replace(/\.svc\.cluster\.local$/, '')
    return `to ${short}:${port}${subset === '' ? '' : ` (${subset})`}`
  }
  if (cluster === 'BlackHoleCluster') return 'to nowhere: the host is not in the mesh’s registry'
  if (cluster === 'PassthroughCluster') return `to ${access.authority ?? 'an unknown host'}, unchecked`
  return ''
}

/** Fields with their names in words; those that the line does not give are left out. */
export function accessWords(access: AccessEntry): [string, string][] {
  const direction = directionOf(access)
  const details =
    access.codeDetails === null ? null : (DETAILS[access.codeDetails.replace(/\{.*$/, '')] ?? null)
  const rows: [string, string | null][] = [
    [
      'Request',
      access.method === null
        ? 'a TCP connection'
        : `${access.method} ${access.path ?? ''} over ${access.protocol ?? 'HTTP'}`,
    ],
    ['Host asked for', access.authority],
    [
      'Direction',
      direction === 'inbound' ? 'received by this pod' : direction === 'outbound' ? 'sent by this pod' : null,
    ],
    [
      'Answer',
      access.method === null
        ? null
        : access.code === 0
          ? 'none: the connection ended before'
          : String(access.code),
    ],
    ['Flags', access.flags === '-' ? null : explainFlags(access.flags)],
    [
      'Why',
      access.codeDetails === null
        ? null
        : details === null
          ? access.codeDetails
          : `${details} (${access.codeDetails})`,
    ],
    ['Connection ended', access.connectionEnd],
    ['TLS or connection failure', access.transportFailure],
    ['Took', access.durationMs === null ? null : took(access)],
    ['Received', access.receivedBytes === null ? null : formatBytes(access.receivedBytes)],
    ['Sent', access.sentBytes === null ? null : formatBytes(access.sentBytes)],
    ['Caller’s address', access.downstreamRemote],
    ['Asked at', access.downstreamLocal],
    ['Sent on to', access.upstreamHost],
    ['By cluster', access.upstreamCluster],
    ['By route', access.route],
    ['From address', access.upstreamLocal],
    ['Server name (TLS)', access.serverName],
    ['Forwarded for', access.forwardedFor],
    ['User agent', access.userAgent],
    ['Request id', access.requestId],
  ]
  return rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== '')
}

function took(access: AccessEntry): string {
  const whole = formatDuration(access.durationMs ?? 0)
  return access.upstreamMs === null
    ? whole
    : `${whole}, of which ${formatDuration(access.upstreamMs)} until the called side began to answer`
}

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/response_code_details */
const DETAILS: Readonly<Record<string, string>> = {
  via_upstream: 'the called side said so',
  direct_response: 'the route answers by itself',
  route_not_found: 'no route matches the host and path',
  cluster_not_found: 'the route leads to a cluster that does not exist',
  no_healthy_upstream: 'no endpoint is healthy',
  overflow: 'a circuit breaker is open',
  upstream_overflow: 'a circuit breaker is open',
  response_timeout: 'the timeout of the route passed',
  upstream_response_timeout: 'the timeout of the route passed',
  upstream_per_try_timeout: 'the timeout of one try passed',
  upstream_max_stream_duration_reached: 'the longest allowed stream duration passed',
  upstream_reset_before_response_started: 'the connection broke before an answer began',
  upstream_reset_after_response_started: 'the connection broke while the answer came',
  downstream_remote_disconnect: 'the caller hung up',
  downstream_local_disconnect: 'this proxy closed the caller’s connection',
  stream_idle_timeout: 'nothing was sent for too long',
  request_overall_timeout: 'the request took too long to arrive',
  fault_filter_abort: 'a fault was injected by configuration',
  rbac_access_denied_matched_policy: 'an authorization policy refused it',
  ext_authz_denied: 'the external authorization refused it',
  jwt_authn_access_denied: 'the token was refused',
  rate_limited: 'a rate limit refused it',
}

/** How the pods of an answer are told apart in its lines, by name. */
export type LogPods = ReadonlyMap<string, { nth: number; label: string }>

/** By the end of their names, and where they are of several workloads by these as well. */
export function podLabels(
  { pods }: Pick<LogAnswer, 'pods'>,
  workload: string | null,
): { pods: LogPods; isOfSeveral: boolean } {
  const all = pods ?? []
  const isOfSeveral = workload === null && new Set(all.map((pod) => pod.workload)).size > 1
  const labels = all.map((pod, nth) => {
    const label = isOfSeveral ? `${pod.workload ?? pod.name} ${shortPod(pod.name)}` : shortPod(pod.name)
    return [pod.name, { nth, label }] as const
  })
  return { pods: new Map(labels), isOfSeveral }
}
