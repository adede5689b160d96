import 'server-only'
import {
  DEFAULT_WINDOW,
  WINDOW_NAMES,
  WINDOWS,
  type Notice,
  type WindowName,
  type WindowText,
} from '@/lib/api/schemas/common'
import { utcDate } from '@/lib/units/date'
import { formatWindow, parseSpan } from '@/lib/units/window'
import { invalid } from '../errors'
import { gridInstant, SCRAPES_PER_WINDOW } from '../snapshots/grid'
import type { TelemetryFacts } from '../snapshots/facts'
import type { Upstreams } from '../upstreams'

/** Clocks of two machines differ by this much without anybody being wrong. */
const CLOCK_SKEW_MS = 5_000

export interface ResolvedTime {
  windowSeconds: number
  /** epoch milliseconds; null: the present */
  at: number | null
  notices: Notice[]
}

/**
 * What a request's window and instant mean for this Prometheus. Throws Refusal('invalid') for an instant in the
 * future or before what is kept, for a window that is longer than what is kept or too short for the scrape interval
 * (with fewer than four scrapes a rate misses series, which looks like missing traffic), and for one of any other
 * length without an instant: each length that is followed live costs Prometheus a set of queries at every scrape.
 * Without a window the usual one is taken, a longer one where scrapes are rare.
 */
export async function resolveTime(
  up: Upstreams,
  query: { window?: WindowText | undefined; at?: number | undefined },
): Promise<ResolvedTime> {
  const facts = await up.facts.get()
  const at = query.at ?? null
  const now = up.clock.now()
  if (at !== null) checkInstant(at, facts, now)
  const name = query.window
  if (name === undefined) return defaultWindow(up, facts, at)
  const windowSeconds = secondsOf(name)
  const { retentionSeconds } = facts
  if (at === null && !WINDOW_NAMES.some((each) => WINDOWS[each] === windowSeconds)) {
    throw invalid(
      'window',
      `A window of ${formatWindow(windowSeconds)} needs the instant it ends at (at); of the present there are ${allowed(facts)}.`,
      'window-needs-at',
    )
  }
  if (retentionSeconds !== null && windowSeconds > retentionSeconds) {
    throw invalid(
      'window',
      `The window ${name} is longer than what Prometheus keeps (${formatWindow(retentionSeconds)}); allowed are ${allowed(facts)}.`,
      'window-beyond-retention',
    )
  }
  if (await isTooShort(up, facts, windowSeconds, at)) {
    throw invalid(
      'window',
      `The window ${name} holds fewer than four scrapes (one every ${formatWindow(facts.scrapeIntervalSeconds)}) and would show too little traffic; allowed are ${allowed(facts)}.`,
      'window-too-short',
    )
  }
  const isCut =
    at !== null && retentionSeconds !== null && at - windowSeconds * 1000 < now - retentionSeconds * 1000
  return { windowSeconds, at, notices: isCut ? [cutNotice(now, retentionSeconds)] : [] }
}

/** Rates are taken over the whole window, whatever part of it is still there. */
function cutNotice(now: number, retentionSeconds: number): Notice {
  return {
    code: 'window-cut-by-retention',
    message: `Prometheus keeps ${formatWindow(retentionSeconds)}: what was before ${utcDate(now - retentionSeconds * 1000)} is gone, so rates over this time read too low.`,
    upstream: 'prometheus',
  }
}

/** Seconds of a window that was checked when the request was read. */
export function secondsOf(window: WindowText): number {
  const seconds = parseSpan(window)
  if (seconds === undefined) throw new Error(`not a window: ${window}`)
  return seconds
}

/** Why a window cannot be used with this Prometheus, as a sentence; null when it can. */
export function whyUnusable(name: WindowName, facts: TelemetryFacts): string | null {
  const seconds = WINDOWS[name]
  if (seconds < facts.scrapeIntervalSeconds * SCRAPES_PER_WINDOW) {
    return `Metrics are scraped every ${formatWindow(facts.scrapeIntervalSeconds)}; fewer than four scrapes show too little traffic.`
  }
  if (facts.retentionSeconds !== null && seconds > facts.retentionSeconds) {
    return `Prometheus keeps ${formatWindow(facts.retentionSeconds)}.`
  }
  return null
}

export function checkInstant(at: number, facts: TelemetryFacts, now: number): void {
  if (at > now + CLOCK_SKEW_MS) {
    throw invalid(
      'at',
      `The instant ${utcDate(at)} lies in the future; it is ${utcDate(now)}.`,
      'at-in-future',
    )
  }
  const { retentionSeconds } = facts
  if (retentionSeconds !== null && at < now - retentionSeconds * 1000) {
    const first = utcDate(now - retentionSeconds * 1000)
    throw invalid(
      'at',
      `The instant ${utcDate(at)} lies before what Prometheus keeps (${formatWindow(retentionSeconds)}, since ${first}).`,
      'at-beyond-retention',
    )
  }
}

async function defaultWindow(up: Upstreams, facts: TelemetryFacts, at: number | null): Promise<ResolvedTime> {
  const usual = WINDOWS[DEFAULT_WINDOW]
  const longer = WINDOW_NAMES.find((name) => WINDOWS[name] >= usual && whyUnusable(name, facts) === null)
  if (longer === undefined || longer === DEFAULT_WINDOW || !(await isTooShort(up, facts, usual, at))) {
    return { windowSeconds: usual, at, notices: [] }
  }
  const notice: Notice = {
    code: 'window-widened',
    message: `Metrics are scraped every ${formatWindow(facts.scrapeIntervalSeconds)}, so rates are taken over ${formatWindow(WINDOWS[longer])} instead of ${formatWindow(usual)}.`,
    upstream: 'prometheus',
  }
  return { windowSeconds: WINDOWS[longer], at, notices: [notice] }
}

/** The global scrape interval may be overridden by the mesh's own jobs: in doubt the points themselves are counted. */
async function isTooShort(
  up: Upstreams,
  facts: TelemetryFacts,
  windowSeconds: number,
  at: number | null,
): Promise<boolean> {
  if (windowSeconds >= facts.scrapeIntervalSeconds * SCRAPES_PER_WINDOW) return false
  const when = at ?? gridInstant(up.clock.now(), facts.scrapeIntervalSeconds * 1000, up.config.refresh.lagMs)
  const points = await up.facts.pointsWithin(windowSeconds, when)
  return points !== null && points < SCRAPES_PER_WINDOW
}

function allowed(facts: TelemetryFacts): string {
  const names = WINDOW_NAMES.filter((name) => whyUnusable(name, facts) === null)
  return names.length === 0 ? 'none' : names.join(', ')
}
