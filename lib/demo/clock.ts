/** Time of the embedded mesh. */

export interface DemoClock {
  /** epoch milliseconds */
  now(): number
}

/** A clock that stands until the mesh is advanced; for tests. */
export interface ManualClock extends DemoClock {
  kind: 'manual'
  set(toMs: number): void
}

export function createManualClock(startMs: number): ManualClock {
  let now = startMs
  return {
    kind: 'manual',
    now: () => now,
    set(toMs) {
      if (toMs < now) throw new RangeError('time does not run backwards')
      now = toMs
    },
  }
}

/** The last instant of the scrape grid at or before this one. */
export function gridBefore(atMs: number, intervalMs: number): number {
  return Math.floor(atMs / intervalMs) * intervalMs
}
