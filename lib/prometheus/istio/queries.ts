/** Every question Heddle asks of Istio's metrics for a snapshot. Text in, text out; charts are in `charts.ts`. */
import { UNKNOWN } from '@/lib/mesh/identity'
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
} from '../promql'
import {
  answeringWorkloadsQuery,
  chartQueries,
  chartQuery,
  type ChartEnds,
  type ChartOptions,
} from './charts/charts'
import { controlPlaneQuestions } from './control-plane'
import { likesQuery } from './doubled'
import { LATENCY_LABELS, REQUEST_LABELS, TCP_LABELS } from './labels'
import {
  objectiveLatencyQuery,
  objectivePresenceQuery,
  objectiveRequestsQuery,
  servicesBesideQuery,
} from './objectives'
import { overheadQueries, proxyUseQueries } from './overhead'
import { controlPlaneQueries, namespaceErrorsQuery, namespaceRequestsQuery } from './overview'
import { isRecordedWindow, recordedRate, type RecordedName } from './recorded'

export interface QueryOptions {
  windowSeconds: number
  /** matchers every selector gets: one mesh of several in a shared Prometheus */
  scope?: readonly Matcher[]
  /** which recorded series exist */
  recorded?: ReadonlySet<RecordedName>
}

export type TrafficQueries = Record<'requests' | 'tcpReceived' | 'tcpSent' | 'tcpOpened', string>

/**
 * Rates of the whole mesh, one query per metric whatever the number of namespaces. Rows without traffic in the
 * window are kept (an idle edge is known to be idle): they cost Prometheus nothing.
 */
export function trafficQueries(options: QueryOptions): TrafficQueries {
  return {
    requests: rates('requests', 'istio_requests_total', REQUEST_LABELS, options),
    tcpReceived: rates('tcpReceived', 'istio_tcp_received_bytes_total', TCP_LABELS, options),
    tcpSent: rates('tcpSent', 'istio_tcp_sent_bytes_total', TCP_LABELS, options),
    tcpOpened: rates('tcpOpened', 'istio_tcp_connections_opened_total', TCP_LABELS, options),
  }
}

/** Which pairs latency is asked of; by default all, as their callers measured them. */
export interface LatencyScope {
  /** only pairs with either end in one of these */
  namespaces?: readonly string[]
  /** callers that do not report: of these the called side is asked too */
  silentCallers?: readonly string[]
}

/**
 * Buckets of every pair, fetched once: all quantiles of all graph types are computed from them. Empty buckets are
 * kept: the bound below the first request is where interpolation starts. Buckets are the dearest of all series, so
 * the called side's, which repeat the caller's, are asked only where no caller reports.
 */
export function latencyBucketsQuery(options: QueryOptions, scope: LatencyScope = {}): string {
  return latencyRates(
    'latencyBuckets',
    'istio_request_duration_milliseconds_bucket',
    ['le', ...LATENCY_LABELS],
    options,
    scope,
  )
}

/** What one node is to telemetry: its workloads (or apps of which no workload is known) as callers and as called, its services. */
export interface LatencyEnds {
  cluster: string
  namespace: string
  callers: EndNames
  called: EndNames
  services: readonly string[]
}

export interface EndNames {
  workloads: readonly string[]
  apps: readonly string[]
}

/**
 * Buckets of the pairs one node is an end of, in the shape of the mesh-wide question; null for a node without a name
 * to ask for. Of all reporters, since who is believed is known pair by pair; wider than the node where labels may be
 * missing, since what belongs elsewhere is left out when the rows find their flows. A pair that two parts find
 * is the same row in both.
 */
export function nodeLatencyBucketsQuery(options: QueryOptions, ends: LatencyEnds): string | null {
  const { cluster, namespace, callers, called, services } = ends
  const maybe = (label: string, value: string) => isOneOf(label, [value, UNKNOWN, ''])
  const sideOf = (side: 'source' | 'destination', { workloads, apps }: EndNames): Matcher[][] => {
    const place = [maybe(`${side}_cluster`, cluster), maybe(`${side}_workload_namespace`, namespace)]
    return [
      ...(workloads.length > 0 ? [[isOneOf(`${side}_workload`, workloads), ...place]] : []),
      ...(apps.length > 0 ? [[isOneOf(`${side}_canonical_service`, apps), ...place]] : []),
    ]
  }
  // some proxies write the whole host for the name
  const hosts = services.map((name) => `${literalPattern(name)}(\\.${literalPattern(namespace)}\\..+)?`)
  const asked = [
    matches('destination_service_name', hosts.join('|')),
    maybe('destination_service_namespace', namespace),
  ]
  const parts = [
    ...sideOf('source', callers),
    ...sideOf('destination', called),
    ...(hosts.length > 0 ? [asked] : []),
  ]
  if (parts.length === 0) return null
  return parts
    .map((matchers) =>
      rates('latencyBuckets', 'istio_request_duration_milliseconds_bucket', ['le', ...LATENCY_LABELS], {
        ...options,
        scope: [...(options.scope ?? []), ...matchers],
      }),
    )
    .join(' or ')
}

