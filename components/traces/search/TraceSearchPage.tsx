'use client'

import { Skeleton } from '@mantine/core'
import { IconRouteOff, IconTimelineEvent } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { usePathname, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { traceWindow } from '@/components/details/windows'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useStatus } from '@/components/hooks/use-status'
import { useView } from '@/components/hooks/use-view'
import { Failure } from '@/components/ui/Failure'
import { Message } from '@/components/ui/Message'
import { Notices } from '@/components/ui/Notices'
import { Page } from '@/components/ui/Page'
import type { TraceFilter } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { formatWindow, parseWindow } from '@/lib/units/window'
import { NodePicker } from './NodePicker'
import type { TraceSearch } from './trace-search'
import { parseTraceSearch, withTraceSearch } from './trace-search'
import classes from './TraceSearchPage.module.css'
import { TraceFilters } from './TraceFilters'
import { TraceScatter } from './TraceScatter'
import { TraceTable } from './TraceTable'

/** Traces of one node or service, narrowed by duration and errors. */
export function TraceSearchPage() {
  const [view] = useView()
  const params = useSearchParams()
  const pathname = usePathname()
  const search = useMemo(() => parseTraceSearch(new URLSearchParams(params)), [params])
  const set = (patch: Partial<TraceSearch>) => {
    const query = withTraceSearch(new URLSearchParams(window.location.search), patch).toString()
    const text = query.replaceAll('%2F', '/')
    window.history.pushState(null, '', text === '' ? pathname : `${pathname}?${text}`)
  }
  const span = traceWindow(view.window)
  const filter: TraceFilter = {
    ...(search.node === null ? {} : { node: search.node }),
    ...(search.service === null ? {} : { service: search.service }),
    ...(search.minDurationMs === null ? {} : { minDurationMs: search.minDurationMs }),
    ...(search.maxDurationMs === null ? {} : { maxDurationMs: search.maxDurationMs }),
    ...(search.operation === null ? {} : { operation: search.operation }),
    ...(search.status === null ? {} : { status: search.status }),
    ...(search.tags === null ? {} : { tags: search.tags }),
    errors: search.errors,
    limit: search.limit,
    window: span,
    at: view.at,
  }
  const hasStore = useStatus().data?.upstreams.some(
    ({ name, configured }) => configured && (name === 'jaeger' || name === 'tempo'),
  )
  const isAsked = search.node !== null || search.service !== null
  return (
    <Page
      title="Traces"
      tools={
        <>
          <NodePicker
            key={search.node ?? search.service ?? ''}
            node={search.node}
            service={search.service}
            scope={{ window: view.window, at: view.at }}
            onNode={(node) => set({ node, service: null })}
            onService={(service) => set({ service, node: null })}
          />
        </>
      }
    >
      {isAsked ? (
        <>
          <TraceFilters key={search.node ?? search.service} search={search} onChange={set} />
          <Found filter={filter} length={formatWindow(parseWindow(span) ?? 0)} isLive={view.at === null} />
        </>
      ) : hasStore === false ? (
        <Message icon={<IconRouteOff size={24} />} title="No tracing store">
          No tracing store is configured: set JAEGER_URL or TEMPO_URL to see traces.
        </Message>
      ) : (
        <Message icon={<IconTimelineEvent size={24} />} title="Whose traces?">
          Choose a workload, a service or an application above. Names as only the tracing store has them can
          be typed too.
        </Message>
      )}
    </Page>
  )
}

function Found({ filter, length, isLive }: { filter: TraceFilter; length: string; isLive: boolean }) {
  const answer = useQuery({
    ...queries.traces(filter),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  // traces have no instant of measurement of their own: they are as old as the answer
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.isError)
  if (!answer.data) {
    if (answer.error) {
      return (
        <Failure
          error={answer.error}
          title="The traces cannot be read"
          onRetry={() => void answer.refetch()}
        />
      )
    }
    return (
      <div className={classes.list} role="status" aria-label="Loading" aria-busy>
        {Array.from({ length: 10 }, (_, row) => (
          <Skeleton key={row} height={10} mt={12} mb={21} width={`${92 - (row % 4) * 7}%`} radius="sm" />
        ))}
      </div>
    )
  }
  const { items, notices } = answer.data
  const absent = notices.find((notice) => notice.code === 'tracing-not-configured')
  if (absent) {
    return (
      <Message icon={<IconRouteOff size={24} />} title="No tracing store">
        {absent.message}
      </Message>
    )
  }
  return (
    <div className={classes.list}>
      {answer.isRefetchError ? (
        <Notices notices={[{ code: 'stale', message: `These traces are old: ${answer.error.message}` }]} />
      ) : null}
      <Notices notices={notices} />
      {items.length === 0 ? (
        <Message icon={<IconTimelineEvent size={24} />} title="No trace matches">
          Nothing was stored in the {isLive ? `last ${length}` : `${length} before the chosen instant`} that
          meets this search. Tracing stores keep only a sample of the requests
          {filter.errors ||
          filter.minDurationMs ||
          filter.maxDurationMs ||
          filter.operation ||
          filter.status ||
          filter.tags
            ? '; try without the narrowing filters'
            : ''}
          .
        </Message>
      ) : (
        <>
          <TraceScatter items={items} filter={filter} />
          <TraceTable items={items} label="Traces found" isWide />
        </>
      )}
    </div>
  )
}
