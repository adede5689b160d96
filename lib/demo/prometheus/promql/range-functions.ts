/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { PromqlExecutionError } from '@/lib/demo/prometheus/promql/syntax/errors'
import {
  emptyFrame,
  hasSeveralNames,
  nameless,
  SAME_LABELSET,
  timeOfStep,
  withoutEmptyRows,
} from '@/lib/demo/prometheus/promql/frame'
import type { Frame, Grid } from '@/lib/demo/prometheus/promql/frame'
import { labelKey } from '@/lib/demo/prometheus/label-set'
import { quantileOf } from '@/lib/demo/prometheus/promql/quantile'
import type { RangeSource } from '@/lib/demo/prometheus/promql/selectors'

/** One window of samples: `times` in milliseconds, `lo` up to, not including, `hi`. */
export interface Samples {
  times: Float64Array
  values: Float64Array
  lo: number
  hi: number
  /** ends of the window itself, milliseconds */
  startMs: number
  endMs: number
  /** the evaluation instant, which an offset moves the window away from */
  stepMs: number
  /** the function's scalar argument at this step */
  param: number
}

export interface RangeFunction {
  /** windows with fewer samples have no answer */
  least: 1 | 2
  of: (samples: Samples) => number
  keepsName?: true
}

/** Applies a function to every window of every row. */
export function overRanges(
  source: RangeSource,
  grid: Grid,
  fn: RangeFunction,
  params: Float64Array | null,
): Frame {
  const { steps } = grid
  const frame = emptyFrame(fn.keepsName ? source.rows : source.rows.map(nameless), steps)
  const samples: Samples = {
    times: new Float64Array(0),
    values: new Float64Array(0),
    lo: 0,
    hi: 0,
    startMs: 0,
    endMs: 0,
    stepMs: 0,
    param: NaN,
  }
  source.forEach((row, window) => {
    samples.times = window.times
    samples.values = window.values
    for (let step = 0; step < steps; step++) {
      samples.lo = window.lo(step)
      samples.hi = window.hi(step)
      if (samples.hi - samples.lo < fn.least) continue
      samples.endMs = source.endsMs[step]!
      samples.startMs = samples.endMs - source.rangeMs
      samples.stepMs = timeOfStep(grid, step)
      if (params) samples.param = params[step]!
      const cell = row * steps + step
      frame.has[cell] = 1
      frame.values[cell] = fn.of(samples)
    }
  })
  const found = withoutEmptyRows(frame)
  if (!fn.keepsName && hasSeveralNames(source.rows)) refuseEqualRows(found)
  return found
}

/** Unlike elsewhere, two series may not become one even when they are never there at the same step. */
function refuseEqualRows({ rows }: Frame): void {
  if (new Set(rows.map(({ metric, labels }) => labelKey(metric, labels))).size < rows.length) {
    throw new PromqlExecutionError(SAME_LABELSET)
  }
}

/**
 * rate, increase and delta: the difference between the first and the last sample, stretched to the window's ends
 * where the samples reach near them (within 1.1 average intervals; otherwise by half an interval), a counter
 * never below zero. Rule: https://prometheus.io/docs/prometheus/2.42/querying/functions/#rate and #increase
 */
function extrapolated(samples: Samples, isCounter: boolean, isRate: boolean): number {
  const { times, values, lo, hi, startMs, endMs } = samples
  const first = values[lo]!
  let difference = values[hi - 1]! - first
  if (isCounter) {
    let previous = first
    for (let at = lo + 1; at < hi; at++) {
      const value = values[at]!
      if (value < previous) difference += previous
      previous = value
    }
  }
  let toStart = (times[lo]! - startMs) / 1000
  const toEnd = (endMs - times[hi - 1]!) / 1000
  const sampled = (times[hi - 1]! - times[lo]!) / 1000
  const average = sampled / (hi - lo - 1)
  if (isCounter && difference > 0 && first >= 0) {
    toStart = Math.min(toStart, sampled * (first / difference))
  }
  const near = average * 1.1
  const covered = sampled + (toStart < near ? toStart : average / 2) + (toEnd < near ? toEnd : average / 2)
  let factor = covered / sampled
  if (isRate) factor /= (endMs - startMs) / 1000
  return difference * factor
}

/** irate and idelta: the last two samples alone. */
function lastTwo({ times, values, hi }: Samples, isRate: boolean): number {
  const last = values[hi - 1]!
  const before = values[hi - 2]!
  const difference = isRate && last < before ? last : last - before
  return isRate ? difference / ((times[hi - 1]! - times[hi - 2]!) / 1000) : difference
}

