import { describe, expect, it } from 'vitest'
import { timeTicks, valueAxis } from './axis'

const written = (max: number, unit: Parameters<typeof valueAxis>[1]) => {
  const { ticks, format } = valueAxis(max, unit)
  return ticks.map(format)
}

describe('valueAxis', () => {
  it.each([
    [9.3, 'requests/s', ['0', '2.5/s', '5/s', '7.5/s', '10/s']],
    [1700, 'requests/s', ['0', '0.5k/s', '1k/s', '1.5k/s', '2k/s']],
    [0.9, 'ms', ['0', '0.25 ms', '0.5 ms', '0.75 ms', '1 ms']],
    [2400, 'ms', ['0', '1 s', '2 s', '3 s']],
    [0.12, 'ratio', ['0', '5 %', '10 %', '15 %']],
    [1, 'ratio', ['0', '25 %', '50 %', '75 %', '100 %']],
    [3_200_000, 'bytes/s', ['0', '1 MB/s', '2 MB/s', '3 MB/s', '4 MB/s']],
  ] as const)('%s of %s', (max, unit, ticks) => expect(written(max, unit)).toEqual(ticks))

  it('holds every value, and begins at zero', () => {
    for (const max of [1e-6, 0.3, 1, 7, 19.99, 20, 99, 12_345, 8e8]) {
      const { ticks } = valueAxis(max, 'requests/s')
      expect(ticks[0]).toBe(0)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * 0.999)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }
  })

  it('has a scale where nothing is above zero', () => {
    expect(written(0, 'requests/s').at(-1)).toBe('1/s')
    expect(written(0, 'ratio').at(-1)).toBe('1 %')
    expect(valueAxis(Number.NaN, 'ms').ticks.at(-1)).toBe(10)
  })
})

describe('timeTicks', () => {
  const MINUTE = 60_000
  const HOUR = 60 * MINUTE

  it('falls on round instants inside the range', () => {
    const from = Date.UTC(2026, 0, 1, 10, 3)
    const ticks = timeTicks(from, from + 30 * MINUTE, 5)
    expect(ticks.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual(['10:10', '10:20', '10:30'])
  })

  it('counts days from the midnight of the reader', () => {
    const from = Date.UTC(2026, 0, 1, 10)
    const ticks = timeTicks(from, from + 24 * HOUR, 3, 5.5 * HOUR)
    expect(ticks.map((at) => new Date(at + 5.5 * HOUR).toISOString().slice(11, 16))).toEqual([
      '00:00',
      '12:00',
    ])
  })

  it('never gives more than asked for', () => {
    for (const span of [MINUTE, 45 * MINUTE, 3 * HOUR, 26 * HOUR, 7 * 24 * HOUR, 90 * 24 * HOUR]) {
      expect(timeTicks(1234, 1234 + span, 5).length).toBeLessThanOrEqual(6)
    }
  })
})
