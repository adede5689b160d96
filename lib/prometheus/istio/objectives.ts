/** What the objectives of services are measured with: requests by outcome and by time, one query for all of them. */
import { outcomeOf } from '@/lib/mesh/outcome'
import { UNKNOWN } from '@/lib/mesh/identity'
import { is, isOneOf, rate, selector, type Matcher } from '../promql'
import { countedOnce } from './counted-once'
import { isRecordedWindow, recordedRate, type RecordedName } from './recorded'

/** More names make a longer question than all rows make an answer. */
const MOST_NAMES = 200
const SERVICE = ['destination_service_namespace', 'destination_service_name'] as const
const TARGET = ['destination_cluster', 'destination_workload_namespace', 'destination_workload'] as const
const PLACE = ['destination_cluster', 'source_cluster', ...SERVICE] as const

export interface ServiceName {
  namespace: string
  name: string
}

export interface ObjectiveQueryOptions {
  windowSeconds: number
  services: readonly ServiceName[]
  /** others before the same pods: the called side names the oldest service of its workload, whichever was asked for */
  beside?: readonly ServiceName[]
  scope?: readonly Matcher[]
  recorded?: ReadonlySet<RecordedName>
}

/** Requests per second of services by outcome, each counted once, as its caller saw it. */
export function objectiveRequestsQuery(options: ObjectiveQueryOptions): string {
  const by = [...PLACE, 'request_protocol', 'response_code', 'grpc_response_status']
  return counted(by, { name: 'requests', metric: 'istio_requests_total', narrowed: [], enough: [] }, options)
}

/** The same by the bounds of latency that are asked for; `+Inf` among them counts all. */
export function objectiveLatencyQuery(options: ObjectiveQueryOptions, bounds: readonly string[]): string {
  return counted(
    [...PLACE, 'le'],
    {
      name: 'latencyBuckets',
      metric: 'istio_request_duration_milliseconds_bucket',
      narrowed: [isOneOf('le', bounds)],
      enough: [is('le', '+Inf')],
    },
    options,
  )
}

/** Whether there is anything at all of these services at an instant: what begins and ends with what is kept. */
export function objectivePresenceQuery(options: Pick<ObjectiveQueryOptions, 'services' | 'scope'>): string {
  return `count(${selector('istio_requests_total', [...(options.scope ?? []), ...namesOf(options.services)])})`
}

/**
 * Which services callers ask of the workloads whose called side names these services, at an instant: these, and others
 * before the same pods. Of a workload behind a waypoint its callers name neither.
 */
export function servicesBesideQuery({
  services,
  scope = [],
}: Pick<ObjectiveQueryOptions, 'services' | 'scope'>): string {
  const [namespaces] = namesOf(services)
  const from = (reporter: string, matchers: readonly Matcher[]) =>
    selector('istio_requests_total', [...scope, is('reporter', reporter), ...matchers])
  // a service stands before pods of its own namespace
  const callers = from('source', [namespaces])
  const called = from('destination', namesOf(services))
  return `group by (${SERVICE.join(', ')}) (${callers} and on (${TARGET.join(', ')}) ${called})`
}

interface Counter {
  name: RecordedName
  metric: string
  narrowed: readonly Matcher[]
  /** of its series, those that tell whether there was a request at all */
  enough: readonly Matcher[]
}

function counted(
  by: readonly string[],
  { name, metric, narrowed, enough }: Counter,
  { windowSeconds, services, beside = [], scope = [], recorded }: ObjectiveQueryOptions,
): string {
  const isRecorded = (recorded?.has(name) ?? false) && isRecordedWindow(windowSeconds)
  const ratesOf = (asked: readonly ServiceName[], only: readonly Matcher[]) => (more: readonly Matcher[]) => {
    const matchers = [...scope, ...more, ...namesOf(asked), ...only]
    return isRecorded
      ? recordedRate(name, windowSeconds, matchers)
      : rate(selector(metric, matchers), windowSeconds)
  }
  const pairsOf = beside.length > 0 ? ratesOf([...services, ...beside], enough) : null
  return countedOnce(by, ratesOf(services, narrowed), { pairsOf })
}

function namesOf(services: readonly ServiceName[]): [namespaces: Matcher, ...names: Matcher[]] {
  const distinct = (names: readonly string[]) => [...new Set(names)].sort()
  const namespaces = isOneOf('destination_service_namespace', distinct(services.map((one) => one.namespace)))
  const names = distinct(services.map((one) => one.name))
  return names.length > MOST_NAMES ? [namespaces] : [namespaces, isOneOf('destination_service_name', names)]
}

/** Of one service: requests, failed ones, and requests by bound of latency; per second, or what they are summed to. */
export interface ServiceCounts {
  total: number
  bad: number
  /** cumulative, by `le` */
  byBound: Map<string, number>
}

type Row = { labels: Readonly<Record<string, string>>; value: number | null }

/** `{cluster}/{namespace}/{name}` of a row; requests that reached nobody belong to the caller's cluster. */
export function serviceKeyOf(labels: Row['labels'], defaultCluster: string): string | undefined {
  const known = (value: string | undefined) => (value && value !== UNKNOWN ? value : undefined)
  const namespace = known(labels.destination_service_namespace)
  const name = known(labels.destination_service_name)
  if (namespace === undefined || name === undefined) return undefined
  const cluster = known(labels.destination_cluster) ?? known(labels.source_cluster) ?? defaultCluster
  return `${cluster}/${namespace}/${name}`
}

/** Adds rows of both questions to `into`, `weight` times each: the seconds a rate stands for. */
export function addCounts(
  into: Map<string, ServiceCounts>,
  rows: { requests: readonly Row[]; latency: readonly Row[] },
  weight: number,
  defaultCluster: string,
): void {
  const countsOf = (labels: Row['labels']) => {
    const key = serviceKeyOf(labels, defaultCluster)
    if (key === undefined) return undefined
    const known = into.get(key) ?? { total: 0, bad: 0, byBound: new Map<string, number>() }
    into.set(key, known)
    return known
  }
  for (const { labels, value } of rows.requests) {
    const counts = value !== null && Number.isFinite(value) ? countsOf(labels) : undefined
    if (!counts || value === null) continue
    const { isError } = outcomeOf({
      protocol: labels.request_protocol === 'grpc' ? 'grpc' : 'http',
      responseCode: labels.response_code ?? '',
      grpcStatus: labels.grpc_response_status ?? null,
    })
    counts.total += value * weight
    if (isError) counts.bad += value * weight
  }
  for (const { labels, value } of rows.latency) {
    const { le } = labels
    const counts = value !== null && Number.isFinite(value) && le !== undefined ? countsOf(labels) : undefined
    if (!counts || value === null || le === undefined) continue
    counts.byBound.set(le, (counts.byBound.get(le) ?? 0) + value * weight)
  }
}
