'use client'

import { Skeleton } from '@mantine/core'
import { IconCircleCheckFilled } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/use-view'
import { Failure } from '@/components/ui/Failure'
import { Notices } from '@/components/ui/Notices'
import { Page } from '@/components/ui/Page'
import { queries } from '@/lib/api/queries'
import { IncidentCard } from './IncidentCard'
import { NamespaceHealth } from './NamespaceHealth'
import classes from './Overview.module.css'
import { RecentChanges } from './RecentChanges'
import { FindingCounts } from './FindingCounts'

/** What is wrong, worst first; then the mesh by namespace. Calm when all is well. */
export function OverviewPage() {
  const [view] = useView()
  const scope = scopeOf(view)
  const refetchInterval = useRefreshInterval()
  const isHydrated = useHydrated()
  const incidents = useQuery({
    ...queries.incidents(scope),
    refetchInterval,
    placeholderData: keepPreviousData,
  })
  const namespaces = useQuery({
    ...queries.namespaces(scope),
    refetchInterval,
    placeholderData: keepPreviousData,
  })
  useReportFreshness(incidents.data?.at ?? null, incidents.isFetching, incidents.isError)
  const data = isHydrated ? incidents.data : undefined
  const items = data?.items ?? []
  const stale = incidents.isRefetchError
    ? [{ code: 'stale', message: `These figures are old: ${incidents.error.message}` }]
    : []
  return (
    <Page
      title="Overview"
      beside={
        data && items.length > 0 ? (
          <span className={classes.count} role="status">
            {items.length === 1 ? '1 incident' : `${items.length} incidents`}
          </span>
        ) : null
      }
    >
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Overview">
        <Notices notices={[...stale, ...(data?.notices ?? [])]} />
        <section aria-label="Incidents" className={classes.incidents}>
          {data ? (
            items.length === 0 ? (
              <p className={classes.calm}>
                <IconCircleCheckFilled size={18} aria-hidden />
                Nothing is wrong: no node fails or is slower than usual.
              </p>
            ) : (
              items.map((incident) => <IncidentCard key={incident.id} incident={incident} scope={scope} />)
            )
          ) : isHydrated && incidents.error ? (
            <Failure
              error={incidents.error}
              title="What is wrong cannot be told"
              onRetry={() => void incidents.refetch()}
            />
          ) : (
            <div role="status" aria-label="Loading" aria-busy>
              <Skeleton height={92} radius="md" />
            </div>
          )}
        </section>
        <div className={classes.columns}>
          <NamespaceHealth items={isHydrated ? namespaces.data?.items : undefined} scope={scope} />
          <div className={classes.side}>
            <FindingCounts scope={scope} />
            <RecentChanges scope={scope} />
          </div>
        </div>
      </div>
    </Page>
  )
}
