import { Instant } from '@/components/changes/Instant'
import card from '@/components/ui/Card.module.css'
import plain from '@/components/ui/Plain.module.css'
import type { AlertList, SilenceView } from '@/lib/api/schemas/telemetry/alerts'
import { formatAge } from '@/lib/units/duration'
import classes from './Alerts.module.css'

/** Silences that hold or will, to read; or what is missing to see them. */
export function Silences({ list, now }: { list: AlertList; now: number }) {
  const { alertmanager, silences } = list
  return (
    <section aria-label="Silences" className={classes.rules}>
      <h2>
        Silences
        {alertmanager.url ? (
          <a href={alertmanager.url} target="_blank" rel="noreferrer" className={classes.outside}>
            Open Alertmanager
          </a>
        ) : null}
      </h2>
      {alertmanager.state === 'absent' ? (
        <p className={card.calm}>
          <span>
            Who is told of alerts and what is silenced is known to Alertmanager alone, and Heddle is connected
            to none: set <code className={plain.label}>ALERTMANAGER_URL</code> (for example{' '}
            <code className={plain.label}>http://alertmanager.monitoring:9093</code>) and start Heddle again.
          </span>
        </p>
      ) : silences === null ? (
        <p className={card.calm}>Not known while Alertmanager does not answer.</p>
      ) : silences.length === 0 ? (
        <p className={card.calm}>Nothing is silenced.</p>
      ) : (
        <ul className={classes.ruleList}>
          {silences.map((silence) => (
            <SilenceItem key={silence.id} silence={silence} now={now} />
          ))}
        </ul>
      )}
    </section>
  )
}

function SilenceItem({ silence, now }: { silence: SilenceView; now: number }) {
  const { matchers, comment, createdBy, startsAt, endsAt, state, alerts } = silence
  return (
    <li className={classes.silence}>
      <div className={plain.labels}>
        {matchers.map((matcher) => (
          <code key={matcher}>{matcher}</code>
        ))}
      </div>
      <p className={classes.comment}>{comment || <span className={classes.none}>No comment.</span>}</p>
      <p className={classes.meta}>
        <span>{createdBy || 'no author'}</span>
        {state === 'pending' && startsAt !== null ? (
          <span>
            begins <Instant at={startsAt} />
          </span>
        ) : null}
        {endsAt === null ? null : (
          <span>
            {formatAge(Math.max(0, endsAt - now))} left, until <Instant at={endsAt} />
          </span>
        )}
        <span>{alerts === 0 ? 'silences nothing now' : alerts === 1 ? '1 alert' : `${alerts} alerts`}</span>
      </p>
    </li>
  )
}
