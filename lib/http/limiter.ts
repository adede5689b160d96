import 'server-only'
import { setMaxListeners } from 'node:events'

/** At most `max` tasks at once; the rest wait in the order they came, but for those that go before. */
export interface Limiter {
  /**
   * Waits for a place and answers with the function that gives it back (calling that twice is harmless).
   * Rejects with the signal's reason when the signal ends the wait; the place is then not taken. `goesBefore`: takes
   * every other free place before those who have waited longer, who thus come too.
   */
  enter(signal?: AbortSignal, goesBefore?: boolean): Promise<() => void>
  readonly running: number
  readonly waiting: number
}

export function createLimiter(max: number): Limiter {
  if (!Number.isInteger(max) || max < 1) throw new RangeError(`a limit of ${max} lets nothing through`)
  let running = 0
  // a Set keeps insertion order and lets an abandoned waiter leave from the middle
  const queue = new Set<() => void>()
  const before = new Set<() => void>()
  let wasBefore = false

  function takeNext(): (() => void) | undefined {
    const isBefore = queue.size === 0 || (before.size > 0 && !wasBefore)
    const from = isBefore ? before : queue
    const [next] = from
    if (next === undefined) return undefined
    from.delete(next)
    wasBefore = isBefore
    return next
  }

  function place(): () => void {
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const next = takeNext()
      if (next === undefined) running -= 1
      else next()
    }
  }

  return {
    enter(signal, goesBefore = false) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (running < max) {
        running += 1
        return Promise.resolve(place())
      }
      return new Promise((resolve, reject) => {
        const wake = () => {
          signal?.removeEventListener('abort', leave)
          resolve(place())
        }
        const line = goesBefore ? before : queue
        const leave = () => {
          line.delete(wake)
          reject(signal?.reason)
        }
        line.add(wake)
        // one request asks many questions, and each that waits listens: no leak, as node would warn of past ten
        if (signal) setMaxListeners(0, signal)
        signal?.addEventListener('abort', leave, { once: true })
      })
    },
    get running() {
      return running
    },
    get waiting() {
      return queue.size + before.size
    },
  }
}
