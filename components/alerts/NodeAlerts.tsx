'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { idsOf } from '@/components/graph/scene/findings'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { isPartial } from '@/lib/api/notice-codes'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import { formatAge } from '@/lib/units/duration'
import { AlertIcon } from './AlertIcon'
import { alertTone, alertWord } from './alert-words'
import classes from './NodeAlerts.module.css'

const MOST = 8

/**
 * The alerts about one node, each with its state, since when, and the expression that holds. The worst in three lines
 * until one asks for all of them: what stands below must not move when they come.
 */
export function NodeAlerts({
  node,
  scope,
}: {
  node: Pick<GraphNode, 'id' | 'cluster' | 'namespace' | 'workload' | 'kind' | 'app' | 'name'>
  scope: Scope
}) {
  const { data, error } = useQuery({
    // of the whole mesh: the same answer serves the canvas
    ...queries.alerts(),
    refetchInterval: useRefreshInterval(),
    enabled: scope.at == null,
  })
  const [isOpen, setOpen] = useState(false)
  const ids = new Set(idsOf(node))
  const own = data?.items.filter(({ nodes }) => nodes.some((id) => ids.has(id))) ?? []
  const rules = new Map(data?.rules.map((rule) => [rule.id, rule]))
  return (
    <Section
      title="Alerts"
      aside={
        <>
          {own.length > 0 ? (
            <button
              type="button"
              className={classes.toggle}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? 'Show less' : own.length === 1 ? 'Show in full' : `Show all ${own.length}`}
            </button>
          ) : null}
          <Link
            prefetch={false}
            className={plain.linkish}
            href={pagePaths.alerts({ window: scope.window ?? '2m' })}
          >
            All alerts
          </Link>
        </>
      }
    >
      <div className={classes.body} data-open={(own.length > 0 && isOpen) || undefined}>
        {scope.at != null ? (
          <p className={plain.note}>Alerts are of now, not of the chosen moment.</p>
        ) : !data ? (
          <p className={plain.note}>{error ? error.message : 'Reading alerts…'}</p>
        ) : own.length === 0 ? (
          <p className={plain.note}>
            {data.rulesState !== 'read'
              ? `Not known: the rules could not be read${data.alertmanager.state === 'answering' ? ', and Alertmanager holds none about it' : ''}.`
              : data.rules.length === 0
                ? 'None: Prometheus has no alerting rule.'
                : isPartial(data.notices)
                  ? 'None of the alerts that are listed; there are more than those.'
                  : 'None about it.'}
          </p>
        ) : (
          <ul className={classes.list} aria-label={`Alerts about ${node.name}`}>
            {own.slice(0, isOpen ? MOST : 1).map((alert) => {
              const expression = alert.rule === null ? undefined : rules.get(alert.rule)?.expression
              return (
                <li key={alert.id} data-tone={alertTone(alert)}>
                  <span className={classes.mark}>
                    <AlertIcon alert={alert} size={15} />
                  </span>
                  <div className={classes.told}>
                    <Link
                      prefetch={false}
                      className={classes.title}
                      title={alert.summary ?? alert.name}
                      href={pagePaths.alerts({ window: scope.window ?? '2m', open: alert.id })}
                    >
                      {alert.summary ?? alert.name}
                    </Link>
                    <div className={`${classes.state} ${plain.quiet}`}>
                      {[
                        alertWord(alert),
                        alert.severity,
                        alert.since === null
                          ? null
                          : `${alert.state === 'pending' ? 'holds' : 'for'} ${formatAge(Math.max(0, data.at - alert.since))}`,
                      ]
                        .filter(Boolean)
                        .join(', ')}
                    </div>
                    {isOpen && expression ? (
                      <code className={classes.expression}>{expression.replace(/\s+/g, ' ').trim()}</code>
                    ) : null}
                  </div>
                </li>
              )
            })}
          </ul>
        )}
      </div>
      {isOpen && own.length > MOST ? <p className={plain.note}>and {own.length - MOST} more</p> : null}
    </Section>
  )
}
