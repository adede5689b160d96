import { itemAt } from '@/lib/demo/item-at'
import {
  isComparison,
  isSetOperator,
  type Expr,
  type ValueType,
} from '@/lib/demo/prometheus/promql/syntax/ast'
import { PromqlParseError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { findSignature } from '@/lib/demo/prometheus/promql/syntax/signatures'
import { quoted } from '@/lib/demo/prometheus/promql/syntax/literals'

/** What an expression evaluates to. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'selector':
    case 'aggregate':
      return 'vector'
    case 'range':
    case 'subquery':
      return 'matrix'
    case 'call':
      return findSignature(expr.name)?.returns ?? 'vector'
    case 'binary':
      return typeOf(expr.lhs) === 'scalar' && typeOf(expr.rhs) === 'scalar' ? 'scalar' : 'vector'
    case 'unary':
    case 'paren':
      return typeOf(expr.expr)
  }
}

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
}

/** Holds an expression to PromQL's types; throws PromqlParseError in Prometheus's words. */
export function checkTypes(expr: Expr, query: string): void {
  const fail = (at: Expr, reason: string): never => {
    throw new PromqlParseError(query, at.from, reason)
  }
  const expect = (arg: Expr, wanted: ValueType, where: string) => {
    const got = typeOf(arg)
    if (got !== wanted) fail(arg, `expected type ${TYPE_NAMES[wanted]} in ${where}, got ${TYPE_NAMES[got]}`)
  }
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'range':
      return
    case 'subquery':
    case 'paren':
      return checkTypes(expr.expr, query)
    case 'unary': {
      const type = typeOf(expr.expr)
      if (type !== 'scalar' && type !== 'vector') {
        fail(
          expr,
          `unary expression only allowed on expressions of type scalar or instant vector, got ${quoted(TYPE_NAMES[type])}`,
        )
      }
      return checkTypes(expr.expr, query)
    }
    case 'aggregate':
      if (expr.param) {
        expect(expr.param, expr.op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter')
        checkTypes(expr.param, query)
      }
      expect(expr.expr, 'vector', 'aggregation expression')
      return checkTypes(expr.expr, query)
    case 'binary': {
      const types = [typeOf(expr.lhs), typeOf(expr.rhs)]
      if (types.some((type) => type !== 'scalar' && type !== 'vector')) {
        fail(expr, 'binary expression must contain only scalar and instant vector types')
      }
      const hasScalar = types.includes('scalar')
      if (expr.isBool && !isComparison(expr.op)) {
        fail(expr, 'bool modifier can only be used on comparison operators')
      }
      if (isComparison(expr.op) && !expr.isBool && types.every((type) => type === 'scalar')) {
        fail(expr, 'comparisons between scalars must use BOOL modifier')
      }
      if (isSetOperator(expr.op) && hasScalar) {
        fail(expr, `set operator ${quoted(expr.op)} not allowed in binary scalar expression`)
      }
      checkTypes(expr.lhs, query)
      return checkTypes(expr.rhs, query)
    }
    case 'call': {
      const signature = findSignature(expr.name)
      if (!signature) return fail(expr, `unsupported function ${quoted(expr.name)}`)
      const { args, variadic } = signature
      const least = args.length - (variadic === 0 ? 0 : 1)
      const most = variadic < 0 ? Infinity : args.length
      const got = expr.args.length
      if (got < least)
        fail(
          expr,
          `expected ${variadic === 0 ? '' : 'at least '}${least} argument(s) in call to ${quoted(expr.name)}, got ${got}`,
        )
      if (got > most)
        fail(
          expr,
          `expected ${variadic === 0 ? '' : 'at most '}${most} argument(s) in call to ${quoted(expr.name)}, got ${got}`,
        )
      expr.args.forEach((arg, i) => {
        expect(arg, itemAt(args, Math.min(i, args.length - 1)), `call to function ${quoted(expr.name)}`)
        checkTypes(arg, query)
      })
    }
  }
}
