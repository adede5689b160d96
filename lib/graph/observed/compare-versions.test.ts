import { describe, expect, it } from 'vitest'
import { compareVersions, LEAST_REQUESTS } from './compare-versions'

const BOUNDS = [1, 2, 5, 10, 25, 50, 100, Infinity]
/** `requests` of which so many errors, evenly spread up to `slowest` ms */
function counts(requests: number, errors: number, slowest: number | null = 10) {
  const histogram =
    slowest === null
      ? null
      : { bounds: BOUNDS, counts: BOUNDS.map((bound) => Math.round(requests * Math.min(1, bound / slowest))) }
  return { requests, errors, histogram }
}
const compare = (...[a, b]: [ReturnType<typeof counts>, ReturnType<typeof counts>]) =>
  compareVersions(a, b, 'seed')

describe('errors', () => {
  // p values: exact fractions and math.erfc of Python, as in lib/statistics
  it.each([
    ['three times as many', counts(1000, 10), counts(1000, 30), 'worse', 1 - 0.0014013015809602168],
    ['as many', counts(1000, 50), counts(1000, 55), 'none', 1 - 0.6161697188674795],
    ['fewer', counts(1000, 30), counts(1000, 10), 'better', 1 - 0.0014013015809602168],
    ['none at all', counts(1000, 0), counts(100, 0), 'none', 0],
    ['a small arm', counts(900, 2), counts(100, 6), 'worse', 1 - 2.0602779680765446e-5],
  ] as const)('%s', (_name, baseline, version, verdict, confidence) => {
    const { errors } = compare(baseline, version)
    expect(errors.verdict).toBe(verdict)
    expect(errors.confidence).toBeCloseTo(confidence, 6)
    expect(errors.missingRequests).toBe(0)
  })

  it('says nothing before there are enough, and how many are missing', () => {
    expect(compare(counts(5000, 0), counts(99, 99)).errors).toMatchObject({
      verdict: 'notEnough',
      missingRequests: 1,
      confidence: null,
    })
    expect(compare(counts(20, 0), counts(99, 0)).errors.missingRequests).toBe(80)
    expect(compare(counts(0, 0), counts(500, 0)).errors).toMatchObject({
      verdict: 'notEnough',
      difference: null,
    })
  })
})

describe('latency', () => {
  it('finds a version that is slower, with the interval', () => {
    const { p50, p99 } = compare(counts(5000, 0, 10), counts(2000, 0, 25))
    expect(p50).toMatchObject({ verdict: 'worse', confidence: 1 })
    expect(p50.difference).toBeCloseTo(7.5, 1)
    expect(p50.low).toBeGreaterThan(6)
    expect(p99.verdict).toBe('worse')
  })

  it('finds one that is faster', () => {
    expect(compare(counts(5000, 0, 25), counts(2000, 0, 10)).p95.verdict).toBe('better')
  })

  it('shows no difference where there is none', () => {
    expect(compare(counts(5000, 0), counts(2000, 0)).p99).toMatchObject({ verdict: 'none', difference: 0 })
  })

  it('needs more requests the higher the quantile', () => {
    const { p50, p95, p99 } = compare(counts(5000, 0, 10), counts(150, 0, 50))
    expect(p50.verdict).toBe('worse')
    expect(p95).toMatchObject({ verdict: 'notEnough', missingRequests: 50 })
    expect(p99).toMatchObject({ verdict: 'notEnough', missingRequests: LEAST_REQUESTS.p99 - 150 })
    // the figure is shown all the same
    expect(p99.difference).toBeGreaterThan(30)
  })

  it('says nothing without buckets', () => {
    expect(compare(counts(5000, 0, null), counts(5000, 0)).p50).toMatchObject({
      verdict: 'notEnough',
      difference: null,
      missingRequests: 0,
    })
  })

  it('repeats itself', () => {
    const [a, b] = [counts(5000, 0, 10), counts(3000, 0, 11)]
    expect(compare(a, b)).toEqual(compare(a, b))
  })
})
