'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { HEALTH_NAMES, HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { findUnread } from '@/lib/api/notice-codes'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Notice } from '@/lib/api/schemas/common'
import { formatWindow } from '@/lib/units/window'
import { BudgetBar } from './BudgetBar'
import { budgetWords, goneWords, knownWords, objectiveWords, stateSentence } from './slo-words'
import { SloProblems } from './SloProblems'
import classes from './Slos.module.css'

/** The objectives of one service, as they are now. */
export function NodeSlos({
  id,
  cluster,
  namespace,
  scope,
}: {
  id: string
  cluster: string
  namespace: string
  scope: Scope
}) {
  const { data, error } = useQuery({
    ...queries.slos({ namespaces: [`${cluster}/${namespace}`] }),
    refetchInterval: useRefreshInterval(),
    enabled: scope.at == null,
  })
  const own = data?.items.filter(({ node }) => node === id) ?? []
  const problems = data?.problems.filter(({ node }) => node === id) ?? []
  if (scope.at != null) return null
  return (
    <Section
      title="Objectives"
      aside={
        <Link
          prefetch={false}
          className={plain.linkish}
          href={pagePaths.slos({ window: scope.window ?? '2m' })}
        >
          All objectives
        </Link>
      }
    >
      {data ? null : error ? (
        <p className={plain.note}>{error.message}</p>
      ) : (
        <Skeleton height={72} radius="sm" />
      )}
      {data && own.length === 0 && problems.length === 0 ? (
        <p className={plain.note}>{whenNone(data.notices)}</p>
      ) : null}
      <ul className={classes.own}>
        {own.map((slo) => {
          const known = knownWords(slo)
          const sentence = stateSentence(slo)
          const isGoing = slo.budgetLeft !== null && (slo.goneInSeconds ?? 0) > 0
          return (
            <li key={slo.id} aria-label={`${objectiveWords(slo)}: ${HEALTH_NAMES[slo.state]}`}>
              <HealthIcon status={slo.state} size={15} />
              <div>
                <b>{objectiveWords(slo)}</b>{' '}
                <span className={plain.quiet}>over {formatWindow(slo.windowSeconds)}</span>
                <div className={classes.budget}>
                  <BudgetBar left={slo.budgetLeft} state={slo.state} />
                  <span className="num">budget left: {budgetWords(slo)}</span>
                  {isGoing ? <span className="num">gone {goneWords(slo)}</span> : null}
                </div>
                {sentence ? <div className={classes.sentence}>{sentence}</div> : null}
                {known ? <div className={plain.quiet}>known: {known}</div> : null}
              </div>
            </li>
          )
        })}
      </ul>
      <SloProblems problems={problems} isOnService />
    </Section>
  )
}

function whenNone(notices: readonly Notice[]): string {
  const unread = findUnread(notices)
  return unread ? `Not known: ${unread.message}` : 'None is set for it.'
}
