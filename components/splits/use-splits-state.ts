'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { parseSplitsState, withSplitsState, type SplitsState } from './page-state'

/** What of the splits is looked at, kept in the address; opening one is a step of the back button. */
export function useSplitsState(): [SplitsState, (patch: Partial<SplitsState>) => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const state = useMemo(() => parseSplitsState(new URLSearchParams(params)), [params])
  const change = useCallback(
    (patch: Partial<SplitsState>) => {
      // the address bar, not the last render, is the truth: two changes in one turn must both stay
      const query = withSplitsState(new URLSearchParams(window.location.search), patch).toString()
      const text = query.replaceAll('%2C', ',').replaceAll('%2F', '/')
      const url = text === '' ? pathname : `${pathname}?${text}`
      if (patch.split === undefined) window.history.replaceState(null, '', url)
      else window.history.pushState(null, '', url)
    },
    [pathname],
  )
  return [state, change]
}
