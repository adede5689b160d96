'use client'

import { Checkbox, NumberInput, Select, Skeleton } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconRouteOff, IconTimelineEvent } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { usePathname, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { traceWindow } from '@/components/details/windows'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
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
import { parseTraceSearch, TRACE_LIMITS, withTraceSearch } from './trace-search'
import classes from './TraceSearchPage.module.css'
import { TraceTable } from './TraceTable'

const TYPING_MS = 400

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
  const setMinimum = useDebouncedCallback((minDurationMs: number | null) => set({ minDurationMs }), TYPING_MS)
  const span = traceWindow(view.window)
  const filter: TraceFilter = {
    ...(search.node === null ? {} : { node: search.node }),
    ...(search.service === null ? {} : { service: search.service }),
    ...(search.minDurationMs === null ? {} : { minDurationMs: search.minDurationMs }),
    errors: search.errors,
    limit: search.limit,
    window: span,
    at: view.at,
  }
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
          <NumberInput
            size="xs"
            w={132}
            min={0}
            max={999_999_999}
            hideControls
            placeholder="At least, ms"
            aria-label="At least this many milliseconds"
            suffix=" ms"
            defaultValue={search.minDurationMs ?? ''}
            onChange={(value) => setMinimum(typeof value === 'number' && value > 0 ? value : null)}
          />
          <Select
            size="xs"
            w={104}
            aria-label="How many"
            data={TRACE_LIMITS.map((limit) => ({ value: String(limit), label: `Newest ${limit}` }))}
            value={String(search.limit)}
            onChange={(value) => set({ limit: Number(value) })}
            allowDeselect={false}
          />
          <Checkbox
            size="xs"
            label="Only with errors"
            checked={search.errors}
            onChange={(event) => set({ errors: event.currentTarget.checked })}
          />
        </>
      }
    >
      {isAsked ? (
        <Found filter={filter} length={formatWindow(parseWindow(span) ?? 0)} isLive={view.at === null} />
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
  const absent = notices.find((notice) => notice.code === 'jaeger-not-configured')
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
          {filter.errors || filter.minDurationMs ? '; try without the narrowing filters' : ''}.
        </Message>
      ) : (
        <TraceTable items={items} label="Traces found" isWide />
      )}
    </div>
  )
}
