'use client'

import { useEffect } from 'react'
import { useQuery } from '@tanstack/react-query'
import { queries } from '@/lib/api/queries'
import { useHydrated } from './use-hydrated'
import { setServerTime } from './use-now'

const POLL_MS = 15_000

/** As of an answer that is still awaited. */
const AWAITED = { data: undefined, error: null, isError: false, isRefetchError: false, isFetching: true }

/**
 * What Heddle knows of its upstreams; asked for by several parts of the frame, fetched once. Parts of a page come alive
 * one after the other: one that comes late is first drawn as the server drew it, though the answer is there already.
 */
export function useStatus() {
  const answer = useQuery({ ...queries.status(), refetchInterval: POLL_MS })
  const isHydrated = useHydrated()
  const serverMs = answer.data?.now
  useEffect(() => {
    if (serverMs !== undefined) setServerTime(serverMs, answer.dataUpdatedAt)
  }, [serverMs, answer.dataUpdatedAt])
  // of a pending answer, what its readers read
  return isHydrated ? answer : ({ ...AWAITED, refetch: answer.refetch } as typeof answer)
}
