import { describe, expect, it } from 'vitest'
import { findChangePoint } from './change-point'

const STEP = 30_000
const series = (...values: (number | null)[]) => values.map((value, index) => [index * STEP, value] as const)
const flat = (count: number, value: number) => Array.from({ length: count }, () => value)
/** reproducible noise of ±1 */
const wave = (count: number, level: number, size: number) =>
  Array.from({ length: count }, (_, index) => level + size * Math.sin(index * 1.7))

describe('findChangePoint', () => {
  it.each([
    ['a step', series(...flat(20, 0), ...flat(10, 0.2)), 19],
    ['a rate that rises over its window', series(...flat(20, 0), 0.05, 0.1, 0.15, ...flat(10, 0.2)), 19],
    ['a step over noise', series(...wave(40, 10, 2), ...wave(15, 90, 8)), 39],
    ['short, at the very end', series(...flat(30, 0), 0.3, 0.3, 0.3), 29],
    ['gaps within it', series(...flat(10, 0), 0.2, null, null, 0.2, 0.2, null, 0.2), 9],
    ['a pause within it', series(...flat(20, 0), 0.2, 0.2, 0, 0, 0.2, 0.2, 0.2, 0.2), 19],
    [
      'an earlier incident that ended',
      series(...flat(8, 0), ...flat(5, 0.4), ...flat(12, 0), 0.2, 0.3, 0.3, 0.3),
      24,
    ],
    ['most of the time bad', series(...flat(4, 0), ...flat(60, 0.5)), 3],
  ])('%s', (_, points, last) => {
    expect(findChangePoint(points, 0.01)?.at).toBe(last * STEP)
  })

  it('says the levels before and after', () => {
    expect(findChangePoint(series(...flat(20, 8), ...flat(10, 4_000)), 50)).toMatchObject({
      before: 8,
      after: 4_000,
      stepMs: STEP,
    })
  })

  it('has no instant for what was so from the first point on', () => {
    expect(findChangePoint(series(...flat(20, 0.3)), 0.01)).toMatchObject({ at: null, from: 0 })
  })

  it.each([
    ['nothing rose', series(...flat(30, 0))],
    ['it is over', series(...flat(10, 0), ...flat(8, 0.5), ...flat(12, 0))],
    ['the rise is below what counts', series(...flat(20, 0), ...flat(10, 0.005))],
    ['no point', []],
    ['gaps only', series(null, null, null)],
  ])('none: %s', (_, points) => {
    expect(findChangePoint(points, 0.01)).toBeNull()
  })
})
