/** The normal distribution, as tests of proportions need it. */

/** Half-width of an interval in standard deviations, by confidence. */
export const Z_OF_CONFIDENCE = { 0.95: 1.959963984540054, 0.99: 2.5758293035489004 } as const
export type Confidence = keyof typeof Z_OF_CONFIDENCE

/** Chance that a standard normal value is further from 0 than `z`, in either direction; 0..1, relative error below 1e-6. */
export function twoSidedTail(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/**
 * Complementary error function for x ≥ 0: its series up to 2.5, its continued fraction above.
 * https://dlmf.nist.gov/7.6#E2 and https://dlmf.nist.gov/7.9#E1
 */
function erfc(x: number): number {
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
  }
  let fraction = x
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}
