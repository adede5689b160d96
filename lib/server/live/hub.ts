import 'server-only'
import { randomUUID } from 'node:crypto'
import type { Notice } from '@/lib/api/schemas/common'
import type { GraphView } from '@/lib/graph/types'
import type { OwnMetrics } from '../own-metrics'
import { viewKey, type Projector } from '../snapshots/projection'
import type { Snapshots } from '../snapshots/snapshots'
import { LiveView, type Viewer } from './live-view'
import type { Seat } from './stream'

export interface LiveHub {
  /**
   * Joins a live view; `lastId` is the version the viewer still holds from before its connection broke. `leftOut`: what
   * those who share the view are told is missing from it.
   */
  join(
    windowSeconds: number,
    view: GraphView,
    viewer: Viewer,
    lastId: string | null,
    leftOut: readonly Notice[],
  ): Seat
  readonly viewers: number
}

/** All live feeds of this process: a view exists while somebody looks at it. `standing`: as `LiveView` takes it. */
export function createHub(
  snapshots: Snapshots,
  projector: Projector,
  metrics: OwnMetrics,
  standing: () => readonly Notice[],
): LiveHub {
  const views = new Map<string, { live: LiveView; stop: () => void }>()
  const epoch = randomUUID().slice(0, 8)
  let opened = 0
  let viewers = 0

  function open(key: string, windowSeconds: number, view: GraphView, leftOut: readonly Notice[]) {
    opened += 1
    const live = new LiveView(view, projector, `${epoch}.${opened}`, () => [...leftOut, ...standing()])
    const line = snapshots.live(windowSeconds)
    // names may be `cluster/namespace`; what is fetched for one cluster's namespace serves all of that name
    const namespaces = new Set((view.namespaces ?? []).map((name) => name.slice(name.indexOf('/') + 1)))
    live.update(line.state)
    const entry = { live, stop: line.subscribe((state) => live.update(state), namespaces) }
    views.set(key, entry)
    return entry
  }

  return {
    join(windowSeconds, view, viewer, lastId, leftOut) {
      const key = `${windowSeconds} ${viewKey(view)} ${JSON.stringify(leftOut)}`
      const entry = views.get(key) ?? open(key, windowSeconds, view, leftOut)
      let isIn = true
      viewers += 1
      metrics.viewers.set(viewers)
      entry.live.add(viewer, lastId)
      return {
        catchUp: () => entry.live.catchUp(viewer),
        leave() {
          if (!isIn) return
          isIn = false
          viewers -= 1
          metrics.viewers.set(viewers)
          entry.live.remove(viewer)
          if (entry.live.size > 0) return
          entry.stop()
          views.delete(key)
        },
      }
    },
    get viewers() {
      return viewers
    },
  }
}
