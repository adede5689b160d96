import { describe, expect, it } from 'vitest'
import { itemAt } from '@/lib/demo/item-at'
import { createRandom, hashText, lognormalSigma } from './random'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const draws = (times: number, draw: () => number) => Array.from({ length: times }, draw)

describe('createRandom', () => {
  it('repeats itself for one seed and differs for another', () => {
    const one = createRandom(7)
    const same = createRandom(7)
    const other = createRandom(8)
    const first = draws(50, () => one.next())
    expect(draws(50, () => same.next())).toEqual(first)
    expect(draws(50, () => other.next())).not.toEqual(first)
  })

  it('forks streams that do not depend on what was drawn before', () => {
    const fresh = createRandom(3)
    const used = createRandom(3)
    used.next()
    used.normal(0, 1)
    expect(used.fork('traces').hex(16)).toBe(fresh.fork('traces').hex(16))
    expect(fresh.fork('traces').hex(16)).not.toBe(fresh.fork('pods').hex(16))
  })

  it('spreads evenly over 0 to 1', () => {
    const random = createRandom(1)
    const tenths = new Array<number>(10).fill(0)
    for (const value of draws(20_000, () => random.next())) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThan(1)
      const tenth = Math.floor(value * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })

  it('reaches both ends of a range of whole numbers', () => {
    const random = createRandom(2)
    expect(new Set(draws(200, () => random.int(3, 6)))).toEqual(new Set([3, 4, 5, 6]))
  })

  it.each([0.3, 4, 29, 31, 900])('draws Poisson counts around %d with their variance', (expected) => {
    const random = createRandom(11)
    const values = draws(20_000, () => random.poisson(expected))
    const average = mean(values)
    const variance = mean(values.map((value) => (value - average) ** 2))
    expect(average / expected).toBeCloseTo(1, 1)
    expect(variance / expected).toBeGreaterThan(0.93)
    expect(variance / expected).toBeLessThan(1.07)
  })

  it.each([
    [10, 0.2],
    [1000, 0.001],
    [1000, 0.4],
    [40, 0.95],
  ])('draws binomial counts of %d tries at %d', (trials, probability) => {
    const random = createRandom(5)
    const values = draws(10_000, () => random.binomial(trials, probability))
    expect(Math.max(...values)).toBeLessThanOrEqual(trials)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(mean(values) / (trials * probability)).toBeCloseTo(1, 1)
  })

  it('deals every trial out in a multinomial, and none to a weight of 0', () => {
    const random = createRandom(9)
    for (let i = 0; i < 500; i++) {
      const counts = random.multinomial(101, [80, 0, 10, 10])
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(101)
      expect(counts[1]).toBe(0)
    }
    expect(random.multinomial(10, [0, 0])).toEqual([0, 0])
  })

  it('meets median and P99 of a lognormal', () => {
    const random = createRandom(4)
    const sorted = draws(50_000, () => random.lognormal(20, 120)).sort((a, b) => a - b)
    expect(itemAt(sorted, 25_000) / 20).toBeCloseTo(1, 1)
    expect(itemAt(sorted, 49_500) / 120).toBeCloseTo(1, 0)
    expect(lognormalSigma(20, 20)).toBe(0)
  })

  it('makes version 4 UUIDs', () => {
    expect(createRandom(6).uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  it('refuses to pick from nothing', () => {
    expect(() => createRandom(1).pick([])).toThrow(RangeError)
    expect(() => createRandom(1).pickIndex([0, 0])).toThrow(RangeError)
  })

  it('keeps every item when shuffling', () => {
    const items = draws(
      20,
      (
        (n) => () =>
          n++
      )(0),
    )
    expect(
      createRandom(12)
        .shuffle(items)
        .sort((a, b) => a - b),
    ).toEqual(items)
  })
})

it('hashes texts apart', () => {
  expect(hashText('reviews')).not.toBe(hashText('ratings'))
  expect(hashText('')).toBe(0x811c9dc5)
})
