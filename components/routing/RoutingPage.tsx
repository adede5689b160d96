'use client'

import { Skeleton } from '@mantine/core'
import { IconArrowsSplit2, IconPlus, IconRoute } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useMemo } from 'react'
import { areOld, useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { Failure } from '@/components/ui/messages/Failure'
import { HealthBadge } from '@/components/ui/health/Health'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { UnknownItem } from '@/components/details/UnknownItem'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths, type ItemRef } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import type { ServiceRouting } from '@/lib/api/schemas/config/routing'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import classes from './Routing.module.css'
import { addressOf, missingKinds, openedOf, type NewKind, type Opened } from './routing-address'
import { ServiceFactsContext, type ServiceFacts } from './service-facts'

const loading = () => (
  <div style={{ padding: 16 }} role="status" aria-label="Loading" aria-busy>
    <Skeleton height={320} />
  </div>
)
const ObjectPanel = dynamic(() => import('./ObjectPanel'), { ssr: false, loading })
const NewObject = dynamic(() => import('./NewObject'), { ssr: false, loading })
const FirstSplit = dynamic(() => import('./first/FirstSplit'), { ssr: false, loading })

const KIND_WORDS: Record<NewKind, string> = {
  VirtualService: 'New VirtualService: routes, timeouts, faults',
  HTTPRoute: 'New HTTPRoute (Gateway API)',
  DestinationRule: 'New DestinationRule: circuit breaker, load balancing',
}

/** Every object that routes the requests of one service, each in a form. */
export function RoutingPage({ service }: { service: ItemRef }) {
  const [view] = useView()
  const scope = scopeOf(view)
  const isHydrated = useHydrated()
  const refetchInterval = useRefreshInterval()
  const { params, set } = useUrlParams()
  const routing = useQuery({
    ...queries.routing(service),
    refetchInterval,
    placeholderData: keepPreviousData,
  })
  const targets = useQuery({ ...queries.splitTargets(service), refetchInterval })
  const item = useQuery({ ...queries.item('services', service, scope), refetchInterval, retry: false })
  const facts = useMemo(
    () => factsOf(service, routing.data, targets.data, item.data),
    [service, routing.data, targets.data, item.data],
  )
  useReportFreshness(routing.dataUpdatedAt || null, routing.isFetching, routing.error)
  const data = isHydrated ? routing.data : undefined
  const isUnknown = routing.error instanceof ApiFailure && routing.error.status === 404
  const opened = data ? openedOf(params.get('object'), data.objects) : null
  return (
    <Page
      title={`Routing of ${service.name}`}
      above={
        <>
          <Link href={pagePaths.items('services', scope)} prefetch={false}>
            Services
          </Link>{' '}
          / {service.cluster} / {service.namespace} /{' '}
          <Link href={pagePaths.item('services', service, scope)} prefetch={false}>
            {service.name}
          </Link>
        </>
      }
      beside={
        item.data && isHydrated ? (
          // objects, which are what this page is of, may be new while figures are not
          <HealthBadge
            status={item.data.item.health.status}
            isPast={item.isError || areOld(item.data.notices)}
          />
        ) : null
      }
    >
      <div className={classes.body}>
        {isHydrated && !data && isUnknown ? (
          <UnknownItem
            kind="services"
            item={service}
            message={routing.error?.message ?? ''}
            scope={scope}
            hrefOf={(near) => pagePaths.routing(near, { window: scope.window, at: scope.at })}
          />
        ) : data && opened ? (
          <ServiceFactsContext value={facts}>
            <Notices notices={data.notices} />
            {routing.isRefetchError ? (
              <Notices
                notices={[{ code: 'stale', message: `This is what was read last: ${routing.error.message}` }]}
              />
            ) : null}
            <div className={classes.layout}>
              <ObjectList service={service} routing={data} targets={targets.data} opened={opened} />
              <div className={classes.main}>
                <div className={classes.card}>
                  <Content
                    opened={opened}
                    service={service}
                    targets={targets.data}
                    targetsError={targets.error}
                    objects={data.objects}
                    isUnread={data.unread.length > 0}
                    onOpen={(object) => set({ object })}
                  />
                </div>
              </div>
            </div>
          </ServiceFactsContext>
        ) : isHydrated && routing.error ? (
          <Failure
            error={routing.error}
            title="The routing of this service cannot be shown"
            onRetry={() => void routing.refetch()}
          />
        ) : (
          loading()
        )}
      </div>
    </Page>
  )
}

