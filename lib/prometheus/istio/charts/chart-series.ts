/** Range answers of the chart queries as lines of a chart. */
import type { Heatmap, MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import type { Series } from '@/lib/prometheus/decode'
import { quantileOf } from '@/lib/graph/quantile'
import { NO_GRPC_RESPONSE, NO_HTTP_RESPONSE, findGrpcStatusName, outcomeOf } from '@/lib/mesh/outcome'

export interface ChartGrid {
  from: number
  to: number
  stepSeconds: number
}

const QUANTILES = [
  { name: 'p50', q: 0.5 },
  { name: 'p90', q: 0.9 },
  { name: 'p95', q: 0.95 },
  { name: 'p99', q: 0.99 },
] as const

/** Lines by class of outcome, and one of errors: 5xx, no response and gRPC status other than 0. */
export function requestSeries(rows: readonly Series[], grid: ChartGrid): MetricSeries[] {
  const classes = new Map<string, Series[]>()
  const errors: Series[] = []
  for (const row of rows) {
    const outcome = classOf(row.labels)
    const same = classes.get(outcome.name)
    if (same) same.push(row)
    else classes.set(outcome.name, [row])
    if (outcome.isError) errors.push(row)
  }
  const lines = [...classes].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ...lines.map(([name, of]) => line('requests', name, 'requests/s', summed(of, grid))),
    ...(rows.length === 0
      ? []
      : // no failing series at a step that has requests is a measured zero
        [
          line('errors', 'errors', 'requests/s', zeroWhereMeasured(summed(errors, grid), summed(rows, grid))),
        ]),
  ]
}

/** P50 to P99 from buckets summed over all series of the chart. */
export function latencySeries(rows: readonly Series[], grid: ChartGrid): MetricSeries[] {
  return quantileSeries('latency', 'ms', rows, grid)
}

/** P50 to P99 of any histogram, summed over its series before a quantile is taken. */
export function quantileSeries(
  metric: 'latency' | 'requestSize' | 'responseSize' | 'pushTime',
  unit: 'ms' | 'bytes',
  rows: readonly Series[],
  grid: ChartGrid,
  /** of a bound in the unit of the answer: 1,000 where buckets are in seconds */
  factor = 1,
): MetricSeries[] {
  if (rows.length === 0) return []
  const columns = bucketColumns(rows, grid)
  const bounds = columns.map((column) => column.le * factor)
  return QUANTILES.map(({ name, q }) =>
    line(
      metric,
      name,
      unit,
      timesOf(grid).map((at, index) => {
        const counts = columns.map((column) => column.points[index]?.[1] ?? 0)
        return [at, quantileOf({ bounds, counts }, q)]
      }),
    ),
  )
}

/** Cumulative counts per bound and step, bounds ascending. */
function bucketColumns(
  rows: readonly Series[],
  grid: ChartGrid,
): { le: number; points: [number, number | null][] }[] {
  const bounds = new Map<number, Series[]>()
  for (const row of rows) {
    const le = row.labels.le === '+Inf' ? Infinity : Number(row.labels.le)
    if (Number.isNaN(le)) continue
    const same = bounds.get(le)
    if (same) same.push(row)
    else bounds.set(le, [row])
  }
  return [...bounds].sort(([a], [b]) => a - b).map(([le, of]) => ({ le, points: summed(of, grid) }))
}

/** Requests by latency and time; buckets that stay empty at both ends are left out. Null: nothing was measured. */
export function heatmapOf(rows: readonly Series[], grid: ChartGrid): Heatmap | null {
  const buckets = bucketColumns(rows, grid)
  if (buckets.length === 0) return null
  const columns = timesOf(grid).map((at, step): [number, number[] | null] => {
    const cumulative = buckets.map(({ points }) => points[step]?.[1] ?? null)
    if (cumulative.every((count) => count === null)) return [at, null]
    let below = 0
    const cells = cumulative.map((count) => {
      // rates of neighbouring buckets are extrapolated apart: a count can fall below the one before it
      const inside = Math.max(0, (count ?? below) - below)
      below = Math.max(below, count ?? below)
      return inside
    })
    return [at, cells]
  })
  const isUsed = (bucket: number) => columns.some(([, cells]) => (cells?.[bucket] ?? 0) > 0)
  const used = buckets.flatMap((_, bucket) => (isUsed(bucket) ? [bucket] : []))
  const [first] = used
  const last = used.at(-1)
  if (first === undefined || last === undefined) return null
  return {
    boundsMs: buckets.slice(first, last + 1).map(({ le }) => (Number.isFinite(le) ? le : null)),
    fromMs: first === 0 ? 0 : (buckets[first - 1]?.le ?? 0),
    columns: columns.map(([at, cells]) => [at, cells?.slice(first, last + 1) ?? null]),
  }
}

