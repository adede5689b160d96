/** Shares that were counted: how sure they are, and whether two of them differ. */
import { twoSidedTail, Z_OF_CONFIDENCE, type Confidence } from './normal'

/** So many of `trials` had the property. Whole numbers, 0 ≤ events ≤ trials. */
export interface Proportion {
  events: number
  trials: number
}

export interface ProportionDifference {
  /** share of the second minus share of the first, -1..1 */
  difference: number
  /** interval of the difference at the confidence asked for */
  low: number
  high: number
  /** chance to see a difference this large where there is none, 0..1 */
  pValue: number
}

/**
 * Where the true share lies, by Wilson's score interval: sound for few trials and for shares near 0 and 1.
 * Null without trials. Wilson (1927), doi:10.1080/01621459.1927.10502953
 */
export function shareInterval(
  { events, trials }: Proportion,
  confidence: Confidence,
): { low: number; high: number } | null {
  if (!(trials > 0)) return null
  const z = Z_OF_CONFIDENCE[confidence]
  const share = events / trials
  const centre = share + (z * z) / (2 * trials)
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))
  const whole = 1 + (z * z) / trials
  return { low: Math.max(0, (centre - spread) / whole), high: Math.min(1, (centre + spread) / whole) }
}

/**
 * Whether the second share differs from the first: pooled two-proportion z test, or Fisher's exact test where fewer
 * than 5 are expected in a cell; interval by Newcombe's hybrid score method (1998, doi:10.1002/(SICI)1097-0258
 * (19980430)17:8<873::AID-SIM779>3.0.CO;2-I). Null when either has no trials.
 */
export function compareProportions(
  first: Proportion,
  second: Proportion,
  confidence: Confidence,
): ProportionDifference | null {
  const a = shareInterval(first, confidence)
  const b = shareInterval(second, confidence)
  if (!a || !b) return null
  const [p1, p2] = [first.events / first.trials, second.events / second.trials]
  const difference = p2 - p1
  return {
    difference,
    low: difference - Math.hypot(p2 - b.low, a.high - p1),
    high: difference + Math.hypot(b.high - p2, p1 - a.low),
    pValue: isSparse(first, second) ? fisher(first, second) : pooledTest(first, second),
  }
}

const LEAST_EXPECTED = 5

function isSparse(first: Proportion, second: Proportion): boolean {
  const share = (first.events + second.events) / (first.trials + second.trials)
  const fewest = Math.min(first.trials, second.trials) * Math.min(share, 1 - share)
  return fewest < LEAST_EXPECTED
}

function pooledTest(first: Proportion, second: Proportion): number {
  const share = (first.events + second.events) / (first.trials + second.trials)
  const deviation = Math.sqrt(share * (1 - share) * (1 / first.trials + 1 / second.trials))
  return twoSidedTail((second.events / second.trials - first.events / first.trials) / deviation)
}

/** Two-sided: the chance of all tables with these margins that are no likelier than the one seen. */
function fisher(first: Proportion, second: Proportion): number {
  const events = first.events + second.events
  const trials = first.trials + second.trials
  const total = logChoose(trials, events)
  const chanceOf = (inSecond: number) =>
    Math.exp(logChoose(second.trials, inSecond) + logChoose(first.trials, events - inSecond) - total)
  // equal tables must count as equal whatever the last digit of the logarithms
  const seen = chanceOf(second.events) * (1 + 1e-7)
  let sum = 0
  for (let k = Math.max(0, events - first.trials); k <= Math.min(events, second.trials); k++) {
    const chance = chanceOf(k)
    if (chance <= seen) sum += chance
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** Stirling's series; small numbers are multiplied out. */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1
    for (let i = 2; i <= n; i++) product *= i
    return Math.log(product)
  }
  const x = n + 1
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  )
}
