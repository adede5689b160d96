'use client'

import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useView } from '@/components/hooks/address/use-view'
import { failureTitle } from '@/components/ui/messages/failure-words'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { TraceFilter } from '@/lib/api/paths'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { formatWindow, parseWindow } from '@/lib/units/window'
import { TraceTable } from './search/TraceTable'

const SHOWN = 8
const ROW_HEIGHT = 33

/** The newest traces a node took part in, as a section of a panel. */
export function RecentTraces({ filter }: { filter: TraceFilter }) {
  // remade for another node: its old traces must not stand under a new name
  return <Recent key={filter.node ?? filter.service} filter={filter} />
}

function Recent({ filter }: { filter: TraceFilter }) {
  const answer = useQuery({
    ...queries.traces({ ...filter, limit: SHOWN }),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const items = answer.data?.items ?? []
  const length = filter.window ? `the last ${formatWindow(parseWindow(filter.window) ?? 0)}` : 'this time'
  const isAbsent = answer.data?.notices.some((notice) => notice.code === 'tracing-not-configured') ?? false
  // the page of traces looks at the window of the frame, not at the longer one used here
  const [view] = useView()
  const all = (
    <Link
      href={pagePaths.traces({ ...filter, window: view.window })}
      prefetch={false}
      className={plain.linkish}
    >
      Search traces
    </Link>
  )
  return (
    <Section title="Recent traces" aside={isAbsent ? null : all}>
      {answer.data ? (
        <>
          {isAbsent ? (
            <p className={plain.note}>{answer.data.notices[0]?.message}</p>
          ) : (
            <Notices notices={answer.data.notices} />
          )}
          {answer.isRefetchError ? (
            <Notices
              notices={[{ code: 'stale', message: `These traces are old: ${answer.error.message}` }]}
            />
          ) : null}
          {items.length === 0 && !isAbsent ? (
            <p className={plain.note}>No trace was stored in {length}.</p>
          ) : null}
          {items.length > 0 ? <TraceTable items={items} label="Recent traces" /> : null}
        </>
      ) : answer.error ? (
        <p className={plain.note} role="alert">
          {answer.error instanceof ApiFailure && answer.error.upstream
            ? `${failureTitle(answer.error.upstream, answer.error.code)}: `
            : ''}
          {answer.error.message}{' '}
          <button type="button" className={plain.linkish} onClick={() => void answer.refetch()}>
            Try again
          </button>
        </p>
      ) : (
        <Skeleton height={ROW_HEIGHT * 4} radius="sm" />
      )}
    </Section>
  )
}
