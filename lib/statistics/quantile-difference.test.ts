import { describe, expect, it } from 'vitest'
import { quantileDifferences } from './quantile-difference'
import { createRandom } from './random'

/** `observations` spread evenly from `from` to `to` ms, in buckets of 1 ms up to 200. */
function even(observations: number, from: number, to: number) {
  const bounds = [...Array.from({ length: 200 }, (_, index) => index + 1), Infinity]
  const counts = bounds.map((bound) =>
    Math.round(observations * Math.min(1, Math.max(0, (bound - from) / (to - from)))),
  )
  return { bounds, counts }
}
const options = { quantiles: [0.5], confidence: 0.95, seed: 1, resamples: 2000 } as const

describe('quantileDifferences', () => {
  it('is as wide as theory says', () => {
    // the median of n values even over a width w deviates by w / (2 √n): 100 / (2·50) = 1 ms, of two medians √2 ms
    const [median] = quantileDifferences(even(2500, 0, 100), even(2500, 20, 120), options)
    expect(median?.difference).toBeCloseTo(20, 1)
    expect(median && median.high - median.low).toBeGreaterThan(2 * 1.96 * Math.SQRT2 * 0.9)
    expect(median && median.high - median.low).toBeLessThan(2 * 1.96 * Math.SQRT2 * 1.1)
    expect(median?.confidence).toBe(1)
  })

  it('misses a difference that is none about as often as it says', () => {
    const random = createRandom(11)
    const bounds = [...Array.from({ length: 20 }, (_, index) => (index + 1) * 5), Infinity]
    const sample = () => {
      let sum = 0
      const inBucket = random.multinomial(400, [...bounds.slice(1).map(() => 1), 0])
      return { bounds, counts: inBucket.map((count) => (sum += count)) }
    }
    let misses = 0
    for (let seed = 0; seed < 100; seed++) {
      const [median] = quantileDifferences(sample(), sample(), { ...options, seed, resamples: 300 })
      if (median && (median.low > 0 || median.high < 0)) misses++
    }
    // 5 % of 100, and three deviations of that count
    expect(misses).toBeGreaterThan(0)
    expect(misses).toBeLessThan(12)
  })

  it('narrows with more observations', () => {
    const width = (n: number) => {
      const [one] = quantileDifferences(even(n, 0, 100), even(n, 5, 105), options)
      return one ? one.high - one.low : 0
    }
    expect(width(100) / width(10_000)).toBeGreaterThan(8)
    expect(width(100) / width(10_000)).toBeLessThan(12)
  })

  it('repeats itself for one seed', () => {
    const [a, b] = [even(500, 0, 80), even(300, 10, 90)]
    const all = { quantiles: [0.5, 0.95, 0.99], confidence: 0.99, seed: 7 } as const
    expect(quantileDifferences(a, b, all)).toEqual(quantileDifferences(a, b, all))
    expect(quantileDifferences(a, b, all).map((one) => one.q)).toEqual([0.5, 0.95, 0.99])
  })

  it('leaves out what a histogram does not have', () => {
    const none = { bounds: [1, Infinity], counts: [0, 0] }
    expect(quantileDifferences(none, even(100, 0, 10), options)).toEqual([])
  })
})
