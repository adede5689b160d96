/** Whether a version does worse than the baseline, and how sure that is. */
import { compareProportions } from '@/lib/statistics/proportions'
import { quantileDifferences } from '@/lib/statistics/quantile-difference'
import { hashText } from '@/lib/statistics/random'
import type { BackendCounts } from './split-traffic'

/**
 * Requests each of the two must have had before anything is said. Errors need enough to see one in a hundred; a
 * quantile needs ten requests beyond it (100 for P95 would leave five).
 */
export const LEAST_REQUESTS = { errors: 100, p50: 100, p95: 200, p99: 1_000 } as const
export type Measure = keyof typeof LEAST_REQUESTS

/** Looked at again and again, differences at 95 % would be found where there are none. */
export const CONFIDENCE = 0.99

export interface Comparison {
  /** `none`: no difference is shown, which is not the same as none; `notEnough`: no verdict yet */
  verdict: 'worse' | 'better' | 'none' | 'notEnough'
  /** version minus baseline: a ratio for errors, milliseconds for quantiles; null: not measured */
  difference: number | null
  /** interval of the difference at 99 % */
  low: number | null
  high: number | null
  /** how sure it is that they differ, 0..1; null without a verdict */
  confidence: number | null
  /** requests still missing, to the one that has fewer; 0 when there are enough */
  missingRequests: number
}

export type Comparisons = Record<Measure, Comparison>

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

/**
 * A version against the baseline over one window: errors by a two-proportion test, latency by the difference of
 * quantiles, resampled from the buckets with `seed` (same seed and counts, same answer).
 */
export function compareVersions(baseline: BackendCounts, version: BackendCounts, seed: string): Comparisons {
  const fewest = Math.min(baseline.requests, version.requests)
  return {
    errors: compareErrors(baseline, version, fewest),
    ...compareLatency(baseline, version, fewest, seed),
  }
}

function compareErrors(baseline: BackendCounts, version: BackendCounts, fewest: number): Comparison {
  const found = compareProportions(
    { events: baseline.errors, trials: baseline.requests },
    { events: version.errors, trials: version.requests },
    CONFIDENCE,
  )
  const missing = Math.max(0, LEAST_REQUESTS.errors - fewest)
  if (!found || missing > 0) return notEnough(found?.difference ?? null, missing)
  const isDifferent = found.pValue < 1 - CONFIDENCE
  return {
    verdict: isDifferent ? (found.difference > 0 ? 'worse' : 'better') : 'none',
    difference: found.difference,
    low: found.low,
    high: found.high,
    confidence: 1 - found.pValue,
    missingRequests: 0,
  }
}

function compareLatency(
  baseline: BackendCounts,
  version: BackendCounts,
  fewest: number,
  seed: string,
): Record<keyof typeof QUANTILES, Comparison> {
  const found =
    baseline.histogram && version.histogram
      ? quantileDifferences(baseline.histogram, version.histogram, {
          quantiles: Object.values(QUANTILES),
          confidence: CONFIDENCE,
          seed: hashText(seed),
        })
      : []
  const of = (measure: keyof typeof QUANTILES): Comparison => {
    const one = found.find(({ q }) => q === QUANTILES[measure])
    const missing = Math.max(0, LEAST_REQUESTS[measure] - fewest)
    if (!one || missing > 0) return notEnough(one?.difference ?? null, missing)
    const { difference, low, high } = one
    return {
      verdict: low > 0 ? 'worse' : high < 0 ? 'better' : 'none',
      difference,
      low,
      high,
      // of the resamples, as much as lies on one side
      confidence: Math.max(0, 2 * one.confidence - 1),
      missingRequests: 0,
    }
  }
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') }
}

function notEnough(difference: number | null, missingRequests: number): Comparison {
  return { verdict: 'notEnough', difference, low: null, high: null, confidence: null, missingRequests }
}
