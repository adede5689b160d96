'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { formatDate } from '@/lib/units/date'
import classes from './Overview.module.css'

const SHOWN = 5

/** The newest changes made through Heddle. */
export function RecentChanges({ scope }: { scope: Scope }) {
  const isHydrated = useHydrated()
  const answer = useQuery({ ...queries.changes(), refetchInterval: useRefreshInterval() })
  const items = isHydrated ? answer.data?.items : undefined
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <section className={classes.panel} aria-label="Recent changes">
      <h2>Recent changes</h2>
      {items === undefined ? (
        <p className={plain.note}>{isHydrated && answer.error ? answer.error.message : 'Reading changes…'}</p>
      ) : items.length === 0 ? (
        <p className={plain.note}>None was made through Heddle.</p>
      ) : (
        <ul className={plain.list}>
          {items.slice(0, SHOWN).map((change) => (
            <li key={change.id}>
              <Link prefetch={false} className={plain.linkish} href={pagePaths.change(change.id)}>
                {formatDate(change.at, { timeZone })}{' '}
                {change.reason ?? change.objects.map(({ ref }) => `${ref.kind} ${ref.name}`).join(', ')}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Link prefetch={false} href={pagePaths.changes(scope)}>
        All changes
      </Link>
    </section>
  )
}
