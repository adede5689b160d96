'use client'

import { Skeleton } from '@mantine/core'
import { IconTargetArrow } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { useNarrow } from '@/components/hooks/use-narrow'
import { CopyButton } from '@/components/ui/CopyButton'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { findUnread } from '@/lib/api/notice-codes'
import { queries } from '@/lib/api/queries'
import { sloColumns } from './columns'
import { countWords } from './slo-words'
import { SloDetail } from './SloDetail'
import { SloProblems } from './SloProblems'
import classes from './Slos.module.css'

const SORT = { column: 'state', isDescending: true }
const EXAMPLE = `kubectl annotate service cart -n shop \\
  heddle.io/slo-availability="99.9" \\
  heddle.io/slo-latency="99% < 500ms" \\
  heddle.io/slo-window="30d"`

/** What was promised of services: what is left of each budget, how fast it burns, and when it is gone. */
export function SlosPage() {
  const [view] = useView()
  const scope = scopeOf(view)
  const { params, set } = useUrlParams()
  const isHydrated = useHydrated()
  const isNarrow = useNarrow(1180)
  const isTight = useNarrow(1390)
  const answer = useQuery({
    ...queries.slos(scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const data = isHydrated ? answer.data : undefined
  useReportFreshness(data?.at ?? null, answer.isFetching, answer.error, data?.notices)
  const open = params.get('open')
  const toggle = useCallback((id: string) => set({ open: open === id ? null : id }, 'replace'), [open, set])
  const items = data?.items
  const { window } = scope
  const columns = useMemo(
    () =>
      sloColumns(
        { isOpen: (id) => id === open, toggle },
        { ...(window ? { window } : {}) },
        { isNarrow, isTight, clusters: new Set(items?.map(({ cluster }) => cluster)).size > 1 },
      ),
    [open, toggle, window, isNarrow, isTight, items],
  )
  const isUnread = findUnread(data?.notices) !== undefined
  const notices = [
    ...(answer.isRefetchError
      ? [{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]
      : []),
    ...(scope.at == null
      ? []
      : [{ code: 'of-now', message: 'Budgets are of now, whatever moment the other pages show.' }]),
    ...(data?.notices ?? []),
  ]
  return (
    <Page
      title="Objectives"
      beside={
        data && data.items.length > 0 ? (
          <span className={classes.count} role="status">
            {countWords(data.items.map(({ state }) => state))}
          </span>
        ) : null
      }
    >
      <div className={classes.above}>
        <Notices notices={notices} isKnown={data !== undefined} />
        {data ? <SloProblems problems={data.problems} /> : null}
      </div>
      {data && data.items.length > 0 ? (
        <DataTable
          label="Objectives"
          rows={data.items}
          columns={columns}
          keyOf={(slo) => slo.id}
          initialSort={SORT}
          detail={(slo) => (slo.id === open ? <SloDetail slo={slo} /> : null)}
        />
      ) : data ? (
        <Message
          icon={<IconTargetArrow size={32} stroke={1.4} aria-hidden />}
          title={isUnread ? 'Objectives of Services are not known' : 'No service has an objective here'}
        >
          An objective says how many requests must succeed, or be answered in time, and over how long. Heddle
          then shows what is left of the failures it allows, and how fast they go. Write it on the Service:
          <pre className={classes.example}>
            {EXAMPLE}
            <CopyButton text={EXAMPLE} label="Copy the command" />
          </pre>
        </Message>
      ) : isHydrated && answer.error ? (
        <Failure
          error={answer.error}
          title="Objectives cannot be shown"
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <div role="status" aria-label="Loading" aria-busy className={classes.above}>
          {[0, 1, 2, 3, 4].map((row) => (
            <Skeleton key={row} height={28} radius="sm" />
          ))}
        </div>
      )}
    </Page>
  )
}
