/** Latency histograms: summed first, asked for quantiles after. Averaging quantiles is wrong. */
import { quantizeRate } from './quantum'
import type { Flow, Histogram } from './types'

/**
 * The q-quantile of a cumulative histogram in the unit of its bounds, as Prometheus' `histogram_quantile` has
 * it: linear inside a bucket, the first bucket starting at 0, the highest finite bound for what lies above it.
 * Null when there is nothing observed, no finite bound, or no `+Inf` bucket.
 * Source: https://github.com/prometheus/prometheus/blob/main/promql/quantile.go (BucketQuantile)
 */
export function quantileOf(histogram: Histogram, q: number): number | null {
  return quantileAt(histogram.bounds, monotonic(histogram.counts), q)
}

export interface Quantiles {
  p50: number | null
  p90: number | null
  p95: number | null
  p99: number | null
}

/** A view asks of most histograms more than once (the edge, its ends, their health), and so does the next snapshot. */
const quantiles = new WeakMap<Histogram, Quantiles>()

/** The quantiles every view shows, as `quantileOf` has them, of a histogram that nobody adds to any more. */
export function quantilesOf(histogram: Histogram): Quantiles {
  const known = quantiles.get(histogram)
  if (known) return known
  const { bounds } = histogram
  const counts = monotonic(histogram.counts)
  const made = {
    p50: quantileAt(bounds, counts, 0.5),
    p90: quantileAt(bounds, counts, 0.9),
    p95: quantileAt(bounds, counts, 0.95),
    p99: quantileAt(bounds, counts, 0.99),
  }
  quantiles.set(histogram, made)
  return made
}

function quantileAt(bounds: readonly number[], counts: readonly number[], q: number): number | null {
  const last = bounds.length - 1
  if (last < 1 || bounds[last] !== Number.POSITIVE_INFINITY) return null
  const total = counts[last] ?? 0
  if (!(total > 0)) return null
  let rank = q * total
  let bucket = 0
  while (bucket < last && (counts[bucket] ?? 0) < rank) bucket++
  if (bucket === last) return bounds[last - 1] ?? null
  const end = bounds[bucket] ?? 0
  if (bucket === 0 && end <= 0) return end
  const start = bucket === 0 ? 0 : (bounds[bucket - 1] ?? 0)
  const below = bucket === 0 ? 0 : (counts[bucket - 1] ?? 0)
  const inside = (counts[bucket] ?? 0) - below
  rank -= below
  return inside > 0 ? start + (end - start) * (rank / inside) : end
}

/** Rates of neighbouring buckets are extrapolated apart, so a count can fall below the one before it. */
function monotonic(counts: readonly number[]): readonly number[] {
  let highest = 0
  let isRising = true
  for (const count of counts) {
    if (count < highest) {
      isRising = false
      break
    }
    highest = count
  }
  if (isRising) return counts
  highest = 0
  return counts.map((count) => (highest = Math.max(highest, count)))
}

/** Rates of `_count` and of the `+Inf` bucket are extrapolated apart. */
const ALL = 0.999

/**
 * Buckets that tell of all requests of a sum. Null where there are none, and where buckets were asked for some of its
 * flows only: the mean, which is asked for all, is of more requests then, and quantiles of a part would pass for its.
 */
export function wholeHistogram({ histogram, mean }: Pick<Flow, 'histogram' | 'mean'>): Histogram | null {
  if (!histogram || !mean) return histogram
  return (histogram.counts.at(-1) ?? 0) < ALL * mean.requestsPerSecond ? null : histogram
}

/** Buckets of several series being summed; `bounds` are those all of them have. */
export interface HistogramSum {
  bounds: readonly number[]
  counts: number[]
}

/**
 * Adds a histogram, `factor` of it, to a sum (null: the first) and gives back the sum.
 * Where bounds differ only the common ones stay: at those the counts of all series are known.
 */
export function addHistogram(sum: HistogramSum | null, histogram: Histogram, factor = 1): HistogramSum {
  const { bounds, counts } = histogram
  if (sum === null) {
    return { bounds, counts: factor === 1 ? [...counts] : counts.map((c) => quantizeRate(c * factor)) }
  }
  if (sum.bounds === bounds || isSame(sum.bounds, bounds)) {
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] ?? 0
      sum.counts[i] = (sum.counts[i] ?? 0) + (factor === 1 ? count : quantizeRate(count * factor))
    }
    return sum
  }
  const common = sum.bounds.filter((bound) => bounds.includes(bound))
  const merged = common.map((bound) => {
    const count = counts[bounds.indexOf(bound)] ?? 0
    const added = factor === 1 ? count : quantizeRate(count * factor)
    return (sum.counts[sum.bounds.indexOf(bound)] ?? 0) + added
  })
  return { bounds: common, counts: merged }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((bound, index) => bound === b[index])
}
