/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { comparePairs, sortedPairs } from '@/lib/demo/prometheus/label-set'
import type { MetricStore } from '@/lib/demo/prometheus/metric-store'
import type { Expr, StringText } from '@/lib/demo/prometheus/promql/syntax/ast'
import { unwrapped } from '@/lib/demo/prometheus/promql/syntax/ast'
import { typeOf } from '@/lib/demo/prometheus/promql/syntax/check'
import { GrouperCache, type EvaluationContext } from '@/lib/demo/prometheus/promql/context'
import { evaluateRange, evaluateScalar, evaluateVector } from '@/lib/demo/prometheus/promql/evaluate'
import { timeOfStep, type Frame, type Grid, type Row } from '@/lib/demo/prometheus/promql/frame'
import { SAME_LABELSET } from '@/lib/demo/prometheus/promql/frame'
import { PromqlExecutionError } from '@/lib/demo/prometheus/promql/syntax/errors'

export interface Point {
  atMs: number
  value: number
}

export type QueryResult =
  | { type: 'vector'; atMs: number; samples: { row: Row; value: number }[] }
  | { type: 'matrix'; series: { row: Row; points: Point[] }[] }
  | { type: 'scalar'; atMs: number; value: number }
  | { type: 'string'; atMs: number; value: string }

export interface QueryEngineOptions {
  store: MetricStore
  /** how far back an instant selector looks (Prometheus: 5 minutes) */
  lookbackMs?: number
  /** step of subqueries that name none (Prometheus: the evaluation interval, 1 minute) */
  defaultStepMs?: number
}

export interface QueryOptions {
  lookbackMs?: number
  checkTime?: () => void
}

export interface QueryEngine {
  instant(expr: Expr, atMs: number, options?: QueryOptions): QueryResult
  /** `expr` must be a scalar or an instant vector; both ends included. */
  range(expr: Expr, startMs: number, endMs: number, stepMs: number, options?: QueryOptions): QueryResult
}

/** Evaluates checked expressions over a store. Throws PromqlExecutionError and PromqlTimeoutError. */
export function createQueryEngine(engine: QueryEngineOptions): QueryEngine {
  const groupers = new GrouperCache()
  const contextOf = (startMs: number, endMs: number, options: QueryOptions): EvaluationContext => ({
    store: engine.store,
    lookbackMs: options.lookbackMs ?? engine.lookbackMs ?? 300_000,
    defaultStepMs: engine.defaultStepMs ?? 60_000,
    queryStartMs: startMs,
    queryEndMs: endMs,
    groupers,
    checkTime: options.checkTime ?? (() => {}),
  })
  return {
    instant: (expr, atMs, options = {}) => {
      const context = contextOf(atMs, atMs, options)
      const grid: Grid = { startMs: atMs, stepMs: 1, steps: 1 }
      switch (typeOf(expr)) {
        case 'string':
          return { type: 'string', atMs, value: (unwrapped(expr) as StringText).value }
        case 'scalar':
          return { type: 'scalar', atMs, value: evaluateScalar(context, expr, grid)[0]! }
        case 'matrix':
          return windowsOf(context, expr, grid)
        case 'vector':
          return vectorOf(evaluateVector(context, expr, grid), atMs)
      }
    },
    range: (expr, startMs, endMs, stepMs, options = {}) => {
      const context = contextOf(startMs, endMs, options)
      const grid: Grid = { startMs, stepMs, steps: Math.floor((endMs - startMs) / stepMs) + 1 }
      if (typeOf(expr) === 'vector') return matrixOf(evaluateVector(context, expr, grid), grid)
      const values = evaluateScalar(context, expr, grid)
      const points = [...values].map((value, step) => ({ atMs: timeOfStep(grid, step), value }))
      return {
        type: 'matrix',
        series: [{ row: { metric: '', labels: { names: [], values: [], id: -1 } }, points }],
      }
    },
  }
}

function vectorOf(frame: Frame, atMs: number): QueryResult {
  const samples: { row: Row; value: number }[] = []
  frame.rows.forEach((row, at) => {
    if (frame.has[at]) samples.push({ row, value: frame.values[at]! })
  })
  return { type: 'vector', atMs, samples }
}

function matrixOf({ rows, steps, has, values }: Frame, grid: Grid): QueryResult {
  const series: { row: Row; points: Point[] }[] = []
  rows.forEach((row, at) => {
    const points: Point[] = []
    for (let step = 0, cell = at * steps; step < steps; step++, cell++) {
      if (has[cell]) points.push({ atMs: timeOfStep(grid, step), value: values[cell]! })
    }
    if (points.length > 0) series.push({ row, points })
  })
  return { type: 'matrix', series: inLabelOrder(series) }
}

/** A range vector asked for as it is: the samples of each window. */
function windowsOf(context: EvaluationContext, expr: Expr, grid: Grid): QueryResult {
  const source = evaluateRange(context, expr, grid)
  const series: { row: Row; points: Point[] }[] = []
  source.forEach((row, { times, values, lo, hi }) => {
    const points: Point[] = []
    for (let at = lo(0); at < hi(0); at++) points.push({ atMs: times[at]!, value: values[at]! })
    if (points.length > 0) series.push({ row: source.rows[row]!, points })
  })
  return { type: 'matrix', series: inLabelOrder(series) }
}

function inLabelOrder<T extends { row: Row }>(series: T[]): T[] {
  const keyed = series.map((one) => ({ one, pairs: sortedPairs(one.row.metric, one.row.labels) }))
  keyed.sort((a, b) => comparePairs(a.pairs, b.pairs))
  for (let i = 1; i < keyed.length; i++) {
    if (comparePairs(keyed[i - 1]!.pairs, keyed[i]!.pairs) === 0)
      throw new PromqlExecutionError(SAME_LABELSET)
  }
  return keyed.map(({ one }) => one)
}
