import { Instant } from '@/components/changes/Instant'
import type { Alert, SilenceView } from '@/lib/api/schemas/telemetry/alerts'
import { formatAge } from '@/lib/units/duration'
import classes from './Alerts.module.css'

/** What Alertmanager makes of an alert: who is told, or why nobody is. */
export function Handling({
  alert: { handling, state, silenced },
  silences,
  now,
}: {
  alert: Alert
  silences: readonly SilenceView[] | null
  now: number
}) {
  if (silenced === null) return null
  if (!handling) {
    return (
      <p className={classes.description}>
        {state === 'pending'
          ? 'Nobody is told before it fires.'
          : 'Alertmanager does not hold it yet: Prometheus sends alerts about once a minute.'}
      </p>
    )
  }
  const { receivers, silencedBy, inhibitedBy, mutedBy } = handling
  const told = receivers.join(', ') || 'nobody'
  return (
    <div className={classes.handling}>
      {handling.state === 'active' ? <p>Alertmanager tells {told}.</p> : null}
      {handling.state === 'unprocessed' ? <p>Alertmanager has not decided yet; {told} may be told.</p> : null}
      {silencedBy.map((id) => {
        const silence = silences?.find((one) => one.id === id)
        return silence ? (
          <p key={id}>
            Silenced by <b>{silence.createdBy || 'somebody unnamed'}</b>
            {silence.endsAt === null ? null : (
              <>
                {' '}
                for {formatAge(Math.max(0, silence.endsAt - now))} more, until <Instant at={silence.endsAt} />
              </>
            )}
            {silence.comment ? <>: “{silence.comment}”</> : '.'} Without it {told} would be told.
          </p>
        ) : (
          <p key={id}>Silenced by silence {id}, whose words could not be read.</p>
        )
      })}
      {inhibitedBy.length > 0 ? (
        <p>
          Inhibited: {inhibitedBy.join(', ')} {inhibitedBy.length === 1 ? 'fires' : 'fire'} about the same and{' '}
          {inhibitedBy.length === 1 ? 'stands' : 'stand'} for it.
        </p>
      ) : null}
      {mutedBy.length > 0 ? <p>Muted in the time interval {mutedBy.join(', ')}.</p> : null}
    </div>
  )
}
