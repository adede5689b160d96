'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'

/** Parameters to set; an empty text or null takes one out. */
export type UrlPatch = Readonly<Record<string, string | null>>

/** Query string after a change, with ids and lists left readable; keys of others stay. */
export function withParams(params: URLSearchParams, patch: UrlPatch): string {
  const next = new URLSearchParams(params)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === '') next.delete(key)
    else next.set(key, value)
  }
  return next.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
}

/** What only one page keeps in the address: its parameters as text, a way to change them, and links that would. */
export function useUrlParams(): {
  params: URLSearchParams
  set: (patch: UrlPatch, how?: 'push' | 'replace') => void
  hrefWith: (patch: UrlPatch) => string
} {
  const search = useSearchParams()
  const pathname = usePathname()
  const params = useMemo(() => new URLSearchParams(search), [search])
  const hrefWith = useCallback(
    (patch: UrlPatch) => urlOf(pathname, withParams(params, patch)),
    [params, pathname],
  )
  const set = useCallback(
    (patch: UrlPatch, how: 'push' | 'replace' = 'push') => {
      // the address bar, not the last render, is the truth: two changes in one turn must both stay
      const url = urlOf(pathname, withParams(new URLSearchParams(window.location.search), patch))
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [pathname],
  )
  return { params, set, hrefWith }
}

function urlOf(pathname: string, text: string): string {
  return text === '' ? pathname : `${pathname}?${text}`
}
