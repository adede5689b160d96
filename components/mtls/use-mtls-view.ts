'use client'

import { useDebouncedCallback } from '@mantine/hooks'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { useTyped } from '@/components/hooks/address/use-typed'
import type { MtlsView } from './mtls-view'
import { parseMtlsView, withMtlsView } from './mtls-view'

const TYPING_MS = 250

/**
 * The page's own part of the address. Choosing a row or a mode is a step of the back button; filters, order and what
 * is unfolded are not. Typing reaches the address when it pauses.
 */
export function useMtlsView(): [MtlsView, (patch: Partial<MtlsView>) => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const inAddress = useMemo(() => parseMtlsView(new URLSearchParams(params)), [params])
  const { typed: filter, type, send } = useTyped(inAddress.filter)
  const view = useMemo(() => ({ ...inAddress, filter }), [inAddress, filter])
  const write = useCallback(
    (patch: Partial<MtlsView>) => {
      const query = withMtlsView(new URLSearchParams(window.location.search), patch).toString()
      const text = query.replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
      const url = text === '' ? pathname : `${pathname}?${text}`
      if (url === window.location.pathname + window.location.search) return
      const isStep = patch.selected !== undefined || patch.mode !== undefined
      if (isStep) window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [pathname],
  )
  const writeFilter = useDebouncedCallback((text: string) => {
    send(parseMtlsView(withMtlsView(new URLSearchParams(), { filter: text })).filter)
    write({ filter: text })
  }, TYPING_MS)
  const change = (patch: Partial<MtlsView>) => {
    const { filter: text, ...rest } = patch
    if (text !== undefined) {
      type(text)
      writeFilter(text)
    }
    if (Object.keys(rest).length > 0) write(rest)
  }
  return [view, change]
}
