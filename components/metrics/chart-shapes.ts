/** An answer of the metrics API as charts to draw: which, in what order, with which lines and colours. Pure. */
import type { MetricAnswer, MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import { formatBytes, formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { ABSENT, formatCount, formatNumber } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { asLine, failedShare, histogramLines, outcomeLines, together } from './copied-query'

export type ChartUnit = MetricSeries['unit'] | 'ratio'

export interface ChartLine {
  /** key of its values in the rows */
  key: string
  name: string
  /** a CSS colour */
  colour: string
  dash?: string
  isBold?: boolean
  /** a line over a stack that is no floor of it: what was before */
  isApart?: boolean
  last: number | null
  max: number | null
}

export interface ChartRow {
  at: number
  [key: string]: number | null
}

export interface ChartShape {
  id: string
  title: string
  unit: ChartUnit
  isStacked: boolean
  rows: ChartRow[]
  /** in drawing order; of a stack from the bottom up */
  lines: ChartLine[]
  /** PromQL that gives what is drawn: one expression for all lines where they can be told in one */
  queries: string[]
  /** instants worth a mark, such as a change */
  marks?: { at: number; label: string }[]
}

/** A value with its unit, as legend and tooltip show it. */
export const FORMATS: Record<ChartUnit, (value: number | null | undefined) => string> = {
  'requests/s': formatRate,
  ratio: formatRatio,
  ms: formatDuration,
  'bytes/s': formatBytesPerSecond,
  bytes: formatBytes,
  'messages/s': formatRate,
  'connections/s': formatRate,
  'events/s': formatRate,
  count: formatCount,
  cores: formatCores,
}

/** A share of processors: `0.03 cores`. */
function formatCores(cores: number | null | undefined): string {
  const text = formatNumber(cores)
  return text === ABSENT ? text : `${text} cores`
}

/**
 * The charts that have something to show, requests first. A class of codes that is absent where others were
 * measured is zero there; where nothing was measured every line has a gap.
 */
export function chartShapes(answer: Pick<MetricAnswer, 'series' | 'queries'>): ChartShape[] {
  const of = (...metrics: MetricSeries['metric'][]) =>
    answer.series.filter((series) => metrics.includes(series.metric) && isMeasured(series))
  const { queries } = answer
  const requests = of('requests')
  const charts: (ChartShape | null)[] = [
    requestChart(requests, queries.requests),
    errorChart(requests, of('errors')[0], queries.requests),
    latencyChart(of('latency'), queries),
    byteChart('bytes', 'HTTP and gRPC throughput', of('requestBytes', 'responseBytes'), {
      queries,
      names: { requestBytes: 'requests', responseBytes: 'responses' },
    }),
    byteChart('tcp', 'TCP throughput', of('tcpSentBytes', 'tcpReceivedBytes'), {
      queries,
      names: { tcpSentBytes: 'sent', tcpReceivedBytes: 'received' },
    }),
  ]
  return charts.filter((chart) => chart !== null)
}

/** Key under which a row of `drawnRows` holds what to draw of a line. */
export function drawnKey(line: Pick<ChartLine, 'key'>): string {
  return `${line.key} drawn`
}

/**
 * Rows as a stack draws them: where a line of its upper floors stays at zero it has a gap, or its edge would paint
 * the top of the line below in its own colour, red where nothing failed.
 */
export function drawnRows(chart: Pick<ChartShape, 'rows' | 'lines' | 'isStacked'>): ChartRow[] {
  const { rows, lines, isStacked } = chart
  return rows.map((row, index) => {
    const drawn: ChartRow = { ...row }
    for (const [floor, line] of lines.entries()) {
      const isFlat = [index - 1, index, index + 1].every((at) => (rows[at]?.[line.key] ?? 0) === 0)
      drawn[drawnKey(line)] =
        isStacked && floor > 0 && isFlat && !line.isApart ? null : (row[line.key] ?? null)
    }
    return drawn
  })
}

/** True for what counts as an error on the requests chart: 5xx, no response, gRPC status other than OK. */
export function isErrorClass(name: string): boolean {
  return name === '5xx' || name === 'no response' || (name.startsWith('grpc ') && name !== 'grpc OK')
}

const CLASS_COLOURS: Record<string, string> = {
  '2xx': 'var(--hd-healthy)',
  'grpc OK': 'color-mix(in srgb, var(--hd-healthy) 72%, var(--hd-accent))',
  '1xx': 'var(--hd-idle)',
  '3xx': 'color-mix(in srgb, var(--hd-accent) 70%, var(--hd-surface))',
  'code not recorded': 'var(--hd-idle)',
  '4xx': 'var(--hd-client-error)',
}
const CLASS_ORDER = ['2xx', 'grpc OK', '1xx', '3xx', 'code not recorded', '4xx']
const ERROR_COLOURS = [
  'var(--hd-failing)',
  'color-mix(in srgb, var(--hd-failing) 70%, var(--hd-text))',
  'color-mix(in srgb, var(--hd-failing) 62%, var(--hd-surface))',
  'color-mix(in srgb, var(--hd-failing) 50%, var(--hd-text))',
]

export const QUANTILE_LOOKS: Record<string, Pick<ChartLine, 'colour' | 'dash' | 'isBold'>> = {
  p50: { colour: 'color-mix(in srgb, var(--hd-accent) 72%, var(--hd-surface))', dash: '2 3' },
  p90: { colour: 'color-mix(in srgb, var(--hd-accent) 84%, var(--hd-surface))', dash: '6 3' },
  p95: { colour: 'var(--hd-accent)' },
  p99: { colour: 'color-mix(in srgb, var(--hd-accent) 72%, var(--hd-text))', isBold: true },
  average: { colour: 'var(--hd-idle-text)', dash: '8 3 2 3' },
}

function requestChart(series: readonly MetricSeries[], query: string | undefined): ChartShape | null {
  if (series.length === 0) return null
  const sorted = [...series].sort(
    (a, b) => stackRank(a.name) - stackRank(b.name) || (a.name < b.name ? -1 : 1),
  )
  const errors = sorted.filter((one) => isErrorClass(one.name)).map((one) => one.name)
  const rows = rowsOf(sorted).map((row) => {
    const isGap = sorted.every((one) => row[one.name] === null)
    if (isGap) return row
    return { ...row, ...Object.fromEntries(sorted.map((one) => [one.name, row[one.name] ?? 0])) }
  })
  const lines = sorted.map(({ name }) => ({
    key: name,
    name,
    colour:
      CLASS_COLOURS[name] ?? ERROR_COLOURS[errors.indexOf(name) % ERROR_COLOURS.length] ?? 'var(--hd-idle)',
    ...extremes(rows, name),
  }))
  const queries = together([query && outcomeLines(query)])
  return { id: 'requests', title: 'Requests', unit: 'requests/s', isStacked: true, rows, lines, queries }
}

/** Errors stand on top of the stack, where a thin red edge is still seen. */
function stackRank(name: string): number {
  const rank = CLASS_ORDER.indexOf(name)
  return rank >= 0 ? rank : isErrorClass(name) ? CLASS_ORDER.length + 1 : CLASS_ORDER.length
}

function errorChart(
  requests: readonly MetricSeries[],
  errors: MetricSeries | undefined,
  query: string | undefined,
): ChartShape | null {
  if (!errors || requests.length === 0) return null
  const totals = new Map<number, number>()
  for (const [at, value] of requests.flatMap((series) => series.points)) {
    if (value !== null) totals.set(at, (totals.get(at) ?? 0) + value)
  }
  const rows = errors.points.map(([at, value]): ChartRow => {
    const total = totals.get(at) ?? 0
    return { at, errors: value === null || total === 0 ? null : Math.min(1, value / total) }
  })
  const line = {
    key: 'errors',
    name: 'failed requests',
    colour: 'var(--hd-failing)',
    ...extremes(rows, 'errors'),
  }
  const queries = together([query && asLine(line.name, failedShare(query))])
  return { id: 'errors', title: 'Errors', unit: 'ratio', isStacked: false, rows, lines: [line], queries }
}

function latencyChart(series: readonly MetricSeries[], asked: MetricAnswer['queries']): ChartShape | null {
  if (series.length === 0) return null
  const rows = rowsOf(series)
  const lines = [...series]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name }) => ({
      key: name,
      name: quantileName(name),
      ...(QUANTILE_LOOKS[name] ?? { colour: 'var(--hd-accent)' }),
      ...extremes(rows, name),
    }))
  const queries = histogramLines(lines, {
    // the edge of two nodes keeps its protocol in the question
    buckets: asked.latencyBuckets ?? (asked.latency && `sum by (le) (${asked.latency})`),
    sum: asked.latencySum,
    count: asked.latencyCount,
  })
  return { id: 'latency', title: 'Latency', unit: 'ms', isStacked: false, rows, lines, queries }
}

