/** Questions for charts of one node or one edge: the same traffic over time. */
import { UNKNOWN, type NodeKind } from '@/lib/mesh/identity'
import { isWaypoint } from '@/lib/mesh/labels'
import type { Sample } from '@/lib/prometheus/decode'
import {
  is,
  isNoneOf,
  isOneOf,
  literalPattern,
  matches,
  rate,
  selector,
  sumBy,
  type Matcher,
} from '@/lib/prometheus/promql'
import { windowText } from '@/lib/units/window'
import { countedOnce } from '../counted-once'
import { withoutRequests } from './node-proxies'

/** One end of the traffic a chart shows; all of a namespace bears its name as `namespace` and as `name`. */
export interface ChartEnd {
  kind: NodeKind | 'namespace'
  cluster: string
  namespace: string
  name: string
  version?: string
  /** of a service: the workloads behind it, which call for it, and which other services may stand before as well */
  workloads?: readonly string[]
  /** of a service: what was asked of it and reached no workload, or what between it and its workloads was answered */
  part?: 'unanswered' | 'answered'
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
  /** some series tell a service by its host alone */
  withHosts?: boolean
}

export type ChartQueries = Record<
  'requests' | 'latency' | 'requestBytes' | 'responseBytes' | 'tcpSentBytes' | 'tcpReceivedBytes',
  string
>

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
  const between = betweenEnds(ends, options)
  const ratesOf = (of: string, narrowed: readonly Matcher[]) =>
    between.map((matchers) => rateOfChart(of, [...narrowed, ...matchers], options)).join(' or ')
  const rateOf = (more: readonly Matcher[]) => ratesOf(metric, [...more, ...(options.only ?? [])])
  const pairs = pairsBehind(ends, options)
  const pairsOf = pairs && ((more: readonly Matcher[]) => rateOfChart(metric, [...more, ...pairs], options))
  const counted = (labels: readonly string[]) => countedAs(labels, { rateOf, pairsOf }, ends, options)
  if (!metric.startsWith('istio_tcp_')) return counted(by)
  return withoutRequests(by, {
    counted,
    bytesOf: (more) => ratesOf(metric, more),
    requestsOf: (more) => ratesOf('istio_requests_total', more),
  })
}

function countedAs(
  by: readonly string[],
  { rateOf, pairsOf }: Record<'rateOf', RateOf> & Record<'pairsOf', RateOf | null>,
  { destination }: ChartEnds,
  { reporter }: ChartOptions,
): string {
  if (reporter !== undefined) return sumBy(by, rateOf([is('reporter', reporter)]))
  if (destination?.part === 'unanswered') {
    // what a caller sends to a waypoint has reached nobody by the waypoint's word alone
    return sumBy(by, countedOnce([...by, 'destination_workload'], rateOf, { withMirrored: true }))
  }
  return countedOnce(by, rateOf, { withMirrored: true, pairsOf })
}

type RateOf = (matchers: readonly Matcher[]) => string

/**
 * Matchers of what reaches the workloads behind a service, by whatever service: the called side names the oldest one
 * of its workload for all. Null where the ends name no such service, or nobody behind it is known.
 */
function pairsBehind({ source, destination }: ChartEnds, options: ChartOptions): Matcher[] | null {
  if (destination?.kind !== 'service' || destination.part !== undefined || source?.part !== undefined)
    return null
  const { cluster, namespace, workloads = [] } = destination
  if (workloads.length === 0) return null
  return [
    ...(source ? sourceMatchers(source, options) : []),
    isOneOf('destination_workload', workloads),
    is('destination_workload_namespace', namespace),
    ...clusterMatcher('destination_cluster', cluster, options),
  ]
}

/** Rate of the series a chart is about, as its options want it. */
export function rateOfChart(
  metric: string,
  matchers: readonly Matcher[],
  { windowSeconds, offsetSeconds = 0, scope = [] }: ChartOptions,
): string {
  const selected = selector(metric, [...scope, ...matchers])
  return offsetSeconds === 0
    ? rate(selected, windowSeconds)
    : `rate(${selected}[${windowText(windowSeconds)}] offset ${windowText(offsetSeconds)})`
}

