import 'server-only'
import { LATENCY_PENDING, NOT_MEASURED } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import { within } from '../clock'
import { withStop } from '../errors'
import { currentAccess, withLeftOut } from '../session/access'
import { forbiddenNotices, objectsSnapshot, outdatedNotices } from '../snapshots/objects'
import type { Snapshot } from '../snapshots/snapshot'
import type { Upstreams } from '../upstreams'
import type { ResolvedTime } from './resolve-time'

/** A request waits for quantiles as long as they may take, and this; a live feed gets them as a patch. */
const PATIENCE_MS = 1_000

/** Who asks what Kubernetes knows anyway does not wait longer for a Prometheus that has not answered yet. */
const PATIENCE_BESIDE_OBJECTS_MS = 8_000

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
  const { windowSeconds, at } = time
  const notices = withLeftOut(await currentAccess(up), time.notices)
  const patienceMs = up.config.prometheus.latencyBudgetMs + PATIENCE_MS
  if (at !== null) {
    const moment = up.snapshots.past(windowSeconds, at)
    const traffic = await moment.traffic
    // beside figures of the past stand the objects of now
    const told = [...notices, ...forbiddenNotices(up)]
    if (latency === 'later') return { snapshot: traffic, notices: told }
    const whole = await within(up.clock, patienceMs, withBaseline(up, moment.whole))
    return whole ? { snapshot: whole, notices: told } : { snapshot: traffic, notices: [...told, PENDING] }
  }
  const line = up.snapshots.live(windowSeconds)
  const read = await line.read()
  const isSettled =
    latency === 'later' ||
    (await within(
      up.clock,
      // quantiles of a Prometheus that does not even give rates will not come in time
      line.state.failure ? 0 : patienceMs,
      line.settled.then(async () => {
        if (line.state.snapshot) await up.baselines.ready(line.state.snapshot)
        return true
      }),
    ))
  const { snapshot, failure } = line.state
  return {
    snapshot: snapshot ?? read,
    notices: [
      ...notices,
      ...(failure ? [failure] : []),
      ...outdatedNotices(up),
      ...(isSettled ? [] : [PENDING]),
    ],
  }
}

/**
 * The same for what is known without telemetry too. While Prometheus has never answered, the objects of Kubernetes
 * stand in, without a figure, and the notice says why. Of the past objects say nothing. Throws UpstreamError as
 * `readSnapshot` does where there are no objects either.
 */
export async function readSnapshotOrObjects(
  up: Upstreams,
  time: ResolvedTime,
  latency: 'wait' | 'later' = 'wait',
): Promise<ReadSnapshot & { failure: UpstreamError | null }> {
  const reading = readSnapshot(up, time, latency)
  let failure: UpstreamError
  try {
    const hasFigures = time.at !== null || up.snapshots.live(time.windowSeconds).state.snapshot !== null
    const read = await (hasFigures ? reading : within(up.clock, PATIENCE_BESIDE_OBJECTS_MS, reading))
    if (read) return { ...read, failure: null }
    const seconds = PATIENCE_BESIDE_OBJECTS_MS / 1000
    failure = new UpstreamError('prometheus', 'timeout', `no answer for ${seconds} s; it is still asked`)
  } catch (error) {
    if (!isUpstreamError(error) || time.at !== null) throw error
    failure = error
  }
  const snapshot = objectsSnapshot(up, time.windowSeconds)
  if (snapshot === null) {
    const read = await reading
    return { ...read, failure: null }
  }
  const notice: Notice = {
    code: NOT_MEASURED,
    message: `Nothing is known from Prometheus: ${withStop(failure.message)} Traffic and health are not known; the rest is what Kubernetes says.`,
    upstream: 'prometheus',
  }
  const told = [...time.notices, notice, ...outdatedNotices(up)]
  return { snapshot, notices: withLeftOut(await currentAccess(up), told), failure }
}

/** Latency is judged by its past: an answer that waits has both. */
async function withBaseline(up: Upstreams, moment: Promise<Snapshot>): Promise<Snapshot> {
  const snapshot = await moment
  await up.baselines.ready(snapshot)
  return snapshot
}
