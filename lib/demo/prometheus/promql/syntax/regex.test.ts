import { describe, expect, it } from 'vitest'
import { RegexSyntaxError, anchoredRegex, plainAlternatives } from '@/lib/demo/prometheus/promql/syntax/regex'

describe('anchoredRegex', () => {
  it.each([
    ['a', ['a'], ['ab', 'ba', '']],
    ['a|bc', ['a', 'bc'], ['abc']],
    ['a.c', ['abc', 'a\u2028c'], ['a\nc']],
    ['(?s)a.c', ['a\nc'], []],
    ['(?i)aB|[c-e]', ['Ab', 'D'], ['f']],
    ['a(?i:b)c', ['aBc'], ['ABc']],
    ['(?P<x>a)+', ['aa'], ['b']],
    ['(?<x>a)', ['a'], []],
    [String.raw`\d\w\s\S\D\W`, ['1_ xy-'], ['٣_ xy-']],
    [String.raw`\pL\P{Greek}\p{^Lu}`, ['éaa'], ['1aa', 'éαa']],
    [String.raw`\Qa.b|*\E+`, ['a.b|*'], ['axb|*']],
    [String.raw`\x41\x{1F600}\101\.\-`, ['A😀A.-'], []],
    ['[[:alpha:]_]+', ['Ab_'], ['1']],
    ['[^[:digit:]a]', ['b'], ['1', 'a']],
    [String.raw`[\W\d]+`, ['1-2'], ['a']],
    [String.raw`[^\Wa]+`, ['bc'], ['a', '-']],
    ['[]a]+', [']a'], ['b']],
    ['[a-]+', ['-a'], []],
    ['a{2,3}?', ['aa', 'aaa'], ['a', 'aaaa']],
    ['a{,3}', ['a{,3}'], ['aa']],
    [String.raw`\Aa\z`, ['a'], ['ab']],
    ['(?m)^a$\n^b$', ['a\nb'], []],
    ['', [''], ['a']],
    ['^foo$', ['foo'], ['foobar']],
  ])('%s', (pattern, matching, others) => {
    const regex = anchoredRegex(pattern)
    expect(matching.filter((text) => !regex.test(text))).toEqual([])
    expect(others.filter((text) => regex.test(text))).toEqual([])
  })

  it.each([
    ['(', 'missing closing )'],
    ['a)', 'unexpected )'],
    ['[a', 'missing closing ]'],
    ['*a', 'missing argument to repetition operator'],
    ['a**', 'invalid nested repetition operator'],
    ['a{2}{3}', 'invalid nested repetition operator'],
    ['a{1001}', 'invalid repeat count'],
    ['a{3,2}', 'invalid repeat count'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?<!a)', 'invalid or unsupported Perl syntax'],
    [String.raw`(a)\1`, 'invalid escape sequence'],
    [String.raw`\y`, 'invalid escape sequence'],
    ['a\\', 'trailing backslash'],
    ['[z-a]', 'invalid character class range'],
    ['[[:nope:]]', 'invalid character class range'],
  ])('refuses %s, as RE2 does', (pattern, reason) => {
    expect(() => anchoredRegex(pattern)).toThrow(RegexSyntaxError)
    expect(() => anchoredRegex(pattern)).toThrow(reason)
  })

  it('refuses what it would take too long to translate', () => {
    expect(() => anchoredRegex('a'.repeat(20_000))).toThrow('longer than')
  })
})

describe('plainAlternatives', () => {
  it('finds the values of a list without meta characters', () => {
    expect(plainAlternatives('a|b-c|')).toEqual(new Set(['a', 'b-c', '']))
    expect(plainAlternatives('a|b.')).toBeNull()
  })
})
