import { PageLink as Link } from '@/components/layout/PageLink'
import { AlertIcon } from '@/components/alerts/AlertIcon'
import { alertCountWords, alertTone } from '@/components/alerts/alert-words'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { Overview } from '@/lib/api/schemas/mesh/overview'
import { formatAge } from '@/lib/units/duration'
import classes from './Overview.module.css'
import { Panel } from './Panel'

/** Alerts that fire or are about to, the worst of them by name. */
export function AlertsPanel({
  alerts,
  at,
  isPast,
  scope,
}: {
  alerts: Overview['alerts']
  at: number
  isPast: boolean
  scope: Scope
}) {
  return (
    <Panel name="Alerts" page={{ href: pagePaths.alerts(scope), words: 'Show alerts' }}>
      {alerts === null ? (
        <p className={plain.note}>
          {isPast
            ? 'Alerts are of now, not of the chosen moment.'
            : 'Not known: the alerting rules could not be read.'}
        </p>
      ) : (
        <>
          <p className={plain.note}>{alertCountWords(alerts)}</p>
          {alerts.first.length > 0 ? (
            <ul className={classes.alerts}>
              {alerts.first.map((alert) => (
                <li key={alert.id}>
                  <span className={classes.status} data-status={alertTone(alert)}>
                    <AlertIcon alert={alert} size={14} />
                  </span>
                  <Link
                    prefetch={false}
                    className={classes.alert}
                    href={pagePaths.alerts({ ...scope, open: alert.id })}
                  >
                    {alert.summary ?? alert.name}
                  </Link>
                  <span className={`num ${classes.quiet}`}>
                    {alert.since === null ? '' : formatAge(at - alert.since)}
                  </span>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </Panel>
  )
}
