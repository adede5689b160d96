'use client'

import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { areOld, useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import { Failure } from '@/components/ui/messages/Failure'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import type { Scope } from '@/lib/api/paths'
import { isUnmeasured } from '@/lib/api/notice-codes'
import { queries } from '@/lib/api/queries'
import type { Overview } from '@/lib/api/schemas/mesh/overview'
import { formatCount } from '@/lib/units/number'
import { AlertsPanel } from './AlertsPanel'
import { Calm, Unmeasured } from './Calm'
import { ClusterBand } from './ClusterBand'
import { FindingCounts } from './FindingCounts'
import { IncidentCard } from './IncidentCard'
import { NamespaceTable } from './NamespaceTable'
import classes from './Overview.module.css'
import { ObjectivesPanel } from './ObjectivesPanel'
import { Planes } from './Planes'
import { RecentChanges } from './RecentChanges'

function countWords(shown: number, total: number): string {
  if (shown < total) return `${shown} of ${formatCount(total)} incidents, worst first`
  return total === 1 ? '1 incident' : `${total} incidents`
}

/** What is wrong, worst first; then the mesh by cluster and namespace, and its machinery. Calm when all is well. */
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
  const overview = useQuery({
    ...queries.overview(scope),
    refetchInterval,
    placeholderData: keepPreviousData,
  })
  // its panel shows what is asked for here already
  useQuery({ ...queries.slos(scope), enabled: scope.at == null })
  useReportFreshness(
    incidents.data?.at ?? null,
    incidents.isFetching,
    incidents.error,
    incidents.data?.notices,
  )
  const data = isHydrated ? incidents.data : undefined
  const mesh = isHydrated ? overview.data : undefined
  const items = data?.items ?? []
  const old = [incidents, overview].find((answer) => answer.isRefetchError)
  const stale = old?.error ? [{ code: 'stale', message: `These figures are old: ${old.error.message}` }] : []
  return (
    <Page
      title="Overview"
      beside={
        data && items.length > 0 ? (
          <span className={classes.count} role="status">
            {countWords(items.length, data.total)}
          </span>
        ) : null
      }
    >
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Overview">
        <Notices
          notices={[...stale, ...(data?.notices ?? []), ...(mesh?.notices ?? [])]}
          isKnown={data !== undefined && mesh !== undefined}
        />
        {data || (isHydrated && incidents.error && !overview.isPending) ? (
          <>
            <section aria-label="Incidents" className={classes.incidents}>
              {isUnmeasured(data ? data.notices : mesh?.notices) && items.length === 0 ? (
                <Unmeasured />
              ) : data === undefined ? (
                <Failure
                  error={incidents.error as Error}
                  title="What is wrong cannot be told"
                  onRetry={() => void incidents.refetch()}
                />
              ) : items.length === 0 ? (
                <Calm
                  at={data.at}
                  isOld={areOld(data.notices) || incidents.isRefetchError}
                  measured={data.measured}
                  windowSeconds={data.windowSeconds}
                />
              ) : (
                items.map((incident) => <IncidentCard key={incident.id} incident={incident} scope={scope} />)
              )}
            </section>
            {mesh ? (
              <Mesh mesh={mesh} scope={scope} />
            ) : isHydrated && overview.error ? (
              <Failure
                error={overview.error}
                title="The mesh cannot be shown"
                onRetry={() => void overview.refetch()}
              />
            ) : (
              <Waiting />
            )}
          </>
        ) : (
          // what is wrong stands above all else, and how tall that is nobody knows before
          <Waiting withIncidents />
        )}
      </div>
    </Page>
  )
}

function Mesh({ mesh, scope }: { mesh: Overview; scope: Scope }) {
  return (
    <>
      {mesh.namespaces === null
        ? null
        : mesh.clusters.map((cluster) => <ClusterBand key={cluster.name} cluster={cluster} scope={scope} />)}
      <div className={classes.columns}>
        <NamespaceTable items={mesh.namespaces} scope={scope} />
        <div className={classes.side}>
          <AlertsPanel alerts={mesh.alerts} at={mesh.at} isPast={scope.at != null} scope={scope} />
          <ObjectivesPanel scope={scope} />
          <RecentChanges changes={mesh.changes} at={mesh.at} scope={scope} />
          <FindingCounts counts={mesh.findings} scope={scope} notices={mesh.notices} />
          <Planes clusters={mesh.clusters} scope={scope} />
        </div>
      </div>
    </>
  )
}

function Waiting({ withIncidents = false }: { withIncidents?: boolean }) {
  return (
    <div role="status" aria-label="Loading" aria-busy>
      {withIncidents ? <Skeleton height={44} radius="md" /> : null}
      <Skeleton height={74} radius="md" mt={16} />
      <div className={classes.columns}>
        <Skeleton height={360} radius="md" />
        <Skeleton height={360} radius="md" />
      </div>
    </div>
  )
}