/** Least squares through the samples, times counted from `originMs`. */
function regression(
  { times, values, lo, hi }: Samples,
  originMs: number,
): { slope: number; intercept: number } {
  const count = hi - lo
  let isConstant = true
  let sumX = 0
  let sumY = 0
  let sumXY = 0
  let sumXX = 0
  for (let at = lo; at < hi; at++) {
    const x = (times[at]! - originMs) / 1000
    const y = values[at]!
    if (y !== values[lo]!) isConstant = false
    sumX += x
    sumY += y
    sumXY += x * y
    sumXX += x * x
  }
  if (isConstant) {
    const value = values[lo]!
    return Number.isFinite(value) ? { slope: 0, intercept: value } : { slope: NaN, intercept: NaN }
  }
  const slope = (sumXY - (sumX * sumY) / count) / (sumXX - (sumX * sumX) / count)
  return { slope, intercept: sumY / count - (slope * sumX) / count }
}

/** Running mean that stays within the values' range and keeps infinities. */
function mean({ values, lo, hi }: Samples): number {
  let average = 0
  for (let at = lo; at < hi; at++) {
    const value = values[at]!
    const count = at - lo + 1
    if (!Number.isFinite(average) && !Number.isNaN(average)) {
      if (value === average) continue
      if (Number.isFinite(value)) continue
    }
    average += value / count - average / count
  }
  return average
}

/** Neumaier's compensated sum, which Prometheus uses here too. */
function sum({ values, lo, hi }: Samples): number {
  let total = 0
  let lost = 0
  for (let at = lo; at < hi; at++) {
    const value = values[at]!
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}

function variance({ values, lo, hi }: Samples): number {
  let average = 0
  let squares = 0
  for (let at = lo; at < hi; at++) {
    const delta = values[at]! - average
    average += delta / (at - lo + 1)
    squares += delta * (values[at]! - average)
  }
  return squares / (hi - lo)
}

/** The extreme one, NaN only where there is nothing else. */
function extreme({ values, lo, hi }: Samples, beats: (a: number, b: number) => boolean): number {
  let best = values[lo]!
  for (let at = lo + 1; at < hi; at++) {
    if (Number.isNaN(best) || beats(values[at]!, best)) best = values[at]!
  }
  return best
}

function countSteps({ values, lo, hi }: Samples, counts: (before: number, after: number) => boolean): number {
  let count = 0
  for (let at = lo + 1; at < hi; at++) {
    if (counts(values[at - 1]!, values[at]!)) count++
  }
  return count
}

export const RANGE_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  rate: { least: 2, of: (samples) => extrapolated(samples, true, true) },
  increase: { least: 2, of: (samples) => extrapolated(samples, true, false) },
  delta: { least: 2, of: (samples) => extrapolated(samples, false, false) },
  irate: { least: 2, of: (samples) => lastTwo(samples, true) },
  idelta: { least: 2, of: (samples) => lastTwo(samples, false) },
  deriv: { least: 2, of: (samples) => regression(samples, samples.times[samples.lo]!).slope },
  predict_linear: {
    least: 2,
    of: (samples) => {
      const { slope, intercept } = regression(samples, samples.stepMs)
      return slope * samples.param + intercept
    },
  },
  changes: {
    least: 1,
    of: (samples) => countSteps(samples, (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b))),
  },
  resets: { least: 1, of: (samples) => countSteps(samples, (a, b) => b < a) },
  avg_over_time: { least: 1, of: mean },
  sum_over_time: { least: 1, of: sum },
  min_over_time: { least: 1, of: (samples) => extreme(samples, (a, b) => a < b) },
  max_over_time: { least: 1, of: (samples) => extreme(samples, (a, b) => a > b) },
  count_over_time: { least: 1, of: ({ lo, hi }) => hi - lo },
  stdvar_over_time: { least: 1, of: variance },
  stddev_over_time: { least: 1, of: (samples) => Math.sqrt(variance(samples)) },
  quantile_over_time: {
    least: 1,
    of: ({ values, lo, hi, param }) => quantileOf(param, [...values.subarray(lo, hi)]),
  },
  last_over_time: { least: 1, of: ({ values, hi }) => values[hi - 1]!, keepsName: true },
  present_over_time: { least: 1, of: () => 1 },
}
