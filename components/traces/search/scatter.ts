/** Traces as points over time. Pure. */
import type { Heatmap } from '@/lib/api/schemas/telemetry/metrics'
import type { TraceSummary } from '@/lib/api/schemas/telemetry/traces'

export interface ScatterPoint {
  id: string
  atMs: number
  durationMs: number
  hasError: boolean
  spans: number | null
  words: string
}

/** Time in the asked node where one was asked for, else of the whole trace: what is compared with what is usual. */
export function scatterPoints(items: readonly TraceSummary[]): ScatterPoint[] {
  return items.map((trace) => ({
    id: trace.id,
    atMs: trace.startMs,
    durationMs: trace.node?.durationMs ?? trace.durationMs,
    hasError: trace.node ? trace.node.hasError : trace.hasError,
    spans: trace.spans,
    words: `${trace.rootOperation || 'unnamed operation'} of ${trace.rootService}`,
  }))
}

/** A power-of-ten scale that holds all values; durations spread over orders of magnitude. */
export function durationScale(values: readonly number[]): { low: number; high: number; marks: number[] } {
  const positive = values.filter((value) => value > 0)
  const low = 10 ** Math.floor(Math.log10(Math.min(1, ...positive)))
  const top = Math.max(10, ...positive)
  const high = 10 ** Math.ceil(Math.log10(top))
  const from = positive.length === 0 ? 1 : 10 ** Math.floor(Math.log10(Math.min(...positive)))
  const least = Math.max(low, from)
  const marks: number[] = []
  for (let mark = least; mark <= high * 1.001; mark *= 10) marks.push(mark)
  return { low: least, high, marks }
}

/** Where a value stands on the scale, 0 at its foot; what lies below is put on it. */
export function placeOn({ low, high }: { low: number; high: number }, value: number): number {
  if (!(value > low)) return 0
  return Math.min(1, Math.log(value / low) / Math.log(high / low))
}

/** The middle of a series' values, so that one spike does not make the usual; null without values. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b)
  return known[Math.floor(known.length / 2)] ?? null
}

/** How many of the points lie above what 99 of 100 requests stay below. */
export function countSlow(points: readonly ScatterPoint[], p99: number | null): number | null {
  return p99 === null ? null : points.filter((point) => point.durationMs > p99).length
}

export interface HeatFrame {
  from: number
  to: number
  /** pixels */
  left: number
  across: number
  x: (atMs: number) => number
  y: (durationMs: number) => number
  scale: { low: number; high: number }
}

/** Where a field of a heat map lies on a plot, cut at its edges; null for what lies outside. */
export function heatCell(
  { columns, boundsMs, fromMs }: Heatmap,
  { from, to, left, across, x, y, scale }: HeatFrame,
  column: number,
  row: number,
): { left: number; top: number; width: number; height: number } | null {
  const end = columns[column]?.[0]
  if (end === undefined) return null
  const step = (columns[1]?.[0] ?? 0) - (columns[0]?.[0] ?? 0) || to - from
  const shortest = row === 0 ? fromMs : (boundsMs[row - 1] ?? fromMs)
  const longest = boundsMs[row] ?? scale.high
  if (end <= from || end - step >= to || longest <= scale.low || shortest >= scale.high) return null
  const [begins, ends] = [Math.max(left, x(end - step)), Math.min(left + across, x(end))]
  const [top, foot] = [y(longest), y(shortest)]
  return { left: begins, top, width: Math.max(0.5, ends - begins), height: Math.max(1, foot - top) }
}
