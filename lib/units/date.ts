import { ABSENT, isMeasured } from './number'

/** RFC 3339 needs date, time and zone; `Date.parse` alone would take far more. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/
const EPOCH_SECONDS = /^\d{1,12}(\.\d+)?$/

/** Epoch milliseconds of an RFC 3339 time or of epoch seconds, or undefined when the text is neither. */
export function parseInstant(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Math.round(Number(text) * 1000)
  if (!RFC3339.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/** RFC 3339 in UTC, as machines like it: `2026-08-20T12:00:00.000Z`. */
export function isoInstant(atMs: number): string {
  return new Date(atMs).toISOString()
}

export interface DateStyle {
  /** IANA name; the caller passes the reader's zone */
  timeZone: string
  /** show only the time of day */
  timeOnly?: boolean
}

/** What clocks and calendars of a zone show at an instant, in whole seconds; months from 1. */
export function zonedParts(atMs: number, timeZone: string) {
  const parts = partsOf(atMs, timeZone)
  const read = (type: string) => Number(parts.get(type))
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
  }
}

/** A date for a person: `2026-08-20 14:00:05`, in the given zone, 24 hours; absence as `–`. */
export function formatDate(atMs: number | null | undefined, style: DateStyle): string {
  if (!isMeasured(atMs)) return ABSENT
  const parts = partsOf(atMs, style.timeZone)
  const time = `${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`
  if (style.timeOnly) return time
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')} ${time}`
}

/** For sentences of those who do not know the reader's zone: `2026-08-20 12:00:05 UTC`. */
export function utcDate(atMs: number): string {
  return `${formatDate(atMs, { timeZone: 'UTC' })} UTC`
}

function partsOf(atMs: number, timeZone: string): Map<string, string> {
  return new Map(
    formatter(timeZone)
      .formatToParts(atMs)
      .map((part) => [part.type, part.value]),
  )
}

// making a formatter costs a hundred times its use
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  formatters.set(timeZone, made)
  return made
}
