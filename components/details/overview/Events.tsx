'use client'

import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { Skeleton } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Instant } from '@/components/changes/Instant'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { useFirst } from '@/components/ui/use-first'
import type { Scope, Subject } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ClusterEvent } from '@/lib/api/schemas/mesh/details'

const FIRST = 8

/** What Kubernetes said of it, newest first. */
export function Events({ subject, scope }: { subject: Subject; scope: Scope }) {
  const answer = useQuery({
    ...queries.events({ ...subject, at: scope.at ?? null }),
    refetchInterval: useRefreshInterval(),
  })
  const items = answer.data?.items
  const { shown, more } = useFirst(items ?? [], FIRST)
  return (
    <Section title="Kubernetes events" aside="kept for an hour by most clusters">
      {answer.data ? (
        <>
          {items === null ? <ObjectsUnknown /> : <Notices notices={answer.data.notices} />}
          {items?.length === 0 ? <p className={plain.note}>None that are still kept.</p> : null}
          <ul className={plain.list}>
            {shown.map((event) => (
              <Event key={event.id} event={event} />
            ))}
          </ul>
          {more}
          {more === null && answer.data.more > 0 ? (
            <p className={plain.note}>and {answer.data.more} older ones</p>
          ) : null}
        </>
      ) : answer.error ? (
        <p className={plain.note} role="alert">
          {answer.error.message}
        </p>
      ) : (
        <Skeleton height={72} radius="sm" />
      )}
    </Section>
  )
}

function Event({ event }: { event: ClusterEvent }) {
  const isWarning = event.type === 'Warning'
  return (
    <li>
      <span className={plain.row}>
        {isWarning ? (
          <IconAlertTriangle size={14} aria-label="Warning" style={{ color: 'var(--hd-degraded)' }} />
        ) : null}
        <b style={{ fontWeight: 550 }}>{event.reason}</b>
        <span className={`${plain.quiet} ${plain.grow}`} title={event.object.name}>
          {event.object.kind} {event.object.name}
        </span>
        {event.lastAt === null ? null : (
          <span className={plain.quiet}>
            <Instant at={event.lastAt} />
          </span>
        )}
      </span>
      <div className={plain.quiet} style={{ overflowWrap: 'anywhere' }}>
        {event.message}
        {event.count > 1 ? ` (${event.count} times)` : ''}
      </div>
    </li>
  )
}
