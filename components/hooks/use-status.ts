'use client'

import { useQuery } from '@tanstack/react-query'
import { queries } from '@/lib/api/queries'

const POLL_MS = 15_000

/** What Heddle knows of its upstreams; asked for by several parts of the frame, fetched once. */
export function useStatus() {
  return useQuery({ ...queries.status(), refetchInterval: POLL_MS })
}
