/** Questions for charts of one node or one edge: the same traffic over time. */
import { UNKNOWN, type NodeKind } from '@/lib/mesh/identity'
import { is, isNot, isOneOf, rate, selector, sumBy, type Matcher } from '../promql'

/** One end of the traffic a chart shows. */
export interface ChartEnd {
  kind: NodeKind
  cluster: string
  namespace: string
  name: string
  version?: string
  /** a service as a caller: the workloads behind it */
  workloads?: readonly string[]
}

export interface ChartEnds {
  source?: ChartEnd
  destination?: ChartEnd
}

export interface ChartOptions {
  windowSeconds: number
  scope?: readonly Matcher[]
  /** cluster of series that carry no cluster label */
  defaultCluster?: string
}

export type ChartQueries = Record<
  'requests' | 'latency' | 'requestBytes' | 'responseBytes' | 'tcpSentBytes' | 'tcpReceivedBytes',
  string
>

/** Endpoints of one pair: who reports is chosen per pair, as in the graph. */
const PAIR = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'destination_cluster',
  'destination_workload_namespace',
  'destination_workload',
]

export function chartQueries(ends: ChartEnds, options: ChartOptions): ChartQueries {
  const matchers = [
    ...(options.scope ?? []),
    ...(ends.source ? sourceMatchers(ends.source, options) : []),
    ...(ends.destination ? destinationMatchers(ends.destination, options) : []),
  ]
  const of = (metric: string, by: readonly string[]) =>
    countedOnce(metric, matchers, by, options.windowSeconds)
  return {
    requests: of('istio_requests_total', ['request_protocol', 'response_code', 'grpc_response_status']),
    latency: of('istio_request_duration_milliseconds_bucket', ['request_protocol', 'le']),
    requestBytes: of('istio_request_bytes_sum', ['request_protocol']),
    responseBytes: of('istio_response_bytes_sum', ['request_protocol']),
    tcpSentBytes: of('istio_tcp_sent_bytes_total', []),
    tcpReceivedBytes: of('istio_tcp_received_bytes_total', []),
  }
}

/** Identities on an edge with how its requests were secured; only the called side knows. */
export function principalsQuery(ends: ChartEnds, options: ChartOptions): string {
  const matchers = [
    ...(options.scope ?? []),
    { label: 'reporter', op: '=~' as const, value: 'destination|waypoint' },
    ...(ends.source ? sourceMatchers(ends.source, options) : []),
    ...(ends.destination ? destinationMatchers(ends.destination, options) : []),
  ]
  const by = ['source_principal', 'destination_principal', 'connection_security_policy']
  return sumBy(by, rate(selector('istio_requests_total', matchers), options.windowSeconds))
}

/**
 * Rates with every request counted once: per pair of endpoints the caller's figures, else the waypoint's, else
 * the called side's (callers without a proxy, or whose metrics are missing).
 */
function countedOnce(
  metric: string,
  matchers: readonly Matcher[],
  by: readonly string[],
  windowSeconds: number,
): string {
  const from = (reporter: string) =>
    sumBy([...PAIR, ...by], rate(selector(metric, [is('reporter', reporter), ...matchers]), windowSeconds))
  const unlessBy = `unless on (${PAIR.join(', ')})`
  const source = from('source')
  const waypoint = from('waypoint')
  return sumBy(
    by,
    `${source} or (${waypoint} ${unlessBy} ${source}) or (${from('destination')} ${unlessBy} ${source} ${unlessBy} ${waypoint})`,
  )
}

function sourceMatchers(end: ChartEnd, options: ChartOptions): Matcher[] {
  const cluster = clusterMatcher('source_cluster', end.cluster, options)
  const namespace = isMaybeUnknown('source_workload_namespace', end.namespace)
  switch (end.kind) {
    case 'workload':
      return [is('source_workload', end.name), namespace, ...cluster]
    case 'app':
      return [
        is('source_canonical_service', end.name),
        ...(end.version === undefined ? [] : [is('source_canonical_revision', end.version)]),
        namespace,
        ...cluster,
      ]
    case 'service':
    case 'external':
      return [isOneOf('source_workload', end.workloads ?? []), namespace, ...cluster]
    case 'unknown':
      return [isOneOf('source_workload', [UNKNOWN, ''])]
  }
}

export function destinationMatchers(end: ChartEnd, options: ChartOptions): Matcher[] {
  const cluster = clusterMatcher('destination_cluster', end.cluster, options)
  const namespace = isMaybeUnknown('destination_workload_namespace', end.namespace)
  switch (end.kind) {
    case 'workload':
      return [is('destination_workload', end.name), namespace, ...cluster]
    case 'app':
      return [
        is('destination_canonical_service', end.name),
        ...(end.version === undefined ? [] : [is('destination_canonical_revision', end.version)]),
        namespace,
        ...cluster,
      ]
    case 'service':
      return [is('destination_service_name', end.name), is('destination_service_namespace', end.namespace)]
    case 'external':
      // proxies name an outside service by its host, in either label
      return [is('destination_service_name', end.name)]
    case 'unknown':
      return [isOneOf('destination_workload', [UNKNOWN, '']), isNot('reporter', 'none')]
  }
}

function isMaybeUnknown(label: string, name: string): Matcher {
  return name === UNKNOWN ? isOneOf(label, [UNKNOWN, '']) : is(label, name)
}

/** Series without a cluster label belong to the default cluster; calls that failed early name no cluster. */
function clusterMatcher(label: string, cluster: string, { defaultCluster }: ChartOptions): Matcher[] {
  if (cluster === UNKNOWN) return []
  return [cluster === defaultCluster ? isOneOf(label, [cluster, UNKNOWN, '']) : is(label, cluster)]
}
