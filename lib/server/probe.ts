import 'server-only'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { within, type Clock } from './clock'
import { sentence, upstreamCode } from './errors'

/** Many pages ask for the status; the upstream is asked this often at most. */
const FRESH_MS = 5_000
const PATIENCE_MS = 3_000

export interface Reach {
  /** null: asked, and no answer yet */
  isReachable: boolean | null
  error: string | null
  /** stable, of the error: `prometheus-failed` */
  code: string | null
}

const WELL: Reach = { isReachable: true, error: null, code: null }

/** Whether an upstream answers, asked with a small question, shared by all who want to know. */
export function createProbe(clock: Clock, ask: () => Promise<unknown>): () => Promise<Reach> {
  let known: Reach = { isReachable: null, error: null, code: null }
  let freshUntil = -Infinity
  let asking: Promise<void> | null = null

  async function look(): Promise<void> {
    try {
      await ask()
      known = WELL
    } catch (error) {
      if (!isUpstreamError(error)) throw error
      // one that refuses the question is there
      known =
        error.kind === 'query'
          ? WELL
          : { isReachable: false, error: sentence(error.message), code: upstreamCode(error) }
    }
    freshUntil = clock.now() + FRESH_MS
  }

  return async () => {
    if (clock.now() < freshUntil) return known
    asking ??= look().finally(() => {
      asking = null
    })
    await within(clock, PATIENCE_MS, asking)
    return known
  }
}
