/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices run within arrays of a length made here, once per sample or row */
/** The φ-quantile of plain values, between the two nearest ranks; NaN counts as the smallest. */
export function quantileOf(phi: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(phi)) return NaN
  if (phi < 0) return -Infinity
  if (phi > 1) return Infinity
  values.sort((a, b) => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a - b))
  const rank = phi * (values.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(values.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return values[lower]! * (1 - weight) + values[upper]! * weight
}

export interface Bucket {
  upperBound: number
  /** cumulative */
  count: number
}

/**
 * The φ-quantile of a histogram's cumulative buckets, linear within a bucket. `buckets` are sorted by bound and are
 * changed: equal bounds are added up, and a count below its predecessor's is raised to it.
 * NaN without a `+Inf` bucket, with fewer than two buckets, or without observations; in the last bucket the
 * highest finite bound. Rule: https://prometheus.io/docs/prometheus/2.42/querying/functions/#histogram_quantile
 */
export function bucketQuantile(phi: number, buckets: Bucket[]): number {
  if (Number.isNaN(phi)) return NaN
  if (phi < 0) return -Infinity
  if (phi > 1) return Infinity
  if (buckets.length === 0 || buckets.at(-1)!.upperBound !== Infinity) return NaN
  const merged = addEqualBounds(buckets)
  raiseToPredecessors(merged)
  if (merged.length < 2) return NaN
  const observations = merged.at(-1)!.count
  if (observations === 0) return NaN
  let rank = phi * observations
  const at = firstReaching(merged, rank)
  if (at === merged.length - 1) return merged[at - 1]!.upperBound
  const { upperBound, count } = merged[at]!
  if (at === 0 && upperBound <= 0) return upperBound
  const below = at > 0 ? merged[at - 1]! : { upperBound: 0, count: 0 }
  rank -= below.count
  return below.upperBound + (upperBound - below.upperBound) * (rank / (count - below.count))
}

function addEqualBounds(buckets: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = []
  for (const bucket of buckets) {
    const last = merged.at(-1)
    if (last && last.upperBound === bucket.upperBound) last.count += bucket.count
    else merged.push(bucket)
  }
  return merged
}

function raiseToPredecessors(buckets: Bucket[]): void {
  let highest = buckets[0]!.count
  for (const bucket of buckets) {
    if (bucket.count > highest) highest = bucket.count
    else if (bucket.count < highest) bucket.count = highest
  }
}

/** The first bucket but the last whose count reaches `rank`; the last when none does. */
function firstReaching(buckets: readonly Bucket[], rank: number): number {
  let low = 0
  let high = buckets.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (buckets[middle]!.count >= rank) high = middle
    else low = middle + 1
  }
  return low
}