function Content({
  opened,
  service,
  targets,
  targetsError,
  objects,
  isUnread,
  onOpen,
}: {
  opened: Opened
  service: ItemRef
  targets: SplitTargets | undefined
  targetsError: Error | null
  objects: ServiceRouting['objects']
  /** some kinds may not be read */
  isUnread: boolean
  onOpen: (object: string | null) => void
}) {
  switch (opened.what) {
    case 'object': {
      const { ref, why } = opened.object
      return <ObjectPanel key={`${ref.group} ${addressOf(ref)}`} object={ref} why={why} />
    }
    case 'new':
      return (
        <NewObject
          key={opened.kind}
          kind={opened.kind}
          service={service}
          port={targets?.ports[0]?.port ?? null}
          onCreated={() => onOpen(`${opened.kind}/${service.namespace}/${service.name}`)}
        />
      )
    case 'split':
      return targets ? (
        <FirstSplit targets={targets} objects={objects} onCreated={() => onOpen(null)} />
      ) : targetsError ? (
        <Failure error={targetsError} title="The versions of this service cannot be read" />
      ) : (
        loading()
      )
    case 'gone':
      return (
        <Message
          icon={<IconRoute size={24} />}
          title="That object does not route this service"
          action={{ label: 'Show what does', onClick: () => onOpen(null) }}
        >
          {opened.name} is not among the objects that speak of {service.name}: it may have been changed or
          deleted.
        </Message>
      )
    case 'nothing':
      return isUnread ? (
        <Message icon={<IconRoute size={24} />} title="It is not known what routes this service">
          Heddle may not read all kinds of objects that could; the notice above names them.
        </Message>
      ) : (
        <Message icon={<IconRoute size={24} />} title="Nothing routes this service yet">
          Its requests are spread over all of its pods, with the timeouts and retries of the mesh. Make its
          first split, or an object of routes on the left.
        </Message>
      )
  }
}

function ObjectList({
  service,
  routing,
  targets,
  opened,
}: {
  service: ItemRef
  routing: ServiceRouting
  targets: SplitTargets | undefined
  opened: Opened
}) {
  const current = opened.what === 'object' ? addressOf(opened.object.ref) : null
  return (
    <nav className={classes.card} aria-label="Objects that route this service">
      {routing.objects.length > 0 ? (
        <ul className={classes.objects}>
          {routing.objects.map(({ ref, why }) => (
            <li key={`${ref.group} ${addressOf(ref)}`}>
              <Link
                className={classes.object}
                prefetch={false}
                href={pagePaths.routing(service, { object: addressOf(ref) })}
                aria-current={addressOf(ref) === current ? 'page' : undefined}
              >
                <div className={classes.objectKind}>{ref.kind}</div>
                <div className={classes.objectName}>
                  {ref.namespace}/{ref.name}
                </div>
                <div className={classes.objectWhy}>{why.replace(routing.host, 'it')}</div>
              </Link>
            </li>
          ))}
        </ul>
      ) : routing.unread.length > 0 ? (
        <p className={plain.note} style={{ margin: 12 }}>
          None is known.
        </p>
      ) : null}
      <div className={classes.new}>
        <Splits service={service} targets={targets} isOpen={opened.what === 'split'} />
        {missingKinds(routing).map((kind) => (
          <Link
            key={kind}
            className={classes.object}
            prefetch={false}
            href={pagePaths.routing(service, { object: `new/${kind}` })}
            aria-current={opened.what === 'new' && opened.kind === kind ? 'page' : undefined}
          >
            <IconPlus size={13} aria-hidden /> {KIND_WORDS[kind]}
          </Link>
        ))}
      </div>
    </nav>
  )
}

/** The way to the weights that are there, or to the first ones. */
function Splits({
  service,
  targets,
  isOpen,
}: {
  service: ItemRef
  targets: SplitTargets | undefined
  isOpen: boolean
}) {
  if (!targets) return null
  const { splits } = targets
  const [split] = splits
  if (split !== undefined) {
    return (
      <Link
        className={classes.object}
        prefetch={false}
        href={splits.length === 1 ? pagePaths.splits({ split }) : pagePaths.splits({ filter: service.name })}
      >
        <IconArrowsSplit2 size={13} aria-hidden />{' '}
        {splits.length === 1 ? 'Shift its weights' : `Shift its ${splits.length} weighted routes`}
      </Link>
    )
  }
  return (
    <Link
      className={classes.object}
      prefetch={false}
      href={pagePaths.routing(service, { object: 'split' })}
      aria-current={isOpen ? 'page' : undefined}
    >
      <IconArrowsSplit2 size={13} aria-hidden /> First split between versions
    </Link>
  )
}

function factsOf(
  { cluster, namespace, name }: ItemRef,
  routing: ServiceRouting | undefined,
  targets: SplitTargets | undefined,
  detail: ItemDetail | undefined,
): ServiceFacts {
  const traffic = detail?.item.inbound.http ?? detail?.item.inbound.grpc ?? null
  return {
    cluster,
    namespace,
    name,
    host: routing?.host ?? '',
    subsets: targets ? targets.subsets.map((subset) => subset.name) : null,
    ports: targets?.ports.map(({ port }) => port) ?? [],
    readyPods: targets ? targets.versions.reduce((sum, { pods }) => sum + pods.ready, 0) : null,
    p99Ms: traffic?.latencyMs?.p99 ?? null,
    requestsPerSecond: traffic?.requestsPerSecond ?? null,
  }
}
