/** Whether two histograms have different quantiles, by resampling. */
import { quantileOf } from '@/lib/graph/quantile'
import type { Histogram } from '@/lib/graph/types'
import type { Confidence } from './normal'
import { createRandom } from './random'

export interface QuantileDifference {
  q: number
  /** quantile of the second minus that of the first, in the unit of the bounds */
  difference: number
  /** interval of the difference at the confidence asked for */
  low: number
  high: number
  /** share of the resamples whose difference has the sign of `difference`; 0.5 says nothing */
  confidence: number
}

export interface ResampleOptions {
  quantiles: readonly number[]
  confidence: Confidence
  /** same seed, same answer */
  seed: number
  resamples?: number
}

const RESAMPLES = 500

/**
 * Differences of quantiles with their percentile bootstrap intervals: both histograms are drawn anew, as many
 * observations as they hold, and their quantiles compared each time. `counts` are cumulative whole observations,
 * not rates. A quantile that either histogram does not have is left out.
 * Method: Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 */
export function quantileDifferences(
  first: Histogram,
  second: Histogram,
  { quantiles, confidence, seed, resamples = RESAMPLES }: ResampleOptions,
): QuantileDifference[] {
  const seen = quantiles.flatMap((q) => {
    const [a, b] = [quantileOf(first, q), quantileOf(second, q)]
    return a === null || b === null ? [] : [{ q, difference: b - a, drawn: [] as number[] }]
  })
  if (seen.length === 0) return []
  const random = createRandom(seed)
  const [draw, drawOther] = [sampler(first), sampler(second)]
  for (let i = 0; i < resamples; i++) {
    const [a, b] = [draw(random.multinomial), drawOther(random.multinomial)]
    for (const one of seen) {
      const difference = (quantileOf(b, one.q) ?? 0) - (quantileOf(a, one.q) ?? 0)
      one.drawn.push(difference)
    }
  }
  return seen.map(({ q, difference, drawn }) => {
    const sorted = drawn.toSorted((a, b) => a - b)
    const tail = (1 - confidence) / 2
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? difference
    const same = drawn.filter((one) => Math.sign(one) === Math.sign(difference)).length
    return { q, difference, low: at(tail), high: at(1 - tail), confidence: same / drawn.length }
  })
}

type Multinomial = (trials: number, weights: readonly number[]) => number[]

function sampler({ bounds, counts }: Histogram): (multinomial: Multinomial) => Histogram {
  const inBucket = counts.map((count, index) => Math.max(0, count - (counts[index - 1] ?? 0)))
  const trials = inBucket.reduce((sum, count) => sum + count, 0)
  return (multinomial) => {
    let sum = 0
    return { bounds, counts: multinomial(trials, inBucket).map((count) => (sum += count)) }
  }
}
