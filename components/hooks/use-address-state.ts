'use client'

import { useDebouncedCallback } from '@mantine/hooks'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'

const TYPING_MS = 250

/** What a list shows, kept in the address; typing reaches the address when it pauses. `parse` and `write` are pure. */
export function useAddressState<S extends { filter: string }>(
  parse: (params: URLSearchParams) => S,
  write: (params: URLSearchParams, patch: Partial<S>) => URLSearchParams,
): [S, (patch: Partial<S>) => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const inAddress = useMemo(() => parse(new URLSearchParams(params)), [params, parse])
  // what is typed counts at once; the address it was typed at says when it is out of date
  const [typed, setTyped] = useState<{ filter: string; over: string } | null>(null)
  const put = useCallback(
    (patch: Partial<S>) => {
      const query = write(new URLSearchParams(window.location.search), patch).toString()
      const text = query.replaceAll('%2C', ',').replaceAll('%2F', '/')
      window.history.replaceState(null, '', text === '' ? pathname : `${pathname}?${text}`)
    },
    [pathname, write],
  )
  // the filter alone is a part of the state, whatever else the state has
  const putFilter = useDebouncedCallback((filter: string) => put({ filter } as Partial<S>), TYPING_MS)
  const isTyping = typed !== null && typed.over === inAddress.filter
  const state = isTyping ? { ...inAddress, filter: typed.filter } : inAddress
  const change = (patch: Partial<S>) => {
    const { filter, ...rest } = patch
    if (filter !== undefined) {
      setTyped({ filter, over: inAddress.filter })
      putFilter(filter)
    }
    if (Object.keys(rest).length > 0) put(rest as Partial<S>)
  }
  return [state, change]
}
