'use client'

import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { HEALTH_NAMES, HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { formatWindow } from '@/lib/units/window'
import { BudgetBar } from './BudgetBar'
import { budgetWords, goneWords, knownWords, objectiveWords, stateSentence } from './slo-words'
import { SloProblems } from './SloProblems'
import classes from './Slos.module.css'

/** The objectives of one service; nothing where it has none. */
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
  const { data } = useQuery({
    ...queries.slos({ namespaces: [`${cluster}/${namespace}`] }),
    refetchInterval: useRefreshInterval(),
    enabled: scope.at == null,
  })
  const own = data?.items.filter(({ node }) => node === id) ?? []
  const problems = data?.problems.filter(({ node }) => node === id) ?? []
  if (own.length === 0 && problems.length === 0) return null
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
      <ul className={classes.own}>
        {own.map((slo) => {
          const known = knownWords(slo)
          const sentence = stateSentence(slo)
          const gone = goneWords(slo)
          return (
            <li key={slo.id} aria-label={`${objectiveWords(slo)}: ${HEALTH_NAMES[slo.state]}`}>
              <HealthIcon status={slo.state} size={15} />
              <div>
                <b>{objectiveWords(slo)}</b>{' '}
                <span className={plain.quiet}>over {formatWindow(slo.windowSeconds)}</span>
                <div className={classes.budget}>
                  <BudgetBar left={slo.budgetLeft} state={slo.state} />
                  <span className="num">budget left: {budgetWords(slo)}</span>
                  {gone.startsWith('in ') ? <span className="num">gone {gone}</span> : null}
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
