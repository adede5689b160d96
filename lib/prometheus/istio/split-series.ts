/** One weighted route over time: what is asked of Prometheus, and its answers as shares of the destinations. */
import { quantileOf } from '@/lib/graph/quantile'
import { isBehind } from '@/lib/istio/split/behind'
import type { Split } from '@/lib/istio/splits'
import { outcomeOf } from '@/lib/mesh/outcome'
import type { Series } from '../decode'
import { isOneOf, type Matcher } from '../promql'
import { timesOf, type ChartGrid } from './charts/chart-series'
import { rateOfChart, type ChartOptions } from './charts/charts'
import { countedOnce, PAIR } from './counted-once'

const CALL = [
  ...PAIR,
  'destination_canonical_revision',
  'destination_service_namespace',
  'destination_service_name',
]

/** `latency` is null for connections. */
export interface SplitQueries {
  requests: string
  latency: string | null
}

/** Everything that is sent to the services of a split, by caller, answering workload and outcome. */
export function splitQueries(split: Split, options: ChartOptions): SplitQueries {
  const services = split.backends.map(({ service }) => service)
  const namespaces = services.flatMap(({ namespace }) => namespace ?? [])
  const matchers: Matcher[] = [
    isOneOf('destination_service_name', unique(services.map(({ name }) => name))),
    // proxies give hosts outside the namespace of whoever declared them
    ...(namespaces.length === services.length
      ? [isOneOf('destination_service_namespace', unique(namespaces))]
      : []),
  ]
  const of = (metric: string, by: readonly string[]) =>
    countedOnce([...CALL, ...by], (reporter) => rateOfChart(metric, [...reporter, ...matchers], options))
  if (split.route.protocol !== 'http') {
    return { requests: of('istio_tcp_connections_opened_total', []), latency: null }
  }
  return {
    requests: of('istio_requests_total', ['request_protocol', 'response_code', 'grpc_response_status']),
    latency: of('istio_request_duration_milliseconds_bucket', ['le']),
  }
}

export interface SplitCaller {
  cluster: string
  namespace: string
  workload: string
}

type Points = (number | null)[]

export interface BackendHistory {
  share: Points
  /** connections for tcp and tls */
  requestsPerSecond: Points
  errorRatio: Points
  p50: Points
  p95: Points
  p99: Points
}

export interface SplitHistory {
  backends: BackendHistory[]
  /** per second at the newest step, by backend */
  last: { rates: number[]; elsewhere: number }
  /** who sends at the newest step, most first */
  callers: (SplitCaller & { rates: number[] })[]
  /** what the newest step is made of, most first */
  series: { labels: Readonly<Record<string, string>>; perSecond: number; backend: number | null }[]
}

/**
 * Answers of `splitQueries` on a grid. Only callers that obey the split count; a request no backend answered counts
 * for the whole and for none of them. A destination that cannot be told from another is left out.
 */
export function splitHistory(
  split: Split,
  answers: { requests: readonly Series[]; latency: readonly Series[] },
  at: {
    grid: ChartGrid
    defaultCluster: string
    obeys: (caller: SplitCaller) => boolean
  },
): SplitHistory {
  const rows = placed(split, answers.requests, at)
  const buckets = placed(split, answers.latency, at)
  const times = timesOf(at.grid)
  const total = summed(rows, times)
  const newest = times.length - 1
  const rateOf = (row: Placed) => row.values.get(times[newest] ?? 0) ?? 0
  return {
    backends: split.backends.map((_, place) => {
      const own = rows.filter((row) => row.place === place)
      const rates = summed(own, times)
      const errors = summed(
        own.filter((row) => isError(row.labels)),
        times,
      )
      const quantiles = quantilesOf(
        buckets.filter((row) => row.place === place),
        times,
      )
      const isHttp = split.route.protocol === 'http'
      return {
        share: times.map((_at, step) => ratio(rates[step], total[step])),
        requestsPerSecond: times.map((_at, step) => (total[step] == null ? null : (rates[step] ?? 0))),
        errorRatio: times.map((_at, step) =>
          isHttp && rates[step] != null ? ratio(errors[step] ?? 0, rates[step]) : null,
        ),
        ...quantiles,
      }
    }),
    last: {
      rates: split.backends.map((_, place) =>
        rows.reduce((sum, row) => sum + (row.place === place ? rateOf(row) : 0), 0),
      ),
      elsewhere: rows.reduce((sum, row) => sum + (row.place === null ? rateOf(row) : 0), 0),
    },
    callers: callersOf(split, rows, rateOf),
    series: rows
      .map((row) => ({ labels: row.labels, perSecond: rateOf(row), backend: row.place }))
      .filter((row) => row.perSecond > 0)
      .sort((a, b) => b.perSecond - a.perSecond),
  }
}