/** Matchers of what is between the ends; of several lists each finds series of its own. */
function betweenEnds({ source, destination }: ChartEnds, options: ChartOptions): Matcher[][] {
  const to = destination ? destinationMatchers(destination, options) : [[]]
  if (source?.part === 'answered') {
    const answered = destination ? [] : [isNoneOf('destination_workload', NOBODY)]
    return askedOf(source, options).flatMap((asked) =>
      to.map((matchers) => [...asked, ...answered, ...matchers]),
    )
  }
  const from = source ? sourceMatchers(source, options) : []
  return to.map((matchers) => [...from, ...matchers])
}

/**
 * Identities on an edge with how its requests, or its bytes both ways, were secured; only the called side knows.
 */
export function principalsQuery(
  ends: ChartEnds,
  options: ChartOptions,
  of: 'requests' | 'bytes' = 'requests',
): string {
  const by = ['source_principal', 'destination_principal', 'connection_security_policy']
  const sumOf = (metric: string) => {
    const rates = betweenEnds(ends, options).map((between) => {
      const matchers = [
        ...(options.scope ?? []),
        { label: 'reporter', op: '=~' as const, value: 'destination|waypoint' },
        ...between,
      ]
      return rate(selector(metric, matchers), options.windowSeconds)
    })
    return sumBy(by, rates.join(' or '))
  }
  return of === 'requests'
    ? sumOf('istio_requests_total')
    : `${sumOf('istio_tcp_received_bytes_total')} + ${sumOf('istio_tcp_sent_bytes_total')}`
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
      return end.name === UNKNOWN ? NOBODY_CALLS : NOTHING
  }
}

const NOBODY = [UNKNOWN, '']
/** As the graph has it: a caller of which the app is known is that app. */
const NOBODY_CALLS = [isOneOf('source_workload', NOBODY), isOneOf('source_canonical_service', NOBODY)]
const NO_WORKLOAD = [
  isOneOf('destination_workload', NOBODY),
  isOneOf('destination_canonical_service', NOBODY),
]
/** Requests that no side tells whom they were for, by name, by service or by host. */
const NOBODY_IS_CALLED = [
  [isOneOf('destination_service_name', NOBODY), isOneOf('destination_service', NOBODY)],
  [matches('destination_service_name', 'InboundPassthroughCluster(Ipv[46])?')],
].map((asked) => [...NO_WORKLOAD, ...asked])
/** What proxies write for hosts without a service, by family of the address. */
const NO_SERVICE = ['PassthroughCluster', 'BlackHoleCluster']
/** No proxy reports so. */
const NOTHING = [is('reporter', 'none')]

/** Matchers of what reaches an end, or should have; of several lists each finds series of its own. */
export function destinationMatchers(end: ChartEnd, options: ChartOptions): Matcher[][] {
  const cluster = clusterMatcher('destination_cluster', end.cluster, options)
  const namespace = isMaybeUnknown('destination_workload_namespace', end.namespace)
  switch (end.kind) {
    case 'workload':
      return [[is('destination_workload', end.name), namespace, ...cluster]]
    case 'app':
      return [
        [
          is('destination_canonical_service', end.name),
          ...(end.version === undefined ? [] : [is('destination_canonical_revision', end.version)]),
          namespace,
          ...cluster,
        ],
      ]
    case 'service':
      return end.part === 'unanswered'
        ? askedOf(end, options).map((asked) => [...asked, ...NO_WORKLOAD])
        : askedOf(end, options)
    case 'namespace':
      // by the service, as the overview counts: requests that nobody answered have one too
      return ofCluster(end, options).flatMap((matchers) => [
        [is('destination_service_namespace', end.namespace), ...matchers],
        ...(options.withHosts
          ? [[isOneOf('destination_service_namespace', NOBODY), hostOf('[^.]+', end.namespace), ...matchers]]
          : []),
      ])
    case 'external':
      // each cluster and namespace has its own way to a host, as in the graph
      return ofCluster(end, options).map((matchers) => [
        NO_SERVICE.includes(end.name)
          ? matches('destination_service_name', `${end.name}(Ipv[46])?`)
          : is('destination_service_name', end.name),
        isMaybeUnknown('destination_service_namespace', end.namespace),
        ...matchers,
      ])
    case 'unknown':
      return end.name === UNKNOWN ? [NOTHING] : NOBODY_IS_CALLED
  }
}

