'use client'

import { Skeleton } from '@mantine/core'
import { Age } from '@/components/traces/Age'
import { HealthMark } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { ObjectContext } from '@/lib/api/schemas/config/object-context'
import classes from '../Config.module.css'

/** What Kubernetes remembers of the object, newest first. */
export function Events({ context, error }: { context: ObjectContext | undefined; error: Error | null }) {
  return (
    <Section title="Events">
      {context ? (
        context.events === null ? (
          <p className={plain.note}>Not known.</p>
        ) : context.events.length === 0 ? (
          <p className={plain.note}>None kept; Kubernetes forgets them after an hour.</p>
        ) : (
          <ul className={plain.list}>
            {context.events.map((event, index) => (
              <li key={index} className={classes.condition}>
                <HealthMark status={event.type === 'Warning' ? 'degraded' : 'idle'} size={14} />
                <span className={classes.wordy}>
                  <b>{event.reason}</b> {event.message}
                  <div className={plain.quiet}>
                    {event.count > 1 ? `${event.count} times, last ` : ''}
                    {event.lastAt === null ? '' : <Age atMs={event.lastAt} />}
                  </div>
                </span>
              </li>
            ))}
          </ul>
        )
      ) : error ? (
        <p className={plain.note} role="alert">
          {error.message}
        </p>
      ) : (
        <Skeleton height={48} />
      )}
    </Section>
  )
}
