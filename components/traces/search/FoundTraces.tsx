'use client'

import { IconRouteOff, IconTimelineEvent } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import type { TraceFilter } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { formatWindow, parseWindow } from '@/lib/units/window'
import { TraceScatter } from './TraceScatter'
import classes from './TraceSearchPage.module.css'
import { TracesToCome } from './TracesToCome'
import { TraceTable } from './TraceTable'

/** Traces that meet a search: as points by time and duration, and as a table. As all of a page, it is as old as these. */
export function FoundTraces({ filter, isPage = false }: { filter: TraceFilter; isPage?: boolean }) {
  const length = formatWindow(parseWindow(filter.window ?? '1h') ?? 0)
  const isLive = filter.at == null
  const list = isPage ? classes.list : classes.part
  const answer = useQuery({
    ...queries.traces(filter),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
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
    return <TracesToCome className={list} />
  }
  const { items, notices } = answer.data
  const report = isPage ? (
    <Freshness at={answer.dataUpdatedAt} isFetching={answer.isFetching} isError={answer.isError} />
  ) : null
  const absent = notices.find((notice) => notice.code === 'tracing-not-configured')
  if (absent) {
    return (
      <Message icon={<IconRouteOff size={24} />} title="No tracing store">
        {absent.message}
      </Message>
    )
  }
  return (
    <div className={list}>
      {report}
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
          <TraceTable
            items={items}
            label="Traces found"
            isWide
            {...(filter.namespace === undefined ? {} : { namespace: filter.namespace })}
          />
        </>
      )}
    </div>
  )
}

/** Traces have no instant of measurement of their own: they are as old as the answer. */
function Freshness({ at, isFetching, isError }: { at: number; isFetching: boolean; isError: boolean }) {
  useReportFreshness(at || null, isFetching, isError)
  return null
}
