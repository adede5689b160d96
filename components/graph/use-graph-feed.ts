'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { areOld } from '@/components/hooks/use-freshness'
import type { RefreshChoice } from '@/components/hooks/view-state'
import { refreshMs } from '@/components/hooks/view-state'
import type { GraphView } from '@/lib/api/paths'
import { apiPaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph, GraphPatch } from '@/lib/api/schemas/graph'
import { applyPatch } from '@/lib/graph/diff'

export interface GraphFeed {
  /** the newest graph there is, old while newer ones are asked for; undefined before the first */
  graph: Graph | undefined
  notices: Notice[]
  error: Error | null
  isFetching: boolean
  /** the live connection is broken: figures come by asking, or not at all */
  isBehind: boolean
  retry: () => void
}

// a stream that fails this often in a row is replaced by asking, and tried again later
const FAILURES_BEFORE_POLLING = 2
const POLL_MS = 15_000
const RETRY_STREAM_MS = 5_000

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

interface StreamState {
  /** in a row, without an event in between */
  failures: number
  isOpen: boolean
  isWaiting: boolean
  notices: Notice[]
}

/** The state of one connection; of any other it says nothing. */
interface KeyedState extends StreamState {
  key: string
}

const CLOSED: StreamState = { failures: 0, isOpen: false, isWaiting: false, notices: [] }
const CONNECTING: StreamState = { ...CLOSED, isWaiting: true }
const FLOWING: StreamState = { ...CLOSED, isOpen: true }

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
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0
    const put = (graph: Graph) => {
      client.setQueryData([cacheKey], graph)
      failures = 0
    }
    const open = () => {
      source = new EventSource(url)
      source.addEventListener('graph', (event) => {
        put(read<Graph>(event))
        setState(FLOWING)
      })
      source.addEventListener('patch', (event) => {
        const before = client.getQueryData<Graph>([cacheKey])
        // a patch without its base says nothing: begin again with the whole graph
        if (!before) return restart(0)
        put(applyPatch(before, read<GraphPatch>(event)))
        setState(FLOWING)
      })
      source.addEventListener('notice', (event) => {
        const said = read<Notice | Notice[]>(event)
        const notices = Array.isArray(said) ? said : [said]
        setState((old) => ({
          ...old,
          isWaiting: false,
          notices: uniqueNotices([...old.notices, ...notices]),
        }))
      })
      source.onopen = () => setState((old) => ({ ...old, isOpen: true }))
      source.onerror = () => {
        failures += 1
        setState((old) => ({ ...old, failures, isOpen: false, isWaiting: false }))
        // a refused stream (400, 503) is closed for good by the browser: try again ourselves
        if (source?.readyState === EventSource.CLOSED) restart(RETRY_STREAM_MS)
      }
    }
    const restart = (delayMs: number) => {
      source?.close()
      clearTimeout(timer)
      timer = setTimeout(open, delayMs)
    }
    open()
    return () => {
      clearTimeout(timer)
      source?.close()
    }
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

/** Our own server wrote it, from the same schema the type comes from. */
function read<T>(event: MessageEvent<string>): T {
  return JSON.parse(event.data) as T
}

function uniqueNotices(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((notice) => [notice.code + notice.message, notice])).values()]
}
