import { describe, expect, it } from 'vitest'
import type { Expr } from '@/lib/demo/prometheus/promql/syntax/ast'
import { PromqlParseError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { parsePromql, parseSelector } from '@/lib/demo/prometheus/promql/syntax/parse'

/** The grouping of an expression, fully in parentheses. */
function grouping(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value)
    case 'string':
      return JSON.stringify(expr.value)
    case 'selector': {
      const name = expr.matchers.find(({ name }) => name === '__name__')?.value ?? ''
      return name + modifiers(expr)
    }
    case 'range':
      return `${grouping({ ...expr.selector, offsetMs: null, at: null })}[${expr.rangeMs}]${modifiers(expr.selector)}`
    case 'subquery':
      return `${grouping(expr.expr)}[${expr.rangeMs}:${expr.stepMs ?? ''}]${modifiers(expr)}`
    case 'call':
      return `${expr.name}(${expr.args.map(grouping).join()})`
    case 'aggregate':
      return `${expr.op}(${expr.param ? `${grouping(expr.param)};` : ''}${grouping(expr.expr)}|${expr.without ? '-' : ''}${expr.grouping.join()})`
    case 'binary':
      return `(${grouping(expr.lhs)} ${expr.op} ${grouping(expr.rhs)})`
    case 'unary':
      return `(${expr.op}${grouping(expr.expr)})`
    case 'paren':
      return grouping(expr.expr)
  }
}

function modifiers({ offsetMs, at }: { offsetMs: number | null; at: unknown }): string {
  return (offsetMs === null ? '' : `<${offsetMs}>`) + (at === null ? '' : `@${String(at)}`)
}

describe('parsePromql', () => {
  it.each([
    ['a + b * c ^ d ^ e', '(a + (b * (c ^ (d ^ e))))'],
    ['a - b - c', '((a - b) - c)'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a == b + c > d', '((a == (b + c)) > d)'],
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['-a ^ b * c', '((-(a ^ b)) * c)'],
    ['2 ^ -1', '(2 ^ -1)'],
    ['a -1', '(a - 1)'],
    ['a - -1', '(a - -1)'],
    ['- - a', '(-(-a))'],
    ['a + b offset 5m', '(a + b<300000>)'],
    ['a + b offset 5m * c', '(a + (b<300000> * c))'],
    ['-a offset -5m', '(-a<-300000>)'],
    ['a / rate(b[5m] offset 1m)', '(a / rate(b[300000]<60000>))'],
    ['rate(a[5m])[1h:] offset 1m @ end()', 'rate(a[300000])[3600000:]<60000>@end'],
    ['a * sum(b)[10m:30s] @ 5.5', null],
    ['max_over_time((a * b)[10m:30s] @ 5.5)', 'max_over_time((a * b)[600000:30000]@5500)'],
    ['a @ start() offset 1m', 'a<60000>@start'],
    ['a atan2 b % c', '((a atan2 b) % c)'],
    ['SUM(a) BY (x, y,)', 'sum(a|x,y)'],
    ['sum without (x) (a)', 'sum(a|-x)'],
    ['topk(2 + 1, a)', 'topk((2 + 1);a|)'],
    ['# note\n a # more', 'a'],
    ['on', null],
    ['by', 'by'],
    ['sum', 'sum'],
    ['rate{x="1"}', 'rate'],
  ])('groups %s', (query, wanted) => {
    if (wanted === null) expect(() => parsePromql(query)).toThrow(PromqlParseError)
    else expect(grouping(parsePromql(query))).toBe(wanted)
  })

  it('reads how vectors are matched', () => {
    const expr = parsePromql('a > bool on (x, y) group_left (z) b')
    expect(expr).toMatchObject({
      isBool: true,
      matching: { cardinality: 'many-to-one', on: true, labels: ['x', 'y'], include: ['z'] },
    })
  })

  it.each([
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['a b', '1:3: parse error: unexpected identifier "b"'],
    ['a\n+ foo(b)', '2:3: parse error: unknown function with name "foo"'],
    [
      'rate(a)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['5m', 'duration "5m" as a number'],
    ['a{"b"="c"}', 'quoted label'],
    ['limitk(1, a)', 'aggregation operator "limitk"'],
    ['mad_over_time(a[1m])', 'unsupported function "mad_over_time"'],
    ['a == fill(0) b', 'fill modifiers'],
    ['a[5m * 2]', 'bad duration'],
    ['', 'no expression found in input'],
    ['# only a comment', 'no expression found in input'],
  ])('says what is wrong with %s', (query, reason) => {
    expect(() => parsePromql(query)).toThrow(reason)
  })

  it('refuses nesting and length that would exhaust the stack or the memory', () => {
    expect(() => parsePromql('('.repeat(2500) + 'a' + ')'.repeat(2500))).toThrow('nested deeper')
    expect(() => parsePromql('a'.repeat(2_000_000))).toThrow('longer than')
  })
})

describe('parseSelector', () => {
  it('takes selectors alone', () => {
    expect(parseSelector('{a="b"}').matchers).toHaveLength(1)
    expect(() => parseSelector('rate(a[5m])')).toThrow(PromqlParseError)
    expect(() => parseSelector('a offset 5m')).toThrow(PromqlParseError)
  })
})
