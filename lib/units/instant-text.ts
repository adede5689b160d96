import { parseInstant, zonedParts } from './date'
import { parseWindow } from './window'

const RELATIVE = /^(?:now\s*)?-\s*([\dwdhms]+)$|^([\dwdhms]+)\s+ago$/
const DATE_AND_TIME =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(today|yesterday))?[t ]*(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/
const DAY_MS = 86_400_000

/**
 * The instant a person means, in epoch milliseconds, or undefined: `now`, `-2h`, `90m ago`, `14:05` (the last one),
 * `yesterday 14:05`, `2026-08-20 14:05:30`, a day, RFC 3339, epoch seconds or milliseconds. Without a zone of its own
 * (`Z`, `UTC`, `+02:00`) a time is one of `timeZone`.
 */
export function parseInstantText(
  text: string,
  { now, timeZone }: { now: number; timeZone: string },
): number | undefined {
  const plain = text.trim().toLowerCase().replace(/\s+/g, ' ')
  if (plain === 'now') return now
  if (/^\d{13}$/.test(plain)) return Number(plain)
  const relative = RELATIVE.exec(plain)
  if (relative) {
    const seconds = parseWindow(relative[1] ?? relative[2] ?? '')
    return seconds === undefined ? undefined : now - seconds * 1000
  }
  const exact = parseInstant(plain)
  if (exact !== undefined) return exact
  const inUtc = /^(.*\d) ?(?:z|utc)$/.exec(plain)
  return inUtc ? placed(inUtc[1] ?? '', now, 'UTC') : placed(plain, now, timeZone)
}

/** A date, a time of day or both, in a zone. */
function placed(text: string, now: number, timeZone: string): number | undefined {
  const found = DATE_AND_TIME.exec(text)
  if (!found || text === '') return undefined
  const [, year, month, day, word, hour, minute, second] = found
  if (word !== undefined && hour === undefined && text !== word) return undefined
  const today = zonedParts(now, timeZone)
  const time = [hour, minute, second].map((part) => Number(part ?? 0))
  const [h = 0, m = 0, s = 0] = time
  if (h > 23 || m > 59 || s > 59) return undefined
  if (year !== undefined) {
    const wanted = Date.UTC(Number(year), Number(month) - 1, Number(day), h, m, s)
    // 2026-02-31 would roll over into March
    const read = new Date(wanted)
    if (read.getUTCDate() !== Number(day) || read.getUTCMonth() !== Number(month) - 1) return undefined
    return fromZone(wanted, timeZone)
  }
  const midnight = Date.UTC(today.year, today.month - 1, today.day)
  const onDay = midnight + ((h * 60 + m) * 60 + s) * 1000 - (word === 'yesterday' ? DAY_MS : 0)
  const at = fromZone(onDay, timeZone)
  // a time of day that is still to come was meant as the last one
  return word === undefined && at > now ? fromZone(onDay - DAY_MS, timeZone) : at
}

/** The instant at which clocks of a zone show what UTC shows at `shown`. */
function fromZone(shown: number, timeZone: string): number {
  let at = shown
  // twice: the first guess may lie on the other side of a change of the clocks
  for (let round = 0; round < 2; round += 1) {
    const parts = zonedParts(at, timeZone)
    const reads = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second)
    at += shown - reads
  }
  return at
}
