'use client'

import { CloseButton, Select, Skeleton, TextInput } from '@mantine/core'
import { IconHistory, IconHistoryOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { usePathname, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useView } from '@/components/hooks/address/use-view'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { queries } from '@/lib/api/queries'
import { changeColumns } from './columns'
import {
  choicesOf,
  filterOf,
  matchesFilter,
  matchesText,
  NEWEST_FIRST,
  withChangeFilter,
  type ChangeSearch,
} from './change-search'
import { STATUS_WORDS } from './words'
import classes from './Changes.module.css'

/** Who changed what of the mesh, when, why, and what became of it. */
export function ChangesPage() {
  const [view] = useView()
  const params = useSearchParams()
  const pathname = usePathname()
  const isHydrated = useHydrated()
  const search = useMemo(() => filterOf(new URLSearchParams(params)), [params])
  const set = (patch: Partial<ChangeSearch>) => {
    const text = withChangeFilter(new URLSearchParams(window.location.search), patch).toString()
    window.history.replaceState(null, '', text === '' ? pathname : `${pathname}?${text}`)
  }
  const answer = useQuery({ ...queries.changes(), refetchInterval: useRefreshInterval() })
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  const data = isHydrated ? answer.data : undefined
  const shown = useMemo(
    () =>
      (data?.items ?? []).filter(
        (change) => matchesFilter(change, search.object) && matchesText(change, search.text, view.namespaces),
      ),
    [data, search, view.namespaces],
  )
  const choices = useMemo(() => choicesOf(data?.items ?? []), [data])
  const columns = useMemo(() => changeColumns(data?.items ?? []), [data])
  const isFiltered = search.text !== '' || view.namespaces.length > 0 || Object.keys(search.object).length > 0
  return (
    <Page
      title="Changes"
      beside={
        data ? (
          <span className={`num ${classes.count}`} role="status">
            {shown.length === data.items.length
              ? data.items.length
              : `${shown.length} of ${data.items.length}`}
          </span>
        ) : null
      }
      tools={
        <>
          {(['kind', 'author', 'status'] as const).map((key) => (
            <Select
              key={key}
              size="xs"
              w={key === 'status' ? 116 : 148}
              placeholder={FILTER_WORDS[key].any}
              aria-label={FILTER_WORDS[key].label}
              clearable
              data={withChosen(choices[key], search.object[key]).map((value) => ({
                value,
                label: key === 'status' ? STATUS_WORDS[value as keyof typeof STATUS_WORDS] : value,
              }))}
              value={search.object[key] ?? null}
              onChange={(value) => {
                const { [key]: _old, ...rest } = search.object
                set({ object: value === null ? rest : { ...rest, [key]: value } })
              }}
            />
          ))}
          <TextInput
            size="xs"
            w={240}
            placeholder="Object, author, reason or status"
            aria-label="Filter changes"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search.text}
            onChange={(event) => set({ text: event.currentTarget.value })}
          />
        </>
      }
    >
      <div className={classes.told}>
        <Notices notices={data?.notices ?? []} isKnown={data !== undefined} />
        <ObjectFilter filter={search.object} onClear={(object) => set({ object })} />
      </div>
      {data ? (
        shown.length > 0 ? (
          <DataTable
            label="Changes"
            rows={shown}
            columns={columns}
            keyOf={(change) => change.id}
            initialSort={NEWEST_FIRST}
            filter={JSON.stringify(search)}
          />
        ) : (
          <Message
            icon={isFiltered ? <IconHistoryOff size={24} /> : <IconHistory size={24} />}
            title={isFiltered ? 'No change matches' : 'No change yet'}
            action={
              search.text === '' && Object.keys(search.object).length === 0
                ? undefined
                : { label: 'Clear filters', onClick: () => set({ text: '', object: {} }) }
            }
          >
            Every change made here is kept with its author, reason, difference and way back; changes made with
            other tools are seen while Heddle runs.
          </Message>
        )
      ) : isHydrated && answer.error ? (
        <Failure
          error={answer.error}
          title="The changes cannot be shown"
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <div className={classes.loading} role="status" aria-label="Loading" aria-busy>
          {Array.from({ length: 10 }, (_, row) => (
            <Skeleton key={row} height={10} mt={12} mb={21} width={`${92 - (row % 4) * 7}%`} radius="sm" />
          ))}
        </div>
      )}
    </Page>
  )
}

const FILTER_WORDS = {
  kind: { any: 'Any kind', label: 'Kind of object' },
  author: { any: 'Any author', label: 'Author' },
  status: { any: 'Any result', label: 'Result' },
} as const

/** A choice of the address stays a choice when no change has it now. */
function withChosen(choices: readonly string[], chosen: string | undefined): string[] {
  return chosen === undefined || choices.includes(chosen) ? [...choices] : [...choices, chosen]
}

/** The one object a link asked for, and the way to all others. */
function ObjectFilter({
  filter,
  onClear,
}: {
  filter: ChangeSearch['object']
  onClear: (filter: ChangeSearch['object']) => void
}) {
  const { cluster, namespace, name, ...rest } = filter
  const place = [cluster, namespace, name].filter((part) => part !== undefined).join('/')
  if (place === '') return null
  return (
    <p className={classes.only}>
      Only changes of {place}
      <CloseButton
        size="xs"
        aria-label={`Show changes of other objects than ${place}`}
        onClick={() => onClear(rest)}
      />
    </p>
  )
}