/** `P99`, and words as they are. */
export function quantileName(name: string): string {
  return /^p\d+$/.test(name) ? name.toUpperCase() : name
}

function byteChart(
  id: 'bytes' | 'tcp',
  title: string,
  series: readonly MetricSeries[],
  {
    queries: asked,
    names,
  }: { queries: MetricAnswer['queries']; names: Partial<Record<MetricSeries['metric'], string>> },
): ChartShape | null {
  if (series.length === 0) return null
  const rows = rowsOf(series)
  const lines = series.map(({ metric, name }, index) => ({
    key: name,
    name: names[metric] ?? name,
    colour: index === 0 ? 'var(--hd-accent)' : 'var(--hd-idle-text)',
    ...(index === 0 ? {} : { dash: '5 3' }),
    ...extremes(rows, name),
  }))
  const queries = together(
    series.map(({ metric, name }) => {
      const query = asked[metric]
      return query && asLine(names[metric] ?? name, `sum by () (${query})`)
    }),
  )
  return { id, title, unit: 'bytes/s', isStacked: false, rows, lines, queries }
}

/** One row per instant with a value for each line; series of one answer share their grid. */
export function rowsOf(series: readonly MetricSeries[]): ChartRow[] {
  const rows = new Map<number, ChartRow>()
  for (const { name, points } of series) {
    for (const [at, value] of points) {
      let row = rows.get(at)
      if (!row) rows.set(at, (row = { at }))
      row[name] = value
    }
  }
  const keys = series.map((one) => one.name)
  return [...rows.values()]
    .sort((a, b) => a.at - b.at)
    .map((row) => ({ ...row, ...Object.fromEntries(keys.map((key) => [key, row[key] ?? null])) }))
}

/** What was measured longer before the end of a chart, or two of its steps, is no value of its end. */
const LAST_MS = 60_000

/** The largest value, and the one at the end: null where nothing was measured, or lately nothing. */
export function extremes(
  rows: readonly ChartRow[],
  key: string,
): { last: number | null; max: number | null } {
  let last: number | null = null
  let max: number | null = null
  const end = rows.at(-1)?.at ?? 0
  const grace = Math.max(LAST_MS, 2 * (end - (rows.at(-2)?.at ?? end)))
  for (const row of rows) {
    const value = row[key] ?? null
    if (value === null) continue
    if (end - row.at <= grace) last = value
    if (max === null || value > max) max = value
  }
  return { last, max }
}

export function isMeasured(series: MetricSeries): boolean {
  return series.points.some(([, value]) => value !== null)
}
