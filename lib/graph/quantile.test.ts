import { describe, expect, it } from 'vitest'
import { addHistogram, quantileOf, quantilesOf } from './quantile'

const bounds = [1, 5, 10, Infinity]

describe('quantileOf', () => {
  it('is linear inside a bucket', () => {
    // 10 requests: 2 up to 1 ms, 6 more up to 5 ms, 2 more up to 10 ms
    const histogram = { bounds, counts: [2, 8, 10, 10] }
    expect(quantileOf(histogram, 0.5)).toBeCloseTo(1 + 4 * (3 / 6), 9)
    expect(quantileOf(histogram, 0.9)).toBeCloseTo(5 + 5 * (1 / 2), 9)
    expect(quantileOf(histogram, 0.99)).toBeCloseTo(5 + 5 * (1.9 / 2), 9)
  })

  it('starts the first bucket at zero', () => {
    expect(quantileOf({ bounds: [0.5, 1, Infinity], counts: [4, 4, 4] }, 0.5)).toBe(0.25)
  })

  it('answers the highest finite bound for what lies above it', () => {
    expect(quantileOf({ bounds, counts: [0, 0, 1, 10] }, 0.99)).toBe(10)
    expect(quantileOf({ bounds, counts: [0, 0, 0, 10] }, 0.5)).toBe(10)
  })

  it('is null without observations, without finite bound, without +Inf', () => {
    expect(quantileOf({ bounds, counts: [0, 0, 0, 0] }, 0.5)).toBeNull()
    expect(quantileOf({ bounds: [Infinity], counts: [5] }, 0.5)).toBeNull()
    expect(quantileOf({ bounds: [1, 5], counts: [5, 6] }, 0.5)).toBeNull()
    expect(quantileOf({ bounds: [], counts: [] }, 0.5)).toBeNull()
  })

  it('mends counts that fall', () => {
    expect(quantileOf({ bounds, counts: [2, 8, 7.9, 8] }, 1)).toBe(5)
  })
})

describe('quantilesOf', () => {
  it('has the four of a view as they are one by one', () => {
    const histogram = { bounds, counts: [2, 8, 7.9, 10] }
    const one = (q: number) => quantileOf(histogram, q)
    expect(quantilesOf(histogram)).toEqual({ p50: one(0.5), p90: one(0.9), p95: one(0.95), p99: one(0.99) })
    expect(quantilesOf(histogram)).toBe(quantilesOf(histogram))
  })

  it('are null where nothing was observed', () => {
    expect(quantilesOf({ bounds, counts: [0, 0, 0, 0] })).toEqual({
      p50: null,
      p90: null,
      p95: null,
      p99: null,
    })
  })
})

describe('addHistogram', () => {
  it('sums equal bounds, so a quantile covers all series', () => {
    const fast = { bounds, counts: [90, 90, 90, 90] }
    const slow = { bounds, counts: [0, 0, 10, 10] }
    const sum = addHistogram(addHistogram(null, fast), slow)
    expect(sum.counts).toEqual([90, 90, 100, 100])
    // P99 of all 100 lies at the 9th of the 10 slow ones
    expect(quantileOf(sum, 0.99)).toBeCloseTo(9.5, 9)
    // the fast one is not touched
    expect(fast.counts).toEqual([90, 90, 90, 90])
  })

  it('keeps only common bounds, whatever the order', () => {
    const a = { bounds: [1, 5, 10, Infinity], counts: [1, 2, 3, 4] }
    const b = { bounds: [2, 5, 20, Infinity], counts: [10, 20, 30, 40] }
    const want = { bounds: [5, Infinity], counts: [22, 44] }
    expect(addHistogram(addHistogram(null, a), b)).toEqual(want)
    expect(addHistogram(addHistogram(null, b), a)).toEqual(want)
  })

  it('adds a share', () => {
    expect(addHistogram(null, { bounds, counts: [2, 4, 6, 8] }, 0.5).counts).toEqual([1, 2, 3, 4])
  })
})
