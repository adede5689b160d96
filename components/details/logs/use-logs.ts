'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { fetchJson } from '@/lib/api/fetch'
import { apiPaths, type LogFilter } from '@/lib/api/paths'
import type { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import { withFresh } from './log-rows'

const FOLLOW_MS = 2_000
/** Lines reach the API server late, and some containers later than others. */
const OVERLAP_MS = 15_000

const schema = () => import('@/lib/api/schemas/telemetry/logs').then((file) => file.LogAnswer)

/**
 * Logs of a filter. Asked again, only what is new is read and joined to what is known; following asks every two
 * seconds. Of an instant nothing is asked twice.
 */
export function useLogs(filter: LogFilter, isFollowing: boolean) {
  const url = apiPaths.logs(filter)
  return useQuery({
    queryKey: [url, 'followed'] as const,
    queryFn: async ({ signal, client, queryKey }) => {
      const known = client.getQueryData<LogAnswer>(queryKey)
      const newest = known?.lines.at(-1)?.atMs
      if (!known || newest === undefined) return fetchJson(url, schema, { signal })
      const since = apiPaths.logs({ ...filter, since: newest - OVERLAP_MS })
      return withFresh(known, await fetchJson(since, schema, { signal }))
    },
    staleTime: filter.at == null ? 0 : Infinity,
    // thousands of lines are not worth keeping for long
    gcTime: 60_000,
    refetchInterval: isFollowing && filter.at == null ? FOLLOW_MS : false,
    placeholderData: keepPreviousData,
  })
}
