/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import type { AtModifier, RangeSelector, Selector, Subquery } from '@/lib/demo/prometheus/promql/syntax/ast'
import type { EvaluationContext } from '@/lib/demo/prometheus/promql/context'
import { lastSampleAt, sampleValue, type Series } from '@/lib/demo/prometheus/series'
import {
  checkSteps,
  emptyFrame,
  timeOfStep,
  withoutEmptyRows,
  type Frame,
  type Grid,
  type Row,
} from '@/lib/demo/prometheus/promql/frame'

/** When a selector looks, at each step: the step itself, or its `@` time, less its offset. */
function lookTimes(
  context: EvaluationContext,
  grid: Grid,
  at: AtModifier | null,
  offsetMs: number | null,
): Float64Array {
  const fixed = at === 'start' ? context.queryStartMs : at === 'end' ? context.queryEndMs : at
  return Float64Array.from(
    { length: grid.steps },
    (_, step) => (fixed ?? timeOfStep(grid, step)) - (offsetMs ?? 0),
  )
}

/**
 * The newest sample of each series within the lookback, at each step; with `asTimestamps`, when it was taken,
 * in seconds.
 */
export function selectInstants(
  context: EvaluationContext,
  selector: Selector,
  grid: Grid,
  asTimestamps = false,
): Frame {
  const { ring } = context.store
  const looks = lookTimes(context, grid, selector.at, selector.offsetMs)
  const newest = Int32Array.from(looks, (ms) => ring.endAtOrBefore(ms) - 1)
  const series = context.store.select(selector.matchers)
  const frame = emptyFrame([...series], grid.steps)
  for (let row = 0; row < series.length; row++) {
    if ((row & 1023) === 0) context.checkTime()
    const one = series[row]!
    for (let step = 0; step < grid.steps; step++) {
      const index = newest[step]!
      if (index < ring.oldest) continue
      const last = lastSampleAt(one, index)
      if (last < ring.oldest) continue
      const time = ring.timeAt(last)
      if (time < looks[step]! - context.lookbackMs) continue
      const cell = row * grid.steps + step
      frame.has[cell] = 1
      frame.values[cell] = asTimestamps ? time / 1000 : sampleValue(ring, one, last)
    }
  }
  return withoutEmptyRows(frame)
}

/** Samples of one row, rising in time; a step's window is [lo(step), hi(step)) of them. */
export interface Window {
  times: Float64Array
  values: Float64Array
  lo: (step: number) => number
  hi: (step: number) => number
}

/** A range vector at every step of a grid. */
export interface RangeSource {
  rows: readonly Row[]
  rangeMs: number
  /** where each step's window ends, epoch milliseconds */
  endsMs: Float64Array
  /** Calls back for each row; the window is only valid during the call. */
  forEach(visit: (row: number, window: Window) => void): void
}

/** Samples of stored series, both ends of the window included. */
export function selectRanges(
  context: EvaluationContext,
  { selector, rangeMs }: RangeSelector,
  grid: Grid,
): RangeSource {
  const { ring } = context.store
  const endsMs = lookTimes(context, grid, selector.at, selector.offsetMs)
  const from = ring.firstAtOrAfter(endsMs[0]! - rangeMs)
  const to = Math.max(from, ring.endAtOrBefore(endsMs.at(-1)!))
  const times = Float64Array.from({ length: to - from }, (_, at) => ring.timeAt(from + at))
  const rows = context.store.select(selector.matchers)
  const bounds = windowBounds(times, endsMs, rangeMs)
  return {
    rows,
    rangeMs,
    endsMs,
    forEach: (visit) => {
      const values = new Float64Array(times.length)
      for (let row = 0; row < rows.length; row++) {
        if ((row & 1023) === 0) context.checkTime()
        const series = rows[row]!
        if (series.earlier !== null || series.recorded !== null) {
          visit(row, sparseWindow(presentSamples(context, series, from, to), times, bounds))
          continue
        }
        const first = Math.max(from, series.born)
        const last = Math.min(to, series.end)
        if (first >= last) continue
        ring.copy(series.row, first, last, values)
        const shift = first - from
        const length = last - first
        visit(row, {
          times: shift === 0 ? times : times.subarray(shift),
          values,
          lo: (step) => Math.max(0, bounds.lo[step]! - shift),
          hi: (step) => Math.min(length, bounds.hi[step]! - shift),
        })
      }
    },
  }
}

function presentSamples(context: EvaluationContext, series: Series, from: number, to: number) {
  const { ring } = context.store
  const has = new Uint8Array(to - from)
  const values = new Float64Array(to - from)
  for (let index = from; index < to; index++) {
    if (lastSampleAt(series, index) !== index) continue
    has[index - from] = 1
    values[index - from] = sampleValue(ring, series, index)
  }
  return { has, values, base: 0 }
}

/** The values of an inner expression on its own grid, whose steps are aligned to epoch. */
export function subqueryRanges(
  context: EvaluationContext,
  subquery: Subquery,
  grid: Grid,
  evaluate: (grid: Grid) => Frame,
): RangeSource {
  const stepMs = subquery.stepMs ?? context.defaultStepMs
  const endsMs = lookTimes(context, grid, subquery.at, subquery.offsetMs)
  const earliest = endsMs[0]! - subquery.rangeMs
  const startMs = Math.ceil(earliest / stepMs) * stepMs
  const steps = Math.max(0, Math.floor((endsMs.at(-1)! - startMs) / stepMs) + 1)
  checkSteps(steps)
  const inner: Grid = { startMs, stepMs, steps }
  const frame = steps === 0 ? emptyFrame([], 0) : evaluate(inner)
  const times = Float64Array.from({ length: steps }, (_, step) => timeOfStep(inner, step))
  const bounds = windowBounds(times, endsMs, subquery.rangeMs)
  return {
    rows: frame.rows,
    rangeMs: subquery.rangeMs,
    endsMs,
    forEach: (visit) => {
      for (let row = 0; row < frame.rows.length; row++) {
        context.checkTime()
        visit(row, sparseWindow({ ...frame, base: row * steps }, times, bounds))
      }
    },
  }
}

interface Bounds {
  lo: Int32Array
  hi: Int32Array
}

/** For each step the samples within [end - range, end], by place in `times`. */
function windowBounds(times: Float64Array, endsMs: Float64Array, rangeMs: number): Bounds {
  const lo = new Int32Array(endsMs.length)
  const hi = new Int32Array(endsMs.length)
  let low = 0
  let high = 0
  for (let step = 0; step < endsMs.length; step++) {
    const end = endsMs[step]!
    while (low < times.length && times[low]! < end - rangeMs) low++
    while (high < times.length && times[high]! <= end) high++
    lo[step] = low
    hi[step] = high
  }
  return { lo, hi }
}

/** A row with holes, packed; windows are carried over by counting the samples before them. */
function sparseWindow(
  { has, values, base }: { has: Uint8Array; values: Float64Array; base: number },
  times: Float64Array,
  bounds: Bounds,
): Window {
  const before = new Int32Array(times.length + 1)
  const packedTimes = new Float64Array(times.length)
  const packedValues = new Float64Array(times.length)
  let count = 0
  for (let at = 0; at < times.length; at++) {
    if (has[base + at]) {
      packedTimes[count] = times[at]!
      packedValues[count] = values[base + at]!
      count++
    }
    before[at + 1] = count
  }
  return {
    times: packedTimes,
    values: packedValues,
    lo: (step) => before[bounds.lo[step]!]!,
    hi: (step) => before[bounds.hi[step]!]!,
  }
}
