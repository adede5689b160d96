/**
 * Latencies as distributions, so that what adds up, waits or is cut keeps its true shape down to the P99.
 *
 * A distribution is a mass per bin of a grid that grows by a tenth per bin, from 0.05 ms to an hour. Adding
 * two keeps the mean exact; a quantile is good to the width of a bin.
 */
import { lognormalSigma } from '@/lib/statistics/random'

const GROWTH = 1.1
const FIRST_MS = 0.05
const LAST_MS = 3_600_000
const BINS = 2 + Math.ceil(Math.log(LAST_MS / FIRST_MS) / Math.log(GROWTH))
const NEGLIGIBLE = 1e-7
const HALF_STEP = Math.sqrt(GROWTH)

/** Value of each bin; bin 0 is "at once". */
const VALUES = Float64Array.from({ length: BINS }, (_, bin) =>
  bin === 0 ? 0 : FIRST_MS * GROWTH ** (bin - 1),
)

/** Mass per bin, adding up to 1; bins outside [from, to] are empty. */
export interface Latency {
  readonly mass: Float64Array
  readonly from: number
  readonly to: number
}

function trimmed(mass: Float64Array): Latency {
  let total = 0
  for (const share of mass) total += share
  if (!(total > 0)) {
    mass[0] = 1
    return { mass, from: 0, to: 0 }
  }
  let from = 0
  let to = BINS - 1
  while (from < to && (mass[from] ?? 0) < NEGLIGIBLE * total) mass[from++] = 0
  while (to > from && (mass[to] ?? 0) < NEGLIGIBLE * total) mass[to--] = 0
  for (let bin = from; bin <= to; bin++) mass[bin] = (mass[bin] ?? 0) / total
  return { mass, from, to }
}

/** Puts mass between the two bins around a value so that the mean stays. */
function deposit(mass: Float64Array, value: number, share: number): void {
  const bin = binBelow(value)
  const low = VALUES[bin] ?? 0
  const high = VALUES[bin + 1]
  if (high === undefined) {
    mass[bin] = (mass[bin] ?? 0) + share
    return
  }
  const upper = (value - low) / (high - low)
  mass[bin] = (mass[bin] ?? 0) + share * (1 - upper)
  mass[bin + 1] = (mass[bin + 1] ?? 0) + share * upper
}

function binBelow(value: number): number {
  if (!(value >= FIRST_MS)) return 0
  const bin = 1 + Math.floor(Math.log(value / FIRST_MS) / Math.log(GROWTH) + 1e-9)
  return Math.min(BINS - 1, bin)
}

/** Where two bins land when added: the bin below the sum, and the share that goes one higher. */
const SUM_BIN = new Int16Array(BINS * BINS)
const SUM_UPPER = new Float64Array(BINS * BINS)
for (let a = 0; a < BINS; a++) {
  for (let b = 0; b < BINS; b++) {
    const sum = Math.min((VALUES[a] ?? 0) + (VALUES[b] ?? 0), VALUES[BINS - 1] ?? 0)
    const bin = Math.min(binBelow(sum), BINS - 2)
    const low = VALUES[bin] ?? 0
    const high = VALUES[bin + 1] ?? low
    SUM_BIN[a * BINS + b] = bin
    SUM_UPPER[a * BINS + b] = Math.min(1, Math.max(0, (sum - low) / (high - low)))
  }
}

/** Always the same time. */
export function fixed(ms: number): Latency {
  const mass = new Float64Array(BINS)
  deposit(mass, Math.max(0, ms), 1)
  return trimmed(mass)
}

/** Lognormal by median and P99. */
export function lognormal(median: number, p99: number): Latency {
  const sigma = lognormalSigma(median, p99)
  if (sigma === 0 || median <= 0) return fixed(median)
  const mass = new Float64Array(BINS)
  let below = 0
  for (let bin = 1; bin < BINS; bin++) {
    const upTo = bin === BINS - 1 ? 1 : normalCdf(Math.log(((VALUES[bin] ?? 0) * HALF_STEP) / median) / sigma)
    mass[bin] = upTo - below
    below = upTo
  }
  return trimmed(mass)
}

/** One after the other. */
export function plus(a: Latency, b: Latency): Latency {
  if (a.to === 0) return b
  if (b.to === 0) return a
  const mass = new Float64Array(BINS)
  for (let i = a.from; i <= a.to; i++) {
    const left = a.mass[i] ?? 0
    if (left === 0) continue
    const row = i * BINS
    for (let j = b.from; j <= b.to; j++) {
      const share = left * (b.mass[j] ?? 0)
      if (share === 0) continue
      const bin = SUM_BIN[row + j] ?? 0
      const upper = share * (SUM_UPPER[row + j] ?? 0)
      mass[bin] = (mass[bin] ?? 0) + share - upper
      mass[bin + 1] = (mass[bin + 1] ?? 0) + upper
    }
  }
  return trimmed(mass)
}

