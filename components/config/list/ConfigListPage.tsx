'use client'

import { Button, Skeleton, TextInput } from '@mantine/core'
import { IconFilterOff, IconListSearch, IconPlus, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useCallback, useMemo } from 'react'
import { useAddressState } from '@/components/hooks/address/use-address-state'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { useNarrow } from '@/components/hooks/use-narrow'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import classes from '../Config.module.css'
import { countByObject, tellsAll, worstOf } from '@/components/checks/count-findings'
import { configColumns } from './columns'
import {
  BY_NAME,
  foundObjects,
  kindKeyOf,
  NONE,
  ownerKeyOf,
  parseConfigSearch,
  withConfigSearch,
} from './config-search'
import { Choices } from './Choices'

/** Every object that steers the mesh: who owns it, where it lies, how to reach it. */
export function ConfigListPage() {
  const [view] = useView()
  const scope = scopeOf(view)
  const answer = useQuery({
    ...queries.config(scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const isHydrated = useHydrated()
  const isNarrow = useNarrow(1180)
  const data = isHydrated ? answer.data : undefined
  const items = useMemo(() => data?.items ?? [], [data])
  const { window, at } = view
  const found = useQuery({ ...queries.findings(scope), refetchInterval: useRefreshInterval() })
  const counts = useMemo(() => (found.data ? countByObject(found.data.items) : null), [found.data])
  const isWhole = found.data !== undefined && tellsAll(found.data)
  const columns = useMemo(
    () => configColumns(items, { window, at, isNarrow }, counts, isWhole),
    [items, window, at, isNarrow, counts, isWhole],
  )
  const ids = columns.map((column) => column.id).join()
  const parse = useCallback((params: URLSearchParams) => parseConfigSearch(params, ids.split(',')), [ids])
  const [state, setState] = useAddressState(parse, withConfigSearch)
  const shown = useMemo(() => foundObjects(items, state, counts ?? undefined), [items, state, counts])
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  const isFiltered =
    state.filter !== '' || state.kinds.length > 0 || state.owners.length > 0 || state.severities.length > 0
  const isUnread =
    items.length === 0 && (data?.notices.some(({ code }) => code === 'objects-not-read') ?? false)
  const clear = () => setState({ filter: '', kinds: [], owners: [], severities: [] })
  return (
    <Page
      title="Configuration"
      beside={
        data ? (
          <span className={`num ${classes.count}`} role="status">
            {isUnread
              ? 'not known'
              : shown.length === items.length
                ? items.length
                : `${shown.length} of ${items.length}`}
          </span>
        ) : null
      }
      tools={
        <>
          <Choices
            label="Kind"
            options={countedBy(items, kindKeyOf)}
            chosen={state.kinds}
            onChange={(kinds) => setState({ kinds })}
          />
          <Choices
            label="Owner"
            options={countedBy(items, ownerKeyOf)}
            chosen={state.owners}
            onChange={(owners) => setState({ owners })}
            words={(key) => (key === 'none' ? 'Nobody' : key)}
          />
          <Choices
            label="Findings"
            options={countedBy(items, ({ id }) => worstOf(counts?.get(id)) ?? NONE).filter(
              () => counts !== null,
            )}
            chosen={state.severities}
            onChange={(severities) => setState({ severities })}
            words={(key) => (key === NONE && !isWhole ? 'None known' : (SEVERITY_WORDS[key] ?? key))}
          />
          <TextInput
            size="xs"
            w={200}
            placeholder="Name, namespace, kind or label"
            aria-label="Filter objects"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={state.filter}
            onChange={(event) => setState({ filter: event.currentTarget.value })}
          />
          <Button
            component={Link}
            href={pagePaths.newConfig()}
            prefetch={false}
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
          >
            New
          </Button>
        </>
      }
    >
      <div className={classes.told}>
        {answer.isRefetchError ? (
          <Notices notices={[{ code: 'stale', message: `This list is old: ${answer.error.message}` }]} />
        ) : null}
        <Notices
          notices={[...(data?.notices ?? []), ...(found.data?.notices ?? [])]}
          isKnown={data !== undefined && !found.isPending}
        />
      </div>
      {data ? (
        shown.length > 0 ? (
          <DataTable
            label="Objects"
            rows={shown}
            columns={columns}
            keyOf={(row) => row.id}
            initialSort={BY_NAME}
            sort={state.sort}
            filter={`${state.filter} ${state.kinds.join()} ${state.owners.join()} ${state.severities.join()}`}
            onSort={(sort) => setState({ sort })}
          />
        ) : (
          <Message
            icon={isFiltered ? <IconFilterOff size={24} /> : <IconListSearch size={24} />}
            title={
              isUnread
                ? 'Which objects there are is not known'
                : isFiltered
                  ? `None of ${items.length} objects matches`
                  : 'No objects here'
            }
            action={isFiltered ? { label: 'Clear filters', onClick: clear } : undefined}
          >
            {isUnread
              ? 'They are read from the Kubernetes API; why they could not be, is said above.'
              : isFiltered
                ? 'The filter looks for each word in cluster, namespace, kind, name and labels.'
                : 'Istio, the Gateway API and the services of the mesh have no object in what is looked at: the mesh runs on its defaults.'}
          </Message>
        )
      ) : isHydrated && answer.error ? (
        <Failure
          error={answer.error}
          title="The configuration cannot be shown"
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <div className={classes.loading} role="status" aria-label="Loading" aria-busy>
          {Array.from({ length: 14 }, (_, row) => (
            <Skeleton key={row} height={10} mt={12} mb={21} width={`${92 - (row % 4) * 7}%`} radius="sm" />
          ))}
        </div>
      )}
    </Page>
  )
}

const SEVERITY_WORDS: Readonly<Record<string, string>> = {
  error: 'With errors',
  warning: 'With warnings at worst',
  info: 'With information only',
  none: 'Without findings',
}

/** How many objects each choice leaves, by name. */
function countedBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, number][] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}
