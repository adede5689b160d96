'use client'

import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { pagePaths } from '@/lib/api/paths'
import type { TraceSummary } from '@/lib/api/schemas/telemetry/traces'
import { formatDuration } from '@/lib/units/duration'
import { Age } from '../Age'
import classes from './TraceTable.module.css'

/**
 * Traces, one a row, each a link to its page. `isWide` adds what a side panel has no room for; with
 * a namespace, which of its services took part. */
export function TraceTable({
  items,
  label,
  isWide = false,
  namespace,
}: {
  items: readonly TraceSummary[]
  label: string
  isWide?: boolean
  namespace?: string
}) {
  const longest = Math.max(1, ...items.map((trace) => trace.durationMs))
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col" className={classes.what}>
            Began with
          </th>
          <th scope="col" className={classes.left}>
            Errors
          </th>
          {isWide ? (
            <>
              {namespace === undefined ? (
                <>
                  <th scope="col">Services</th>
                  <th scope="col">Time in this node</th>
                </>
              ) : (
                <>
                  <th scope="col" className={classes.left}>
                    Services here
                  </th>
                  <th scope="col">Time here</th>
                </>
              )}
            </>
          ) : null}
          {isWide ? <th scope="col">Spans</th> : null}
          <th scope="col" className={classes.duration}>
            Duration
          </th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {items.map((trace) => (
          <Row key={trace.id} {...{ trace, longest, isWide, namespace }} />
        ))}
      </tbody>
    </table>
  )
}

function Row({
  trace,
  longest,
  isWide,
  namespace,
}: {
  trace: TraceSummary
  longest: number
  isWide: boolean
  namespace: string | undefined
}) {
  return (
    <tr>
      <td className={classes.what}>
        <Link
          href={pagePaths.trace(trace.id)}
          prefetch={false}
          className={classes.link}
          title={`${trace.rootService}: ${trace.rootOperation}`}
        >
          {trace.rootOperation || 'unnamed operation'}
        </Link>{' '}
        <span className={classes.service}>{trace.rootService}</span>
      </td>
      <td className={classes.left}>
        {trace.hasError ? (
          <span className={classes.error}>
            <IconAlertTriangleFilled size={13} aria-hidden />
            {trace.node?.hasError ? 'here' : trace.node ? 'elsewhere' : 'error'}
          </span>
        ) : null}
      </td>
      {isWide ? (
        <>
          {namespace === undefined ? (
            <td className="num">{trace.services.length}</td>
          ) : (
            <td className={classes.left} title={trace.node?.services.join(', ')}>
              {servicesWords(trace.node?.services ?? [], namespace)}
            </td>
          )}
          <td className="num">{trace.node ? formatDuration(trace.node.durationMs) : '–'}</td>
        </>
      ) : null}
      {isWide ? (
        <td className="num" title={trace.spans === null ? 'The tracing store does not say' : undefined}>
          {trace.spans ?? '–'}
        </td>
      ) : null}
      <td className="num">
        {formatDuration(trace.durationMs)}
        <span
          className={classes.bar}
          data-error={trace.hasError || undefined}
          style={{ width: `${Math.max(2, (trace.durationMs / longest) * 100)}%` }}
          aria-hidden
        />
      </td>
      <td className="num">
        <Age atMs={trace.startMs} />
      </td>
    </tr>
  )
}

const NAMED = 2

/** `reviews, ratings and 2 more`: within a namespace its name says nothing. */
function servicesWords(services: readonly string[], namespace: string): string {
  const names = services.map((name) => name.replace(`.${namespace}`, ''))
  const rest = names.length - NAMED
  return rest > 0 ? `${names.slice(0, NAMED).join(', ')} and ${rest} more` : names.join(', ')
}