interface Placed {
  labels: Readonly<Record<string, string>>
  caller: SplitCaller
  /** null: no backend of the split */
  place: number | null
  values: ReadonlyMap<number, number>
}

function placed(
  split: Split,
  series: readonly Series[],
  { defaultCluster, obeys }: { defaultCluster: string; obeys: (caller: SplitCaller) => boolean },
): Placed[] {
  const clusterOf = (label: string | undefined) => named(label) ?? defaultCluster
  return series.flatMap(({ labels, points }): Placed[] => {
    const workload = named(labels.source_workload)
    const namespace = named(labels.source_workload_namespace)
    if (workload === null || namespace === null) return []
    const caller = { cluster: clusterOf(labels.source_cluster), namespace, workload }
    if (!obeys(caller)) return []
    const target = named(labels.destination_workload)
    const places = split.backends.flatMap((backend, place) =>
      isBehind(split.cluster, backend, {
        service: {
          namespace: backend.service.namespace === null ? null : (labels.destination_service_namespace ?? ''),
          name: labels.destination_service_name ?? '',
        },
        target: {
          cluster: clusterOf(labels.destination_cluster),
          namespace: labels.destination_workload_namespace ?? '',
          workload: target,
          version: named(labels.destination_canonical_revision),
        },
      })
        ? [place]
        : [],
    )
    return [
      {
        labels,
        caller,
        place: places.length === 1 ? (places[0] ?? null) : null,
        values: new Map(
          points.flatMap(([at, value]) => (value === null || !Number.isFinite(value) ? [] : [[at, value]])),
        ),
      },
    ]
  })
}

function named(label: string | undefined): string | null {
  return label === undefined || label === '' || label === 'unknown' ? null : label
}

function summed(rows: readonly Placed[], times: readonly number[]): Points {
  return times.map((at) => {
    let sum: number | null = null
    for (const { values } of rows) {
      const value = values.get(at)
      if (value !== undefined) sum = (sum ?? 0) + value
    }
    return sum
  })
}

function ratio(part: number | null | undefined, whole: number | null | undefined): number | null {
  return whole != null && whole > 0 ? Math.min(1, (part ?? 0) / whole) : null
}

function isError(labels: Readonly<Record<string, string>>): boolean {
  return outcomeOf({
    protocol: labels.request_protocol === 'grpc' ? 'grpc' : 'http',
    responseCode: labels.response_code ?? '',
    grpcStatus: labels.grpc_response_status ?? null,
  }).isError
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

function quantilesOf(
  rows: readonly Placed[],
  times: readonly number[],
): Record<keyof typeof QUANTILES, Points> {
  const byBound = new Map<number, Placed[]>()
  for (const row of rows) {
    const bound = row.labels.le === '+Inf' ? Infinity : Number(row.labels.le)
    if (!Number.isNaN(bound)) byBound.set(bound, [...(byBound.get(bound) ?? []), row])
  }
  const columns = [...byBound]
    .sort(([a], [b]) => a - b)
    .map(([le, of]) => ({ le, points: summed(of, times) }))
  const bounds = columns.map((column) => column.le)
  const histograms = times.map((_, step) => ({
    bounds,
    counts: columns.map((column) => column.points[step] ?? 0),
  }))
  const of = (q: number): Points => histograms.map((histogram) => quantileOf(histogram, q))
  return { p50: of(QUANTILES.p50), p95: of(QUANTILES.p95), p99: of(QUANTILES.p99) }
}

function callersOf(
  split: Split,
  rows: readonly Placed[],
  rateOf: (row: Placed) => number,
): SplitHistory['callers'] {
  const callers = new Map<string, SplitHistory['callers'][number]>()
  for (const row of rows) {
    const { cluster, namespace, workload } = row.caller
    const key = `${cluster}/${namespace}/${workload}`
    const caller = callers.get(key) ?? { ...row.caller, rates: split.backends.map(() => 0) }
    callers.set(key, caller)
    if (row.place !== null) caller.rates[row.place] = (caller.rates[row.place] ?? 0) + rateOf(row)
  }
  const sum = ({ rates }: { rates: readonly number[] }) => rates.reduce((total, rate) => total + rate, 0)
  return [...callers.values()].filter((caller) => sum(caller) > 0).sort((a, b) => sum(b) - sum(a))
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
