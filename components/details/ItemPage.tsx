'use client'

import { SegmentedControl, Skeleton } from '@mantine/core'
import { IconAffiliate } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { responseRows } from '@/components/graph/scene/summary'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/use-view'
import { NodeCharts } from '@/components/metrics/MetricCharts'
import { RecentTraces } from '@/components/traces/RecentTraces'
import { CopyButton } from '@/components/ui/CopyButton'
import { Failure } from '@/components/ui/Failure'
import { HealthBadge } from '@/components/ui/Health'
import { Notices } from '@/components/ui/Notices'
import { Page } from '@/components/ui/Page'
import { Reasons } from '@/components/ui/Reasons'
import { Section } from '@/components/ui/Section'
import { ApiFailure } from '@/lib/api/fetch'
import type { ItemKind, ItemRef, Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { GraphType } from '@/lib/api/schemas/graph'
import type { ItemDetail } from '@/lib/api/schemas/lists'
import { formatWindow, parseWindow } from '@/lib/units/window'
import { ConfigList } from './ConfigList'
import classes from './Details.module.css'
import { Identity } from './Identity'
import { PeerTable } from './PeerTable'
import { PodList } from './PodList'
import { Responses } from './Responses'
import { TrafficTable } from './TrafficTable'
import { UnknownItem } from './UnknownItem'
import { chartWindow, traceWindow } from './windows'

const KINDS: Record<ItemKind, { many: string; one: string; graphType: GraphType }> = {
  workloads: { many: 'Workloads', one: 'workload', graphType: 'workload' },
  services: { many: 'Services', one: 'service', graphType: 'service' },
  apps: { many: 'Applications', one: 'application', graphType: 'app' },
}

/** One workload, service or application in full. */
export function ItemPage({ kind, item }: { kind: ItemKind; item: ItemRef }) {
  const [view] = useView()
  const scope = scopeOf(view)
  const answer = useQuery({
    ...queries.item(kind, item, scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  useReportFreshness(answer.data?.at ?? null, answer.isFetching, answer.isError)
  const detail = answer.data
  const isGone = answer.error instanceof ApiFailure && answer.error.status === 404
  const above = (
    <>
      <Link href={pagePaths.items(kind, scope)} prefetch={false}>
        {KINDS[kind].many}
      </Link>{' '}
      / {item.cluster} / {item.namespace}
    </>
  )
  return (
    <Page
      title={item.name}
      above={above}
      beside={
        detail ? (
          <>
            <HealthBadge status={detail.item.health.status} />
            <CopyButton text={detail.item.id} label="Copy its id" />
          </>
        ) : null
      }
      tools={
        detail ? (
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
        ) : null
      }
    >
      <div className={classes.body}>
        {isGone && !detail ? (
          <UnknownItem kind={kind} item={item} message={answer.error?.message ?? ''} scope={scope} />
        ) : detail ? (
          <>
            {answer.isRefetchError ? (
              <Notices
                notices={[{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]}
              />
            ) : null}
            <Notices notices={detail.notices} />
            <Content detail={detail} kind={kind} scope={scope} />
          </>
        ) : answer.error ? (
          <Failure
            error={answer.error}
            title={`This ${KINDS[kind].one} cannot be shown`}
            onRetry={() => void answer.refetch()}
          />
        ) : (
          <ItemSkeleton />
        )}
      </div>
    </Page>
  )
}

function Content({ detail, kind, scope }: { detail: ItemDetail; kind: ItemKind; scope: Scope }) {
  const { item, edges } = detail
  const inbound = edges.filter((edge) => edge.target === item.id)
  const isCallerOnly = inbound.length === 0 && edges.length > 0
  const [chosen, setDirection] = useState<'inbound' | 'outbound' | null>(null)
  const direction = chosen ?? (isCallerOnly ? 'outbound' : 'inbound')
  const { reasons, status } = item.health
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        {reasons.length > 0 || status !== 'healthy' ? (
          <div className={classes.card}>
            <Section title="Health">
              <Reasons health={item.health} whenNone={WHEN_NONE[status]} />
            </Section>
          </div>
        ) : null}
        <div className={classes.card}>
          <Section title="Traffic">
            <TrafficTable inbound={item.inbound} outbound={item.outbound} />
          </Section>
          {(['http', 'grpc'] as const).map((protocol) => {
            const rows = responseRows(inbound.filter((edge) => edge.protocol === protocol))
            // one code and no flags is what the table above says already
            return rows.length > 1 ? (
              <Section
                key={protocol}
                title={protocol === 'http' ? 'HTTP answers it gives' : 'gRPC answers it gives'}
              >
                <Responses rows={rows} isGrpc={protocol === 'grpc'} />
              </Section>
            ) : null
          })}
        </div>
        <div className={classes.card}>
          <Section
            title={`Over the last ${formatWindow(parseWindow(chartWindow(scope.window ?? '2m')) ?? 0)}`}
            aside={
              <SegmentedControl
                size="xs"
                aria-label="Direction"
                value={direction}
                onChange={(value) => setDirection(value as 'inbound' | 'outbound')}
                data={[
                  { value: 'inbound', label: 'Inbound' },
                  { value: 'outbound', label: 'Outbound' },
                ]}
              />
            }
          >
            <NodeCharts id={item.id} direction={direction} scope={scope} />
          </Section>
        </div>
        <div className={classes.card}>
          <PeerTable id={item.id} edges={edges} direction="in" scope={scope} />
          <PeerTable id={item.id} edges={edges} direction="out" scope={scope} />
        </div>
        <div className={classes.card}>
          <RecentTraces
            filter={{ node: item.id, window: traceWindow(scope.window ?? '2m'), at: scope.at ?? null }}
            limit={10}
            isWide
          />
        </div>
      </div>
      <div className={classes.side}>
        <div className={classes.card}>
          <Identity detail={detail} kind={kind} scope={scope} />
        </div>
        <div className={classes.card}>
          <PodList pods={detail.pods} isWide />
        </div>
        <div className={classes.card}>
          <ConfigList config={detail.config} />
        </div>
      </div>
    </div>
  )
}

const WHEN_NONE: Record<HealthStatus, string> = {
  healthy: 'Nothing wrong was measured.',
  degraded: 'Degraded, without a reason from the server.',
  failing: 'Failing, without a reason from the server.',
  idle: 'It exists, and no traffic was measured in this time.',
  unknown: 'There is nothing to judge it by: no requests, no replicas.',
}

const SKELETON = { main: [3, 14, 5], side: [9, 4, 5] }

function ItemSkeleton() {
  const card = (lines: number, index: number) => (
    <div key={index} className={`${classes.card} ${classes.skeleton}`}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton
          key={line}
          height={10}
          width={line === 0 ? '18%' : `${88 - ((line * 17) % 40)}%`}
          radius="sm"
        />
      ))}
    </div>
  )
  return (
    <div className={classes.columns} role="status" aria-label="Loading" aria-busy>
      <div className={classes.main}>{SKELETON.main.map(card)}</div>
      <div className={classes.side}>{SKELETON.side.map(card)}</div>
    </div>
  )
}