/** Which workloads answered for a service within the window, whether or not they still do. */
export function answeringWorkloadsQuery(service: ChartEnd, options: ChartOptions): string {
  const { windowSeconds, scope = [] } = options
  const found = destinationMatchers(service, options).flatMap((to) =>
    ['istio_requests_total', 'istio_tcp_received_bytes_total'].map((metric) => {
      const series = selector(metric, [...scope, ...to, isNoneOf('destination_workload', NOBODY)])
      return `last_over_time(${series}[${windowText(windowSeconds)}])`
    }),
  )
  return `group by (destination_workload) (${found.join(' or ')})`
}

/** Names of the workloads in the answer, sorted; a waypoint hands on what it is asked and calls for nobody. */
export function decodeAnsweringWorkloads(rows: readonly Sample[]): string[] {
  const names = rows.flatMap(({ labels }) => labels.destination_workload ?? [])
  return [...new Set(names)].filter((name) => !isWaypoint(name, null)).sort()
}

/** All that is asked of a service. */
function askedOf(service: ChartEnd, options: ChartOptions): Matcher[][] {
  const { name, namespace } = service
  const named = [is('destination_service_name', name), is('destination_service_namespace', namespace)]
  const host = hostOf(literalPattern(name), namespace)
  const byHost = [
    [isOneOf('destination_service_name', NOBODY), host],
    [is('destination_service_name', name), isOneOf('destination_service_namespace', NOBODY), host],
  ]
  return ofCluster(service, options).flatMap((matchers) =>
    [named, ...(options.withHosts ? byHost : [])].map((asked) => [...asked, ...matchers]),
  )
}

const HOST = 'destination_service'

/** The host of a service of a namespace; `name` is a pattern. */
function hostOf(name: string, namespace: string): Matcher {
  return matches(HOST, `${name}\\.${literalPattern(namespace)}\\.svc\\..+`)
}

/** How many series tell a service by its host alone: the labels of its name, or of its namespace, were dropped. */
export function countOfHosts(scope: readonly Matcher[]): string {
  const without = (label: string) =>
    selector('istio_requests_total', [...scope, isOneOf(label, NOBODY), matches(HOST, '.+\\.svc\\..+')])
  return `count(${without('destination_service_name')} or ${without('destination_service_namespace')})`
}

/** Of requests: a protocol that is not told is taken for HTTP, as in the graph. */
export function ofProtocol(protocol: 'http' | 'grpc' | 'tcp'): Matcher[] {
  if (protocol === 'tcp') return []
  return [protocol === 'grpc' ? is('request_protocol', 'grpc') : isNoneOf('request_protocol', ['grpc'])]
}

/** Each cluster has a service of a name. What reached nobody names no cluster: it is the caller's, as in the graph. */
function ofCluster({ cluster }: ChartEnd, options: ChartOptions): Matcher[][] {
  if (cluster === UNKNOWN) return [[]]
  return [
    [is('destination_cluster', cluster)],
    [isOneOf('destination_cluster', [UNKNOWN, '']), ...clusterMatcher('source_cluster', cluster, options)],
  ]
}

function isMaybeUnknown(label: string, name: string): Matcher {
  return name === UNKNOWN ? isOneOf(label, [UNKNOWN, '']) : is(label, name)
}

/** Series without a cluster label belong to the default cluster; calls that failed early name no cluster. */
function clusterMatcher(label: string, cluster: string, { defaultCluster }: ChartOptions): Matcher[] {
  if (cluster === UNKNOWN) return []
  return [cluster === defaultCluster ? isOneOf(label, [cluster, UNKNOWN, '']) : is(label, cluster)]
}