/** So many times in a row; a fraction is the share of cases with one more. */
export function times(one: Latency, count: number): Latency {
  const whole = Math.floor(count)
  let sum: Latency | null = null
  let power = one
  for (let left = whole; left > 0; left >>= 1) {
    if (left & 1) sum = sum === null ? power : plus(sum, power)
    if (left > 1) power = plus(power, power)
  }
  const base = sum ?? AT_ONCE
  const rest = count - whole
  if (rest < 1e-9) return base
  return mix([
    { share: 1 - rest, latency: base },
    { share: rest, latency: plus(base, one) },
  ])
}

/** One or the other, in proportion to the shares. */
export function mix(parts: readonly { share: number; latency: Latency }[]): Latency {
  const only = parts.length === 1 ? parts[0] : undefined
  if (only !== undefined) return only.latency
  const mass = new Float64Array(BINS)
  for (const { share, latency } of parts) {
    if (!(share > 0)) continue
    for (let bin = latency.from; bin <= latency.to; bin++)
      mass[bin] = (mass[bin] ?? 0) + share * (latency.mass[bin] ?? 0)
  }
  return trimmed(mass)
}

export function stretch(latency: Latency, factor: number): Latency {
  if (factor === 1) return latency
  const mass = new Float64Array(BINS)
  for (let bin = latency.from; bin <= latency.to; bin++) {
    deposit(mass, Math.min(LAST_MS, (VALUES[bin] ?? 0) * factor), latency.mass[bin] ?? 0)
  }
  return trimmed(mass)
}

/** Share of a bin that lies below a bound; within a bin the mass is spread evenly on a log scale. */
function shareBelow(bin: number, bound: number): number {
  const value = VALUES[bin] ?? 0
  if (value === 0) return 1
  const low = value / HALF_STEP
  if (bound <= low) return 0
  const high = value * HALF_STEP
  return bound >= high ? 1 : Math.log(bound / low) / Math.log(high / low)
}

/** What a limit leaves: the share that made it, and how long those took (null when none did). */
export function within(latency: Latency, limitMs: number): { ratio: number; latency: Latency | null } {
  const mass = new Float64Array(BINS)
  let ratio = 0
  for (let bin = latency.from; bin <= latency.to; bin++) {
    const share = (latency.mass[bin] ?? 0) * shareBelow(bin, limitMs)
    mass[bin] = share
    ratio += share
  }
  if (ratio < NEGLIGIBLE) return { ratio: 0, latency: null }
  return { ratio: Math.min(1, ratio), latency: trimmed(mass) }
}

export function meanMs(latency: Latency): number {
  let mean = 0
  for (let bin = latency.from; bin <= latency.to; bin++) mean += (latency.mass[bin] ?? 0) * (VALUES[bin] ?? 0)
  return mean
}

export function quantileMs(latency: Latency, quantile: number): number {
  let below = 0
  for (let bin = latency.from; bin <= latency.to; bin++) {
    below += latency.mass[bin] ?? 0
    if (below >= quantile) return VALUES[bin] ?? 0
  }
  return VALUES[latency.to] ?? 0
}

/** A distribution as a histogram with given bounds sees it: one entry more than bounds, for what is above all. */
export interface BucketProfile {
  shares: Float64Array
  /** mean of what falls into each bucket, milliseconds */
  means: Float64Array
  /** first and last bucket that anything falls into */
  from: number
  to: number
}

export function bucketProfile(latency: Latency, bounds: readonly number[]): BucketProfile {
  const shares = new Float64Array(bounds.length + 1)
  const means = new Float64Array(bounds.length + 1)
  for (let bin = latency.from; bin <= latency.to; bin++) {
    const mass = latency.mass[bin] ?? 0
    if (mass === 0) continue
    let below = 0
    for (let bucket = 0; bucket <= bounds.length && below < 1; bucket++) {
      const upTo = bucket === bounds.length ? 1 : shareBelow(bin, bounds[bucket] ?? Infinity)
      const part = mass * Math.max(0, upTo - below)
      shares[bucket] = (shares[bucket] ?? 0) + part
      means[bucket] = (means[bucket] ?? 0) + part * (VALUES[bin] ?? 0)
      below = Math.max(below, upTo)
    }
  }
  let from = bounds.length
  let to = 0
  for (const [bucket, share] of shares.entries()) {
    if (share <= 0) continue
    means[bucket] = (means[bucket] ?? 0) / share
    from = Math.min(from, bucket)
    to = bucket
  }
  return { shares, means, from, to }
}

/** One value, by a number 0 ≤ u < 1. */
export function valueAt(latency: Latency, u: number): number {
  let left = u
  for (let bin = latency.from; bin <= latency.to; bin++) {
    const share = latency.mass[bin] ?? 0
    if (left < share || bin === latency.to) {
      const value = VALUES[bin] ?? 0
      return value * GROWTH ** (Math.min(1, share > 0 ? left / share : 0.5) - 0.5)
    }
    left -= share
  }
  return 0
}

/** Distribution function of the standard normal. Abramowitz and Stegun 7.1.26, good to 1.5e-7. */
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * z)
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = 0.5 * poly * Math.exp(-z * z)
  return x >= 0 ? 1 - tail : tail
}

export const AT_ONCE: Latency = fixed(0)
