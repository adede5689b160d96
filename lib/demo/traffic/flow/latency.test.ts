import { describe, expect, it } from 'vitest'
import {
  AT_ONCE,
  bucketProfile,
  fixed,
  lognormal,
  meanMs,
  mix,
  plus,
  quantileMs,
  stretch,
  times,
  valueAt,
  within,
} from './latency'

const near = (value: number, wanted: number, ratio = 0.1) => {
  expect(value).toBeGreaterThan(wanted * (1 - ratio))
  expect(value).toBeLessThan(wanted * (1 + ratio))
}

describe('latency', () => {
  it('keeps median and P99 of a lognormal to a bin', () => {
    const latency = lognormal(20, 100)
    near(quantileMs(latency, 0.5), 20)
    near(quantileMs(latency, 0.99), 100)
  })

  it('adds means exactly, however many are added', () => {
    const a = lognormal(20, 100)
    const b = lognormal(3, 40)
    expect(meanMs(plus(a, b))).toBeCloseTo(meanMs(a) + meanMs(b), 4)
    expect(meanMs(times(a, 7.25))).toBeCloseTo(7.25 * meanMs(a), 3)
    expect(meanMs(plus(a, AT_ONCE))).toBe(meanMs(a))
  })

  it('shifts by a fixed delay', () => {
    const delayed = plus(lognormal(20, 100), fixed(2000))
    near(quantileMs(delayed, 0.5), 2020)
    expect(bucketProfile(delayed, [1000, 2500, 5000]).shares[1]).toBeGreaterThan(0.99)
  })

  it('stretches means by the factor', () => {
    expect(meanMs(stretch(lognormal(20, 100), 12))).toBeCloseTo(12 * meanMs(lognormal(20, 100)), 3)
  })

  it('cuts at a limit', () => {
    const { ratio, latency } = within(lognormal(100, 400), 100)
    near(ratio, 0.5, 0.03)
    expect(latency === null ? Infinity : quantileMs(latency, 1)).toBeLessThanOrEqual(105)
    expect(within(fixed(500), 100)).toEqual({ ratio: 0, latency: null })
  })

  it('mixes by share and fills buckets that add up to one', () => {
    const both = mix([
      { share: 3, latency: fixed(10) },
      { share: 1, latency: fixed(1000) },
    ])
    const { shares, means } = bucketProfile(both, [100, 2000])
    expect(shares[0]).toBeCloseTo(0.75, 6)
    expect(shares[1]).toBeCloseTo(0.25, 6)
    expect(means[1]).toBeCloseTo(1000, 6)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  it('draws values that follow the distribution', () => {
    const latency = lognormal(20, 100)
    let sum = 0
    for (let i = 0; i < 1000; i++) sum += valueAt(latency, (i + 0.5) / 1000)
    near(sum / 1000, meanMs(latency), 0.03)
  })
})
