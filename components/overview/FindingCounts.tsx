'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useHydrated } from '@/components/hooks/use-hydrated'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import classes from './Overview.module.css'

const SEVERITIES = ['error', 'warning', 'info'] as const
const NAMES = { error: 'errors', warning: 'warnings', info: 'hints' }

/** How much of the configuration is wrong, and where to read it. */
export function FindingCounts({ scope }: { scope: Scope }) {
  const isHydrated = useHydrated()
  const answer = useQuery(queries.findings(scope))
  const items = isHydrated ? answer.data?.items : undefined
  return (
    <section className={classes.panel} aria-label="Configuration">
      <h2>Configuration</h2>
      {items ? (
        <p className={plain.note}>
          {SEVERITIES.map(
            (severity) => `${items.filter((item) => item.severity === severity).length} ${NAMES[severity]}`,
          ).join(', ')}
          .{' '}
          <Link href={pagePaths.config(scope)} prefetch={false}>
            Show configuration
          </Link>
        </p>
      ) : (
        <p className={plain.note}>
          {isHydrated && answer.error ? answer.error.message : 'Checking configuration…'}
        </p>
      )}
    </section>
  )
}