/** Summed time and number of requests of every pair: their quotient is the mean, at the price of two rates. */
export function meanLatencyQueries(
  options: QueryOptions,
  scope: LatencyScope = {},
): { sum: string; count: string } {
  const metric = 'istio_request_duration_milliseconds'
  return {
    sum: latencyRates('latencySum', `${metric}_sum`, LATENCY_LABELS, options, scope),
    count: latencyRates('latencyCount', `${metric}_count`, LATENCY_LABELS, options, scope),
  }
}

/** The parts touch no series twice: each reporter is in one of them, and so is each pair of namespaces. */
function latencyRates(
  name: RecordedName,
  metric: string,
  labels: readonly string[],
  options: QueryOptions,
  { namespaces, silentCallers = [] }: LatencyScope,
): string {
  const reporters: Matcher[][] = [[isOneOf('reporter', ['source', 'waypoint'])]]
  if (silentCallers.length > 0) {
    reporters.push([is('reporter', 'destination'), isOneOf('source_workload', silentCallers)])
  }
  const from = 'source_workload_namespace'
  const places: Matcher[][] = namespaces
    ? [
        [isOneOf(from, namespaces)],
        [isNoneOf(from, namespaces), isOneOf('destination_workload_namespace', namespaces)],
      ]
    : [[]]
  return reporters
    .flatMap((reporter) => places.map((place) => [...(options.scope ?? []), ...reporter, ...place]))
    .map((matchers) => rates(name, metric, labels, { ...options, scope: matchers }))
    .join(' or ')
}

/** Whether all of a snapshot's rates can come from recorded series. */
export function canUseRecorded(options: QueryOptions, names: readonly RecordedName[]): boolean {
  return (
    isRecordedWindow(options.windowSeconds) && names.every((name) => options.recorded?.has(name) ?? false)
  )
}

/** One of each question, with names that need quoting: what the embedded mesh must answer as Prometheus does. */
export function heddleQueries(windowSeconds: number): { name: string; query: string }[] {
  const options = { windowSeconds }
  const mean = meanLatencyQueries(options)
  return [
    ...Object.entries(trafficQueries(options)).map(([name, query]) => ({ name, query })),
    { name: 'latency buckets', query: latencyBucketsQuery(options) },
    {
      name: 'latency buckets of namespaces',
      query: latencyBucketsQuery(options, {
        namespaces: ['bookinfo', 'it\'s "quoted"'],
        silentCallers: ['unknown'],
      }),
    },
    ...nodeExamples(options),
    { name: 'latency sum', query: mean.sum },
    { name: 'latency count', query: mean.count },
    ...chartExamples(windowSeconds),
    ...detailExamples(windowSeconds),
    { name: 'requests by namespace', query: namespaceRequestsQuery(options) },
    { name: 'errors by namespace', query: namespaceErrorsQuery(options) },
    {
      name: 'requests by namespace before',
      query: namespaceRequestsQuery({ windowSeconds, offsetSeconds: 60 }),
    },
    {
      name: 'requests behind objectives',
      query: objectiveRequestsQuery({ windowSeconds, services: PROMISED }),
    },
    {
      name: 'latency behind objectives',
      query: objectiveLatencyQuery({ windowSeconds, services: PROMISED }, ['250', '500', '+Inf']),
    },
    {
      name: 'requests behind an objective of shared pods',
      query: objectiveRequestsQuery({
        windowSeconds,
        services: PROMISED.slice(0, 1),
        beside: PROMISED.slice(1),
      }),
    },
    {
      name: 'latency behind an objective of shared pods',
      query: objectiveLatencyQuery(
        { windowSeconds, services: PROMISED.slice(0, 1), beside: PROMISED.slice(1) },
        ['250', '500', '+Inf'],
      ),
    },
    ...doubledExamples(),
    { name: 'services beside those of objectives', query: servicesBesideQuery({ services: PROMISED }) },
    { name: 'presence behind objectives', query: objectivePresenceQuery({ services: PROMISED }) },
    ...Object.entries(controlPlaneQueries(windowSeconds)).map(([name, query]) => ({
      name: `overview of the control plane: ${name}`,
      query,
    })),
  ]
}

