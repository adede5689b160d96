'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { alertTone } from '@/components/alerts/alert-words'
import { useView } from '@/components/hooks/use-view'
import { DEFAULT_VIEW, VIEW_WINDOWS } from '@/components/hooks/view-state'
import { UPSTREAM_NAMES } from '@/components/ui/upstream-names'
import { LATENCY_PENDING } from '@/lib/api/notice-codes'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ChangeSummary } from '@/lib/api/schemas/changes'
import { parseNodeId } from '@/lib/mesh/identity'
import { watchOn, type News, type Watched } from './news'

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
  const changes = useQuery({ ...queries.changes(), ...live }).data
  const status = useQuery({ ...queries.status(), ...live }).data
  const before = useRef<Watched | null>(null)
  const seen = useRef(window)
  useEffect(() => {
    // another window judges otherwise: what differs then is no news
    if (seen.current !== window) {
      seen.current = window
      before.current = null
    }
    const isComplete = [alerts, incidents, health, status].every((part) => part !== undefined)
    // the first look is one at everything, else its later parts would look like news
    if (!isComplete && before.current === null) return
    const isPending = incidents?.notices.some(({ code }) => code === LATENCY_PENDING) ?? false
    const answeredIncidents = isPending ? undefined : incidents
    const look = {
      alerts:
        alerts?.items
          .filter(({ state }) => state === 'firing')
          .map((alert) => ({
            id: alert.id,
            title: alert.summary ?? alert.name,
            isBad: alertTone(alert) === 'failing',
            href: pagePaths.alerts({ open: alert.id }),
            since: alert.since,
            silenced: alert.silenced,
          })) ?? null,
      // without latency nothing is slow, and with it all that is would look new
      incidents:
        answeredIncidents?.items.map(({ id, headline, status }) => ({
          id,
          title: headline,
          isFailing: status === 'failing',
          href: pagePaths.overview(),
        })) ?? null,
      failing:
        health?.items
          .filter((item) => item.health.status === 'failing')
          .map(({ id }) => ({
            id,
            name: parseNodeId(id)?.name ?? id,
            href: pagePaths.graph({ selected: id }),
          })) ?? null,
      changes: changes?.items.filter(({ status }) => status !== 'pending').map(changeOf) ?? null,
      upstreams:
        status?.upstreams
          .filter(({ configured }) => configured)
          .map(({ name, reachable, error }) => ({
            name: UPSTREAM_NAMES[name],
            isReachable: reachable,
            error,
          })) ?? null,
    }
    const { watched, news } = watchOn(before.current, look, Date.now(), { mesh: pagePaths.mesh() })
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

function changeOf({ id, at, author, status, reverts, objects }: ChangeSummary) {
  const [first] = objects
  const what = first
    ? `${first.ref.kind} ${first.ref.namespace ? `${first.ref.namespace}/` : ''}${first.ref.name}${objects.length > 1 ? ` and ${objects.length - 1} more` : ''}`
    : 'nothing'
  const verb = status === 'failed' ? 'Could not change' : reverts === null ? 'Changed' : 'Reverted'
  return {
    // what was under way and is done is news
    id: `${id} ${status}`,
    title: `${verb} ${what}`,
    text: author === null ? null : `by ${author}`,
    isFailed: status === 'failed',
    href: pagePaths.change(id),
    at,
  }
}
