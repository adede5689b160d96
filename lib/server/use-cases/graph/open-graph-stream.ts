import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Notice } from '@/lib/api/schemas/common'
import type { GraphQuery } from '@/lib/api/schemas/requests'
import type { GraphView } from '@/lib/graph/types'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf } from '../../errors'
import { LiveView, type Viewer } from '../../live/live-view'
import { streamView, type Seat } from '../../live/stream'
import { errorFacts } from '../../log'
import { currentAccess, withLeftOut } from '../../session/access'
import { currentSession } from '../../session/current'
import { forbiddenNotices } from '../../snapshots/objects'
import type { Upstreams } from '../../upstreams'
import { viewOf } from './get-graph'
import { resolveTime, type ResolvedTime } from '../resolve-time'

/**
 * A view as a live feed: `graph`, then `patch`es, and `notice`s when something fails. A view of the past is sent
 * once, its quantiles as a patch, and the feed stays quiet. `lastId` is the last event a reader still holds.
 */
export async function openGraphStream(
  up: Upstreams,
  query: GraphQuery,
  request: { lastId: string | null; signal: AbortSignal },
): Promise<Response> {
  const time = await resolveTime(up, query)
  const view = viewOf(query)
  const leftOut = withLeftOut(await currentAccess(up), [])
  const join = (viewer: Viewer): Seat =>
    time.at === null
      ? up.hub.join(time.windowSeconds, view, viewer, request.lastId, leftOut)
      : joinPast(up, time, pastView(up, view, leftOut), viewer)
  const forMs = leftOut.length > 0 ? LEFT_OUT_AGAIN_MS : LOOKED_AT_AGAIN_MS
  return new Response(streamView(join, endOf(up, request.signal, forMs), up.streams), {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // a compressing or buffering proxy would hold events back
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}

function pastView(up: Upstreams, view: GraphView, leftOut: readonly Notice[]): LiveView {
  // beside figures of the past stand the objects of now
  const standing = () => [...leftOut, ...forbiddenNotices(up)]
  return new LiveView(view, up.projector, randomUUID().slice(0, 8), standing)
}

/** Rights are looked at when a feed opens: that of a signed-in user ends with the session, or after so long, and opens anew. */
const LOOKED_AT_AGAIN_MS = 10 * 60_000
/** A cluster that is left out shows again soon after it answers. */
const LEFT_OUT_AGAIN_MS = 60_000

function endOf(up: Upstreams, signal: AbortSignal, forMs: number): AbortSignal {
  const session = currentSession()
  if (!session) return signal
  const ended = new AbortController()
  const now = up.clock.now()
  const cancel = up.clock.after(Math.max(0, Math.min(forMs, (session.expiresAt ?? Infinity) - now)), () =>
    ended.abort(),
  )
  signal.addEventListener('abort', () => {
    cancel()
    ended.abort()
  })
  if (signal.aborted) ended.abort()
  return ended.signal
}

function joinPast(up: Upstreams, time: ResolvedTime, live: LiveView, viewer: Viewer): Seat {
  live.add(viewer, null)
  const moment = up.snapshots.past(time.windowSeconds, time.at ?? 0)
  const show = async () => {
    live.update({ snapshot: await moment.traffic, failure: null })
    live.update({ snapshot: await moment.whole, failure: null })
  }
  show().catch((error: unknown) => {
    if (!isUpstreamError(error)) return up.log.write('error', 'history failed', errorFacts(error))
    live.update({ snapshot: null, failure: noticeOf(error, 'This moment cannot be shown.') })
  })
  return { catchUp: () => live.catchUp(viewer), leave: () => live.remove(viewer) }
}
