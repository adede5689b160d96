import type { Clock } from '@/lib/server/clock'

/** A clock that stands until it is moved. */
export interface ManualClock extends Clock {
  /** moves on and runs what has become due, in order */
  advance(ms: number): void
}

export function manualClock(startMs: number): ManualClock {
  let now = startMs
  const waiting = new Map<number, { at: number; task: () => void }>()
  let next = 0
  return {
    now: () => now,
    after(ms, task) {
      const id = next++
      waiting.set(id, { at: now + ms, task })
      return () => {
        waiting.delete(id)
      }
    },
    advance(ms) {
      now += ms
      const due = [...waiting].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => a.at - b.at)
      for (const [id, { task }] of due) {
        if (waiting.delete(id)) task()
      }
    },
  }
}
