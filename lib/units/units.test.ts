import { describe, expect, it } from 'vitest'
import { formatBytes, formatBytesPerSecond } from './bytes'
import { formatDate, isoInstant, parseInstant, utcDate } from './date'
import { formatAge, formatAgo, formatDuration } from './duration'
import { formatCount, formatNumber } from './number'
import { formatRate } from './rate'
import { formatRatio } from './ratio'
import { formatWindow, parseWindow, windowText } from './window'

describe('absence', () => {
  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('shows %s as a dash', (value) => {
    for (const format of [formatRate, formatRatio, formatDuration, formatBytes, formatAge, formatCount]) {
      expect(format(value)).toBe('–')
    }
  })
})

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.004, '<0.01'],
    [0.05, '0.05'],
    [1.234, '1.23'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [45.64, '45.6'],
    [99.96, '100'],
    [789.4, '789'],
    [999.4, '999'],
    [999.6, '1.00k'],
    [1200, '1.20k'],
    [3_400_000, '3.40M'],
    [-12.34, '−12.3'],
  ])('%s is %s', (value, text) => expect(formatNumber(value)).toBe(text))
})

it('writes whole counts without decimals', () => {
  expect([0, 7, 812, 999.6, 12_345, 123_456].map(formatCount)).toEqual([
    '0',
    '7',
    '812',
    '1,000',
    '12,345',
    '123k',
  ])
})

it('writes rates with their unit', () => {
  expect([0, 10, 1234.5].map(formatRate)).toEqual(['0/s', '10.0/s', '1.23k/s'])
})

describe('formatRatio', () => {
  it.each([
    [0, '0 %'],
    [0.0004, '<0.1 %'],
    [0.003, '0.3 %'],
    [0.01, '1 %'],
    [0.0123, '1.2 %'],
    [0.0994, '9.9 %'],
    [0.0996, '10 %'],
    [0.123, '12 %'],
    [0.994, '99 %'],
    [0.9996, '>99 %'],
    [1, '100 %'],
  ])('%s is %s', (ratio, text) => expect(formatRatio(ratio)).toBe(text))
})

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.5, '0.50 ms'],
    [12.34, '12.3 ms'],
    [845, '845 ms'],
    [999.6, '1.00 s'],
    [1204, '1.20 s'],
    [60_000, '60.0 s'],
    [3_600_000, '60.0 min'],
  ])('%s ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text))
})

it('tells an age in its largest whole unit', () => {
  const ages = [-5, 0, 999, 8000, 200_000, 3_600_000 * 5, 86_400_000 * 2.5]
  expect(ages.map(formatAge)).toEqual(['now', 'now', 'now', '8 s', '3 min', '5 h', '2 d'])
})

it('writes bytes in decimal units', () => {
  expect([0, 512, 1200, 3_400_000].map(formatBytes)).toEqual(['0 B', '512 B', '1.20 kB', '3.40 MB'])
  expect(formatBytesPerSecond(1200)).toBe('1.20 kB/s')
})

describe('windows', () => {
  it.each([
    ['90s', 90],
    ['2m', 120],
    ['1h30m', 5400],
    ['7d', 604_800],
    ['1w', 604_800],
  ])('%s is %s seconds', (text, seconds) => expect(parseWindow(text)).toBe(seconds))

  it.each(['', '5', 'm', '-5m', '5 m', '0s', '1m1h', '99999999999999999999d'])('refuses "%s"', (text) => {
    expect(parseWindow(text)).toBeUndefined()
  })

  it('writes them back', () => {
    expect([45, 90, 120, 5400, 604_800].map(windowText)).toEqual(['45s', '1m30s', '2m', '1h30m', '7d'])
    expect([45, 120, 5400, 86_400, 604_800].map(formatWindow)).toEqual([
      '45 s',
      '2 min',
      '1 h 30 min',
      '1 day',
      '7 days',
    ])
  })
})

describe('instants', () => {
  it.each([
    ['1700000000', 1_700_000_000_000],
    ['1700000000.25', 1_700_000_000_250],
    ['2023-11-14T22:13:20Z', 1_700_000_000_000],
    ['2023-11-14T23:13:20.5+01:00', 1_700_000_000_500],
  ])('%s is %s', (text, ms) => expect(parseInstant(text)).toBe(ms))

  it.each(['', 'now', '2023-11-14', '2023-13-14T22:13:20Z', '-5', '1e9'])('refuses "%s"', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it('writes them for machines and for people of a zone', () => {
    expect(isoInstant(1_700_000_000_000)).toBe('2023-11-14T22:13:20.000Z')
    expect(formatDate(1_700_000_000_000, { timeZone: 'Europe/Berlin' })).toBe('2023-11-14 23:13:20')
    expect(formatDate(1_700_000_000_000, { timeZone: 'UTC', timeOnly: true })).toBe('22:13:20')
    expect(formatDate(null, { timeZone: 'UTC' })).toBe('–')
    expect(utcDate(1_700_000_000_123)).toBe('2023-11-14 22:13:20 UTC')
  })
})

it('says how long ago in words', () => {
  expect([0, -5, 8_000, null].map(formatAgo)).toEqual(['just now', 'just now', '8 s ago', '–'])
})
