'use client'

import { useDebouncedCallback } from '@mantine/hooks'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { useTyped } from './use-typed'

const TYPING_MS = 250

/** What a list shows, kept in the address; typing reaches the address when it pauses. `parse` and `write` are pure. */
export function useAddressState<S extends { filter: string }>(
  parse: (params: URLSearchParams) => S,
  write: (params: URLSearchParams, patch: Partial<S>) => URLSearchParams,
): [S, (patch: Partial<S>) => void] {
  const params = useSearchParams()
  const pathname = usePathname()
  const inAddress = useMemo(() => parse(new URLSearchParams(params)), [params, parse])
  // what is typed counts at once
  const { typed: filter, type, send } = useTyped(inAddress.filter)
  const state = useMemo(() => ({ ...inAddress, filter }), [inAddress, filter])
  const put = useCallback(
    (patch: Partial<S>) => {
      const query = write(new URLSearchParams(window.location.search), patch).toString()
      const text = query.replaceAll('%2C', ',').replaceAll('%2F', '/')
      window.history.replaceState(null, '', text === '' ? pathname : `${pathname}?${text}`)
    },
    [pathname, write],
  )
  // the filter alone is a part of the state, whatever else the state has
  const putFilter = useDebouncedCallback((text: string) => {
    const patch = { filter: text } as Partial<S>
    send(parse(write(new URLSearchParams(), patch)).filter)
    put(patch)
  }, TYPING_MS)
  const change = (patch: Partial<S>) => {
    const { filter: text, ...rest } = patch
    if (text !== undefined) {
      type(text)
      putFilter(text)
    }
    if (Object.keys(rest).length > 0) put(rest as Partial<S>)
  }
  return [state, change]
}
