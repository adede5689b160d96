'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { areOld } from '@/components/hooks/use-freshness'
import type { RefreshChoice } from '@/components/hooks/address/view-state'
import { refreshMs } from '@/components/hooks/address/view-state'
import type { GraphView } from '@/lib/api/paths'
import { apiPaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import {
  CLOSED,
  CONNECTING,
  FAILURES_BEFORE_POLLING,
  FLOWING,
  followGraph,
  uniqueNotices,
  type StreamState,
} from './graph-stream'

export interface GraphFeed {
  /** the newest graph there is, old while newer ones are asked for; undefined before the first */
  graph: Graph | undefined
  /** the graph is that of the view before: this one's is still to come */
  isStandIn: boolean
  notices: Notice[]
  error: Error | null
  isFetching: boolean
  /** the live connection is broken: figures come by asking, or not at all */
  isBehind: boolean
  retry: () => void
}

const POLL_MS = 15_000

/**
 * The graph of a view, kept current the way the person chose: pushed, asked for, or held still. What is pushed and
 * what is asked for meet under one key of the query cache.
 */
export function useGraphFeed(view: GraphView, refresh: RefreshChoice): GraphFeed {
  const isLive = refresh === 'live' && view.at == null
  const url = apiPaths.graphStream(view)
  const options = useMemo(() => queries.graph(view), [view])
  const stream = useGraphStream(url, options.queryKey, isLive)
  const isPolling = isLive && stream.isFallback
  const interval = isPolling ? POLL_MS : view.at == null ? refreshMs(refresh) : null
  const answer = useQuery({
    ...options,
    // the stream begins with the whole graph: asking for it too would double the work
    enabled: !isLive || stream.isFallback,
    // what is there when one pauses is what one wanted to look at
    ...(refresh === 'paused' ? { staleTime: Infinity } : {}),
    refetchInterval: interval ?? false,
    refetchOnWindowFocus: interval !== null,
    placeholderData: (previous) => previous,
    // a patch keeps what it does not touch by itself; comparing thousands of elements deeply would cost more
    structuralSharing: false,
  })
  return {
    graph: answer.data,
    isStandIn: answer.isPlaceholderData,
    notices: useMemo(
      () => uniqueNotices([...stream.notices, ...(answer.data?.notices ?? [])]),
      [stream.notices, answer.data],
    ),
    error: isLive && !stream.isFallback ? null : answer.error,
    isFetching: answer.isFetching || stream.isWaiting,
    isBehind:
      (isLive && stream.isFallback) ||
      answer.isRefetchError ||
      stream.notices.length > 0 ||
      areOld(answer.data?.notices),
    retry: () => {
      stream.reconnect()
      void answer.refetch()
    },
  }
}

/** The state of one connection; of any other it says nothing. */
interface KeyedState extends StreamState {
  key: string
}

function useGraphStream(url: string, key: readonly [string], isOn: boolean) {
  const client = useQueryClient()
  const [round, setRound] = useState(0)
  const cacheKey = key[0]
  const connection = `${round} ${url}`
  const [kept, setKept] = useState<KeyedState>({ key: '', ...CLOSED })
  const state: StreamState = !isOn ? CLOSED : kept.key === connection ? kept : CONNECTING

  useEffect(() => {
    if (!isOn) return
    const setState = (next: StreamState | ((old: StreamState) => StreamState)) =>
      setKept((old) => {
        const before = old.key === connection ? old : CONNECTING
        const after = typeof next === 'function' ? next(before) : next
        // with every patch it flows on: nothing to draw again for that
        const isSame = old.key === connection && after === FLOWING && isFlowing(old)
        return isSame ? old : { ...after, key: connection }
      })
    return followGraph(url, {
      graph: (graph) => client.setQueryData([cacheKey], graph),
      state: setState,
    })
  }, [client, url, cacheKey, isOn, connection])

  return {
    isFallback: !state.isOpen && state.failures >= FAILURES_BEFORE_POLLING,
    isWaiting: state.isWaiting,
    notices: state.notices,
    reconnect: () => setRound((count) => count + 1),
  }
}

function isFlowing(state: StreamState): boolean {
  return state.isOpen && !state.isWaiting && state.failures === 0 && state.notices.length === 0
}
