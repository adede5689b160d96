import 'server-only'
import type { ChangeEffect, ChangeEffectQuery, MeasuredTraffic } from '@/lib/api/schemas/config/changes'
import { WINDOWS, type Notice } from '@/lib/api/schemas/common'
import { addHistogram, quantileOf, type HistogramSum } from '@/lib/graph/quantile'
import type { Topology } from '@/lib/graph/types'
import { isTrafficKnown } from '@/lib/graph/observed/known'
import { touchedBy, type Touched } from '@/lib/changes/touched'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf } from '../errors'
import { gridInstant } from '../snapshots/grid'
import { notReadWords } from '../snapshots/objects'
import { currentAccess, type Access } from '../session/access'
import type { Upstreams } from '../upstreams'
import { readSnapshot } from '../use-cases/read-snapshot'
import { resolveTime } from '../use-cases/resolve-time'
import { getChange } from './history'
import { isTouchedFlow, isVisibleFlow } from './impact'

/**
 * What changed in the traffic a change touches: one window right before it against one right after. A side that
 * cannot be measured (not yet, not any more, no telemetry) is null. Throws Refusal as `getChange` does.
 */
export async function getChangeEffect(
  up: Upstreams,
  id: string,
  query: ChangeEffectQuery,
  signal?: AbortSignal,
): Promise<ChangeEffect> {
  const [change, access] = await Promise.all([getChange(up, id, signal), currentAccess(up)])
  const windowMs = WINDOWS[query.window] * 1000
  const { touched, unread, missing } = touchedIn(up, change.objects)
  const now = gridInstant(up.clock.now(), 1_000, up.config.refresh.lagMs)
  const notices: Notice[] = [...missing]
  const measure = async (at: number): Promise<MeasuredTraffic | null> => {
    if (at > now || touched.size === 0) return null
    try {
      const time = await resolveTime(up, { window: query.window, at })
      const { snapshot } = await readSnapshot(up, time)
      return isTrafficKnown(snapshot.topology) ? measured(snapshot.topology, touched, access, at) : null
    } catch (error) {
      // beyond what Prometheus keeps is simply not measured any more
      if (!isUpstreamError(error)) return null
      notices.push(noticeOf(error, 'The effect of the change is not known.'))
      return null
    }
  }
  const [before, after] = await Promise.all([measure(change.at), measure(change.at + windowMs)])
  return {
    window: query.window,
    before,
    after,
    afterKnownAt: change.at + windowMs + up.config.refresh.lagMs,
    touchesTraffic: touched.size > 0,
    unread,
    notices: [...new Map(notices.map((notice) => [notice.message, notice])).values()],
  }
}

function touchedIn(
  up: Upstreams,
  objects: Awaited<ReturnType<typeof getChange>>['objects'],
): { touched: ReadonlyMap<string, Touched>; unread: string[]; missing: Notice[] } {
  const found = new Map<string, Touched>()
  const unread = new Set<string>()
  const missing: Notice[] = []
  for (const source of up.inventories) {
    const { inventory } = source.current()
    const mine = objects.filter(({ ref }) => ref.cluster === source.cluster)
    if (mine.length === 0) continue
    if (!inventory) {
      missing.push({ code: 'objects-not-read', message: notReadWords(source), upstream: 'kubernetes' })
      continue
    }
    // recorded and watched objects were Kubernetes objects when they were kept
    const states = mine.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()) as ConfigObject[]
    const touched = touchedBy(states, inventory)
    for (const kind of touched.unread) unread.add(kind)
    if (touched.services.size + touched.hosts.size + touched.workloads.size > 0) {
      found.set(source.cluster, touched)
    }
  }
  return { touched: found, unread: [...unread], missing }
}

function measured(
  topology: Topology,
  touched: ReadonlyMap<string, Touched>,
  access: Access,
  at: number,
): MeasuredTraffic {
  let requests = 0
  let errors = 0
  let histogram: HistogramSum | null = null
  for (const flow of topology.flows) {
    if (flow.protocol === 'tcp' || !isTouchedFlow(topology, flow, touched)) continue
    if (!isVisibleFlow(access, topology, flow)) continue
    requests += flow.requestsPerSecond
    errors += flow.errorsPerSecond
    if (flow.histogram) histogram = addHistogram(histogram, flow.histogram)
  }
  return {
    at,
    requestsPerSecond: requests,
    errorRatio: requests > 0 ? errors / requests : null,
    p99Ms: histogram === null ? null : quantileOf(histogram, 0.99),
  }
}
