'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { ChangeStatusMark } from '@/components/changes/ChangeStatusMark'
import { Instant } from '@/components/changes/Instant'
import { OPERATION_WORDS } from '@/components/changes/words'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { KnownRef } from '@/lib/api/schemas/config/changes'
import { historyFilter } from '../history-filter'

const MOST_ROWS = 10

/** What was done to this object: who, when, why; each with its difference and its way back. */
export function History({ object }: { object: KnownRef }) {
  const filter = historyFilter(object)
  const answer = useQuery({ ...queries.changes(filter), refetchInterval: useRefreshInterval() })
  const items = answer.data?.items ?? []
  return (
    <Section
      title="History"
      aside={
        items.length > 0 ? (
          <Link href={pagePaths.changes(filter)} prefetch={false}>
            All changes
          </Link>
        ) : null
      }
    >
      {answer.data ? (
        items.length === 0 ? (
          <p className={plain.note}>No change of it is known here.</p>
        ) : (
          <table className={plain.table}>
            <tbody>
              {items.slice(0, MOST_ROWS).map((change) => (
                <tr key={change.id}>
                  <td>
                    <Link href={pagePaths.change(change.id)} prefetch={false}>
                      <Instant at={change.at} />
                    </Link>
                  </td>
                  <td className={plain.left}>
                    {change.reverts === null ? '' : 'Revert: '}
                    {[...new Set(change.objects.map(({ op }) => OPERATION_WORDS[op]))].join(', ')}
                  </td>
                  <td className={plain.left}>
                    {change.reason ?? <span className={plain.quiet}>no reason given</span>}
                  </td>
                  <td className={plain.left}>{change.author ?? ''}</td>
                  <td>
                    <ChangeStatusMark status={change.status} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      ) : answer.error ? (
        <p className={plain.note} role="alert">
          {answer.error.message}
        </p>
      ) : (
        <Skeleton height={48} />
      )}
    </Section>
  )
}
