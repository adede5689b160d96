/** Lengths of time as people and Prometheus write them: `90s`, `2m`, `1h30m`, `7d`. */

const UNITS: readonly { suffix: string; seconds: number; word: string }[] = [
  { suffix: 'w', seconds: 604_800, word: 'week' },
  { suffix: 'd', seconds: 86_400, word: 'day' },
  { suffix: 'h', seconds: 3600, word: 'h' },
  { suffix: 'm', seconds: 60, word: 'min' },
  { suffix: 's', seconds: 1, word: 's' },
]

const DURATION = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/

/**
 * Seconds of a Prometheus duration, or undefined when it is none (or zero).
 * Format: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations, without `y` and `ms`.
 */
export function parseWindow(text: string): number | undefined {
  const parts = DURATION.exec(text)
  if (!parts || text === '') return undefined
  let seconds = 0
  for (const [index, unit] of UNITS.entries()) seconds += Number(parts[index + 1] ?? 0) * unit.seconds
  return seconds > 0 && Number.isSafeInteger(seconds) ? seconds : undefined
}

const LONGEST_SPAN_SECONDS = 604_800

/**
 * Seconds of a stretch of time that can be looked at: whole minutes, at most a week; undefined for anything else.
 * Whole minutes, so that recorded rates, which cover two each, always have points in the rest.
 */
export function parseSpan(text: string): number | undefined {
  const seconds = text.length > 16 ? undefined : parseWindow(text)
  return seconds !== undefined && seconds % 60 === 0 && seconds <= LONGEST_SPAN_SECONDS ? seconds : undefined
}

/** The shortest Prometheus duration of whole seconds: 300 → `5m`, 5400 → `1h30m`. Weeks are written as days. */
export function windowText(seconds: number): string {
  let rest = Math.round(seconds)
  let text = ''
  for (const unit of UNITS) {
    if (unit.suffix === 'w') continue
    const times = Math.floor(rest / unit.seconds)
    if (times > 0) text += `${times}${unit.suffix}`
    rest -= times * unit.seconds
  }
  return text === '' ? '0s' : text
}

/** The same in words, for sentences: `2 min`, `1 h`, `1 h 30 min`, `1 day`, `7 days`. */
export function formatWindow(seconds: number): string {
  let rest = Math.round(seconds)
  const words: string[] = []
  for (const unit of UNITS) {
    if (unit.suffix === 'w') continue
    const times = Math.floor(rest / unit.seconds)
    if (times > 0) words.push(`${times} ${unit.word}${unit.word === 'day' && times > 1 ? 's' : ''}`)
    rest -= times * unit.seconds
  }
  return words.length === 0 ? '0 s' : words.join(' ')
}
