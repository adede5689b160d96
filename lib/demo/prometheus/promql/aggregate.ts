/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
import { METRIC_NAME, labelKey, withLabel } from '@/lib/demo/prometheus/label-set'
import type { AggregateOperator } from '@/lib/demo/prometheus/promql/syntax/ast'
import { PromqlExecutionError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { formatSample, formatValue } from '@/lib/demo/prometheus/promql/format'
import { emptyFrame, withoutEmptyRows, type Frame, type Row } from '@/lib/demo/prometheus/promql/frame'
import type { GroupedRows } from '@/lib/demo/prometheus/promql/grouping'
import { quoted } from '@/lib/demo/prometheus/promql/syntax/literals'
import { quantileOf } from '@/lib/demo/prometheus/promql/quantile'

/** Folds the rows of each group into one, step by step. `params` is k or φ at each step. */
export function aggregate(
  frame: Frame,
  grouped: GroupedRows,
  op: Exclude<AggregateOperator, 'count_values'>,
  params: Float64Array | null,
): Frame {
  switch (op) {
    case 'sum':
      return fold(frame, grouped, (total, value) => total + value)
    case 'min':
      return fold(frame, grouped, (least, value) => (least > value || Number.isNaN(least) ? value : least))
    case 'max':
      return fold(frame, grouped, (most, value) => (most < value || Number.isNaN(most) ? value : most))
    case 'group':
      return fold(frame, grouped, null, () => 1)
    case 'count':
      return fold(
        frame,
        grouped,
        (count) => count + 1,
        () => 1,
      )
    case 'avg':
      return average(frame, grouped)
    case 'stddev':
    case 'stdvar':
      return spread(frame, grouped, op === 'stddev')
    case 'quantile':
      return quantiles(frame, grouped, params!)
    case 'topk':
    case 'bottomk':
      return extremes(frame, grouped, op === 'topk', params!)
  }
}

function fold(
  frame: Frame,
  { groupOf, groups }: GroupedRows,
  next: ((soFar: number, value: number) => number) | null,
  first?: (value: number) => number,
): Frame {
  const { steps, has, values } = frame
  const out = emptyFrame(groups, steps)
  for (let row = 0; row < frame.rows.length; row++) {
    const base = groupOf[row]! * steps
    for (let step = 0, cell = row * steps; step < steps; step++, cell++) {
      if (!has[cell]) continue
      const target = base + step
      if (!out.has[target]) {
        out.has[target] = 1
        out.values[target] = first ? first(values[cell]!) : values[cell]!
      } else if (next) {
        out.values[target] = next(out.values[target]!, values[cell]!)
      }
    }
  }
  return out
}

/** A running mean: it neither overflows nor loses an infinity. */
function average(frame: Frame, grouped: GroupedRows): Frame {
  const { steps } = frame
  const counts = new Float64Array(grouped.groups.length * steps)
  const out = emptyFrame(grouped.groups, steps)
  forEachSample(frame, grouped, (target, value) => {
    const count = ++counts[target]!
    if (count === 1) {
      out.has[target] = 1
      out.values[target] = value
      return
    }
    const soFar = out.values[target]!
    if (Math.abs(soFar) === Infinity && (value === soFar || Number.isFinite(value))) return
    out.values[target] = soFar + (value / count - soFar / count)
  })
  return out
}

/** Welford's variance; a single value has none whatever it is. */
function spread(frame: Frame, grouped: GroupedRows, isDeviation: boolean): Frame {
  const { steps } = frame
  const cells = grouped.groups.length * steps
  const counts = new Float64Array(cells)
  const means = new Float64Array(cells)
  const out = emptyFrame(grouped.groups, steps)
  forEachSample(frame, grouped, (target, value) => {
    const count = ++counts[target]!
    if (count === 1) {
      out.has[target] = 1
      means[target] = value
      return
    }
    const delta = value - means[target]!
    means[target]! += delta / count
    out.values[target]! += delta * (value - means[target]!)
  })
  for (let cell = 0; cell < cells; cell++) {
    if (!out.has[cell]) continue
    const variance = out.values[cell]! / counts[cell]!
    out.values[cell] = isDeviation ? Math.sqrt(variance) : variance
  }
  return out
}

function quantiles(frame: Frame, grouped: GroupedRows, params: Float64Array): Frame {
  const { steps } = frame
  const collected: number[][] = Array.from({ length: grouped.groups.length * steps }, () => [])
  forEachSample(frame, grouped, (target, value) => collected[target]!.push(value))
  const out = emptyFrame(grouped.groups, steps)
  collected.forEach((values, target) => {
    if (values.length === 0) return
    out.has[target] = 1
    out.values[target] = quantileOf(params[target % steps]!, values)
  })
  return out
}

function forEachSample(
  { rows, steps, has, values }: Frame,
  { groupOf }: GroupedRows,
  visit: (target: number, value: number) => void,
): void {
  for (let row = 0; row < rows.length; row++) {
    const base = groupOf[row]! * steps
    for (let step = 0, cell = row * steps; step < steps; step++, cell++) {
      if (has[cell]) visit(base + step, values[cell]!)
    }
  }
}

/**
 * The k largest or smallest rows of each group, whole; NaN only where nothing else is left. At a single step they
 * come group by group, best first.
 */
function extremes(
  frame: Frame,
  { groupOf, groups }: GroupedRows,
  isTop: boolean,
  params: Float64Array,
): Frame {
  const { rows, steps, has, values } = frame
  const out = emptyFrame(rows, steps)
  const order: number[] = []
  for (let step = 0; step < steps; step++) {
    const param = params[step]!
    // NaN lies on neither side of the bounds and must be refused with them
    if (!(param <= 9223372036854774784 && param >= -9223372036854775808)) {
      throw new PromqlExecutionError(`Scalar value ${formatSample(param)} overflows int64`)
    }
    const k = Math.trunc(param)
    if (k < 1) continue
    const members: number[][] = groups.map(() => [])
    for (let row = 0; row < rows.length; row++) {
      if (has[row * steps + step]) members[groupOf[row]!]!.push(row)
    }
    for (const group of members) {
      // sorting is stable: of equals, the first stays
      group.sort((a, b) => compareNanLast(values[a * steps + step]!, values[b * steps + step]!, isTop))
      for (const row of group.slice(0, k)) {
        const cell = row * steps + step
        out.has[cell] = 1
        out.values[cell] = values[cell]!
        if (steps === 1) order.push(row)
      }
    }
  }
  return steps === 1 ? pickRows(out, order) : withoutEmptyRows(out)
}

/** Ascending or descending, NaN at the end either way. */
export function compareNanLast(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  if (Number.isNaN(b)) return -1
  return a === b ? 0 : a < b === descending ? 1 : -1
}

/** A frame of one step with the given rows in the given order. */
export function pickRows(frame: Frame, order: readonly number[]): Frame {
  const out = emptyFrame(
    order.map((row) => frame.rows[row]!),
    1,
  )
  order.forEach((row, at) => {
    out.has[at] = frame.has[row]!
    out.values[at] = frame.values[row]!
  })
  return out
}

/** How many rows of each group have each value, the value as a label unless `without` names that label. */
export function countValues(
  frame: Frame,
  { groupOf, groups }: GroupedRows,
  label: string,
  isTakenAway: boolean,
): Frame {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) {
    throw new PromqlExecutionError(`invalid label name ${quoted(label)}`)
  }
  const { steps, has, values } = frame
  const found = new Map<string, number>()
  // a group label of the same name gives way, which can make two groups one
  const places = new Map<string, number>()
  const rows: Row[] = []
  const counts: Float64Array[] = []
  for (let row = 0; row < frame.rows.length; row++) {
    for (let step = 0, cell = row * steps; step < steps; step++, cell++) {
      if (!has[cell]) continue
      const text = formatValue(values[cell]!)
      const key = `${groupOf[row]!} ${text}`
      let at = found.get(key)
      if (at === undefined) {
        const group = groups[groupOf[row]!]!
        const counted = isTakenAway ? group : labelled(group, label, text)
        const place = labelKey(counted.metric, counted.labels)
        at = places.get(place)
        if (at === undefined) {
          places.set(place, (at = rows.length))
          rows.push(counted)
          counts.push(new Float64Array(steps))
        }
        found.set(key, at)
      }
      counts[at]![step]!++
    }
  }
  const out = emptyFrame(rows, steps)
  counts.forEach((ofRow, row) => {
    out.values.set(ofRow, row * steps)
    for (let step = 0; step < steps; step++) out.has[row * steps + step] = ofRow[step]! > 0 ? 1 : 0
  })
  return out
}

function labelled(row: Row, label: string, value: string): Row {
  return label === METRIC_NAME
    ? { metric: value, labels: row.labels }
    : { metric: row.metric, labels: withLabel(row.labels, label, value) }
}
