import 'server-only'
import { LATENCY_PENDING } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import { within } from '../clock'
import type { Snapshot } from '../snapshots/snapshot'
import type { Upstreams } from '../upstreams'
import type { ResolvedTime } from './resolve-time'

/** A request waits for quantiles as long as they may take, and this; a live feed gets them as a patch. */
const PATIENCE_MS = 1_000

const PENDING: Notice = {
  code: LATENCY_PENDING,
  message: 'Latency is still being computed; ask again in a moment.',
  upstream: 'prometheus',
}

export interface ReadSnapshot {
  snapshot: Snapshot
  /** of the request and of the moment, beside the snapshot's own */
  notices: Notice[]
}

/**
 * The snapshot a request is about. With `latency: 'wait'` quantiles are waited for a few seconds.
 * Throws UpstreamError when Prometheus has not answered for it and there is no older one to show.
 */
export async function readSnapshot(
  up: Upstreams,
  time: ResolvedTime,
  latency: 'wait' | 'later' = 'wait',
): Promise<ReadSnapshot> {
  const { windowSeconds, at, notices } = time
  const patienceMs = up.config.prometheus.latencyBudgetMs + PATIENCE_MS
  if (at !== null) {
    const moment = up.snapshots.past(windowSeconds, at)
    const traffic = await moment.traffic
    if (latency === 'later') return { snapshot: traffic, notices }
    const whole = await within(up.clock, patienceMs, withBaseline(up, moment.whole))
    return whole ? { snapshot: whole, notices } : { snapshot: traffic, notices: [...notices, PENDING] }
  }
  const line = up.snapshots.live(windowSeconds)
  const read = await line.read()
  const isSettled =
    latency === 'later' ||
    (await within(
      up.clock,
      patienceMs,
      line.settled.then(async () => {
        if (line.state.snapshot) await up.baselines.ready(line.state.snapshot)
        return true
      }),
    ))
  const { snapshot, failure } = line.state
  return {
    snapshot: snapshot ?? read,
    notices: [...notices, ...(failure ? [failure] : []), ...(isSettled ? [] : [PENDING])],
  }
}

/** Latency is judged by its past: an answer that waits has both. */
async function withBaseline(up: Upstreams, moment: Promise<Snapshot>): Promise<Snapshot> {
  const snapshot = await moment
  await up.baselines.ready(snapshot)
  return snapshot
}
