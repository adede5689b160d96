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
 * The chosen reporter of each pair, by the pair's number. One who counted nothing is believed only where nobody
 * counted anything: series of a caller that is gone stay at zero for a while.
 */
export function chooseReporters(rows: readonly Row[], pairCount: number): (Reporter | undefined)[] {
  // three bits for who spoke, three for who counted something
  const seen = new Uint8Array(pairCount)
  for (const row of rows) {
    const bit = 1 << rankOf(row.reporter)
    seen[row.place.pair] = (seen[row.place.pair] ?? 0) | bit | (row.weight > 0 ? bit << 3 : 0)
  }
  return Array.from(seen, (bits) => {
    const candidates = bits >> 3 === 0 ? bits : bits >> 3
    return ORDER.find((each) => candidates & (1 << rankOf(each)))
  })
}

/**
 * Marks the rows of chosen reporters as kept, and what a waypoint had nobody to hand on to: what a caller could not
 * send to the waypoint is in the same pair (both reached nobody), and is another request.
 */
export function keepChosen(rows: readonly Row[], chosen: readonly (Reporter | undefined)[]): void {
  for (const row of rows) {
    const isOfWaypoint = row.reporter === 'waypoint' && row.place.target < 0 && row.layer === 'l7'
    row.kept = chosen[row.place.pair] === row.reporter || isOfWaypoint ? 1 : 0
  }
}