/** Mean over time: summed values over their number; null where nothing was counted. */
export function meanSeries(
  metric: 'latency' | 'requestSize' | 'responseSize',
  unit: 'ms' | 'bytes',
  sums: readonly Series[],
  counts: readonly Series[],
  grid: ChartGrid,
): MetricSeries[] {
  if (counts.length === 0) return []
  const sum = summed(sums, grid)
  return [
    line(
      metric,
      'average',
      unit,
      summed(counts, grid).map(([at, count], index) => {
        const total = sum[index]?.[1] ?? null
        return [at, total === null || count === null || count <= 0 ? null : total / count]
      }),
    ),
  ]
}

/** All series of a chart as one line. */
export function sumSeries(
  metric: MetricSeries['metric'],
  name: string,
  unit: MetricSeries['unit'],
  rows: readonly Series[],
  grid: ChartGrid,
): MetricSeries[] {
  return rows.length === 0 ? [] : [line(metric, name, unit, summed(rows, grid))]
}

/** Requests and failed ones of one group, each as one line. */
export function groupedRequests(rows: readonly Series[], grid: ChartGrid): MetricSeries[] {
  if (rows.length === 0) return []
  const all = summed(rows, grid)
  const failed = summed(
    rows.filter(({ labels }) => classOf(labels).isError),
    grid,
  )
  return [
    line('requests', 'requests', 'requests/s', all),
    line('errors', 'errors', 'requests/s', zeroWhereMeasured(failed, all)),
  ]
}

/** What is left of a whole when its shown parts are taken away; never below zero. */
export function remainder(whole: MetricSeries, parts: readonly MetricSeries[]): MetricSeries {
  return {
    ...whole,
    points: whole.points.map(([at, value], index) => [
      at,
      value === null
        ? null
        : Math.max(0, value - parts.reduce((sum, part) => sum + (part.points[index]?.[1] ?? 0), 0)),
    ]),
  }
}

export function byteSeries(
  metric: 'requestBytes' | 'responseBytes' | 'tcpSentBytes' | 'tcpReceivedBytes',
  rows: readonly Series[],
  grid: ChartGrid,
): MetricSeries[] {
  const name = metric === 'requestBytes' || metric === 'tcpReceivedBytes' ? 'received' : 'sent'
  return sumSeries(metric, name, 'bytes/s', rows, grid)
}

/** Steps of a chart, both ends included, epoch milliseconds. */
export function timesOf(grid: ChartGrid): number[] {
  const times: number[] = []
  for (let at = grid.from; at <= grid.to; at += grid.stepSeconds * 1000) times.push(at)
  return times
}

/** Lines of gRPC are statuses, of HTTP classes of codes. */
export function classOf(labels: Series['labels']): { name: string; isError: boolean } {
  const protocol = labels.request_protocol === 'grpc' ? 'grpc' : 'http'
  const responseCode = labels.response_code ?? ''
  const { code, isError } = outcomeOf({
    protocol,
    responseCode,
    grpcStatus: labels.grpc_response_status ?? null,
  })
  if (code === NO_HTTP_RESPONSE && protocol === 'http') return { name: 'no response', isError }
  if (code === NO_GRPC_RESPONSE) return { name: 'no response', isError }
  if (code === '') return { name: 'code not recorded', isError }
  if (protocol === 'grpc' && code !== responseCode) {
    return { name: code === '0' ? 'grpc OK' : `grpc ${findGrpcStatusName(code) ?? code}`, isError }
  }
  return { name: `${code[0]}xx`, isError }
}

/** Sum of series on the grid; null where none of them has a point. */
function summed(rows: readonly Series[], grid: ChartGrid): [number, number | null][] {
  const sums = new Map<number, number>()
  for (const { points } of rows) {
    for (const [at, value] of points) {
      if (value !== null && Number.isFinite(value)) sums.set(at, (sums.get(at) ?? 0) + value)
    }
  }
  return timesOf(grid).map((at) => [at, sums.get(at) ?? null])
}

function zeroWhereMeasured(
  points: [number, number | null][],
  measured: [number, number | null][],
): [number, number | null][] {
  return points.map(([at, value], index) => [at, value ?? (measured[index]?.[1] == null ? null : 0)])
}

function line(
  metric: MetricSeries['metric'],
  name: string,
  unit: MetricSeries['unit'],
  points: [number, number | null][],
): MetricSeries {
  return { metric, name, unit, points }
}
