'use client'

import { Skeleton, TextInput } from '@mantine/core'
import { IconFilterOff, IconListSearch, IconSearch } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useView } from '@/components/hooks/address/use-view'
import type { Column } from '@/components/ui/table/DataTable'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Chips } from '@/components/ui/Chips'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/health/Health'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import { isUnmeasured } from '@/lib/api/notice-codes'
import { Reasons } from '@/components/ui/health/Reasons'
import { useTaste } from '@/components/hooks/use-taste'
import { sortedRows } from '@/components/ui/table/table-sort'
import type { Health, Notice } from '@/lib/api/schemas/common'
import { formatCount } from '@/lib/units/number'
import { isChosen } from './chosen-columns'
import { ColumnMenu } from './ColumnMenu'
import { CopyRows } from './CopyRows'
import { csvOf } from './list-csv'
import { countByStatus, namedRows, rowsOfStatus, STATUSES, WORST_FIRST } from './list-state'
import classes from './ListView.module.css'
import { useListState } from './use-list-state'

interface Row {
  id: string
  health: Health
  labels?: Readonly<Record<string, string>> | null
}

interface Answer<T> {
  at: number
  notices: Notice[]
  items: T[]
}

export interface ListWords {
  /** `Workloads` */
  title: string
  /** `workloads` */
  many: string
}

export interface Opening {
  isOpen: (id: string) => boolean
  toggle: (id: string) => void
}

/** One kind of thing as a table: filters in the address, worst first, reasons under a row that is opened. */
export function ListView<T extends Row>({
  words,
  answer,
  columnsOf,
}: {
  words: ListWords
  answer: UseQueryResult<Answer<T>>
  /** columns that have something to show for these rows */
  columnsOf: (items: readonly T[], opening: Opening) => Column<T>[]
}) {
  const [view, setView] = useView()
  const isHydrated = useHydrated()
  const data = isHydrated ? answer.data : undefined
  const items = useMemo(() => data?.items ?? [], [data])
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const opening = useMemo<Opening>(
    () => ({
      isOpen: (id) => opened.has(id),
      toggle: (id) =>
        setOpened((old) => {
          const next = new Set(old)
          if (!next.delete(id)) next.add(id)
          return next
        }),
    }),
    [opened],
  )
  const offered = useMemo(() => columnsOf(items, opening), [columnsOf, items, opening])
  const [chosen, setChosen] = useTaste(`columns.${words.many}`, '')
  const columns = useMemo(() => offered.filter((column) => isChosen(chosen, column)), [offered, chosen])
  const ids = useMemo(() => columns.map((column) => column.id), [columns])
  const [state, setState] = useListState(ids)
  const named = useMemo(() => namedRows(items, state.filter), [items, state.filter])
  const shown = useMemo(() => rowsOfStatus(named, state.statuses), [named, state.statuses])
  const counts = useMemo(() => countByStatus(named), [named])
  useReportFreshness(data?.at ?? null, answer.isFetching, answer.error, data?.notices)

  const isFiltered = state.filter !== '' || state.statuses.length > 0
  return (
    <Page
      title={words.title}
      beside={
        data ? (
          <span className={`num ${classes.count}`} role="status">
            {shown.length === items.length
              ? formatCount(items.length)
              : `${formatCount(shown.length)} of ${formatCount(items.length)}`}
          </span>
        ) : null
      }
      tools={
        <>
          <Chips
            label="Filter by health"
            choices={STATUSES.map((status) => ({
              key: status,
              icon: <HealthMark status={status} size={14} />,
              name: HEALTH_NAMES[status],
              count: counts[status],
            }))}
            chosen={state.statuses}
            onChange={(statuses) => setState({ statuses })}
          />
          <TextInput
            size="xs"
            w={220}
            placeholder="Filter by name or label=value"
            aria-label={`Filter ${words.many}`}
            leftSection={<IconSearch size={14} aria-hidden />}
            value={state.filter}
            onChange={(event) => setState({ filter: event.currentTarget.value })}
          />
          <ColumnMenu columns={offered} chosen={chosen} onChange={setChosen} />
          <CopyRows
            count={shown.length}
            makeText={() => csvOf(sortedRows(shown, columns, state.sort), columns)}
          />
        </>
      }
    >
      <div className={classes.told}>
        {answer.isRefetchError ? (
          <Notices notices={[{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]} />
        ) : null}
        <Notices notices={data?.notices ?? []} isKnown={data !== undefined} />
      </div>
      {data ? (
        shown.length > 0 ? (
          <DataTable
            label={words.title}
            rows={shown}
            columns={columns}
            keyOf={(row) => row.id}
            initialSort={WORST_FIRST}
            sort={state.sort}
            filter={`${state.filter} ${state.statuses.join()}`}
            onSort={(sort) => setState({ sort })}
            detail={(row) =>
              opened.has(row.id) ? (
                <Reasons
                  health={row.health}
                  whenNone={isUnmeasured(data.notices) ? NOT_MEASURED_WORDS : undefined}
                />
              ) : null
            }
          />
        ) : items.length > 0 ? (
          <Message
            icon={<IconFilterOff size={24} />}
            title={`None of ${formatCount(items.length)} ${words.many} matches`}
            action={
              isFiltered
                ? { label: 'Clear filters', onClick: () => setState({ filter: '', statuses: [] }) }
                : undefined
            }
          >
            The filter looks for each word in cluster, namespace and name, and for name=value among the
            labels.
          </Message>
        ) : (
          <EmptyList
            words={words}
            namespaces={view.namespaces}
            notices={data.notices}
            onAll={() => setView({ namespaces: [] })}
          />
        )
      ) : isHydrated && answer.error ? (
        <Failure
          error={answer.error}
          title={`The ${words.many} cannot be shown`}
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <SkeletonRows />
      )}
    </Page>
  )
}

function EmptyList({
  words,
  namespaces,
  notices,
  onAll,
}: {
  words: ListWords
  namespaces: readonly string[]
  notices: readonly Notice[]
  onAll: () => void
}) {
  const isNarrowed = namespaces.length > 0
  return (
    <Message
      icon={<IconListSearch size={24} />}
      title={isNarrowed ? `No ${words.many} in ${namespaces.join(', ')}` : `No ${words.many} yet`}
      action={isNarrowed ? { label: 'Show all namespaces', onClick: onAll } : undefined}
    >
      {isUnmeasured(notices)
        ? 'Kubernetes knows none; whether the traffic does is not known.'
        : 'Neither the traffic of this time nor Kubernetes knows one.'}
      {isNarrowed || isUnmeasured(notices) ? null : ' Check that Prometheus scrapes the proxies.'}
    </Message>
  )
}

const SKELETON_ROWS = 14

function SkeletonRows(): ReactNode {
  return (
    <div className={classes.skeleton} aria-busy role="status" aria-label="Loading">
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        <div key={row} className={classes.skeletonRow}>
          <Skeleton circle height={14} width={14} />
          <Skeleton height={10} width={`${24 - (row % 5) * 2}%`} radius="sm" />
          <Skeleton height={10} width="12%" radius="sm" />
          <Skeleton height={10} width="36%" radius="sm" ml="auto" />
        </div>
      ))}
    </div>
  )
}
