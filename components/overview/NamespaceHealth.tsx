import { Skeleton } from '@mantine/core'
import Link from 'next/link'
import { Figure } from '@/components/ui/Figure'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/Health'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { compareStatus } from '@/lib/health/combine'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Overview.module.css'

/** Namespaces by cluster, the worst first. */
export function NamespaceHealth({
  items,
  scope,
}: {
  items: readonly NamespaceSummary[] | undefined
  scope: Scope
}) {
  const sorted = [...(items ?? [])].sort(
    (a, b) =>
      compareStatus(b.health.status, a.health.status) ||
      (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) ||
      (a.id < b.id ? -1 : 1),
  )
  return (
    <section className={classes.panel} aria-label="Namespaces">
      <h2>Namespaces</h2>
      {items === undefined ? (
        <Skeleton height={220} radius="sm" />
      ) : sorted.length === 0 ? (
        <p className={plain.note}>No namespace carries traffic or exists yet.</p>
      ) : (
        <table className={plain.table}>
          <thead>
            <tr>
              <th scope="col">Namespace</th>
              <th scope="col" className={plain.left}>
                Health
              </th>
              <th scope="col">Workloads</th>
              <th scope="col">Requests</th>
              <th scope="col">Errors</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((item) => (
              <tr key={item.id}>
                <td>
                  <Link
                    prefetch={false}
                    className={plain.linkish}
                    href={pagePaths.items('workloads', { ...scope, namespaces: [item.id] })}
                  >
                    {item.cluster} / {item.name}
                  </Link>
                </td>
                <td className={plain.left} title={item.health.reasons[0]?.message}>
                  <span className={classes.status} data-status={item.health.status}>
                    <HealthMark status={item.health.status} size={14} /> {HEALTH_NAMES[item.health.status]}
                  </span>
                </td>
                <td className="num">{item.nodes}</td>
                <td>
                  <Figure text={formatRate(item.requestsPerSecond)} />
                </td>
                <td>
                  <Figure text={formatRatio(item.errorRatio)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
