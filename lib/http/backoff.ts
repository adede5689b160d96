import 'server-only'

/**
 * How long to wait before try number `attempt` (1 is the first repetition), in milliseconds: doubles from
 * `baseMs` up to `maxMs`, then a random part between half and all of it, so that many clients that failed
 * together do not come back together. `random` answers 0..1.
 */
export function backoffMs(attempt: number, random: () => number, baseMs = 250, maxMs = 30_000): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.max(0, attempt - 1))
  return full / 2 + (full / 2) * random()
}

/** Resolves after `ms`; rejects with the signal's reason when that comes first. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
