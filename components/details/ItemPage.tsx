'use client'

import { IconAffiliate } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { RouteMenu } from '@/components/routing/RouteMenu'
import { CopyButton } from '@/components/ui/CopyButton'
import { Failure } from '@/components/ui/messages/Failure'
import { MeasuredHealthBadge } from '@/components/ui/health/MeasuredHealthBadge'
import { Notices, UnderNotices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { ApiFailure } from '@/lib/api/fetch'
import type { ItemKind, ItemRef, Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { GraphType } from '@/lib/api/schemas/mesh/graph'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import classes from './Details.module.css'
import { GoneBadge, goneNotice, onlyTraffic } from './gone'
import { TabBar, TabBarRoom } from './TabBar'
import { TabSkeleton } from './TabSkeleton'
import { tabOf, tabsFor } from './tabs'
import { UnknownItem } from './UnknownItem'
import { useLastKnown } from './use-last-known'

const KINDS: Record<ItemKind, { many: string; one: string; graphType: GraphType }> = {
  workloads: { many: 'Workloads', one: 'workload', graphType: 'workload' },
  services: { many: 'Services', one: 'service', graphType: 'service' },
  apps: { many: 'Applications', one: 'application', graphType: 'app' },
}

/** One workload, service or application in full. */
export function ItemPage({ kind, item }: { kind: ItemKind; item: ItemRef }) {
  const [view] = useView()
  const { params } = useUrlParams()
  const scope = scopeOf(view)
  const answer = useQuery({
    ...queries.item(kind, item, scope),
    refetchInterval: useRefreshInterval(),
  })
  useReportFreshness(answer.data?.at ?? null, answer.isFetching, answer.error, answer.data?.notices)
  // of this thing alone: the figures of another must not stand under its name
  const detail = useLastKnown(answer.data, `${kind} ${item.cluster}/${item.namespace}/${item.name}`)
  const isGone = answer.error instanceof ApiFailure && answer.error.status === 404
  const tabs = tabsFor(kind)
  const tab = tabOf(tabs, params.get('tab'))
  useSaidWithIt(kind, item, scope, tab?.id === 'overview')
  const above = (
    <>
      <Link href={pagePaths.items(kind, scope)} prefetch={false}>
        {KINDS[kind].many}
      </Link>{' '}
      / {item.cluster} / {item.namespace}
    </>
  )
  const Panel = tab?.Panel
  return (
    <Page
      title={item.name}
      above={above}
      beside={
        detail ? (
          <>
            {isGone ? <GoneBadge /> : <MeasuredHealthBadge status={detail.item.health.status} />}
            <CopyButton text={detail.item.id} label="Copy its id" />
          </>
        ) : null
      }
      tools={
        detail ? (
          <>
            <RouteMenu detail={detail} scope={scope} />
            <GraphLink detail={detail} kind={kind} scope={scope} />
          </>
        ) : null
      }
    >
      {tab && (detail || !answer.error) ? <TabBar tabs={tabs} current={tab} /> : <TabBarRoom />}
      <div className={classes.body}>
        {isGone && !detail ? (
          <UnknownItem kind={kind} item={item} message={answer.error?.message ?? ''} scope={scope} />
        ) : detail ? (
          <>
            {isGone ? (
              <Notices notices={[goneNotice(KINDS[kind].one, detail.at)]} />
            ) : answer.error ? (
              <Notices
                notices={[{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]}
              />
            ) : null}
            <Notices notices={detail.notices} />
            {detail.exists === false && !isGone ? <Notices notices={[onlyTraffic(KINDS[kind].one)]} /> : null}
            {Panel ? (
              <UnderNotices notices={detail.notices}>
                <Panel detail={detail} kind={kind} scope={scope} />
              </UnderNotices>
            ) : null}
          </>
        ) : answer.error ? (
          <Failure
            error={answer.error}
            title={`This ${KINDS[kind].one} cannot be shown`}
            onRetry={() => void answer.refetch()}
          />
        ) : (
          <TabSkeleton isWide={tab?.isWide ?? false} />
        )}
      </div>
    </Page>
  )
}

/** What the overview says beside its figures is asked for with them: what comes late would push the rest down. */
function useSaidWithIt(kind: ItemKind, { cluster, namespace }: ItemRef, { at }: Scope, isShown: boolean) {
  const isOfNow = isShown && at == null
  useQuery({ ...queries.alerts(), enabled: isOfNow })
  useQuery({
    ...queries.slos({ namespaces: [`${cluster}/${namespace}`] }),
    enabled: isOfNow && kind === 'services',
  })
}

function GraphLink({ detail, kind, scope }: { detail: ItemDetail; kind: ItemKind; scope: Scope }) {
  return (
    <Link
      className={classes.action}
      prefetch={false}
      href={pagePaths.graph({
        ...scope,
        namespaces: [],
        graphType: KINDS[kind].graphType,
        focus: detail.item.id,
        selected: detail.item.id,
        idle: detail.item.health.status === 'idle',
      })}
    >
      <IconAffiliate size={15} aria-hidden /> Show in graph
    </Link>
  )
}
