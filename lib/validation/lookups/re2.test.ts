import { describe, expect, it } from 'vitest'
import { re2Problem } from './re2'

describe('patterns RE2 takes', () => {
  it.each([
    'abc.*',
    '^/api/v[0-9]+(/.*)?$',
    '(?i)foo',
    '(?P<name>a)(?<other>b)(?:c)(?s:.)',
    '[[:alpha:]]+[^]a][]b-]',
    '\\pN\\p{Greek}\\PL',
    '\\Aab\\z',
    '\\Qa.b(\\E+',
    '\\-\\/\\_\\@',
    'a{2}b{2,}c{2,3}{x}',
    'a]b}',
    '\\x41\\x{10FFFF}\\07',
    '[a-z_.~-]*',
  ])('%s', (pattern) => expect(re2Problem(pattern)).toBeUndefined())
})

describe('patterns RE2 refuses', () => {
  it.each([
    ['a(?=b)', /look-ahead/],
    ['(?<!a)b', /look/],
    ['(a)\\1', /refers back/],
    ['[a', /not closed/],
    ['(a', /./],
    ['a)', /./],
    ['*a', /./],
    ['a**', /./],
    ['\\y', /unknown escape/],
    ['a\\', /backslash/],
    ['[[:foo:]]', /unknown class/],
    ['a{2000}', /1000 times/],
    ['[z-a]', /./],
    ['x'.repeat(1025), /longer than 1024/],
  ])('%s', (pattern, problem) => expect(re2Problem(pattern)).toMatch(problem))
})
