import { IconLockOpen } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Figure } from '@/components/ui/Figure'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { OverviewNamespace } from '@/lib/api/schemas/mesh/overview'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Overview.module.css'
import { Panel } from './Panel'
import { Sparkline } from './Sparkline'
import { StatusBar } from './StatusBar'

/** What is not well is shown however many; of the rest the busiest. */
const SHOWN_WELL = 12

const isBad = ({ health }: OverviewNamespace) => health.status === 'failing' || health.status === 'degraded'

/** Namespaces, worst first as they come. */
export function NamespaceTable({
  items,
  scope,
}: {
  items: readonly OverviewNamespace[] | null
  scope: Scope
}) {
  const bad = (items ?? []).filter(isBad)
  const well = (items ?? []).filter((item) => !isBad(item))
  const shown = [...bad, ...well.slice(0, SHOWN_WELL)]
  const hidden = bad.length + well.length - shown.length
  const severalClusters = new Set((items ?? []).map(({ cluster }) => cluster)).size > 1
  const hasYesterday = shown.some(({ hour }) => hour?.yesterday)
  return (
    <Panel
      name="Namespaces"
      page={{
        href: pagePaths.namespaces(scope),
        words: hidden > 0 ? `Show ${hidden} more` : 'Show as a list',
      }}
    >
      {items === null ? (
        <p className={plain.note}>Not known without Prometheus.</p>
      ) : shown.length === 0 ? (
        <p className={plain.note}>No namespace carries traffic or exists yet.</p>
      ) : (
        <div className={classes.wide}>
          <table className={`${plain.table} ${classes.namespaces}`}>
            <thead>
              <tr>
                <th scope="col">Namespace</th>
                <th scope="col" className={plain.left}>
                  Workloads
                </th>
                <th scope="col" className={plain.left}>
                  {hasYesterday ? 'Last hour, yesterday dashed' : 'Last hour'}
                </th>
                <th scope="col">Requests</th>
                <th scope="col">Errors</th>
                <th scope="col">P99</th>
                <th scope="col">mTLS</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((item) => (
                <Row key={item.id} item={item} scope={scope} withCluster={severalClusters} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

function Row({ item, scope, withCluster }: { item: OverviewNamespace; scope: Scope; withCluster: boolean }) {
  const { status, reasons } = item.health
  const [reason] = reasons
  const tone = isBad(item) && (item.errorRatio ?? 0) > 0 ? status : undefined
  return (
    <tr data-status={status}>
      <td className={classes.nameCell}>
        <span className={classes.nameLine}>
          <span role="img" aria-label={HEALTH_NAMES[status]}>
            <HealthMark status={status} size={14} />
          </span>
          <Link
            prefetch={false}
            className={plain.linkish}
            href={pagePaths.namespace(item, { window: scope.window, at: scope.at })}
          >
            {withCluster ? `${item.cluster} / ${item.name}` : item.name}
          </Link>
        </span>
        {isBad(item) && reason ? (
          <span className={classes.reason} title={reasons.map(({ message }) => message).join('\n')}>
            {reason.message}
          </span>
        ) : null}
      </td>
      <td className={plain.left}>
        <StatusBar counts={item.counts} noun="workloads" />
      </td>
      <td className={classes.sparkCell}>
        <Sparkline hour={item.hour} height={20} />
      </td>
      <td>
        <Figure text={formatRate(item.requestsPerSecond)} />
      </td>
      <td>
        <Figure text={formatRatio(item.errorRatio)} {...(tone ? { tone } : {})} />
      </td>
      <td>
        <Figure text={formatDuration(item.p99Ms)} />
      </td>
      <td>
        <Mtls item={item} />
      </td>
    </tr>
  )
}

/** The exception is marked: plain-text requests. */
function Mtls({ item }: { item: OverviewNamespace }) {
  const isPlain = item.mtlsRatio !== null && item.mtlsRatio < 1
  return (
    <span className={isPlain ? classes.mtls : classes.quiet} title={item.mtls?.reason}>
      {isPlain ? <IconLockOpen size={13} role="img" aria-label="Some requests are plain text" /> : null}
      <Figure text={formatRatio(item.mtlsRatio)} why="No request with known security" />
    </span>
  )
}
