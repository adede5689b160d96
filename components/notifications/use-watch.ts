'use client'

import { presentMs } from '@/components/hooks/use-now'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useView } from '@/components/hooks/address/use-view'
import { DEFAULT_VIEW, VIEW_WINDOWS } from '@/components/hooks/address/view-state'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { lookOf } from './look-of'
import { MOST_CHANGES, watchOn, type News, type Watched } from './news'

const EVERY_MS = 20_000
/** The page comes first: its own questions and scripts are on their way. */
const FIRST_AFTER_MS = 4_000

/** Looks at the mesh as it is now, over the window the page has, and tells what is new. */
export function useWatch(tell: (news: News[]) => void, isLoud: boolean): void {
  const enabled = useIsAfter(FIRST_AFTER_MS)
  const staleTime = EVERY_MS / 2
  const live = { enabled, refetchInterval: EVERY_MS, refetchIntervalInBackground: isLoud, staleTime }
  const [view] = useView()
  // a stretch of the past may have any length, the present has those of the list
  const window = VIEW_WINDOWS.find((name) => name === view.window) ?? DEFAULT_VIEW.window
  const alerts = useQuery({ ...queries.alerts(), ...live }).data
  const incidents = useQuery({ ...queries.incidents({ window }), ...live }).data
  const health = useQuery({ ...queries.health({ kind: 'workload', window }), ...live }).data
  const changes = useQuery({ ...queries.changes({ limit: MOST_CHANGES }), ...live }).data
  const status = useQuery({ ...queries.status(), ...live }).data
  const before = useRef<Watched | null>(null)
  const seen = useRef(window)
  useEffect(() => {
    // another window judges otherwise: what differs then is no news
    if (seen.current !== window) {
      seen.current = window
      before.current = null
    }
    const look = lookOf({ alerts, incidents, health, changes, status })
    const { watched, news } = watchOn(before.current, look, presentMs(), { mesh: pagePaths.mesh() })
    before.current = watched
    if (news.length > 0) tell(news)
  }, [alerts, incidents, health, changes, status, tell, window])
}

/** True from some time after the first drawing on. */
function useIsAfter(ms: number): boolean {
  const [isAfter, setIsAfter] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsAfter(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isAfter
}
