'use client'

import {
  IconAlertTriangleFilled,
  IconArrowLeft,
  IconArrowRight,
  IconTimelineEvent,
} from '@tabler/icons-react'
import type { LogLine, LogSpan } from '@/lib/api/schemas/telemetry/logs'
import { directionOf } from '@/lib/logs/access-log'
import { explainFlags } from '@/lib/mesh/response-flags'
import { formatDuration } from '@/lib/units/duration'
import { placeOfCluster, shortPod, type LogPods } from './access-words'
import classes from './Logs.module.css'

const TONES = 6

/** One line: when, whose, what. Requests of an access log are told in fields. */
export function LineRow({
  line,
  more,
  isProxy,
  pods,
  isDated,
}: {
  line: LogLine
  /** lines that go on with what this one began, such as a stack trace; opened, they are read */
  more: number
  isProxy: boolean
  pods: LogPods
  isDated: boolean
}) {
  return (
    <>
      <Head
        atMs={line.atMs}
        isDated={isDated}
        pod={line.pod}
        pods={pods}
        what={isProxy ? 'proxy' : line.container}
      />
      <span className={classes.level}>{line.level === 'info' ? '' : (line.level ?? '')}</span>
      {line.access ? (
        <Request access={line.access} />
      ) : more === 0 ? (
        <span className={classes.text}>{line.text}</span>
      ) : (
        <span className={classes.begun}>
          <span className={classes.text}>{firstLine(line.text)}</span>
          <span className={classes.more}>
            +{more} {more === 1 ? 'line' : 'lines'}
          </span>
        </span>
      )}
    </>
  )
}

function firstLine(text: string): string {
  const end = text.indexOf('\n')
  return end < 0 ? text : text.slice(0, end)
}

/** A span that began here, as a line among the others. */
export function SpanRow({ span, pods, isDated }: { span: LogSpan; pods: LogPods; isDated: boolean }) {
  return (
    <>
      <Head atMs={span.atMs} isDated={isDated} pod={span.pod} pods={pods} what="span" />
      <span className={classes.level}>{span.hasError ? 'error' : ''}</span>
      <span className={classes.text} data-span>
        <IconTimelineEvent size={13} aria-hidden /> {span.operation}
        <span className={classes.quiet}>
          {' '}
          {span.kind === 'server' ? 'received' : span.kind === 'client' ? 'sent' : ''} {span.httpStatus ?? ''}{' '}
          {formatDuration(span.durationMs)} trace {span.traceId.slice(0, 8)}
        </span>
      </span>
    </>
  )
}

function Head({
  atMs,
  isDated,
  pod,
  pods,
  what,
}: {
  atMs: number
  isDated: boolean
  pod: string | null
  pods: LogPods
  what: string
}) {
  const known = pods.get(pod ?? '')
  return (
    <>
      <time className={classes.time} dateTime={new Date(atMs).toISOString()}>
        {isDated ? `${dayOf(atMs)} ` : ''}
        {timeOf(atMs)}
      </time>
      <span className={classes.pod} data-tone={(known?.nth ?? 0) % TONES} title={pod ?? undefined}>
        {pod === null ? '–' : (known?.label ?? shortPod(pod))}
      </span>
      <span className={classes.container} title={what}>
        {what}
      </span>
    </>
  )
}

function Request({ access }: { access: NonNullable<LogLine['access']> }) {
  const direction = directionOf(access)
  const Arrow = direction === 'inbound' ? IconArrowRight : direction === 'outbound' ? IconArrowLeft : null
  const isBad = access.code >= 500 || (access.code === 0 && access.flags !== '-')
  return (
    <span className={classes.text}>
      {Arrow ? (
        <Arrow
          size={13}
          className={classes.arrow}
          role="img"
          aria-label={direction === 'inbound' ? 'received' : 'sent'}
          style={direction === 'outbound' ? { transform: 'scaleX(-1)' } : undefined}
        />
      ) : null}
      <span className={classes.direction}>
        {direction === 'inbound' ? 'in' : direction === 'outbound' ? 'out' : ''}
      </span>{' '}
      <b
        className={classes.code}
        data-bad={isBad || undefined}
        data-client={(access.code >= 400 && !isBad) || undefined}
      >
        {access.method === null ? 'TCP' : access.code === 0 ? 'no answer' : access.code}
      </b>{' '}
      {access.flags === '-' ? null : (
        <span className={classes.flags} title={explainFlags(access.flags)}>
          {isBad ? <IconAlertTriangleFilled size={11} aria-hidden /> : null} {explainFlags(access.flags)}
        </span>
      )}{' '}
      {access.method === null ? null : `${access.method} `}
      {access.path ?? ''} <span className={classes.quiet}>{placeOfCluster(access)}</span>{' '}
      <span className={classes.quiet}>
        {access.durationMs === null ? '' : formatDuration(access.durationMs)}
      </span>
    </span>
  )
}

/** Local month and day. */
function dayOf(atMs: number): string {
  const at = new Date(atMs)
  return `${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}

/** Local time of day to the millisecond. */
function timeOf(atMs: number): string {
  const at = new Date(atMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
