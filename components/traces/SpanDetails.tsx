'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useNow } from '@/components/hooks/use-now'
import { CopyButton } from '@/components/ui/CopyButton'
import plain from '@/components/ui/Plain.module.css'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Span } from '@/lib/api/schemas/telemetry/traces'
import { parseNodeId } from '@/lib/mesh/identity'
import { explainFlags } from '@/lib/mesh/response-flags'
import { formatDate } from '@/lib/units/date'
import { formatDuration } from '@/lib/units/duration'
import { timeOf } from './graph-view'
import classes from './TraceWaterfall.module.css'

/** about two dozen tags, as proxies write them */
const TAGS_HEIGHT = 180

/** All that is known of one span: where it ran, its tags, its logs. The outline is there already, the rest is read. */
export function SpanDetails({
  traceId,
  outline,
  startMs,
  scope,
}: {
  traceId: string
  outline: Span
  startMs: number
  scope: Scope
}) {
  const whole = useQuery(queries.trace(traceId))
  const span = whole.data?.trace.spans.find((one) => one.id === outline.id) ?? outline
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const flags = span.responseFlags ? explainFlags(span.responseFlags) : ''
  const time = timeOf({ startMs: span.startMs, endMs: span.startMs + span.durationMs }, scope, useNow())
  const page = span.nodeId === null ? undefined : pagePaths.findNode(span.nodeId, time)
  const podPage =
    span.nodeId === null || span.podName === null
      ? undefined
      : pagePaths.findPod(span.nodeId, { pod: span.podName, ...time })
  const logs =
    span.nodeId === null
      ? undefined
      : pagePaths.findLogs(span.nodeId, { pod: span.podName, atMs: span.startMs + span.durationMs })
  const name = span.nodeId === null ? null : (parseNodeId(span.nodeId)?.name ?? span.nodeId)
  const tags = Object.entries(span.tags).sort(([a], [b]) => (a < b ? -1 : 1))
  return (
    <div className={classes.sheet}>
      <div className={classes.links}>
        {page ? (
          <>
            <Link href={page} prefetch={false} className={plain.linkish}>
              Open {name}
            </Link>
            {logs ? (
              <Link href={logs} prefetch={false} className={plain.linkish}>
                Logs at that time
              </Link>
            ) : null}
            <Link
              href={pagePaths.graph({ ...time, selected: span.nodeId })}
              prefetch={false}
              className={plain.linkish}
            >
              Show in graph
            </Link>
          </>
        ) : (
          <span className={plain.quiet}>Its tags do not say which workload made it.</span>
        )}
        <span className={`num ${plain.quiet}`}>
          {formatDate(span.startMs, { timeZone: zone })} {zone}
          {span.kind ? ` · ${span.kind}` : ''}
          {span.podName ? ' · pod ' : ''}
          {podPage ? (
            <Link href={podPage} prefetch={false} className={plain.linkish}>
              {span.podName}
            </Link>
          ) : (
            span.podName
          )}
        </span>
        <span className={plain.quiet}>
          span <span className={plain.mono}>{span.id}</span>
        </span>
        <CopyButton text={JSON.stringify(span, null, 2)} label="Copy the span as JSON" />
      </div>
      {flags ? <p className={classes.flags}>{flags}</p> : null}
      {whole.error && !whole.data ? (
        <p className={plain.note} role="alert">
          Its tags cannot be read: {whole.error.message}{' '}
          <button type="button" className={plain.linkish} onClick={() => void whole.refetch()}>
            Try again
          </button>
        </p>
      ) : whole.isPending ? (
        <Skeleton height={TAGS_HEIGHT} radius="sm" role="status" aria-label="Reading its tags" />
      ) : null}
      {tags.length > 0 ? (
        <dl className={classes.tags}>
          {tags.map(([tag, value]) => (
            <div key={tag} data-lines={hasLines(value)}>
              <dt>{tag}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {span.logs.map((log, index) => (
        <div key={index} className={classes.log}>
          <span className="num">at {formatDuration(log.atMs - startMs)}</span>
          <dl className={classes.tags}>
            {Object.entries(log.fields).map(([field, value]) => (
              <div key={field} data-lines={hasLines(value)}>
                <dt>{field}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </div>
  )
}

/** A stack trace is read line by line, over the whole width. */
function hasLines(value: string): true | undefined {
  return value.includes('\n') || undefined
}
