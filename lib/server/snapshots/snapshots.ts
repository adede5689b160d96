import 'server-only'
import { LiveLine } from './live-line'
import type { Snapshot } from './snapshot'
import { takeLatency, takeRates, type Taker } from './take'

/** Moments of the past that are kept: what was once measured does not change. */
const KEPT_MOMENTS = 6

/** A moment of the past: its traffic first, then with quantiles. */
export interface Moment {
  /** with quantiles, too, once they are there: what is kept is one snapshot, not two */
  traffic: Promise<Snapshot>
  whole: Promise<Snapshot>
}

export interface Snapshots {
  live(windowSeconds: number): LiveLine
  /** `at` in epoch milliseconds; concurrent readers share one evaluation */
  past(windowSeconds: number, at: number): Moment
  lines(): readonly LiveLine[]
  close(): void
}

/** All snapshots of this process: one line per window for the present, a few moments of the past. */
export function createSnapshots(taker: Taker): Snapshots {
  const lines = new Map<number, LiveLine>()
  const moments = new Map<string, Moment>()

  function take(windowSeconds: number, at: number): Moment {
    const taken = takeRates(taker, windowSeconds, at, null)
    const moment = {
      traffic: taken.then(({ snapshot }) => snapshot),
      whole: taken.then(async (rates) => {
        const { snapshot } = await takeLatency(taker, rates, null, new Set(), { isPast: true })
        moment.traffic = moment.whole
        return snapshot
      }),
    }
    return moment
  }

  return {
    live(windowSeconds) {
      const known = lines.get(windowSeconds)
      if (known) return known
      const line = new LiveLine(taker, windowSeconds)
      lines.set(windowSeconds, line)
      return line
    },
    past(windowSeconds, at) {
      const key = `${windowSeconds}@${at}`
      let moment = moments.get(key)
      if (!moment) {
        moment = take(windowSeconds, at)
        // what failed is asked again next time; each reader sees the failure of what it waits for
        const forget = () => moments.delete(key)
        moment.traffic.catch(forget)
        moment.whole.catch(forget)
      }
      // newest use last: the first key is the one to let go
      moments.delete(key)
      moments.set(key, moment)
      const oldest = moments.keys().next()
      if (moments.size > KEPT_MOMENTS && !oldest.done) moments.delete(oldest.value)
      return moment
    },
    lines: () => [...lines.values()],
    close() {
      for (const line of lines.values()) line.close()
    },
  }
}
