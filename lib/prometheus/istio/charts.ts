/** Questions for charts of one node or one edge: the same traffic over time. */
import { UNKNOWN, type NodeKind } from '@/lib/mesh/identity'
import { is, isNot, isOneOf, rate, selector, sumBy, type Matcher } from '../promql'
import { windowText } from '@/lib/units/window'

/** One end of the traffic a chart shows; all of a namespace bears its name as `namespace` and as `name`. */
export interface ChartEnd {
  kind: NodeKind | 'namespace'
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
  /** one side's figures alone; absent: every request once, whoever counted it */
  reporter?: 'source' | 'destination' | 'waypoint'
  /** the same question about so long before */
  offsetSeconds?: number
  /** what narrows the series further */
  only?: readonly Matcher[]
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
  const of = (metric: string, by: readonly string[]) => chartQuery(metric, by, ends, options)
  return {
    requests: of('istio_requests_total', ['request_protocol', 'response_code', 'grpc_response_status']),
    latency: of('istio_request_duration_milliseconds_bucket', ['request_protocol', 'le']),
    requestBytes: of('istio_request_bytes_sum', ['request_protocol']),
    responseBytes: of('istio_response_bytes_sum', ['request_protocol']),
    tcpSentBytes: of('istio_tcp_sent_bytes_total', []),
    tcpReceivedBytes: of('istio_tcp_received_bytes_total', []),
  }
}

/** Rates of one metric between some ends, summed by some labels. */
export function chartQuery(
  metric: string,
  by: readonly string[],
  ends: ChartEnds,
  options: ChartOptions,
): string {
  const matchers = [
    ...(options.scope ?? []),
    ...(ends.source ? sourceMatchers(ends.source, options) : []),
    ...(ends.destination ? destinationMatchers(ends.destination, options) : []),
    ...(options.only ?? []),
  ]
  if (options.reporter === undefined) return countedOnce(metric, matchers, by, options)
  return sumBy(by, rateOf(metric, [is('reporter', options.reporter), ...matchers], options))
}

function rateOf(
  metric: string,
  matchers: readonly Matcher[],
  { windowSeconds, offsetSeconds = 0 }: ChartOptions,
): string {
  const selected = selector(metric, matchers)
  return offsetSeconds === 0
    ? rate(selected, windowSeconds)
    : `rate(${selected}[${windowText(windowSeconds)}] offset ${windowText(offsetSeconds)})`
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
export function countedOnce(
  metric: string,
  matchers: readonly Matcher[],
  by: readonly string[],
  options: ChartOptions,
): string {
  const labels = [...new Set([...PAIR, ...by])]
  const from = (reporter: string) =>
    sumBy(labels, rateOf(metric, [is('reporter', reporter), ...matchers], options))
  const unlessBy = `unless on (${PAIR.join(', ')})`
  const source = from('source')
  const waypoint = from('waypoint')
  return sumBy(
    by,
    `${source} or (${waypoint} ${unlessBy} ${source}) or (${from('destination')} ${unlessBy} ${source} ${unlessBy} ${waypoint})`,
  )
}

export function sourceMatchers(end: ChartEnd, options: ChartOptions): Matcher[] {
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
    case 'namespace':
      return [namespace, ...cluster]
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
      return [
        is('destination_service_name', end.name),
        is('destination_service_namespace', end.namespace),
        // each cluster has a service of the name; what reached nobody names no cluster
        ...(end.cluster === UNKNOWN ? [] : [isOneOf('destination_cluster', [end.cluster, UNKNOWN, ''])]),
      ]
    case 'namespace':
      // by the service, as the overview counts: requests that nobody answered have one too
      return [is('destination_service_namespace', end.namespace), ...cluster]
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
