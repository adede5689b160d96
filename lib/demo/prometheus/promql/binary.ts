/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { METRIC_NAME, filterLabels, labelValue, withLabel } from '@/lib/demo/prometheus/label-set'
import {
  isComparison,
  isSetOperator,
  type BinaryOperator,
  type Matching,
} from '@/lib/demo/prometheus/promql/syntax/ast'
import type { EvaluationContext } from '@/lib/demo/prometheus/promql/context'
import { PromqlExecutionError } from '@/lib/demo/prometheus/promql/syntax/errors'
import {
  dropNames,
  emptyFrame,
  hasSeveralNames,
  mergeEqualRows,
  nameless,
  withoutEmptyRows,
  type Frame,
  type Row,
} from '@/lib/demo/prometheus/promql/frame'
import { formatRow } from '@/lib/demo/prometheus/promql/format-row'
import type { Grouper } from '@/lib/demo/prometheus/promql/grouping'

/** Go's math.Pow where JavaScript's differs: 1 to any power, and -1 to an infinite one, is 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}

export function arithmetic(op: BinaryOperator, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '^':
      return power(a, b)
    case 'atan2':
      return Math.atan2(a, b)
    default:
      throw new Error(`${op} is not arithmetic`)
  }
}

export function compare(op: BinaryOperator, a: number, b: number): boolean {
  switch (op) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '>':
      return a > b
    case '<':
      return a < b
    case '>=':
      return a >= b
    case '<=':
      return a <= b
    default:
      throw new Error(`${op} does not compare`)
  }
}

/** Comparisons keep the name, and so does `atan2` in 2.42, whatever its documentation says. */
function dropsName(op: BinaryOperator): boolean {
  return !isComparison(op) && op !== 'atan2'
}

/** Both scalars; comparisons answer 0 or 1. */
export function scalarBinary(op: BinaryOperator, lhs: Float64Array, rhs: Float64Array): Float64Array {
  return lhs.map((a, step) =>
    isComparison(op) ? Number(compare(op, a, rhs[step]!)) : arithmetic(op, a, rhs[step]!),
  )
}

/** A vector and a scalar. A comparison without `bool` keeps what passes, names and all. */
export function vectorScalar(
  op: BinaryOperator,
  frame: Frame,
  scalar: Float64Array,
  isScalarLeft: boolean,
  isBool: boolean,
): Frame {
  const { rows, steps, has, values } = frame
  const out = emptyFrame(rows, steps)
  const compares = isComparison(op)
  for (let row = 0; row < rows.length; row++) {
    for (let step = 0, cell = row * steps; step < steps; step++, cell++) {
      if (!has[cell]) continue
      const value = values[cell]!
      const a = isScalarLeft ? scalar[step]! : value
      const b = isScalarLeft ? value : scalar[step]!
      if (!compares) {
        out.has[cell] = 1
        out.values[cell] = arithmetic(op, a, b)
      } else {
        const holds = compare(op, a, b)
        out.has[cell] = holds || isBool ? 1 : 0
        out.values[cell] = isBool ? Number(holds) : value
      }
    }
  }
  return dropsName(op) || isBool ? dropNames(out) : withoutEmptyRows(out)
}

/** Two vectors, matched by labels. */
export function vectorVector(
  context: EvaluationContext,
  op: BinaryOperator,
  lhs: Frame,
  rhs: Frame,
  isBool: boolean,
  matching: Matching,
): Frame {
  const grouper = context.groupers.get(matching.labels, !matching.on)
  if (isSetOperator(op)) return setOperation(op, lhs, rhs, grouper)
  return matching.cardinality === 'one-to-many'
    ? matched(op, rhs, lhs, isBool, matching, grouper)
    : matched(op, lhs, rhs, isBool, matching, grouper)
}

/** Match groups numbered densely over both sides. */
function signatures(frames: readonly Frame[], grouper: Grouper): { of: Int32Array[]; count: number } {
  const local = new Map<number, number>()
  const of = frames.map(({ rows }) =>
    Int32Array.from(rows, (row) => {
      const number = grouper.numberOf(row)
      let dense = local.get(number)
      if (dense === undefined) local.set(number, (dense = local.size))
      return dense
    }),
  )
  return { of, count: local.size }
}

function setOperation(op: BinaryOperator, lhs: Frame, rhs: Frame, grouper: Grouper): Frame {
  const { steps } = lhs
  const { of, count } = signatures([lhs, rhs], grouper)
  const [left, right] = of as [Int32Array, Int32Array]
  // whether each match group has a member on the deciding side, at each step
  const [deciding, decidingOf] = op === 'or' ? [lhs, left] : [rhs, right]
  const present = new Uint8Array(count * steps)
  for (let row = 0; row < deciding.rows.length; row++) {
    for (let step = 0; step < steps; step++) {
      if (deciding.has[row * steps + step]) present[decidingOf[row]! * steps + step] = 1
    }
  }
  const filtered = (frame: Frame, of: Int32Array, wanted: 0 | 1): Frame => ({
    ...frame,
    has: frame.has.map((has, cell) => {
      const row = Math.floor(cell / steps)
      return has && present[of[row]! * steps + (cell - row * steps)] === wanted ? 1 : 0
    }),
  })
  if (op !== 'or') return withoutEmptyRows(filtered(lhs, left, op === 'and' ? 1 : 0))
  const rest = withoutEmptyRows(filtered(rhs, right, 0))
  if (rest.rows.length === 0) return lhs
  const out = emptyFrame([...lhs.rows, ...rest.rows], steps)
  out.values.set(lhs.values)
  out.values.set(rest.values, lhs.values.length)
  out.has.set(lhs.has)
  out.has.set(rest.has, lhs.has.length)
  return mergeEqualRows(out)
}

