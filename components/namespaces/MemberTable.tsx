import { Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { nodeFigures, severity } from '@/components/graph/scene/traffic'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import overview from '@/components/overview/Overview.module.css'
import { Panel } from '@/components/overview/Panel'
import { Figure } from '@/components/ui/Figure'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import { formatDuration } from '@/lib/units/duration'
import { ABSENT } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Namespace.module.css'

/** More belong into the list, which scrolls and filters. */
const SHOWN = 25

/** Workloads or services of a namespace, worst first. */
export function MemberTable({
  kind,
  title,
  scope,
}: {
  kind: 'workloads' | 'services'
  title: string
  scope: Scope
}) {
  const answer = useQuery({
    ...queries.items(kind, scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const items = answer.data ? worstFirst(answer.data.items) : null
  return (
    <Panel
      name={title}
      page={{
        href: pagePaths.items(kind, scope),
        words: items && items.length > SHOWN ? `Show all ${items.length}` : 'Show as a list',
      }}
    >
      {items === null ? (
        answer.error ? (
          <p className={plain.note} role="alert">
            {answer.error.message}
          </p>
        ) : (
          <Skeleton height={160} radius="sm" />
        )
      ) : items.length === 0 ? (
        <p className={plain.note}>None exists and none carries traffic.</p>
      ) : (
        <div className={overview.wide}>
          <table className={plain.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Requests</th>
                <th scope="col">Errors</th>
                <th scope="col">P99</th>
                {kind === 'workloads' ? <th scope="col">Replicas</th> : null}
              </tr>
            </thead>
            <tbody>
              {items.slice(0, SHOWN).map((item) => (
                <Row
                  key={item.id}
                  item={item}
                  hasReplicas={kind === 'workloads'}
                  href={pagePaths.item(kind, item, scope)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

function Row({ item, href, hasReplicas }: { item: ListItem; href: string; hasReplicas: boolean }) {
  const { status, reasons } = item.health
  const isBad = status === 'failing' || status === 'degraded'
  const { requestsPerSecond, errorRatio, latencyMs } = nodeFigures(item)
  return (
    <tr>
      <td className={`${overview.nameCell} ${classes.name}`}>
        <span className={overview.nameLine}>
          <span role="img" aria-label={HEALTH_NAMES[status]}>
            <HealthMark status={status} size={14} />
          </span>
          <Link prefetch={false} className={plain.linkish} href={href}>
            {item.name}
          </Link>
        </span>
        {isBad && reasons[0] ? (
          <span className={overview.reason} title={reasons.map(({ message }) => message).join('\n')}>
            {reasons[0].message}
          </span>
        ) : null}
      </td>
      <td>
        <Figure text={formatRate(requestsPerSecond)} />
      </td>
      <td>
        <Figure
          text={formatRatio(errorRatio)}
          {...(isBad && (errorRatio ?? 0) > 0 ? { tone: status } : {})}
        />
      </td>
      <td>
        <Figure text={formatDuration(latencyMs?.p99 ?? null)} />
      </td>
      {hasReplicas ? (
        <td>
          <Figure text={item.replicas ? `${item.replicas.available} / ${item.replicas.desired}` : ABSENT} />
        </td>
      ) : null}
    </tr>
  )
}

function worstFirst(items: readonly ListItem[]): ListItem[] {
  return [...items].sort(
    (a, b) =>
      severity(b.health.status) - severity(a.health.status) ||
      (nodeFigures(b).requestsPerSecond ?? 0) - (nodeFigures(a).requestsPerSecond ?? 0) ||
      (a.id < b.id ? -1 : 1),
  )
}
