import { describe, expect, it } from 'vitest'
import {
  formatDuration,
  parseDuration,
  parseNumber,
  parseString,
} from '@/lib/demo/prometheus/promql/syntax/literals'

describe('parseDuration', () => {
  it.each([
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1y2w3d4h5m6s7ms', 365 * 86_400_000 + 14 * 86_400_000 + 3 * 86_400_000 + 14_706_007],
    ['0', 0],
    ['30m1h', null],
    ['5', null],
    ['1.5h', null],
    ['', null],
    ['-5m', null],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
})

describe('formatDuration', () => {
  it.each([
    [300_000, '5m'],
    [5_400_000, '1h30m'],
    [5000, '5s'],
    [15 * 86_400_000, '15d'],
    [14 * 86_400_000, '2w'],
    [1500, '1s500ms'],
    [0, '0s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('parseNumber', () => {
  it.each([
    ['1.5e3', 1500],
    ['.5', 0.5],
    ['0x1F', 31],
    ['010', 8],
    ['09', 9],
    ['iNf', Infinity],
    ['NaN', NaN],
    ['1_000', null],
    ['1e', null],
    ['5m', null],
  ])('%s is %s', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })
})

describe('parseString', () => {
  it.each([
    [String.raw`"a\n\"b\" \x41 \u00e9 \U0001F600 \101"`, 'a\n"b" A é 😀 A'],
    [String.raw`'it\'s "so"'`, 'it\'s "so"'],
    ['`a\\n"`', 'a\\n"'],
    [String.raw`"\'"`, null],
    [String.raw`"\q"`, null],
    ['"open', null],
    ['"', null],
    ['"a\nb"', null],
  ])('%s', (text, value) => {
    expect(parseString(text)).toBe(value)
  })
})
