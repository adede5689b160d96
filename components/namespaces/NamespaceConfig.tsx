'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { countByObject, tellsAll } from '@/components/checks/count-findings'
import { kindWords } from '@/components/config/kind-words'
import { TabSkeleton } from '@/components/details/TabSkeleton'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Panel } from '@/components/overview/Panel'
import overview from '@/components/overview/Overview.module.css'
import { Failure } from '@/components/ui/messages/Failure'
import { FindingMarks } from '@/components/ui/findings/FindingMarks'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { ABSENT } from '@/lib/units/number'

/** More belong into the list, which scrolls and filters. */
const SHOWN = 100

/** The objects of configuration that lie in a namespace, and what the checks say of each. */
export default function NamespaceConfig({ cluster, scope }: { cluster: string; scope: Scope }) {
  const refetchInterval = useRefreshInterval()
  const answer = useQuery({ ...queries.config(scope), refetchInterval })
  const findings = useQuery({ ...queries.findings(scope), refetchInterval }).data
  const counts = useMemo(() => (findings ? countByObject(findings.items) : null), [findings])
  const isWhole = findings !== undefined && tellsAll(findings)
  const { data } = answer
  if (!data) {
    return answer.error ? (
      <Failure
        error={answer.error}
        title="The configuration cannot be shown"
        onRetry={() => void answer.refetch()}
      />
    ) : (
      <TabSkeleton />
    )
  }
  const { items, notices } = data
  const isUnread = items.length === 0 && notices.some(({ upstream }) => upstream === 'kubernetes')
  return (
    <Panel
      name="Objects"
      page={{
        href: pagePaths.config(scope),
        words: items.length > SHOWN ? `Show all ${items.length}` : 'Show as a list',
      }}
    >
      <Notices
        notices={[
          ...(answer.isRefetchError
            ? [{ code: 'stale', message: `This list is old: ${answer.error.message}` }]
            : []),
          ...notices,
        ]}
      />
      {isUnread ? (
        <ObjectsUnknown cluster={cluster} />
      ) : items.length === 0 ? (
        <p className={plain.note}>None lies here: what holds for the whole mesh holds for it.</p>
      ) : (
        <div className={overview.wide}>
          <table className={plain.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Kind</th>
                <th scope="col">Findings</th>
                <th scope="col">Owner</th>
              </tr>
            </thead>
            <tbody>
              {items.slice(0, SHOWN).map(({ id, ref, owner }) => (
                <tr key={id}>
                  <td>
                    <Link
                      href={pagePaths.configObject(ref, { window: scope.window, at: scope.at })}
                      prefetch={false}
                      className={plain.linkish}
                    >
                      {ref.name}
                    </Link>
                  </td>
                  <td>{kindWords(ref)}</td>
                  <td>
                    <FindingMarks counts={counts?.get(id)} isKnown={counts?.has(id) || isWhole} />
                  </td>
                  <td title={owner?.evidence}>{owner ? owner.tool : ABSENT}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
