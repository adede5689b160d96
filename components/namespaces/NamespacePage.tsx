'use client'

import { Skeleton } from '@mantine/core'
import { IconAffiliate, IconMapSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import details from '@/components/details/Details.module.css'
import { GoneBadge, goneNotice } from '@/components/details/gone'
import { Events } from '@/components/details/overview/Events'
import { SmallGraph } from '@/components/details/overview/SmallGraph'
import { TabBar, TabBarRoom } from '@/components/details/TabBar'
import { TabSkeleton } from '@/components/details/TabSkeleton'
import { tabOf } from '@/components/details/tabs'
import { useLastKnown } from '@/components/details/use-last-known'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { useStatus } from '@/components/hooks/use-status'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { PageLink as Link } from '@/components/layout/PageLink'
import { AlertsPanel } from '@/components/overview/AlertsPanel'
import { FindingCounts } from '@/components/overview/FindingCounts'
import overview from '@/components/overview/Overview.module.css'
import { Panel } from '@/components/overview/Panel'
import { RecentChanges } from '@/components/overview/RecentChanges'
import { Sparkline } from '@/components/overview/Sparkline'
import { Failure } from '@/components/ui/messages/Failure'
import { Figure } from '@/components/ui/Figure'
import { MeasuredHealthBadge } from '@/components/ui/health/MeasuredHealthBadge'
import { Message } from '@/components/ui/messages/Message'
import { Notices, UnderNotices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { Reasons } from '@/components/ui/health/Reasons'
import { Section } from '@/components/ui/Section'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { isUnmeasured } from '@/lib/api/notice-codes'
import { queries } from '@/lib/api/queries'
import type { Overview, OverviewNamespace } from '@/lib/api/schemas/mesh/overview'
import { nearNames } from '@/lib/mesh/names/near-names'
import { formatDuration } from '@/lib/units/duration'
import { ABSENT } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { MemberTable } from './MemberTable'
import classes from './Namespace.module.css'
import { NAMESPACE_TABS } from './namespace-tabs'

interface Place {
  cluster: string
  name: string
}

const loading = () => <TabSkeleton isWide />
const NamespaceConfig = dynamic(() => import('./NamespaceConfig'), { loading })
const NamespaceLogs = dynamic(() => import('./NamespaceLogs'), { loading })
const NamespaceProxies = dynamic(() => import('./NamespaceProxies'), { loading })
const NamespaceTraces = dynamic(() => import('./NamespaceTraces'), { loading })
const NamespaceTraffic = dynamic(() => import('./NamespaceTraffic'), { loading })
const TrafficCharts = dynamic(
  () => import('@/components/details/metrics/TrafficCharts').then((file) => file.TrafficCharts),
  { loading },
)

const ONLY_OUT = { inbound: [], outbound: ['http', 'grpc', 'tcp'] } as const

/** One namespace: how it is, what is in it, what is said of it, what changed; its traffic, now and over time. */
export function NamespacePage({ place }: { place: Place }) {
  const [view] = useView()
  const { params } = useUrlParams()
  const tab = tabOf(NAMESPACE_TABS, params.get('tab')) ?? NAMESPACE_TABS[0]
  const { window, at } = scopeOf(view)
  const id = `${place.cluster}/${place.name}`
  const scope = { window, at, namespaces: [id] }
  const where = { cluster: place.cluster, namespace: place.name }
  const isHydrated = useHydrated()
  const answer = useQuery({
    ...queries.overview(scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const fresh = isHydrated ? answer.data : undefined
  // null: which namespaces there are is not known
  const isThere = fresh && (fresh.namespaces === null || fresh.namespaces.some((one) => one.id === id))
  const known = useLastKnown(isThere ? fresh : undefined, id)
  const isGone = isThere === false && known !== undefined
  const whyUnread = useStatus().data?.objects.find(({ cluster }) => cluster === place.cluster)?.why ?? null
  const data = isGone ? known : fresh
  const namespace = data?.namespaces?.find((one) => one.id === id)
  useReportFreshness(data?.at ?? null, answer.isFetching, answer.error, data?.notices)
  const stale = answer.isRefetchError
    ? [{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]
    : []
  const gone = isGone && data ? [goneNotice('namespace', data.at)] : []
  return (
    <Page
      title={place.name}
      above={
        <>
          <Link href={pagePaths.namespaces({ window, at })} prefetch={false}>
            Namespaces
          </Link>{' '}
          / {place.cluster}
        </>
      }
      beside={
        isGone ? <GoneBadge /> : namespace ? <MeasuredHealthBadge status={namespace.health.status} /> : null
      }
      tools={
        <Link className={classes.action} prefetch={false} href={pagePaths.graph(scope)}>
          <IconAffiliate size={15} aria-hidden /> Show in graph
        </Link>
      }
    >
      {isThere === false && !isGone ? <TabBarRoom /> : <TabBar tabs={NAMESPACE_TABS} current={tab} />}
      <div className={classes.body} tabIndex={0} role="region" aria-label={`Namespace ${place.name}`}>
        <Notices notices={[...gone, ...stale, ...(data?.notices ?? [])]} isKnown={data !== undefined} />
        <UnderNotices notices={data?.notices ?? []}>
          {isThere === false && !isGone ? (
            <UnknownNamespace place={place} whyUnread={whyUnread} time={{ window, at }} />
          ) : data && tab.id === 'traffic' && isUnmeasured(data.notices) ? (
            <div className={details.card}>
              <Section title="Traffic">
                <p className={plain.note}>{NOT_MEASURED_WORDS}</p>
              </Section>
            </div>
          ) : data && tab.id === 'traffic' ? (
            <NamespaceTraffic place={id} scope={scope} />
          ) : data && tab.id === 'metrics' ? (
            <TrafficCharts
              subject={where}
              preset="inbound"
              groupings={['workload', 'peer', 'code']}
              seen={
                namespace?.requestsPerSecond === null && !isUnmeasured(data.notices) ? ONLY_OUT : undefined
              }
              isUnmeasured={isUnmeasured(data.notices)}
              scope={scope}
            />
          ) : data && tab.id === 'traces' ? (
            <NamespaceTraces {...where} scope={scope} />
          ) : data && tab.id === 'logs' ? (
            <NamespaceLogs {...where} scope={scope} />
          ) : data && tab.id === 'proxy' ? (
            <NamespaceProxies {...where} scope={scope} />
          ) : data && tab.id === 'config' ? (
            <NamespaceConfig cluster={place.cluster} scope={scope} />
          ) : data ? (
            <Content data={data} place={place} namespace={namespace} scope={scope} />
          ) : isHydrated && answer.error ? (
            <Failure
              error={answer.error}
              title="This namespace cannot be shown"
              onRetry={() => void answer.refetch()}
            />
          ) : tab.id !== 'overview' ? (
            <TabSkeleton isWide />
          ) : (
            <div role="status" aria-label="Loading" aria-busy>
              <Skeleton height={84} radius="md" mb={16} />
              <Skeleton height={320} radius="md" />
            </div>
          )}
        </UnderNotices>
      </div>
    </Page>
  )
}

/** There is no such namespace: says so, and which may have been meant. */
function UnknownNamespace({
  place,
  whyUnread,
  time,
}: {
  place: Place
  /** why Kubernetes could not be asked for it; null: it was */
  whyUnread: string | null
  time: Pick<Scope, 'window' | 'at'>
}) {
  const all = useQuery(queries.namespaces(time)).data?.items ?? []
  const asked = { cluster: place.cluster, namespace: place.name, name: place.name }
  const near = nearNames(
    asked,
    all.map(({ cluster, name }) => ({ cluster, namespace: name, name })),
  )
  return (
    <Message
      icon={<IconMapSearch size={24} />}
      title={
        whyUnread === null
          ? `There is no namespace ${place.name} in ${place.cluster}`
          : `Whether there is a namespace ${place.name} is not known`
      }
    >
      <p style={{ margin: 0 }}>
        {whyUnread === null
          ? 'Neither the traffic of this time nor Kubernetes knows it.'
          : `No traffic of this time tells of it, and Kubernetes could not be asked. ${whyUnread}`}
      </p>
      {near.length > 0 ? (
        <p style={{ margin: '12px 0 0' }}>
          Did you mean{' '}
          {near.map((one, index) => (
            <span key={`${one.cluster}/${one.name}`}>
              {index > 0 ? ', ' : ''}
              <Link href={pagePaths.namespace(one, time)} prefetch={false} className={plain.linkish}>
                {one.name}
              </Link>
              {one.cluster === place.cluster ? '' : ` in ${one.cluster}`}
            </span>
          ))}
        </p>
      ) : null}
      <p style={{ margin: '12px 0 0' }}>
        <Link href={pagePaths.namespaces(time)} className={plain.linkish}>
          Show all namespaces
        </Link>
      </p>
    </Message>
  )
}

function Content({
  data,
  place,
  namespace,
  scope,
}: {
  data: Overview
  place: Place
  namespace: OverviewNamespace | undefined
  scope: Scope
}) {
  return (
    <>
      {namespace ? <Facts namespace={namespace} scope={scope} /> : null}
      <div className={overview.columns}>
        <div className={classes.main}>
          {namespace && namespace.health.reasons.length > 0 ? (
            <Panel name="What is wrong">
              <Reasons health={namespace.health} />
            </Panel>
          ) : null}
          <div className={details.card}>
            {isUnmeasured(data.notices) ? (
              <Section title="In it and around it">
                <p className={plain.note}>{NOT_MEASURED_WORDS}</p>
              </Section>
            ) : (
              <SmallGraph
                title="In it and around it"
                view={{ ...scope, graphType: 'workload' }}
                about={null}
                height={420}
                whenQuiet="Nothing called and nothing was called in this time."
              />
            )}
          </div>
          <MemberTable kind="workloads" title="Workloads" scope={scope} />
          <MemberTable kind="services" title="Services" scope={scope} />
          <div className={details.card}>
            <Events subject={{ cluster: place.cluster, namespace: place.name }} scope={scope} />
          </div>
        </div>
        <div className={overview.side}>
          <AlertsPanel alerts={data.alerts} at={data.at} isPast={scope.at != null} scope={scope} />
          <RecentChanges changes={data.changes} at={data.at} scope={scope} />
          <FindingCounts counts={data.findings} scope={scope} notices={data.notices} />
          {namespace ? <Labels labels={namespace.labels} /> : null}
        </div>
      </div>
    </>
  )
}

const DATA_PLANES = { sidecar: 'sidecars', ambient: 'ambient', none: 'not in the mesh' } as const

function Facts({ namespace, scope }: { namespace: OverviewNamespace; scope: Scope }) {
  const { replicas, mtls } = namespace
  const mode = mtls
    ? mtls.mode === null
      ? 'mode not known'
      : { STRICT: 'strict', PERMISSIVE: 'permissive', DISABLE: 'off' }[mtls.mode]
    : null
  return (
    <section className={classes.facts} aria-label="Figures">
      <Tile label="Requests" text={formatRate(namespace.requestsPerSecond)} />
      <div className={classes.spark}>
        <span>Last hour{namespace.hour?.yesterday ? ', yesterday dashed' : ''}</span>
        <Sparkline hour={namespace.hour} height={32} />
      </div>
      <Tile label="Errors" text={formatRatio(namespace.errorRatio)} />
      <Tile label="P99" text={formatDuration(namespace.p99Ms)} />
      <Tile label="Replicas" text={replicas ? `${replicas.available} / ${replicas.desired}` : ABSENT} />
      <Tile label="Requests by mTLS" text={formatRatio(namespace.mtlsRatio)}>
        {mode ? (
          <Link
            prefetch={false}
            className={overview.sub}
            href={pagePaths.mtls({ ...scope, selected: namespace.id })}
            title={mtls?.reason}
          >
            {mode}
          </Link>
        ) : null}
      </Tile>
      <Tile
        label="Data plane"
        text={namespace.dataPlane === null ? ABSENT : DATA_PLANES[namespace.dataPlane]}
        why="Not known without the Kubernetes API"
      />
    </section>
  )
}

function Tile({
  label,
  text,
  why,
  children,
}: {
  label: string
  text: string
  why?: string
  children?: ReactNode
}) {
  return (
    <div className={overview.tile}>
      <span>{label}</span>
      <b>
        <Figure text={text} {...(why ? { why } : {})} />
      </b>
      {children}
    </div>
  )
}

function Labels({ labels }: { labels: Readonly<Record<string, string>> }) {
  const entries = Object.entries(labels)
  if (entries.length === 0) return null
  return (
    <Panel name="Labels">
      <ul className={plain.labels}>
        {entries.map(([name, value]) => (
          <li key={name}>
            {name}={value}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
