import type { Matcher } from '@/lib/demo/prometheus/promql/syntax/matcher'

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

/** A fixed evaluation time: epoch milliseconds, or the ends of the query's range. */
export type AtModifier = number | 'start' | 'end'

/** Where a node stands in the query text. */
interface Placed {
  from: number
  to: number
}

export interface NumberLiteral extends Placed {
  kind: 'number'
  value: number
}

export interface StringText extends Placed {
  kind: 'string'
  value: string
}

export interface Selector extends Placed {
  kind: 'selector'
  matchers: Matcher[]
  offsetMs: number | null
  at: AtModifier | null
}

export interface RangeSelector extends Placed {
  kind: 'range'
  selector: Selector
  rangeMs: number
}

export interface Subquery extends Placed {
  kind: 'subquery'
  expr: Expr
  rangeMs: number
  /** null: the global evaluation interval */
  stepMs: number | null
  offsetMs: number | null
  at: AtModifier | null
}

export interface Call extends Placed {
  kind: 'call'
  name: string
  args: Expr[]
}

export interface Aggregate extends Placed {
  kind: 'aggregate'
  op: AggregateOperator
  param: Expr | null
  expr: Expr
  grouping: string[]
  without: boolean
}

export interface Binary extends Placed {
  kind: 'binary'
  op: BinaryOperator
  lhs: Expr
  rhs: Expr
  /** comparison answers 0 and 1 instead of filtering */
  isBool: boolean
  matching: Matching
}

export interface Matching {
  cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many'
  /** `on(labels)`, otherwise `ignoring(labels)` */
  on: boolean
  labels: string[]
  /** labels taken over from the "one" side */
  include: string[]
}

export interface Unary extends Placed {
  kind: 'unary'
  op: '+' | '-'
  expr: Expr
}

export interface Paren extends Placed {
  kind: 'paren'
  expr: Expr
}

export type Expr =
  NumberLiteral | StringText | Selector | RangeSelector | Subquery | Call | Aggregate | Binary | Unary | Paren

export const AGGREGATE_OPERATORS = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'quantile',
  'count_values',
] as const
export type AggregateOperator = (typeof AGGREGATE_OPERATORS)[number]

/** Weakest first; all but `^` group to the left. */
export const BINARY_PRECEDENCE = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
} as const
export type BinaryOperator = keyof typeof BINARY_PRECEDENCE

export function isBinaryOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(BINARY_PRECEDENCE, text)
}

export function isComparison(op: BinaryOperator): boolean {
  return BINARY_PRECEDENCE[op] === 3
}

export function isSetOperator(op: BinaryOperator): boolean {
  return BINARY_PRECEDENCE[op] <= 2
}

/** The expression without the parentheses around it. */
export function unwrapped(expr: Expr): Expr {
  return expr.kind === 'paren' ? unwrapped(expr.expr) : expr
}
