/** What stands where nothing was measured; never `0`, `NaN` or an empty cell. */
export const ABSENT = '–'

/** True for a number a reader can be shown: neither absent nor NaN nor infinite. */
export function isMeasured(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value)
}

/**
 * A plain number in three significant digits: `0`, `0.05`, `1.23`, `45.6`, `789`. Meant for 0 ≤ value < 1000;
 * larger ones keep all digits before the point. What is above zero never reads as zero: `<0.01`.
 */
export function threeDigits(value: number): string {
  const size = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (size === 0) return '0'
  if (size < 0.01) return `${sign}<0.01`
  // the limits are where rounding reaches the next digit: 9.995 is "10.0", not "10.00"
  if (size < 9.995) return sign + size.toFixed(2)
  if (size < 99.95) return sign + size.toFixed(1)
  return sign + size.toFixed(0)
}

/** Step of a scale: `factor` of the base unit is written with `suffix`. */
export interface Step {
  factor: number
  suffix: string
}

/** Thousand, million, billion, as `k`, `M`, `G`. */
export const DECIMAL_STEPS: readonly Step[] = [
  { factor: 1, suffix: '' },
  { factor: 1e3, suffix: 'k' },
  { factor: 1e6, suffix: 'M' },
  { factor: 1e9, suffix: 'G' },
  { factor: 1e12, suffix: 'T' },
]

/** The value on the largest step it fills: three significant digits and that step's suffix. */
export function onScale(value: number, steps: readonly Step[]): { text: string; suffix: string } {
  let chosen = steps[0] ?? { factor: 1, suffix: '' }
  for (const step of steps) {
    // 999.6 would round to "1000"; it belongs to the next step already
    if (Math.abs(value) >= step.factor * (step.factor === 1 ? 1 : 0.9995)) chosen = step
  }
  return { text: threeDigits(value / chosen.factor), suffix: chosen.suffix }
}

/** A number for a table or label: `1.23`, `45.6`, `1.20k`, `3.40M`; absence as `–`. */
export function formatNumber(value: number | null | undefined): string {
  if (!isMeasured(value)) return ABSENT
  const { text, suffix } = onScale(value, DECIMAL_STEPS)
  return text + suffix
}

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A whole count, exact as far as anybody counts: `0`, `812`, `1,201`, `123k`. */
export function formatCount(value: number | null | undefined): string {
  if (!isMeasured(value)) return ABSENT
  return Math.abs(value) < 99_999.5 ? WHOLE.format(value) : formatNumber(value)
}
