/**
 * Sums that do not depend on the order of their terms. Floating point addition is exact while every term is a
 * multiple of one power of two and the total stays below 2^53 of it, so each measured rate is rounded once to
 * such a multiple (2^-32 requests per second is one request in 136 years). Totals then agree to the last bit
 * whatever the order of rows and whichever way edges are folded.
 */

/** exact up to 2 million per second */
const REQUEST_SCALE = 2 ** 32
/** exact up to 2 terabytes per second */
const BYTE_SCALE = 2 ** 12

/** A rate of requests or connections as a multiple of the quantum; what is no measurement (NaN, negative) is 0. */
export function quantizeRate(value: number): number {
  return isRate(value) ? Math.round(value * REQUEST_SCALE) / REQUEST_SCALE : 0
}

/** Bytes or summed milliseconds per second as a multiple of the quantum. */
export function quantizeBytes(value: number): number {
  return isRate(value) ? Math.round(value * BYTE_SCALE) / BYTE_SCALE : 0
}

/** False for NaN, infinities and negative numbers, which no counter can yield. */
export function isRate(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY
}

/** A rate as the reader gets it: nine decimals, without the quantum's dust. */
export function roundRate(value: number): number {
  return Math.round(value * 1e9) / 1e9
}

/** Bytes or milliseconds as the reader gets them: three decimals. */
export function roundBytes(value: number): number {
  return Math.round(value * 1e3) / 1e3
}

/** A ratio 0..1 as the reader gets it; null when nothing was observed. */
export function ratioOf(part: number, whole: number): number | null {
  if (!(whole > 0)) return null
  return Math.min(1, Math.round((part / whole) * 1e9) / 1e9)
}
