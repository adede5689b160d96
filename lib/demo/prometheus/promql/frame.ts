/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { labelKey, type LabelSet } from '@/lib/demo/prometheus/label-set'
import { PromqlExecutionError } from '@/lib/demo/prometheus/promql/syntax/errors'

/** Evaluation instants: `steps` of them, `stepMs` apart. An instant query has one. */
export interface Grid {
  startMs: number
  stepMs: number
  steps: number
}

export function timeOfStep(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs
}

export interface Row {
  /** '' once an operation dropped the name */
  readonly metric: string
  readonly labels: LabelSet
}

/**
 * An instant vector at every step of a grid: row `r` at step `s` is `values[r * steps + s]`, there only where
 * `has` is 1. NaN is a value like any other.
 */
export interface Frame {
  rows: readonly Row[]
  steps: number
  values: Float64Array
  has: Uint8Array
}

/** Prometheus refuses at 50 M samples; a cell here is what a sample is there. */
const LARGEST_FRAME = 50_000_000

/** Steps of a subquery: times are laid out before any sample is read. */
const MOST_STEPS = 10_000_000

export const TOO_MANY_SAMPLES = 'query processing would load too many samples into memory in query execution'

/** Throws where a grid would have more steps than are worth trying. */
export function checkSteps(steps: number): void {
  if (steps > MOST_STEPS) throw new PromqlExecutionError(TOO_MANY_SAMPLES)
}

export function emptyFrame(rows: readonly Row[], steps: number): Frame {
  const cells = rows.length * steps
  if (cells > LARGEST_FRAME) {
    throw new PromqlExecutionError(TOO_MANY_SAMPLES)
  }
  return { rows, steps, values: new Float64Array(cells), has: new Uint8Array(cells) }
}

export function nameless(row: Row): Row {
  return row.metric === '' ? row : { metric: '', labels: row.labels }
}

/** The frame without rows that have no sample at any step. */
export function withoutEmptyRows(frame: Frame): Frame {
  const { rows, steps, has, values } = frame
  const kept: number[] = []
  for (let row = 0; row < rows.length; row++) {
    const end = (row + 1) * steps
    for (let cell = row * steps; cell < end; cell++) {
      if (has[cell]) {
        kept.push(row)
        break
      }
    }
  }
  if (kept.length === rows.length) return frame
  const out = emptyFrame(
    kept.map((row) => rows[row]!),
    steps,
  )
  kept.forEach((row, at) => {
    out.values.set(values.subarray(row * steps, (row + 1) * steps), at * steps)
    out.has.set(has.subarray(row * steps, (row + 1) * steps), at * steps)
  })
  return out
}

export const SAME_LABELSET = 'vector cannot contain metrics with the same labelset'

/**
 * Rows of equal labels made one: after an operation that changes labels, a series may come from one row at one
 * step and from another at the next. Two at the same step are an error.
 */
export function mergeEqualRows(frame: Frame, conflict = SAME_LABELSET): Frame {
  const { steps } = frame
  const firstOf = new Map<string, number>()
  const target = new Int32Array(frame.rows.length)
  const rows: Row[] = []
  frame.rows.forEach((row, at) => {
    const key = labelKey(row.metric, row.labels)
    let first = firstOf.get(key)
    if (first === undefined) {
      firstOf.set(key, (first = rows.length))
      rows.push(row)
    }
    target[at] = first
  })
  if (rows.length === frame.rows.length) return frame
  const out = emptyFrame(rows, steps)
  for (let row = 0; row < frame.rows.length; row++) {
    for (let step = 0; step < steps; step++) {
      if (!frame.has[row * steps + step]) continue
      const cell = target[row]! * steps + step
      if (out.has[cell]) throw new PromqlExecutionError(conflict)
      out.has[cell] = 1
      out.values[cell] = frame.values[row * steps + step]!
    }
  }
  return out
}

/** The frame with names dropped; rows that become equal are merged or refused. */
export function dropNames(frame: Frame): Frame {
  const renamed = { ...frame, rows: frame.rows.map(nameless) }
  return hasSeveralNames(frame.rows) ? mergeEqualRows(renamed) : renamed
}

/** Whether dropping names could make two rows equal. */
export function hasSeveralNames(rows: readonly Row[]): boolean {
  return rows.some((row) => row.metric !== rows[0]!.metric)
}
