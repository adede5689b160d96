/** Range answers of the chart queries as lines of a chart. */
import type { MetricSeries } from '@/lib/api/schemas/metrics'
import type { Series } from '../decode'
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
  if (rows.length === 0) return []
  const bounds = new Map<number, Series[]>()
  for (const row of rows) {
    const le = row.labels.le === '+Inf' ? Infinity : Number(row.labels.le)
    if (Number.isNaN(le)) continue
    const same = bounds.get(le)
    if (same) same.push(row)
    else bounds.set(le, [row])
  }
  const columns = [...bounds].sort(([a], [b]) => a - b).map(([le, of]) => ({ le, points: summed(of, grid) }))
  const histogramBounds = columns.map((column) => column.le)
  return QUANTILES.map(({ name, q }) =>
    line(
      'latency',
      name,
      'ms',
      timesOf(grid).map((at, index) => {
        const counts = columns.map((column) => column.points[index]?.[1] ?? 0)
        return [at, quantileOf({ bounds: histogramBounds, counts }, q)]
      }),
    ),
  )
}

export function byteSeries(
  metric: 'requestBytes' | 'responseBytes' | 'tcpSentBytes' | 'tcpReceivedBytes',
  rows: readonly Series[],
  grid: ChartGrid,
): MetricSeries[] {
  const name = metric === 'requestBytes' || metric === 'tcpReceivedBytes' ? 'received' : 'sent'
  return rows.length === 0 ? [] : [line(metric, name, 'bytes/s', summed(rows, grid))]
}

/** Steps of a chart, both ends included, epoch milliseconds. */
export function timesOf(grid: ChartGrid): number[] {
  const times: number[] = []
  for (let at = grid.from; at <= grid.to; at += grid.stepSeconds * 1000) times.push(at)
  return times
}

/** Lines of gRPC are statuses, of HTTP classes of codes. */
function classOf(labels: Series['labels']): { name: string; isError: boolean } {
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
