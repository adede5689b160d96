'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { ChangeStatusMark } from '@/components/changes/ChangeStatusMark'
import { Instant } from '@/components/changes/Instant'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'

const SHOWN = 6

/** Known changes, made through Heddle or seen since it started, of the configuration that applies here. */
export function RecentChanges({ detail, scope }: { detail: ItemDetail; scope: Scope }) {
  const { config } = detail
  const answer = useQuery({ ...queries.changes({ node: detail.item.id }), enabled: config !== null })
  const at = scope.at ?? null
  const items = (answer.data?.items ?? []).filter((change) => at === null || change.at <= at)
  if (config === null) return null
  return (
    <Section title="Recent changes of its configuration">
      {answer.data ? (
        items.length === 0 ? (
          <p className={plain.note}>No change of it is known here.</p>
        ) : (
          <ul className={plain.list}>
            {items.slice(0, SHOWN).map((change) => (
              <li key={change.id}>
                <span className={plain.row}>
                  <Link href={pagePaths.change(change.id)} prefetch={false} className={plain.linkish}>
                    {change.objects.map(({ ref }) => `${ref.kind} ${ref.name}`).join(', ')}
                  </Link>
                  <span className={plain.grow} />
                  <ChangeStatusMark status={change.status} />
                  <span className={plain.quiet}>
                    <Instant at={change.at} />
                  </span>
                </span>
                <div className={plain.quiet}>
                  {[change.reason, change.author].filter(Boolean).join(' · ') || 'no reason given'}
                </div>
              </li>
            ))}
          </ul>
        )
      ) : answer.error ? (
        <p className={plain.note} role="alert">
          {answer.error.message}
        </p>
      ) : (
        <Skeleton height={36} radius="sm" />
      )}
    </Section>
  )
}
