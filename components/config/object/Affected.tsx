'use client'

import { Skeleton } from '@mantine/core'
import { PageLink as Link } from '@/components/layout/PageLink'
import { nodeFigures } from '@/components/graph/scene/traffic'
import { useView } from '@/components/hooks/address/use-view'
import { HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import type { ListItem } from '@/lib/api/schemas/mesh/lists'
import type { ObjectContext } from '@/lib/api/schemas/config/object-context'
import { wordsOfKinds } from '@/lib/istio/unread'
import { parseNodeId } from '@/lib/mesh/identity'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { formatWindow } from '@/lib/units/window'

const MOST_ROWS = 20

/** Services and workloads an object has a say in, and the traffic that is at stake. */
export function Affected({ context, error }: { context: ObjectContext | undefined; error: Error | null }) {
  const window = context?.windowSeconds ?? null
  return (
    <Section
      title="Affected"
      aside={
        window === null ? null : <span className={plain.quiet}>traffic over {formatWindow(window)}</span>
      }
    >
      {context ? (
        <>
          <Rows kind="service" affected={context.services} />
          <Rows kind="workload" affected={context.workloads} />
          {context.services?.total === 0 && context.workloads?.total === 0 && context.unread.length === 0 ? (
            <p className={plain.note}>
              No service and no workload of this cluster is named or selected by it.
            </p>
          ) : null}
          {context.unread.length > 0 ? (
            <p className={plain.note}>
              {context.services?.total === 0 && context.workloads?.total === 0
                ? 'None is known'
                : 'It may affect more'}
              : Heddle may not read {wordsOfKinds(context.unread)}.
            </p>
          ) : null}
          {context.workloads === null ? (
            <p className={plain.note}>Not known until the cluster has been read.</p>
          ) : null}
        </>
      ) : error ? (
        <p className={plain.note} role="alert">
          {error.message}
        </p>
      ) : (
        <Skeleton height={96} />
      )}
    </Section>
  )
}

function Rows({ kind, affected }: { kind: 'service' | 'workload'; affected: ObjectContext['workloads'] }) {
  const [{ window, at }] = useView()
  if (!affected || affected.total === 0) return null
  const many = kind === 'service' ? 'Services' : 'Workloads'
  const rows = affected.items.toSorted((a, b) => rateOf(b.item) - rateOf(a.item)).slice(0, MOST_ROWS)
  return (
    <table className={plain.table}>
      <thead>
        <tr>
          <th scope="col">
            {many} ({affected.total})
          </th>
          <th scope="col" title="HTTP and gRPC requests per second">
            Requests
          </th>
          <th scope="col" title="5xx, no response and gRPC errors, of all requests">
            Errors
          </th>
          <th scope="col" title="99 of 100 requests are faster">
            P99
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, item }) => {
          const ref = parseNodeId(id)
          const figures = item && nodeFigures(item)
          return (
            <tr key={id}>
              <td className={plain.name}>
                <span className={plain.row}>
                  <HealthIcon status={item?.health.status ?? 'unknown'} size={14} />
                  <Link
                    className={plain.linkish}
                    href={pagePaths.findNode(id, { window, at }) ?? ''}
                    prefetch={false}
                  >
                    {ref?.name ?? id}
                  </Link>
                  <span className={plain.quiet}>{ref?.namespace}</span>
                </span>
              </td>
              <td className="num">
                {figures?.direction === 'out' ? <span className={plain.quiet}>out </span> : null}
                {formatRate(figures?.requestsPerSecond ?? null)}
              </td>
              <td className="num">{formatRatio(figures?.errorRatio ?? null)}</td>
              <td className="num">{formatDuration(figures?.latencyMs?.p99 ?? null)}</td>
            </tr>
          )
        })}
        {affected.total > rows.length ? (
          <tr>
            <td colSpan={4} className={plain.quiet}>
              and {affected.total - rows.length} more with less traffic
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  )
}

function rateOf(item: ListItem | null): number {
  return (item && nodeFigures(item).requestsPerSecond) ?? -1
}
