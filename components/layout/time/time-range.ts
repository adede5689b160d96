/** Stretches of time that can be looked at, and what is wrong with the others. Pure. */
import type { WindowText } from '@/lib/api/schemas/common'
import { formatDate } from '@/lib/units/date'
import { parseInstantText } from '@/lib/units/instant-text'
import { formatWindow, parseWindow, windowText } from '@/lib/units/window'

/** What is known of the Prometheus that is asked; null: it does not say. */
export interface TimeLimits {
  now: number
  timeZone: string
  retentionSeconds: number | null
  scrapeIntervalSeconds: number | null
}

export interface TimeRange {
  from: number
  /** also the instant of the view */
  at: number
  window: WindowText
}

export type ReadRange = { range: TimeRange } | { problem: string; field: 'from' | 'to' }

const MINUTE_MS = 60_000
const LONGEST_MS = 7 * 24 * 60 * MINUTE_MS
/** A rate over fewer misses series, which looks like missing traffic. */
const SCRAPES = 4
/** Clocks of two machines differ by this much without anybody being wrong. */
const SKEW_MS = 5_000

/**
 * What two texts of a person mean: from the first to the second. The beginning moves back to make whole minutes, as
 * figures are measured over those.
 */
export function readRange(fromText: string, toText: string, limits: TimeLimits): ReadRange {
  const { now, retentionSeconds, scrapeIntervalSeconds } = limits
  const to = wholeSeconds(parseInstantText(toText, limits))
  if (to === undefined) return { field: 'to', problem: 'Not a time' }
  if (to > now + SKEW_MS) return { field: 'to', problem: 'That is still to come' }
  const from = wholeSeconds(parseInstantText(fromText, limits))
  if (from === undefined) return { field: 'from', problem: 'Not a time' }
  if (from >= to) return { field: 'from', problem: 'Must be before the end' }
  const first = retentionSeconds === null ? null : now - retentionSeconds * 1000
  if (first !== null && to < first) return { field: 'to', problem: tooOld(first, limits) }
  if (first !== null && from < first) return { field: 'from', problem: tooOld(first, limits) }
  const lengthMs = Math.ceil((to - from) / MINUTE_MS) * MINUTE_MS
  if (lengthMs > LONGEST_MS) return { field: 'from', problem: 'At most 7 days before the end' }
  const leastMs = SCRAPES * (scrapeIntervalSeconds ?? 0) * 1000
  if (lengthMs < leastMs) {
    return {
      field: 'from',
      problem: `At least ${formatWindow(Math.ceil(leastMs / MINUTE_MS) * 60)} before the end: metrics are scraped every ${formatWindow(scrapeIntervalSeconds ?? 0)}`,
    }
  }
  return { range: { from: to - lengthMs, at: to, window: windowText(lengthMs / 1000) } }
}

function wholeSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1000) * 1000
}

function tooOld(first: number, { retentionSeconds, timeZone }: TimeLimits): string {
  return `Prometheus keeps ${formatWindow(retentionSeconds ?? 0)}: nothing before ${formatDate(first, { timeZone })}`
}

/**
 * The stretch before or after, of the same length; null where it would reach beyond the present. `latest` is the
 * newest instant with figures.
 */
export function shifted(
  { at, window }: { at: number | null; window: WindowText },
  direction: 'earlier' | 'later',
  latest: number,
): { at: number; window: WindowText } | null {
  const lengthMs = (parseWindow(window) ?? 0) * 1000
  const end = at ?? latest
  const next = direction === 'earlier' ? end - lengthMs : end + lengthMs
  if (direction === 'later' && (at === null || end >= latest)) return null
  return { at: Math.min(next, latest), window }
}

/**
 * `2026-08-20 14:00 – 14:47`: the day once, seconds only where there are some. Short, for a bar that is full: no day
 * when it is that of `today`, no seconds where minutes tell the two apart.
 */
export function rangeText(
  from: number,
  to: number,
  { timeZone, today }: { timeZone: string; today?: number },
): string {
  const [fromDay = '', fromTime = ''] = formatDate(from, { timeZone }).split(' ')
  const [toDay = '', toTime = ''] = formatDate(to, { timeZone }).split(' ')
  const isWhole = fromTime.endsWith(':00') && toTime.endsWith(':00')
  const isLong = today !== undefined && to - from >= 5 * MINUTE_MS
  const [a, b] = [fromTime, toTime].map((time) => (isWhole || isLong ? time.slice(0, -3) : time))
  if (fromDay !== toDay) return `${fromDay} ${a} – ${toDay} ${b}`
  const isToday = today !== undefined && formatDate(today, { timeZone }).startsWith(toDay)
  return `${isToday ? '' : `${fromDay} `}${a} – ${b}`
}
