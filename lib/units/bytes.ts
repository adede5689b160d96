import { ABSENT, DECIMAL_STEPS, isMeasured, onScale } from './number'

/** A size in bytes, decimal units: `512 B`, `1.20 kB`, `3.40 MB`; absence as `–`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isMeasured(bytes)) return ABSENT
  const { text, suffix } = onScale(bytes, DECIMAL_STEPS)
  return `${text} ${suffix}B`
}

/** Throughput: `512 B/s`, `1.20 kB/s`; absence as `–`. */
export function formatBytesPerSecond(bytesPerSecond: number | null | undefined): string {
  return isMeasured(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : ABSENT
}
