/** Since when a series is as bad as it is now. */

export interface ChangePoint {
  /**
   * epoch milliseconds: the last point at which it still was as before, so the change lies between this and one step
   * later; null when it has been so since the first point
   */
  at: number | null
  /** first point of the series, epoch milliseconds */
  from: number
  stepMs: number
  /** level before, in the unit of the series; null when it has been so since the first point */
  before: number | null
  /** level now */
  after: number
}

/** How many of the newest points make the present level. */
const PRESENT_POINTS = 5
/** So many points in a row may fall back without ending the incident: a pause is not an end. */
const FORGIVEN = 3
/** A rate rises over its window: what has come this far is the beginning. */
const ONSET_SHARE = 0.15
/** Points of the quiet level that are needed to know it. */
const LEAST_QUIET = 2

/**
 * The change to the present level of a series (points ascending, one a step, null for gaps), for figures of which
 * more is worse. Null when nothing rose by at least `leastRise`: then it was always so, or it is over.
 */
export function findChangePoint(
  points: readonly (readonly [at: number, value: number | null])[],
  leastRise: number,
): ChangePoint | null {
  const measured = points.flatMap(([at, value]) => (value === null ? [] : [{ at, value }]))
  const first = points[0]
  const second = points[1]
  if (!first || !second || measured.length < LEAST_QUIET + 1) return null
  const stepMs = second[0] - first[0]
  const after = median(measured.slice(-PRESENT_POINTS).map(({ value }) => value))
  const limit = quietLimit(measured.map(({ value }) => value))
  const quiet = limit === null ? [] : measured.filter(({ value }) => value <= limit)
  if (quiet.length < LEAST_QUIET || after <= (limit ?? Infinity)) {
    return after >= leastRise ? { at: null, from: first[0], stepMs, before: null, after } : null
  }
  const before = median(quiet.map(({ value }) => value))
  if (after - before < leastRise) return null
  const noise = 4 * median(quiet.map(({ value }) => Math.abs(value - before)))
  const threshold = before + Math.min(0.5 * (after - before), Math.max(ONSET_SHARE * (after - before), noise))
  const onset = onsetOf(measured, threshold)
  if (onset === measured.length) return null
  const last = measured[onset - 1]
  return last
    ? { at: last.at, from: first[0], stepMs, before, after }
    : { at: null, from: first[0], stepMs, before: null, after }
}

/** Index of the first point of the last run above the threshold; the length of the series where there is none. */
function onsetOf(measured: readonly { value: number }[], threshold: number): number {
  let onset = measured.length
  let fallen = 0
  for (let index = measured.length - 1; index >= 0; index--) {
    if ((measured[index]?.value ?? 0) > threshold) {
      onset = index
      fallen = 0
    } else if (++fallen > FORGIVEN) break
  }
  return onset
}

/** The value that best parts the points into a low and a high class (Otsu's); null where all are one. */
function quietLimit(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const total = sorted.reduce((sum, value) => sum + value, 0)
  let low = 0
  let best = 0
  let limit: number | null = null
  for (let count = 1; count < sorted.length; count++) {
    low += sorted[count - 1] ?? 0
    const high = sorted.length - count
    const gap = (total - low) / high - low / count
    const between = count * high * gap * gap
    if (between > best && (sorted[count] ?? 0) > (sorted[count - 1] ?? 0)) {
      best = between
      limit = sorted[count - 1] ?? null
    }
  }
  return limit
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
