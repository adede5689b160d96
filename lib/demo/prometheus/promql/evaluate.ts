import { itemAt } from '@/lib/demo/item-at'
import { aggregate, compareNanLast, countValues, pickRows } from '@/lib/demo/prometheus/promql/aggregate'
import {
  unwrapped,
  type Aggregate,
  type Binary,
  type Call,
  type Expr,
} from '@/lib/demo/prometheus/promql/syntax/ast'
import { scalarBinary, vectorScalar, vectorVector } from '@/lib/demo/prometheus/promql/binary'
import { typeOf } from '@/lib/demo/prometheus/promql/syntax/check'
import type { EvaluationContext } from '@/lib/demo/prometheus/promql/context'
import {
  emptyFrame,
  timeOfStep,
  withoutEmptyRows,
  type Frame,
  type Grid,
} from '@/lib/demo/prometheus/promql/frame'
import { DATE_FUNCTIONS } from '@/lib/demo/prometheus/promql/functions/dates'
import { histogramQuantile } from '@/lib/demo/prometheus/promql/functions/histogram-quantile'
import { joinLabels, labelsOfAbsent, replaceLabel } from '@/lib/demo/prometheus/promql/functions/labels'
import {
  VALUE_FUNCTIONS,
  clamp,
  clampMax,
  clampMin,
  mapFrame,
  round,
} from '@/lib/demo/prometheus/promql/functions/math'
import { groupRows } from '@/lib/demo/prometheus/promql/grouping'
import { EMPTY_LABELS, type LabelSet } from '@/lib/demo/prometheus/label-set'
import { RANGE_FUNCTIONS, overRanges } from '@/lib/demo/prometheus/promql/range-functions'
import {
  selectInstants,
  selectRanges,
  subqueryRanges,
  type RangeSource,
} from '@/lib/demo/prometheus/promql/selectors'

/** A checked expression of type scalar, at every step. */
export function evaluateScalar(context: EvaluationContext, expr: Expr, grid: Grid): Float64Array {
  switch (expr.kind) {
    case 'number':
      return new Float64Array(grid.steps).fill(expr.value)
    case 'paren':
      return evaluateScalar(context, expr.expr, grid)
    case 'unary': {
      const values = evaluateScalar(context, expr.expr, grid)
      return expr.op === '-' ? values.map((value) => -value) : values
    }
    case 'binary':
      return scalarBinary(
        expr.op,
        evaluateScalar(context, expr.lhs, grid),
        evaluateScalar(context, expr.rhs, grid),
      )
    case 'call':
      switch (expr.name) {
        case 'time':
          return stepTimes(grid)
        case 'pi':
          return new Float64Array(grid.steps).fill(Math.PI)
        case 'scalar':
          return onlyValues(evaluateVector(context, itemAt(expr.args, 0), grid))
      }
  }
  throw new Error(`${expr.kind} is not a scalar`)
}

function stepTimes(grid: Grid): Float64Array {
  return Float64Array.from({ length: grid.steps }, (_, step) => timeOfStep(grid, step) / 1000)
}

/** The value where the vector has exactly one, NaN elsewhere. */
function onlyValues({ rows, steps, has, values }: Frame): Float64Array {
  const out = new Float64Array(steps).fill(NaN)
  const counts = new Int32Array(steps)
  for (let cell = 0; cell < rows.length * steps; cell++) {
    if (!has[cell]) continue
    const step = cell % steps
    counts[step] = (counts[step] ?? 0) + 1
    out[step] = counts[step] === 1 ? (values[cell] ?? NaN) : NaN
  }
  return out
}

/** A checked expression of type instant vector, at every step. */
export function evaluateVector(context: EvaluationContext, expr: Expr, grid: Grid): Frame {
  context.checkTime()
  switch (expr.kind) {
    case 'selector':
      return selectInstants(context, expr, grid)
    case 'paren':
      return evaluateVector(context, expr.expr, grid)
    case 'unary': {
      const frame = evaluateVector(context, expr.expr, grid)
      return expr.op === '-' ? mapFrame(frame, (value) => -value) : frame
    }
    case 'aggregate':
      return evaluateAggregate(context, expr, grid)
    case 'binary':
      return evaluateBinary(context, expr, grid)
    case 'call':
      return evaluateCall(context, expr, grid)
    default:
      throw new Error(`${expr.kind} is not an instant vector`)
  }
}

/** A checked expression of type range vector. */
export function evaluateRange(context: EvaluationContext, expr: Expr, grid: Grid): RangeSource {
  switch (expr.kind) {
    case 'range':
      return selectRanges(context, expr, grid)
    case 'subquery':
      return subqueryRanges(context, expr, grid, (inner) => evaluateVector(context, expr.expr, inner))
    case 'paren':
      return evaluateRange(context, expr.expr, grid)
    default:
      throw new Error(`${expr.kind} is not a range vector`)
  }
}

function textOf(expr: Expr): string {
  const inner = unwrapped(expr)
  if (inner.kind !== 'string') throw new Error(`${inner.kind} is not a string`)
  return inner.value
}

function evaluateAggregate(context: EvaluationContext, expr: Aggregate, grid: Grid): Frame {
  const frame = evaluateVector(context, expr.expr, grid)
  const grouped = groupRows(frame.rows, context.groupers.get(expr.grouping, expr.without))
  if (expr.op === 'count_values') {
    const label = expr.param ? textOf(expr.param) : ''
    return countValues(frame, grouped, label, expr.without && expr.grouping.includes(label))
  }
  const params = expr.param ? evaluateScalar(context, expr.param, grid) : null
  return aggregate(frame, grouped, expr.op, params)
}

