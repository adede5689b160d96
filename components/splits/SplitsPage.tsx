'use client'

import { Button, Skeleton, TextInput } from '@mantine/core'
import { IconArrowsSplit2, IconFilterOff, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { findUnread } from '@/lib/api/notice-codes'
import { pagePaths } from '@/lib/api/paths'
import { wordsOfKinds } from '@/lib/istio/unread'
import { nearNames } from '@/lib/mesh/names/near-names'
import { formatCount } from '@/lib/units/number'
import plain from '@/components/ui/Plain.module.css'
import { useFirst } from '@/components/ui/use-first'
import type { Split } from '@/lib/api/schemas/config/splits'
import { queries } from '@/lib/api/queries'
import { BaselineMenu } from './emergency/BaselineMenu'
import { namedSplits } from './page-state'
import { NewSplit } from './NewSplit'
import { SplitCard } from './SplitCard'
import classes from './Splits.module.css'
import { useSplitsState } from './use-splits-state'

const SplitDetail = dynamic(() => import('./SplitDetail'), { ssr: false, loading: () => <SplitRoom /> })

/** Cards drawn before a reader asks for more, and with each asking; the filter finds the others. */
const FIRST = 30

/** Every weighted route of the mesh, or the one that is open. */
export function SplitsPage() {
  const [view, setView] = useView()
  const [state, setState] = useSplitsState()
  const isHydrated = useHydrated()
  const scope = scopeOf(view)
  const answer = useQuery({
    ...queries.splits(scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const data = isHydrated ? answer.data : undefined
  useReportFreshness(data?.at ?? null, answer.isFetching, answer.error, data?.notices)
  const items = data?.items ?? []
  const unreadRoutes = data?.unread ?? []
  const isUnread = (unreadRoutes.length > 0 || findUnread(data?.notices) !== undefined) && items.length === 0
  const shown = namedSplits(items, state.filter)
  const first = useFirst(shown, FIRST, FIRST)
  const open = state.split === null ? undefined : items.find((split) => split.id === state.split)
  const told = (
    <>
      {answer.isRefetchError ? (
        <Notices notices={[{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]} />
      ) : null}
      <Notices notices={data?.notices ?? []} isKnown={data !== undefined} />
    </>
  )
  if (state.split !== null) {
    const isAwaited = !data || answer.isFetching
    return (
      <Page
        title={open?.host ?? (isAwaited || isUnread ? 'Weighted route' : 'Not a weighted route any more')}
        above={
          <Link href={pagePaths.splits({ ...scope, filter: state.filter })} prefetch={false}>
            Traffic shifting
          </Link>
        }
      >
        <div className={classes.body}>
          {open ? (
            <SplitDetail
              key={open.id}
              split={open}
              scope={scope}
              since={state.since}
              onChanged={({ split, since }) => {
                setState(split === open.id ? { since } : { split, since })
              }}
            >
              {told}
            </SplitDetail>
          ) : !data && isHydrated && answer.error ? (
            <Failure
              error={answer.error}
              title="The weighted route cannot be shown"
              onRetry={() => void answer.refetch()}
            />
          ) : isAwaited ? (
            // a rule that has just moved is in the next answer
            <SplitRoom />
          ) : isUnread ? (
            <Message icon={<IconArrowsSplit2 size={24} />} title="Weighted routes are not known">
              {unreadRoutes.length > 0
                ? whyUnread(unreadRoutes)
                : `${findUnread(data?.notices)?.message} They are read from the Kubernetes API.`}
            </Message>
          ) : (
            <Message
              icon={<IconArrowsSplit2 size={24} />}
              title="There is no such weighted route"
              action={{ label: 'Show all', onClick: () => setState({ split: null, since: null }) }}
            >
              {state.split} is not among those of the chosen namespaces:{' '}
              {unreadRoutes.length > 0
                ? whyUnread(unreadRoutes)
                : 'its object may have been changed or deleted.'}
              <NearSplits
                asked={state.split}
                items={items}
                hrefOf={(split) => pagePaths.splits({ ...scope, split })}
              />
            </Message>
          )}
        </div>
      </Page>
    )
  }
  return (
    <Page
      title="Traffic shifting"
      beside={
        data && !isUnread ? (
          <span className={`num ${classes.count}`} role="status">
            {shown.length === items.length
              ? formatCount(items.length)
              : `${formatCount(shown.length)} of ${formatCount(items.length)}`}
          </span>
        ) : null
      }
      tools={
        <>
          <TextInput
            size="xs"
            w={240}
            placeholder="Filter by host, object or version"
            aria-label="Filter weighted routes"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={state.filter}
            onChange={(event) => setState({ filter: event.currentTarget.value })}
          />
          <NewSplit scope={scope} />
        </>
      }
    >
      <div className={classes.body}>
        {told}
        {data ? (
          shown.length > 0 ? (
            <div key="splits" className={classes.list}>
              {first.shown.map((split) => (
                <SplitCard
                  key={split.id}
                  split={split}
                  scope={scope}
                  actions={
                    <>
                      {split.backends.length > 1 ? <BaselineMenu splits={[split]} /> : null}
                      <Button
                        size="compact-sm"
                        variant="default"
                        component={Link}
                        prefetch={false}
                        href={pagePaths.splits({ ...scope, split: split.id, filter: state.filter })}
                      >
                        Shift traffic
                      </Button>
                    </>
                  }
                />
              ))}
              {first.more ? <div>{first.more}</div> : null}
            </div>
          ) : items.length > 0 ? (
            <Message
              icon={<IconFilterOff size={24} />}
              title={`None of ${items.length} weighted routes matches`}
              action={{ label: 'Clear filter', onClick: () => setState({ filter: '' }) }}
            >
              The filter looks for each word in hosts, objects, matches and versions.
            </Message>
          ) : (
            <Message
              icon={<IconArrowsSplit2 size={24} />}
              title={
                isUnread
                  ? 'Weighted routes are not known'
                  : view.namespaces.length > 0
                    ? `No weighted routes in ${view.namespaces.join(', ')}`
                    : 'No weighted routes yet'
              }
              action={
                view.namespaces.length > 0
                  ? { label: 'Show all namespaces', onClick: () => setView({ namespaces: [] }) }
                  : undefined
              }
            >
              {unreadRoutes.length > 0 ? `${whyUnread(unreadRoutes)} ` : null}A weighted route sends shares of
              a service’s requests to its versions: a VirtualService, or a route of the Gateway API, with
              several destinations.
            </Message>
          )
        ) : isHydrated && answer.error ? (
          <Failure
            error={answer.error}
            title="The weighted routes cannot be shown"
            onRetry={() => void answer.refetch()}
          />
        ) : (
          <div className={classes.list} role="status" aria-label="Loading" aria-busy>
            {[0, 1, 2].map((card) => (
              <Skeleton key={card} height={180} radius="md" />
            ))}
          </div>
        )}
      </div>
    </Page>
  )
}

/** Why there may be more, or any at all. */
function whyUnread(kinds: readonly string[]): string {
  return `Heddle may not read ${wordsOfKinds(kinds)}, so it is not known which of them send weighted shares.`
}

/** A split before it is known, or before its code is there: its sides, its edit, its watch. */
function SplitRoom() {
  return (
    <div className={classes.list} role="status" aria-label="Loading" aria-busy>
      {[230, 300, 320].map((height) => (
        <Skeleton key={height} height={height} radius="md" />
      ))}
    </div>
  )
}

/** Weighted routes whose objects are named alike, or that are of the same object. */
function NearSplits({
  asked,
  items,
  hrefOf,
}: {
  asked: string
  items: readonly Split[]
  hrefOf: (id: string) => string
}) {
  const [cluster = '', namespace = '', , rest = ''] = asked.split('/')
  const near = nearNames(
    { cluster, namespace, name: rest.split('#')[0] ?? '' },
    items.map((split) => ({ ...split.ref, cluster: split.cluster, split })),
  )
  if (near.length === 0) return null
  return (
    <>
      <p style={{ margin: '12px 0 4px' }}>Did you mean</p>
      <ul className={plain.list}>
        {near.map(({ split }) => (
          <li key={split.id}>
            <Link href={hrefOf(split.id)} prefetch={false} className={plain.linkish}>
              {split.ref.name}
            </Link>{' '}
            <span className={plain.quiet}>
              {split.cluster} / {split.ref.namespace}, {split.host}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
