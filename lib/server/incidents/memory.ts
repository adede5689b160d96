import 'server-only'
import type { Clock } from '../clock'

/** Answers that hold for a while, one question asked once for all viewers. */
export interface Memory {
  /** `ask`'s answer, kept for `keepMs`; a failure is not kept */
  get<T>(key: string, keepMs: number, ask: () => Promise<T>): Promise<T>
}

const KEPT = 200

export function createMemory(clock: Clock): Memory {
  const kept = new Map<string, { until: number; answer: Promise<unknown> }>()
  return {
    get<T>(key: string, keepMs: number, ask: () => Promise<T>): Promise<T> {
      const known = kept.get(key)
      // a key names one question, so what it holds is that question's answer
      if (known && clock.now() < known.until) return known.answer as Promise<T>
      const answer = ask()
      // answers may be large, and a key that names a moment is not asked for again
      for (const [name, { until }] of kept) if (clock.now() >= until) kept.delete(name)
      kept.delete(key)
      kept.set(key, { until: clock.now() + keepMs, answer })
      answer.catch(() => {
        if (kept.get(key)?.answer === answer) kept.delete(key)
      })
      const oldest = kept.keys().next()
      if (kept.size > KEPT && !oldest.done) kept.delete(oldest.value)
      return answer
    },
  }
}
