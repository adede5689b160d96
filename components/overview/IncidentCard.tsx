'use client'

import { IconAffiliate, IconChevronRight, IconTimelineEvent } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useState } from 'react'
import { HealthBadge } from '@/components/ui/health/Health'
import { useFirst } from '@/components/ui/use-first'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { Cause, Incident, Suspect } from '@/lib/api/schemas/mesh/incidents'
import { wordsOfKinds } from '@/lib/istio/unread'
import { formatDate } from '@/lib/units/date'
import { formatCount } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Overview.module.css'

const FIRST_HURT = 12
const FIRST_LINES = 12

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const clock = (at: number) => formatDate(at, { timeZone: zone(), timeOnly: true }).slice(0, 5)

/** One incident: the sentence, where it begins, whom it hurts, what changed; the rest on demand. */
export function IncidentCard({ incident, scope }: { incident: Incident; scope: Scope }) {
  const [isOpen, setOpen] = useState(false)
  const [first, ...others] = incident.suspects
  const origin = first ?? null
  const place = origin ?? incident.seenAt
  if (!place) return null
  const [cause] = incident.causes.filter((each) => each.isBefore !== false)
  const time = { window: scope.window, at: scope.at }
  return (
    <article className={classes.card} data-status={incident.status} aria-label={incident.headline}>
      <h2 className={classes.headline}>
        <HealthBadge status={incident.status} />
        <span>
          {incident.headline}
          {sinceWords(incident)}
          {callersWords(incident)}
        </span>
      </h2>
      <div className={classes.facts}>
        <span>
          {origin ? 'Begins at' : 'Seen at'} <NodeLink node={place} time={time} />
          <span className={classes.quiet}>
            {' '}
            {place.kind} in {place.cluster}/{place.namespace}
          </span>
        </span>
        {incident.hurtPerSecond > 0 ? (
          <span>
            {formatRate(incident.hurtPerSecond)} hurt at entry
            {incident.hurtRatio === null ? '' : ` (${formatRatio(incident.hurtRatio)} of all)`}
          </span>
        ) : null}
        <Link
          prefetch={false}
          className={classes.action}
          href={pagePaths.graph({
            ...time,
            focus: !origin || origin.observedOn.includes('/service/') ? place.id : origin.observedOn,
            hops: incident.hops,
            selected: place.id,
          })}
        >
          <IconAffiliate size={14} aria-hidden /> Graph of it
        </Link>
        {place.kind === 'workload' || place.kind === 'service' ? (
          <Link
            prefetch={false}
            className={classes.action}
            href={pagePaths.traces({
              node: place.id,
              errors: incident.symptom !== 'latency',
              window: '30m',
              at: scope.at,
            })}
          >
            <IconTimelineEvent size={14} aria-hidden /> Traces
          </Link>
        ) : null}
      </div>
      {cause ? (
        <p className={classes.cause}>
          Before that: <CauseLine cause={cause} />
        </p>
      ) : null}
      {incident.causesUnread.length > 0 ? (
        <p className={classes.untold}>
          What changed is told without {wordsOfKinds(incident.causesUnread)}: Heddle may not read them.
        </p>
      ) : null}
      {hasEvidence(incident) ? (
        <button
          type="button"
          className={classes.more}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <IconChevronRight size={13} data-open={isOpen || undefined} aria-hidden /> Evidence
        </button>
      ) : null}
      {isOpen ? (
        <div className={classes.details}>
          {origin ? (
            <Evidence title="Why this origin" lines={origin.evidence.map(({ message }) => message)} />
          ) : null}
          {others.map((suspect) => (
            <Evidence
              key={suspect.id}
              title={`Also suspected, ${formatRatio(suspect.score)}: ${suspect.name}`}
              lines={suspect.evidence.map(({ message }) => message)}
            />
          ))}
          <Evidence
            title="How requests end"
            lines={incident.flags.map(
              ({ code, words, perSecond }) => `${formatRate(perSecond)} ${code}${words ? `, ${words}` : ''}`,
            )}
            total={incident.flagsTotal}
          />
          {incident.callers.length > 0 ? <Hurt incident={incident} place={place} time={time} /> : null}
          {incident.causes.length > 0 ? (
            <div>
              <h3>What changed</h3>
              <ul>
                {incident.causes.map((each) => (
                  <li key={`${each.at} ${each.message}`}>
                    <CauseLine cause={each} />
                    {each.isBefore === false ? ' (after it began)' : ''}
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
        </div>
      ) : null}
    </article>
  )
}

function Hurt({
  incident: { callers, callersTotal },
  place,
  time,
}: {
  incident: Incident
  place: Pick<Suspect, 'id' | 'name'>
  time: Scope
}) {
  const { shown, more } = useFirst(callers, FIRST_HURT)
  const traffic = pagePaths.findNode(place.id, { ...time, tab: 'traffic' })
  return (
    <div>
      <h3>Who is hurt</h3>
      <ul>
        {shown.map((caller) => (
          <li key={caller.id}>
            <NodeLink node={caller} time={time} /> {formatRate(caller.hurtPerSecond)} of{' '}
            {formatRate(caller.requestsPerSecond)}
            {caller.isDirect ? ', asks it directly' : ''}
          </li>
        ))}
      </ul>
      {more}
      {callersTotal > callers.length ? (
        <p className={classes.quiet}>
          {formatCount(callers.length)} of {formatCount(callersTotal)} callers are here, the most hurt first.{' '}
          {traffic ? (
            <>
              All that ask {place.name} itself are in{' '}
              <Link prefetch={false} href={traffic} className={classes.node}>
                its traffic
              </Link>
              .
            </>
          ) : null}
        </p>
      ) : null}
    </div>
  )
}

/** Of what begins where the viewer may not look there may be none to show. */
function hasEvidence({ suspects, flags, callers, causes }: Incident): boolean {
  return [suspects, flags, callers, causes].some((part) => part.length > 0)
}

function Evidence({
  title,
  lines,
  total = lines.length,
}: {
  title: string
  lines: readonly string[]
  total?: number
}) {
  const { shown, more } = useFirst(lines, FIRST_LINES)
  if (lines.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {shown.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {more}
      {total > lines.length ? (
        <p className={classes.quiet}>
          {formatCount(lines.length)} of {formatCount(total)} are here, the most frequent first.
        </p>
      ) : null}
    </div>
  )
}

function CauseLine({ cause }: { cause: Cause }) {
  const text = `${clock(cause.at)} ${cause.message}${cause.who ? `, by ${cause.who}` : ''}`
  return cause.changeId ? (
    <Link prefetch={false} href={pagePaths.change(cause.changeId)} className={classes.node}>
      {text}
    </Link>
  ) : (
    <span title={formatDate(cause.at, { timeZone: zone() })}>{text}</span>
  )
}

function NodeLink({ node, time }: { node: Pick<Suspect, 'id' | 'name'>; time: Scope }) {
  const href =
    pagePaths.findNode(node.id, time) ?? pagePaths.graph({ ...time, focus: node.id, selected: node.id })
  return (
    <Link prefetch={false} href={href} className={classes.node}>
      {node.name}
    </Link>
  )
}

function sinceWords({ since }: Incident): string {
  if (!since) return ''
  return since.at === null ? ` since before ${clock(since.from)}` : ` since ${clock(since.at)}`
}

function callersWords({ callersTotal }: Incident): string {
  if (callersTotal === 0) return ''
  if (callersTotal === 1) return ', 1 caller affected'
  return `, ${formatCount(callersTotal)} callers affected`
}
