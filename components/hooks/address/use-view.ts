'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import type { Scope } from '@/lib/api/paths'
import type { PageView, View } from './view-state'
import { parseView, withView } from './view-state'

/**
 * The view in the URL and a way to change it. A change of what is looked at is a step of the back button; a change
 * that only follows from another (`replace`) is not.
 */
export function useView(): [View, (patch: Partial<View>, how?: 'push' | 'replace') => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const view = useMemo(() => parseView(new URLSearchParams(params)), [params])
  const setView = useCallback(
    (patch: Partial<View>, how: 'push' | 'replace' = 'push') => {
      // the address bar, not the last render, is the truth: two changes in one turn must both stay
      const query = withView(new URLSearchParams(window.location.search), patch)
      const text = readable(query)
      const url = text === '' ? pathname : `${pathname}?${text}`
      if (url === window.location.pathname + window.location.search) return
      // history alone: the router would ask the server for a page that is already here
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [pathname],
  )
  return [view, setView]
}

/** The view of the address bar at this moment, for what is done on a key or a click. */
export function viewNow(): View {
  return parseView(new URLSearchParams(window.location.search))
}

/** The part of a view that requests and links to other pages carry. */
export function scopeOf(view: PageView): Scope {
  return { namespaces: view.namespaces, clusters: view.clusters, window: view.window, at: view.at }
}

function readable(query: URLSearchParams): string {
  return query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
}
