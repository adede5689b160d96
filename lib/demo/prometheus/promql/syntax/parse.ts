import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { itemAt } from '@/lib/demo/item-at'
import {
  AGGREGATE_OPERATORS,
  isBinaryOperator,
  isSetOperator,
  unwrapped,
  type Aggregate,
  type AggregateOperator,
  type AtModifier,
  type BinaryOperator,
  type Expr,
  type Matching,
  type Selector,
} from '@/lib/demo/prometheus/promql/syntax/ast'
import { checkTypes, typeOf } from '@/lib/demo/prometheus/promql/syntax/check'
import { PromqlParseError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { parseDuration, parseNumber, parseString, quoted } from '@/lib/demo/prometheus/promql/syntax/literals'
import { matcherOf, type MatchOperator } from '@/lib/demo/prometheus/promql/syntax/matcher'
import { RegexSyntaxError } from '@/lib/demo/prometheus/promql/syntax/regex'
import {
  groupByPrecedence,
  type PostfixReader,
  type Token,
} from '@/lib/demo/prometheus/promql/syntax/precedence'
import { describeSyntaxError } from '@/lib/demo/prometheus/promql/syntax/syntax-error'

/** Longer queries are refused: the tree is walked by recursion. */
const LONGEST_QUERY = 1_000_000
const DEEPEST_NESTING = 500

/**
 * The syntax tree of a query, type-checked, in the language of Prometheus 2.42.
 * Throws PromqlParseError with line, column and reason; what newer versions added is refused by name.
 */
export function parsePromql(query: string): Expr {
  if (query.length > LONGEST_QUERY) {
    throw new PromqlParseError(query, 0, `query longer than ${LONGEST_QUERY} characters`)
  }
  const tree = parser.parse(query)
  const problem = describeSyntaxError(tree, query)
  if (problem) throw new PromqlParseError(query, problem.offset, problem.reason)
  const top = tree.topNode.firstChild
    ? children(tree.topNode).find((node) => node.name !== 'LineComment')
    : null
  if (!top) throw new PromqlParseError(query, 0, 'no expression found in input')
  const expr = new TreeReader(query).expression(top)
  checkTypes(expr, query)
  return expr
}

/** A selector alone, as `match[]` parameters have it. */
export function parseSelector(text: string): Selector {
  const expr = unwrapped(parsePromql(text))
  if (expr.kind !== 'selector' || expr.offsetMs !== null || expr.at !== null) {
    throw new PromqlParseError(text, 0, 'expected a series selector')
  }
  return expr
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child)
  }
  return found
}

function firstChild(node: SyntaxNode): SyntaxNode {
  return itemAt(children(node), 0)
}

function lastChild(node: SyntaxNode): SyntaxNode {
  const all = children(node)
  return itemAt(all, all.length - 1)
}

class TreeReader implements PostfixReader {
  private depth = 0

  constructor(private readonly query: string) {}

  expression(node: SyntaxNode): Expr {
    const tokens: Token[] = []
    this.flatten(node, tokens)
    return groupByPrecedence(tokens, this)
  }

  private text(node: { from: number; to: number }): string {
    return this.query.slice(node.from, node.to)
  }

  fail(at: number, reason: string): never {
    throw new PromqlParseError(this.query, at, reason)
  }

  private unsupported(node: SyntaxNode, what: string): never {
    this.fail(node.from, `unsupported: ${what} (the language is that of Prometheus 2.42)`)
  }

  private flatten(node: SyntaxNode, out: Token[]): void {
    if (++this.depth > DEEPEST_NESTING) {
      this.fail(node.from, `expression nested deeper than ${DEEPEST_NESTING} levels`)
    }
    this.flattenOne(node, out)
    this.depth--
  }

  private flattenOne(node: SyntaxNode, out: Token[]): void {
    switch (node.name) {
      case 'BinaryExpr': {
        const parts = children(node)
        this.flatten(itemAt(parts, 0), out)
        out.push(this.operator(parts.slice(1, -1)))
        this.flatten(itemAt(parts, parts.length - 1), out)
        return
      }
      case 'UnaryExpr':
        out.push({ kind: 'sign', op: this.text(firstChild(node)) as '+' | '-', from: node.from })
        this.flatten(lastChild(node), out)
        return
      case 'OffsetExpr':
      case 'StepInvariantExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr':
        this.flatten(firstChild(node), out)
        out.push({ kind: 'postfix', node })
        return
      case 'NumberDurationLiteral': {
        const text = this.text(node)
        const sign = /^[+-]/.exec(text)?.[0] as '+' | '-' | undefined
        if (sign) out.push({ kind: 'sign', op: sign, from: node.from })
        const digits = sign ? text.slice(1).trimStart() : text
        const value = parseNumber(digits)
        if (value === null) {
          if (parseDuration(digits) !== null) this.unsupported(node, `duration ${quoted(digits)} as a number`)
          this.fail(node.from, `bad number or duration syntax: ${quoted(text)}`)
        }
        out.push({ kind: 'operand', expr: { kind: 'number', value, from: node.from, to: node.to } })
        return
      }
      default:
        out.push({ kind: 'operand', expr: this.operand(node) })
    }
  }

