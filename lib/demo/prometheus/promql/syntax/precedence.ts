import type { SyntaxNode } from '@lezer/common'
import {
  BINARY_PRECEDENCE,
  isSetOperator,
  type BinaryOperator,
  type Expr,
  type Matching,
} from '@/lib/demo/prometheus/promql/syntax/ast'
import { typeOf } from '@/lib/demo/prometheus/promql/syntax/check'

/**
 * Operators, operands and what follows operands, in the order of the text. The grammar closes `a + b offset 5m`
 * as `(a + b) offset 5m` and reads `-1 ^ 2` as `(-1) ^ 2`; both bind the other way in PromQL. So its grouping of
 * operators is undone here and made again by precedence.
 */
export type Token =
  | { kind: 'operand'; expr: Expr }
  | { kind: 'sign'; op: '+' | '-'; from: number }
  | { kind: 'postfix'; node: SyntaxNode }
  | { kind: 'operator'; op: BinaryOperator; isBool: boolean; matching: Matching | null }

/** What the grouping needs from the reader of the tree. */
export interface PostfixReader {
  /** the operand with what follows it: a range, an offset, an `@` */
  postfix(expr: Expr, node: SyntaxNode): Expr
  fail(at: number, reason: string): never
}

/** The one expression the tokens make. */
export function groupByPrecedence(tokens: readonly Token[], reader: PostfixReader): Expr {
  return new PrecedenceClimber(tokens, reader).parse()
}

/** Groups operators by PromQL's precedence: `^` to the right and above signs, the rest to the left. */
class PrecedenceClimber {
  private at = 0

  constructor(
    private readonly tokens: readonly Token[],
    private readonly reader: PostfixReader,
  ) {}

  parse(weakest = 0): Expr {
    let lhs = this.prefix()
    for (;;) {
      const token = this.tokens[this.at]
      if (token?.kind !== 'operator' || BINARY_PRECEDENCE[token.op] < weakest) return lhs
      this.at++
      const own = BINARY_PRECEDENCE[token.op]
      const rhs = this.parse(token.op === '^' ? own : own + 1)
      const matching: Matching = token.matching ?? {
        cardinality: isSetOperator(token.op) ? 'many-to-many' : 'one-to-one',
        on: false,
        labels: [],
        include: [],
      }
      lhs = {
        kind: 'binary',
        op: token.op,
        lhs,
        rhs,
        isBool: token.isBool,
        matching,
        from: lhs.from,
        to: rhs.to,
      }
      // Prometheus overlooks an empty list of labels here
      if (matching.labels.length > 0 && (typeOf(lhs.lhs) !== 'vector' || typeOf(rhs) !== 'vector')) {
        this.reader.fail(lhs.from, 'vector matching only allowed between instant vectors')
      }
    }
  }

  private prefix(): Expr {
    const token = this.tokens[this.at++]
    if (token?.kind === 'sign') {
      const expr = this.parse(BINARY_PRECEDENCE['*'] + 1)
      if (expr.kind === 'number') {
        return { ...expr, value: token.op === '-' ? -expr.value : expr.value, from: token.from }
      }
      return { kind: 'unary', op: token.op, expr, from: token.from, to: expr.to }
    }
    if (token?.kind !== 'operand') throw new Error('the grammar let an operator stand where an operand must')
    let expr = token.expr
    for (let next = this.tokens[this.at]; next?.kind === 'postfix'; next = this.tokens[this.at]) {
      expr = this.reader.postfix(expr, next.node)
      this.at++
    }
    return expr
  }
}
