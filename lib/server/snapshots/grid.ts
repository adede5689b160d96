import 'server-only'

/** A rate over fewer scrapes than this misses series, which looks like missing traffic (reference: window >= 4 x interval). */
export const SCRAPES_PER_WINDOW = 4

/**
 * Newest instant worth asking for: on the grid of scrapes, `lagMs` behind now so that every target was scraped.
 * Nothing new exists between two grid instants, so all viewers share one.
 */
export function gridInstant(nowMs: number, stepMs: number, lagMs: number): number {
  return Math.floor((nowMs - lagMs) / stepMs) * stepMs
}

/**
 * How often a window is worth asking again, in milliseconds, a multiple of the scrape interval: a rate over a day
 * does not move within 15 seconds.
 */
export function refreshStepMs(windowSeconds: number, scrapeSeconds: number): number {
  const wanted = Math.min(300, Math.max(scrapeSeconds, windowSeconds / 120))
  return Math.ceil(wanted / scrapeSeconds) * scrapeSeconds * 1000
}

/** Milliseconds until the next grid instant can be asked. */
export function untilNextMs(nowMs: number, stepMs: number, lagMs: number): number {
  return gridInstant(nowMs, stepMs, lagMs) + stepMs + lagMs - nowMs
}
