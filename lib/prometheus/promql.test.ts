import { describe, expect, it } from 'vitest'
import { parser } from '@prometheus-io/lezer-promql'
import { anyMetric, is, isNoneOf, isOneOf, quote, rate, selector, sumBy } from './promql'

/** Whether PromQL's own grammar reads the text without an error, as one expression. */
function isReadable(query: string): boolean {
  let hasError = false
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) hasError = true
    },
  })
  return !hasError
}

const NASTY = [
  'plain',
  'with "quotes"',
  "it's",
  'back\\slash',
  'ends with \\',
  'two\nlines',
  'tab\tand\u0000null',
  '"} or vector(1) #',
  'a"}[5m])) or sum(rate({__name__=~".+',
  '{}[]()',
  'žluťoučký 試験 🚀',
  '\u2028 and \u2029',
  'lone \ud800 surrogate',
  '`backtick`',
  '$1 ${name} %s',
]

describe('quote', () => {
  it.each([
    ['plain', '"plain"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['a\\b', '"a\\\\b"'],
    ['a\nb', '"a\\nb"'],
    ['a\tb\u0000', '"a\\u0009b\\u0000"'],
    ['lone \ud800', '"lone \ufffd"'],
    ['🚀', '"🚀"'],
  ])('%j', (value, quoted) => {
    expect(quote(value)).toBe(quoted)
  })

  it.each(NASTY)('%j stays one string inside one selector', (value) => {
    const query = sumBy(['le'], rate(selector('m', [is('a', value), isOneOf('b', [value, 'x'])]), 60))
    expect(isReadable(query)).toBe(true)
    const strings: string[] = []
    parser.parse(query).iterate({
      enter: (node) => {
        if (node.name === 'StringLiteral') strings.push(query.slice(node.from, node.to))
      },
    })
    expect(strings).toHaveLength(2)
    expect(strings[0]).toBe(quote(value))
  })
})

describe('matchers', () => {
  it('take names literally, also in patterns', () => {
    expect(selector('m', [isOneOf('ns', ['a.b', 'c|d'])])).toBe('m{ns=~"a\\\\.b|c\\\\|d"}')
    expect(selector('m', [isNoneOf('ns', ['a'])])).toBe('m{ns!~"a"}')
  })

  it('need no pattern for one name', () => {
    expect(selector('m', [isOneOf('ns', ['a.b'])])).toBe('m{ns="a.b"}')
  })

  it('refuse names that are none', () => {
    expect(() => selector('m{}', [])).toThrow('metric')
    expect(() => selector('m', [is('a b', 'x')])).toThrow('label')
    expect(() => sumBy(['a) (x'], 'm')).toThrow('label')
  })

  it('select any metric', () => {
    expect(anyMetric([is('__name__', 'x')])).toBe('{__name__="x"}')
  })
})