function evaluateBinary(context: EvaluationContext, expr: Binary, grid: Grid): Frame {
  if (typeOf(expr.lhs) === 'scalar') {
    const scalar = evaluateScalar(context, expr.lhs, grid)
    return vectorScalar(expr.op, evaluateVector(context, expr.rhs, grid), scalar, true, expr.isBool)
  }
  const lhs = evaluateVector(context, expr.lhs, grid)
  if (typeOf(expr.rhs) === 'scalar') {
    return vectorScalar(expr.op, lhs, evaluateScalar(context, expr.rhs, grid), false, expr.isBool)
  }
  const rhs = evaluateVector(context, expr.rhs, grid)
  return withoutEmptyRows(vectorVector(context, expr.op, lhs, rhs, expr.isBool, expr.matching))
}

function evaluateCall(context: EvaluationContext, { name, args }: Call, grid: Grid): Frame {
  const overRange = RANGE_FUNCTIONS[name]
  if (overRange) {
    const source = itemAt(
      args.filter((arg) => typeOf(arg) === 'matrix'),
      0,
    )
    const param = args.find((arg) => typeOf(arg) === 'scalar')
    const params = param ? evaluateScalar(context, param, grid) : null
    return overRanges(evaluateRange(context, source, grid), grid, overRange, params)
  }
  const vector = () => evaluateVector(context, itemAt(args, 0), grid)
  const scalar = (at: number) => evaluateScalar(context, itemAt(args, at), grid)
  const ofValue = VALUE_FUNCTIONS[name]
  if (ofValue) return mapFrame(vector(), ofValue)
  const ofDate = DATE_FUNCTIONS[name]
  if (ofDate) return mapFrame(args.length > 0 ? vector() : single(stepTimes(grid)), ofDate)
  switch (name) {
    case 'absent':
      return absent(vector(), absentLabels(itemAt(args, 0)))
    case 'absent_over_time': {
      const source = evaluateRange(context, itemAt(args, 0), grid)
      const present = overRanges(source, grid, { least: 1, of: () => 1, keepsName: true }, null)
      return absent(present, absentLabels(itemAt(args, 0)))
    }
    case 'clamp':
      return withoutEmptyRows(clamp(vector(), scalar(1), scalar(2)))
    case 'clamp_max':
      return clampMax(vector(), scalar(1))
    case 'clamp_min':
      return clampMin(vector(), scalar(1))
    case 'histogram_quantile':
      return histogramQuantile(
        scalar(0),
        evaluateVector(context, itemAt(args, 1), grid),
        context.groupers.get(['le'], true),
      )
    case 'label_join':
      return joinLabels(vector(), textOf(itemAt(args, 1)), textOf(itemAt(args, 2)), args.slice(3).map(textOf))
    case 'label_replace':
      return replaceLabel(
        vector(),
        textOf(itemAt(args, 1)),
        textOf(itemAt(args, 2)),
        textOf(itemAt(args, 3)),
        textOf(itemAt(args, 4)),
      )
    case 'round':
      return round(vector(), args.length > 1 ? scalar(1) : null)
    case 'sort':
    case 'sort_desc':
      return sorted(vector(), name === 'sort_desc')
    case 'timestamp':
      return timestamps(context, itemAt(args, 0), grid)
    case 'vector':
      return single(scalar(0))
    default:
      throw new Error(`${name} has a signature and no evaluation`)
  }
}

/** One row without labels. */
function single(values: Float64Array): Frame {
  return {
    rows: [{ metric: '', labels: EMPTY_LABELS }],
    steps: values.length,
    values,
    has: new Uint8Array(values.length).fill(1),
  }
}

function absentLabels(expr: Expr): LabelSet {
  if (expr.kind === 'selector') return labelsOfAbsent(expr.matchers)
  return expr.kind === 'range' ? labelsOfAbsent(expr.selector.matchers) : EMPTY_LABELS
}

/** 1 wherever the frame has nothing. */
function absent({ rows, steps, has }: Frame, labels: LabelSet): Frame {
  const out = emptyFrame([{ metric: '', labels }], steps)
  out.has.fill(1)
  out.values.fill(1)
  for (let cell = 0; cell < rows.length * steps; cell++) {
    if (has[cell]) out.has[cell % steps] = 0
  }
  return withoutEmptyRows(out)
}

/** By value, NaN last. A range keeps its order: its series are sorted by labels in the answer. */
function sorted(frame: Frame, descending: boolean): Frame {
  if (frame.steps !== 1) return frame
  const order = [...frame.rows.keys()].sort((a, b) =>
    compareNanLast(frame.values[a] ?? NaN, frame.values[b] ?? NaN, descending),
  )
  return pickRows(frame, order)
}

/** When each sample was taken: of a selector, its own time; of anything computed, the time of the step. */
function timestamps(context: EvaluationContext, arg: Expr, grid: Grid): Frame {
  const selector = unwrapped(arg)
  if (selector.kind === 'selector') {
    return mapFrame(selectInstants(context, selector, grid, true), (seconds) => seconds)
  }
  const times = stepTimes(grid)
  return mapFrame(evaluateVector(context, arg, grid), (_, step) => times[step] ?? NaN)
}