  private operand(node: SyntaxNode): Expr {
    const { from, to } = node
    switch (node.name) {
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expression(itemAt(children(node), 0)), from, to }
      case 'StringLiteral':
        return { kind: 'string', value: this.string(node), from, to }
      case 'VectorSelector':
        return this.selector(node)
      case 'FunctionCall': {
        const name = this.text(firstChild(node))
        return { kind: 'call', name, args: this.arguments(lastChild(node)), from, to }
      }
      case 'AggregateExpr':
        return this.aggregate(node)
      default:
        return this.unsupported(node, quoted(this.text(node)))
    }
  }

  private arguments(body: SyntaxNode): Expr[] {
    return children(body).map((node) => this.expression(node))
  }

  private string(node: SyntaxNode): string {
    const text = parseString(this.text(node))
    return text === null ? this.fail(node.from, 'unterminated or invalid quoted string') : text
  }

  private selector(node: SyntaxNode): Selector {
    const matchers = []
    let name: string | null = null
    for (const child of children(node)) {
      if (child.name === 'Identifier') {
        name = this.text(child)
        continue
      }
      for (const matcher of children(child)) {
        if (matcher.name !== 'UnquotedLabelMatcher')
          this.unsupported(matcher, 'quoted label and metric names')
        const [label, op, value] = children(matcher) as [SyntaxNode, SyntaxNode, SyntaxNode]
        const labelName = this.text(label)
        const wanted = this.string(value)
        if (name !== null && labelName === '__name__') {
          this.fail(node.from, `metric name must not be set twice: ${quoted(name)} or ${quoted(wanted)}`)
        }
        try {
          matchers.push(matcherOf(labelName, this.text(op) as MatchOperator, wanted))
        } catch (error) {
          if (error instanceof RegexSyntaxError) this.fail(matcher.from, error.message)
          throw error
        }
      }
    }
    if (name !== null) matchers.push(matcherOf('__name__', '=', name))
    if (matchers.every((matcher) => matcher.matches(''))) {
      this.fail(node.from, 'vector selector must contain at least one non-empty matcher')
    }
    return { kind: 'selector', matchers, offsetMs: null, at: null, from: node.from, to: node.to }
  }

  private aggregate(node: SyntaxNode): Aggregate {
    const { from, to } = node
    let grouping: string[] = []
    let without = false
    let args: Expr[] = []
    const op = this.text(firstChild(node)).toLowerCase()
    if (!isAggregateOperator(op)) return this.unsupported(node, `aggregation operator ${quoted(op)}`)
    for (const part of children(node)) {
      if (part.name === 'AggregateModifier') {
        without = firstChild(part).name === 'Without'
        grouping = this.labelNames(lastChild(part))
      } else if (part.name === 'FunctionCallBody') {
        args = this.arguments(part)
      }
    }
    const wanted = PARAMETRIC.has(op) ? 2 : 1
    if (args.length === 0) this.fail(from, 'no arguments for aggregate expression provided')
    if (args.length !== wanted) {
      this.fail(
        from,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      )
    }
    return {
      kind: 'aggregate',
      op,
      param: wanted === 2 ? itemAt(args, 0) : null,
      expr: itemAt(args, args.length - 1),
      grouping,
      without,
      from,
      to,
    }
  }

  private labelNames(node: SyntaxNode): string[] {
    return children(node).map((child) =>
      child.name === 'LabelName' ? this.text(child) : this.unsupported(child, 'quoted label names'),
    )
  }

  private operator(parts: SyntaxNode[]): Token {
    const text = this.text(itemAt(parts, 0))
    const op = text.toLowerCase()
    if (!isBinaryOperator(op)) return this.unsupported(itemAt(parts, 0), `operator ${quoted(text)}`)
    let isBool = false
    let matching: Matching | null = null
    for (const part of parts.slice(1)) {
      if (part.name === 'BoolModifier') isBool = true
      else if (part.name === 'MatchingModifierClause') matching = this.matching(part, op)
      else this.unsupported(part, 'fill modifiers')
    }
    return { kind: 'operator', op, isBool, matching }
  }

  private matching(clause: SyntaxNode, op: BinaryOperator): Matching {
    const parts = children(clause)
    const group = parts.find(({ name }) => name === 'GroupLeft' || name === 'GroupRight')
    const lists = parts.filter(({ name }) => name === 'GroupingLabels')
    if (group && isSetOperator(op)) this.fail(group.from, `no grouping allowed for ${quoted(op)} operation`)
    const on = itemAt(parts, 0).name === 'On'
    const labels = this.labelNames(itemAt(lists, 0))
    const include = lists[1] ? this.labelNames(lists[1]) : []
    const shared = on ? labels.find((label) => include.includes(label)) : undefined
    if (shared !== undefined) {
      this.fail(clause.from, `label ${quoted(shared)} must not occur in ON and GROUP clause at once`)
    }
    const cardinality = isSetOperator(op)
      ? 'many-to-many'
      : group === undefined
        ? 'one-to-one'
        : group.name === 'GroupLeft'
          ? 'many-to-one'
          : 'one-to-many'
    return { cardinality, on, labels, include }
  }

  /** `[5m]`, `[1h:5m]`, `offset 5m`, `@ end()` put upon the operand before them. */
  postfix(expr: Expr, node: SyntaxNode): Expr {
    const parts = children(node).slice(1)
    const { from } = expr
    const { to } = node
    switch (node.name) {
      case 'MatrixSelector': {
        if (expr.kind !== 'selector') this.fail(from, 'ranges only allowed for vector selectors')
        if (expr.offsetMs !== null) this.fail(from, 'no offset modifiers allowed before range')
        if (expr.at !== null) this.fail(from, 'no @ modifiers allowed before range')
        return { kind: 'range', selector: expr, rangeMs: this.positiveDuration(itemAt(parts, 0)), from, to }
      }
      case 'SubqueryExpr': {
        const type = typeOf(expr)
        if (type !== 'vector') {
          this.fail(from, `subquery is only allowed on instant vector, got ${type} instead`)
        }
        const rangeMs = this.positiveDuration(itemAt(parts, 0))
        const stepMs = parts[1] ? this.positiveDuration(parts[1]) : null
        return { kind: 'subquery', expr, rangeMs, stepMs, offsetMs: null, at: null, from, to }
      }
      case 'OffsetExpr': {
        const target = modifiable(expr)
        if (!target) {
          this.fail(
            from,
            'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
          )
        }
        if (target.offsetMs !== null) this.fail(from, 'offset may not be set multiple times')
        target.offsetMs = this.signedDuration(itemAt(parts, parts.length - 1))
        return expr
      }
      default: {
        const target = modifiable(expr)
        if (!target) {
          this.fail(
            from,
            '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
          )
        }
        if (target.at !== null) this.fail(from, '@ <timestamp> may not be set multiple times')
        target.at = this.atModifier(itemAt(parts, parts.length - 1))
        return expr
      }
    }
  }

  private atModifier(node: SyntaxNode): AtModifier {
    const text = this.text(node).toLowerCase()
    if (node.name === 'AtModifierPreprocessors') return text.startsWith('start') ? 'start' : 'end'
    const sign = text.startsWith('-') ? -1 : 1
    const seconds = parseNumber(text.replace(/^[+-]\s*/, ''))
    if (seconds === null || !Number.isFinite(seconds)) {
      this.fail(node.from, 'timestamp out of bounds for @ modifier')
    }
    return sign * Math.round(seconds * 1000)
  }

  private signedDuration(node: SyntaxNode): number {
    const text = this.text(node).replace(/\s+/g, '')
    const negative = text.startsWith('-')
    const ms = this.duration(node, text.replace(/^[+-]/, ''))
    return negative ? -ms : ms
  }

  private positiveDuration(node: SyntaxNode): number {
    const ms = this.duration(node, this.text(node))
    return ms > 0 ? ms : this.fail(node.from, 'duration must be greater than 0')
  }

  private duration(node: SyntaxNode, text: string): number {
    const ms = parseDuration(text)
    return ms ?? this.fail(node.from, `bad duration syntax: ${quoted(text)}`)
  }
}

/** The node whose offset and @ modifier an expression carries, if it may. */
function modifiable(expr: Expr): { offsetMs: number | null; at: AtModifier | null } | null {
  if (expr.kind === 'selector' || expr.kind === 'subquery') return expr
  return expr.kind === 'range' ? expr.selector : null
}

const PARAMETRIC: ReadonlySet<AggregateOperator> = new Set(['topk', 'bottomk', 'quantile', 'count_values'])

function isAggregateOperator(op: string): op is AggregateOperator {
  return (AGGREGATE_OPERATORS as readonly string[]).includes(op)
}
