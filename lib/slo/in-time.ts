/** How many requests were faster than a threshold, from the buckets of a histogram. Pure. */

export interface Bounds {
  /** largest bound that is not above the threshold, as Prometheus writes it; null: there is none below */
  lower: string | null
  /** next bound above; null when `lower` is the threshold itself */
  upper: string | null
}

export const INFINITE = '+Inf'

/**
 * The bounds that enclose a threshold; undefined when it lies above the largest finite one, where nothing tells how
 * slow a request was. `bounds` are values of the label `le`.
 */
export function boundsAround(thresholdMs: number, bounds: readonly string[]): Bounds | undefined {
  const sorted = bounds
    .map((text) => ({ text, value: Number(text) }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value)
  const lower = sorted.filter(({ value }) => value <= thresholdMs).at(-1)
  if (lower?.value === thresholdMs) return { lower: lower.text, upper: null }
  const upper = sorted.find(({ value }) => value > thresholdMs)
  return upper && { lower: lower?.text ?? null, upper: upper.text }
}

/**
 * Requests in time: those of the bucket whose bound the threshold is, else between its neighbours as evenly as
 * histogram_quantile takes it. `counts` are cumulative, by `le`; null where the bounds were not measured.
 */
export function countInTime(
  thresholdMs: number,
  { lower, upper }: Bounds,
  counts: ReadonlyMap<string, number>,
): number | null {
  const below = lower === null ? 0 : counts.get(lower)
  if (below === undefined) return null
  if (upper === null) return below
  const above = counts.get(upper)
  if (above === undefined) return null
  const from = lower === null ? 0 : Number(lower)
  const share = (thresholdMs - from) / (Number(upper) - from)
  return below + Math.max(0, above - below) * share
}