/** `many` is the side whose rows may share a match group; with one-to-one it is the left one. */
function matched(
  op: BinaryOperator,
  many: Frame,
  one: Frame,
  isBool: boolean,
  matching: Matching,
  grouper: Grouper,
): Frame {
  const { steps } = many
  const isOneToOne = matching.cardinality === 'one-to-one'
  const isSwapped = matching.cardinality === 'one-to-many'
  const { of, count } = signatures([many, one], grouper)
  const [manyOf, oneOf] = of as [Int32Array, Int32Array]
  const compares = isComparison(op)
  const results = new ResultRows(many, one, steps, matching, dropsName(op) || isBool)
  const partner = new Int32Array(count)
  const taken = new Uint8Array(count)
  const manyPresent = presence(many)
  for (let step = 0; step < steps; step++) {
    if (!manyPresent[step]) continue
    partner.fill(-1)
    taken.fill(0)
    for (let row = 0; row < one.rows.length; row++) {
      if (!one.has[row * steps + step]) continue
      const signature = oneOf[row]!
      if (partner[signature]! >= 0) {
        refuseManyToMany(one.rows[partner[signature]!]!, one.rows[row]!, grouper, isSwapped)
      }
      partner[signature] = row
    }
    for (let row = 0; row < many.rows.length; row++) {
      const cell = row * steps + step
      const signature = manyOf[row]!
      const other = partner[signature]!
      if (!many.has[cell] || other < 0) continue
      const own = many.values[cell]!
      const others = one.values[other * steps + step]!
      const a = isSwapped ? others : own
      const b = isSwapped ? own : others
      let value: number
      if (compares) {
        const holds = compare(op, a, b)
        if (!holds && !isBool) continue
        value = isBool ? Number(holds) : a
      } else {
        value = arithmetic(op, a, b)
      }
      if (isOneToOne && taken[signature]) {
        throw new PromqlExecutionError(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        )
      }
      taken[signature] = 1
      results.put(row, other, signature, step, value)
    }
  }
  return results.frame()
}

/** At which steps a frame has anything. */
function presence({ rows, steps, has }: Frame): Uint8Array {
  const present = new Uint8Array(steps)
  for (let cell = 0; cell < rows.length * steps; cell++) {
    if (has[cell]) present[cell % steps] = 1
  }
  return present
}

function refuseManyToMany(first: Row, second: Row, grouper: Grouper, isSwapped: boolean): never {
  throw new PromqlExecutionError(
    `found duplicate series for the match group ${formatRow(grouper.rowOf(grouper.numberOf(first)))} on the ` +
      `${isSwapped ? 'left' : 'right'} hand-side of the operation: [${formatRow(second)}, ${formatRow(first)}];` +
      'many-to-many matching not allowed: matching labels must be unique on one side',
  )
}

/** Collects results under the labels the operation gives them. */
class ResultRows {
  private readonly places = new Map<string | number, number>()
  private readonly rows: Row[] = []
  private readonly cells: { values: Float64Array; has: Uint8Array }[] = []

  constructor(
    private readonly many: Frame,
    private readonly one: Frame,
    private readonly steps: number,
    private readonly matching: Matching,
    private readonly dropsName: boolean,
  ) {}

  put(row: number, other: number, signature: number, step: number, value: number): void {
    const { cardinality, include } = this.matching
    const metric = this.dropsName ? '' : this.many.rows[row]!.metric
    // one-to-one results carry the match group's labels, whichever rows they came from
    const key =
      cardinality === 'one-to-one'
        ? metric === ''
          ? signature
          : `${signature} ${metric}`
        : include.length === 0
          ? row
          : row * this.one.rows.length + other
    let place = this.places.get(key)
    if (place === undefined) {
      place = this.rows.length
      this.places.set(key, place)
      this.rows.push(this.result(this.many.rows[row]!, this.one.rows[other]!))
      this.cells.push({ values: new Float64Array(this.steps), has: new Uint8Array(this.steps) })
    }
    this.cells[place]!.values[step] = value
    this.cells[place]!.has[step] = 1
  }

  private result(many: Row, one: Row): Row {
    const { cardinality, on, labels, include } = this.matching
    const base = this.dropsName ? nameless(many) : many
    if (cardinality === 'one-to-one') {
      const kept = filterLabels(base.labels, (name) => labels.includes(name) === on)
      return { metric: on && !labels.includes(METRIC_NAME) ? '' : base.metric, labels: kept }
    }
    let merged = base.labels
    for (const name of include) merged = withLabel(merged, name, labelValue(one.labels, name))
    return { metric: base.metric, labels: merged }
  }

  frame(): Frame {
    const out = emptyFrame(this.rows, this.steps)
    this.cells.forEach(({ values, has }, row) => {
      out.values.set(values, row * this.steps)
      out.has.set(has, row * this.steps)
    })
    const { cardinality, include } = this.matching
    const canRepeat =
      cardinality === 'one-to-one'
        ? false
        : include.length > 0 || (this.dropsName && hasSeveralNames(this.many.rows))
    return canRepeat
      ? mergeEqualRows(out, 'multiple matches for labels: grouping labels must ensure unique matches')
      : out
  }
}
