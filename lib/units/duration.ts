import { ABSENT, isMeasured, threeDigits } from './number'

/** A latency in milliseconds: `0.50 ms`, `12.3 ms`, `845 ms`, `1.20 s`, `12.5 s`, `3.50 min`; absence as `–`. */
export function formatDuration(ms: number | null | undefined): string {
  if (!isMeasured(ms)) return ABSENT
  const size = Math.abs(ms)
  if (size < 999.5) return `${threeDigits(ms)} ms`
  if (size < 119_950) return `${threeDigits(ms / 1000)} s`
  return `${threeDigits(ms / 60_000)} min`
}

const AGE_STEPS = [
  { ms: 86_400_000, unit: 'd' },
  { ms: 3_600_000, unit: 'h' },
  { ms: 60_000, unit: 'min' },
  { ms: 1000, unit: 's' },
] as const

/** How long ago, in the largest whole unit: `now`, `8 s`, `3 min`, `5 h`, `2 d`; a negative age reads as `now`. */
export function formatAge(ms: number | null | undefined): string {
  if (!isMeasured(ms)) return ABSENT
  for (const step of AGE_STEPS) {
    if (ms >= step.ms) return `${Math.floor(ms / step.ms)} ${step.unit}`
  }
  return 'now'
}

/** The same as words: `just now`, `8 s ago`; absence as `–`. */
export function formatAgo(ms: number | null | undefined): string {
  const age = formatAge(ms)
  return age === 'now' ? 'just now' : isMeasured(ms) ? `${age} ago` : age
}