/** Buckets of one node's pairs, by each kind of name. */
function nodeExamples(options: QueryOptions): { name: string; query: string }[] {
  const nobody = { workloads: [], apps: [] }
  const place = { cluster: 'east', namespace: 'bookinfo' }
  const own = { workloads: ['reviews-v1', 'a.b'], apps: ['it\'s "quoted"'] }
  return [
    { name: 'workload', ends: { ...place, callers: own, called: own, services: [] } },
    { name: 'service', ends: { ...place, callers: own, called: nobody, services: ['reviews', 'a.b'] } },
  ].flatMap(({ name, ends }) => {
    const query = nodeLatencyBucketsQuery(options, ends)
    return query === null ? [] : [{ name: `latency buckets of a ${name}`, query }]
  })
}

/** Of a counter that may be there twice. Which count most is not asked: of equal ones any may be named. */
function doubledExamples(): { name: string; query: string }[] {
  const labels = {
    __name__: 'istio_requests_total',
    source_workload: 'it\'s "quoted"',
    instance: '10.0.0.1:15020',
  }
  const query = likesQuery([{ labels, value: 1 }])
  return query === null ? [] : [{ name: 'likes of a counter', query }]
}

const PROMISED = [
  { namespace: 'bookinfo', name: 'reviews' },
  { namespace: 'it\'s "quoted"', name: 'a.b' },
]

/** Of the detail pages: in groups, of one side, of the past, and what the mesh costs. */
function detailExamples(windowSeconds: number): { name: string; query: string }[] {
  const ends: ChartEnds = { destination: workload('bookinfo', 'reviews-v1') }
  const of = (by: string[], more: Partial<ChartOptions>) =>
    chartQuery('istio_requests_total', by, ends, { windowSeconds, ...more })
  const peers = ['source_workload_namespace', 'source_workload']
  const whole = of(peers, {})
  const reviews = { kind: 'service', cluster: 'east', namespace: 'bookinfo', name: 'reviews' } as const
  const byHost = chartQuery(
    'istio_requests_total',
    [],
    { destination: { ...reviews, workloads: ['reviews-v1', 'a.b'] } },
    { windowSeconds, withHosts: true },
  )
  const overhead = overheadQueries(workload('bookinfo', 'reviews-v1'), { windowSeconds })
  const use = proxyUseQueries({ namespace: 'bookinfo', names: ['a', 'b.c'] }, windowSeconds)
  return [
    { name: 'busiest callers', query: `topk(8, ${whole})` },
    { name: 'number of callers', query: `count(${whole} > 0)` },
    {
      name: 'chart of some callers',
      query: of(peers, { only: [isOneOf('source_workload', ['productpage-v1', 'x'])] }),
    },
    { name: 'chart of a service by its host', query: byHost },
    { name: 'chart of one side', query: of(['pod'], { reporter: 'destination' }) },
    { name: 'chart of the past', query: of(['response_code'], { offsetSeconds: 60 }) },
    {
      name: 'workloads that answer for a service',
      query: answeringWorkloadsQuery(reviews, { windowSeconds, defaultCluster: 'east' }),
    },
    { name: 'overhead: time', query: overhead.sum },
    { name: 'overhead: requests', query: overhead.count },
    { name: 'cpu of proxies', query: use.cpu },
    { name: 'memory of proxies', query: use.memory },
    ...controlPlaneQuestions({ namespace: 'istio-system', name: 'istiod' }, windowSeconds).map(
      ({ id, query }) => ({ name: `control plane: ${id}`, query }),
    ),
  ]
}

function chartExamples(windowSeconds: number): { name: string; query: string }[] {
  const examples = [
    { name: 'workload', ends: { destination: workload('bookinfo', 'reviews-v1') } },
    { name: 'source', ends: { source: workload('bookinfo', 'productpage-v1') } },
    {
      name: 'edge',
      ends: {
        source: workload('bookinfo', 'productpage-v1'),
        destination: workload('bookinfo', 'reviews-v1'),
      },
    },
  ]
  return examples.flatMap(({ name, ends }) =>
    Object.entries(chartQueries(ends, { windowSeconds })).map(([metric, query]) => ({
      name: `chart of ${name}: ${metric}`,
      query,
    })),
  )
}

function workload(namespace: string, name: string) {
  return { kind: 'workload' as const, cluster: 'east', namespace, name }
}

function rates(
  name: RecordedName,
  metric: string,
  labels: readonly string[],
  { windowSeconds, scope = [], recorded }: QueryOptions,
): string {
  if (canUseRecorded({ windowSeconds, ...(recorded ? { recorded } : {}) }, [name])) {
    return recordedRate(name, windowSeconds, scope)
  }
  return sumBy(labels, rate(selector(metric, scope), windowSeconds))
}
