import 'server-only'
import type { Clock } from './clock'

const FRESH_MS = 60_000
const MOST_KEPT = 200

/**
 * Answers about moments (epoch milliseconds): one for all who ask about the same thing within the same minute, kept for
 * a minute; what was asked longest ago is let go. A rejection is passed on and not kept.
 */
export type OnceAMinute<T> = (about: string, at: number, ask: () => Promise<T>) => Promise<T>

export function createOnceAMinute<T>(clock: Clock): OnceAMinute<T> {
  const kept = new Map<string, { until: number; answer: Promise<T> }>()
  return (about, at, ask) => {
    const key = `${Math.floor(at / FRESH_MS)} ${about}`
    const known = kept.get(key)
    if (known && clock.now() < known.until) return known.answer
    const entry = { until: clock.now() + FRESH_MS, answer: ask() }
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key)
    })
    kept.delete(key)
    kept.set(key, entry)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return entry.answer
  }
}
