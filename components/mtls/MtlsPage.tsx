'use client'

import { SegmentedControl, Skeleton, TextInput } from '@mantine/core'
import { IconFilterOff, IconLock, IconPlugConnectedX, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useCallback, useMemo } from 'react'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { useNarrow } from '@/components/hooks/use-narrow'
import { Chips } from '@/components/ui/Chips'
import { DataTable } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { ResizableSide } from '@/components/ui/ResizableSide'
import { queries } from '@/lib/api/queries'
import type { MtlsNamespace } from '@/lib/api/schemas/config/mtls'
import { MTLS_STATES } from '@/lib/istio/mutual-tls/state'
import { mtlsColumns } from './columns'
import classes from './Mtls.module.css'
import type { Order } from './mtls-view'
import { StateIcon } from './StateMark'
import type { Inside, TreeRow } from './tree'
import { countStates, openNamespaces, treeRows } from './tree'
import { useMtlsView } from './use-mtls-view'
import { STATE_WORDS } from './words'

const MtlsPanel = dynamic(() => import('./MtlsPanel'), { ssr: false })

const NOTHING: readonly MtlsNamespace[] = []
/** Rows stand in the order of the tree; no column sorts them. */
const AS_GIVEN = { column: '', isDescending: false }

/** What accepts what, where plain text flows, and the way to mutual TLS only: by namespace, workload and port. */
export function MtlsPage() {
  const [pageView, setPageView] = useView()
  const [view, setView] = useMtlsView()
  const scope = scopeOf(pageView)
  const refetchInterval = useRefreshInterval()
  const isHydrated = useHydrated()
  const answer = useQuery({
    ...queries.mtlsNamespaces(scope),
    refetchInterval,
    placeholderData: keepPreviousData,
  })
  const data = isHydrated ? answer.data : undefined
  const summaries = data?.items ?? NOTHING
  const opened = useMemo(() => openNamespaces(summaries, view), [summaries, view])
  const insides = useQueries({
    queries: opened.map((id) => ({
      ...queries.mtls({ ...scope, namespaces: [id] }),
      refetchInterval,
      placeholderData: keepPreviousData,
    })),
  })
  const inside = new Map<string, Inside>(
    opened.map((id, at) => {
      const each = insides[at]
      return [id, each?.data ? { items: each.data.items } : { error: each?.error?.message ?? null }]
    }),
  )
  const rows = treeRows(summaries, inside, view)
  const counts = useMemo(() => countStates(summaries, view.filter), [summaries, view.filter])
  const isNarrow = useNarrow(1380)
  const showsCluster = new Set(summaries.map(({ cluster }) => cluster)).size > 1
  const select = useCallback(
    (id: string) => setView({ selected: id, mode: null }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what it writes goes to the address bar, not to a closure
    [],
  )
  const { open } = view
  const toggle = (id: string) =>
    setView({ open: open.includes(id) ? open.filter((each) => each !== id) : [...open, id] })
  const columns = mtlsColumns(
    { onToggle: toggle, onSelect: select },
    { cluster: showsCluster, isNarrow: isNarrow || view.selected !== null, hasPanel: view.selected !== null },
  )
  useReportFreshness(data?.at ?? null, answer.isFetching, answer.error, data?.notices)

  const namespaces = summaries.filter(({ namespace }) => namespace !== null)
  const isUnread = summaries.length === 0
  const kubernetes = data?.notices.find(({ upstream }) => upstream === 'kubernetes')
  return (
    <Page
      title="Mutual TLS"
      beside={
        data && !isUnread ? (
          <span className={`num ${classes.count}`} role="status">
            {namespaces.length} {namespaces.length === 1 ? 'namespace' : 'namespaces'}
          </span>
        ) : null
      }
      tools={
        <>
          <Chips
            label="Filter by state"
            choices={MTLS_STATES.map((state) => ({
              key: state,
              icon: <StateIcon state={state} />,
              name: STATE_WORDS[state].name,
              title: STATE_WORDS[state].meaning,
              count: counts[state],
              unit: 'workloads',
            }))}
            chosen={view.states}
            isLong
            onChange={(states) => setView({ states })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Order"
            value={view.order}
            onChange={(order) => setView({ order: order as Order })}
            data={[
              { value: 'worst', label: 'Worst first' },
              { value: 'name', label: 'By name' },
            ]}
          />
          <TextInput
            size="xs"
            w={200}
            placeholder="Filter by name"
            aria-label="Filter namespaces and workloads"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={view.filter}
            onChange={(event) => setView({ filter: event.currentTarget.value })}
          />
        </>
      }
    >
      <div className={classes.told}>
        {answer.isRefetchError ? (
          <Notices notices={[{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]} />
        ) : null}
        <Notices notices={isUnread ? [] : (data?.notices ?? [])} isKnown={data !== undefined} />
      </div>
      {data ? (
        isUnread ? (
          <Message
            icon={kubernetes ? <IconPlugConnectedX size={24} /> : <IconLock size={24} />}
            title={
              kubernetes
                ? 'Modes are not known without the Kubernetes API'
                : `No workloads in ${pageView.namespaces.join(', ') || 'the mesh'}`
            }
            action={
              pageView.namespaces.length > 0 && !kubernetes
                ? { label: 'Show all namespaces', onClick: () => setPageView({ namespaces: [] }) }
                : undefined
            }
          >
            {kubernetes
              ? `${kubernetes.message} PeerAuthentications and DestinationRules live there. Plain text is still marked on the edges of the graph.`
              : 'Nothing a PeerAuthentication could govern runs there.'}
          </Message>
        ) : (
          <ResizableSide
            name="mtls"
            label="What is selected"
            side={
              view.selected ? (
                <MtlsPanel
                  key={view.selected}
                  id={view.selected}
                  view={view}
                  scope={scope}
                  onChange={setView}
                />
              ) : null
            }
          >
            <div className={classes.content}>
              {rows.length > 0 ? (
                <DataTable<TreeRow>
                  label="Mutual TLS"
                  rows={rows}
                  columns={columns}
                  keyOf={(row) => row.id}
                  initialSort={AS_GIVEN}
                  sort={AS_GIVEN}
                  onSort={() => {}}
                  selected={view.selected}
                  onChoose={(row) => {
                    if (row.kind !== 'pending') select(row.id)
                  }}
                  filter={`${view.filter} ${view.states.join()} ${view.order}`}
                />
              ) : (
                <Message
                  icon={<IconFilterOff size={24} />}
                  title={`None of ${namespaces.length} namespaces matches`}
                  action={{ label: 'Clear filters', onClick: () => setView({ filter: '', states: [] }) }}
                >
                  The filter looks for each word in the names of clusters, namespaces and workloads.
                </Message>
              )}
            </div>
          </ResizableSide>
        )
      ) : isHydrated && answer.error ? (
        <Failure
          error={answer.error}
          title="The modes cannot be shown"
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <SkeletonRows />
      )}
    </Page>
  )
}

const SKELETON_ROWS = 14

function SkeletonRows() {
  return (
    <div className={classes.skeleton} aria-busy role="status" aria-label="Loading">
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        <div key={row} className={classes.skeletonRow}>
          <Skeleton height={10} width={`${22 - (row % 5) * 2}%`} radius="sm" />
          <Skeleton height={10} width="10%" radius="sm" />
          <Skeleton height={10} width="14%" radius="sm" />
          <Skeleton height={10} width="20%" radius="sm" ml="auto" />
        </div>
      ))}
    </div>
  )
}
