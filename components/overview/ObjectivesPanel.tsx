'use client'

import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { budgetWords, goneWords, objectiveWords } from '@/components/slos/slo-words'
import { HealthIcon } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import classes from './Overview.module.css'
import { Panel } from './Panel'

const MOST = 4

/** Objectives that are not kept, the worst by name; nothing where no service has any. */
export function ObjectivesPanel({ scope }: { scope: Scope }) {
  const { data } = useQuery({
    ...queries.slos(scope),
    refetchInterval: useRefreshInterval(),
    enabled: scope.at == null,
  })
  if (!data || data.items.length + data.problems.length === 0 || scope.at != null) return null
  const unknown = data.items.filter(({ state }) => state === 'unknown').length
  const bad = data.items.filter(({ state }) => state === 'failing' || state === 'degraded')
  return (
    <Panel name="Objectives" page={{ href: pagePaths.slos(scope), words: 'Show objectives' }}>
      <p className={plain.note}>
        {bad.length > 0
          ? `${bad.length} of ${data.items.length} burn too fast or are spent.`
          : unknown < data.items.length
            ? `No budget of ${data.items.length - unknown} burns too fast.`
            : ''}
        {unknown > 0 ? ` What is left of ${unknown} is not known.` : ''}
        {data.problems.length > 0 ? ` ${data.problems.length} cannot be read.` : ''}
      </p>
      {bad.length > 0 ? (
        <ul className={classes.alerts}>
          {bad.slice(0, MOST).map((slo) => (
            <li key={slo.id}>
              <HealthIcon status={slo.state} size={14} />
              <Link
                prefetch={false}
                className={classes.alert}
                href={pagePaths.slos({ ...scope, open: slo.id })}
                title={`Budget left: ${budgetWords(slo)}`}
              >
                {slo.name}: {objectiveWords(slo)}
              </Link>
              <span className={`num ${classes.quiet}`}>{goneWords(slo)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  )
}
