'use client'

import { useDebouncedCallback } from '@mantine/hooks'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'
import type { ListState } from './list-state'
import { parseListState, withListState } from './list-state'

const TYPING_MS = 250

/** Filters and order of a list, kept in the address; typing reaches the address when it pauses. */
export function useListState(columns: readonly string[]): [ListState, (patch: Partial<ListState>) => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const inAddress = useMemo(() => parseListState(new URLSearchParams(params), columns), [params, columns])
  // what is typed counts at once; the address it was typed at says when it is out of date
  const [typed, setTyped] = useState<{ filter: string; over: string } | null>(null)
  const write = useCallback(
    (patch: Partial<ListState>) => {
      const query = withListState(new URLSearchParams(window.location.search), patch).toString()
      const text = query.replaceAll('%2C', ',').replaceAll('%2F', '/')
      window.history.replaceState(null, '', text === '' ? pathname : `${pathname}?${text}`)
    },
    [pathname],
  )
  const writeFilter = useDebouncedCallback((filter: string) => write({ filter }), TYPING_MS)
  const isTyping = typed !== null && typed.over === inAddress.filter
  const state = isTyping ? { ...inAddress, filter: typed.filter } : inAddress
  const change = (patch: Partial<ListState>) => {
    const { filter, ...rest } = patch
    if (filter !== undefined) {
      setTyped({ filter, over: inAddress.filter })
      writeFilter(filter)
    }
    if (Object.keys(rest).length > 0) write(rest)
  }
  return [state, change]
}
