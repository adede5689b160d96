/**
 * Who is believed. Both proxies of a call count it, so of each pair of endpoints one reporter is taken for all
 * its codes and protocols together: two that disagree never inflate a total.
 */
import type { Reporter } from '@/lib/mesh/traffic'
import type { Row } from './rows'

/**
 * The caller's view first: it sees refused connections, timeouts and missing routes, which the far side never
 * hears of. Of two callers' views the proxy nearer to the caller; the called side only where no caller spoke.
 */
const ORDER: readonly Reporter[] = ['source', 'waypoint', 'destination']

/** Place in the order of belief, 0 first. */
export function rankOf(reporter: Reporter): number {
  return reporter === 'source' ? 0 : reporter === 'waypoint' ? 1 : 2
}

/**
 * The chosen reporter of each pair. One who counted nothing is believed only where nobody counted anything:
 * series of a caller that is gone stay at zero for a while.
 */
export function chooseReporters(rows: readonly Row[]): Map<string, Reporter> {
  // two bits per reporter: it spoke, it counted something
  const seen = new Map<string, number>()
  for (const row of rows) {
    const bit = 1 << rankOf(row.reporter)
    seen.set(row.pair, (seen.get(row.pair) ?? 0) | bit | (row.weight > 0 ? bit << 3 : 0))
  }
  const chosen = new Map<string, Reporter>()
  for (const [pair, bits] of seen) {
    const candidates = bits >> 3 === 0 ? bits : bits >> 3
    const reporter = ORDER.find((each) => candidates & (1 << rankOf(each)))
    if (reporter) chosen.set(pair, reporter)
  }
  return chosen
}

/** Marks the rows of chosen reporters as kept. */
export function keepChosen(rows: readonly Row[], chosen: ReadonlyMap<string, Reporter>): void {
  for (const row of rows) row.kept = chosen.get(row.pair) === row.reporter ? 1 : 0
}
