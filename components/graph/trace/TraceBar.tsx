'use client'

import { Tooltip } from '@mantine/core'
import { IconAlertTriangleFilled, IconTimelineEvent, IconX } from '@tabler/icons-react'
import { PageLink } from '@/components/layout/PageLink'
import plain from '@/components/ui/Plain.module.css'
import { ApiFailure } from '@/lib/api/fetch'
import { pagePaths } from '@/lib/api/paths'
import { parseNodeId } from '@/lib/mesh/identity'
import type { TraceMarks } from '@/lib/trace/nodes/on-graph'
import { formatDuration } from '@/lib/units/duration'
import type { TracedScene } from '../scene/trace'
import classes from './TraceBar.module.css'

const NAMED = 3

/** Says that a trace is drawn, what of it has no place on the graph, and leads out of it. */
export default function TraceBar({
  id,
  marks,
  traced,
  error,
  onRetry,
  onLeave,
}: {
  id: string
  marks: TraceMarks | undefined
  traced: TracedScene | null
  error: Error | null
  onRetry: () => void
  onLeave: () => void
}) {
  return (
    <section className={classes.bar} aria-label="The trace on the graph">
      <IconTimelineEvent size={16} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        {marks ? (
          <Facts marks={marks} traced={traced} />
        ) : error ? (
          <span role="alert">
            The trace cannot be read: {error.message}{' '}
            {error instanceof ApiFailure && !error.retryable ? null : (
              <button type="button" className={plain.linkish} onClick={onRetry}>
                Try again
              </button>
            )}
          </span>
        ) : (
          <span role="status">Reading the trace</span>
        )}
      </div>
      <PageLink href={pagePaths.trace(id)} prefetch={false} className={plain.linkish}>
        Open the trace
      </PageLink>
      <button type="button" className={classes.leave} onClick={onLeave}>
        <IconX size={14} aria-hidden />
        Leave the trace
      </button>
    </section>
  )
}

function Facts({ marks, traced }: { marks: TraceMarks; traced: TracedScene | null }) {
  const homeless = marks.homeless.reduce((sum, one) => sum + one.spans, 0)
  const drawn = marks.nodes.size - (traced?.missingNodes.length ?? 0)
  return (
    <>
      <span className={classes.name} title={marks.rootOperation}>
        {marks.rootOperation || 'Trace'}
      </span>
      <span className="num">
        {formatDuration(marks.endMs - marks.startMs)}, {counted(marks.spans, 'span')} on{' '}
        {counted(drawn, 'workload')}
      </span>
      {marks.failed > 0 ? (
        <span className={classes.failed}>
          <IconAlertTriangleFilled size={13} aria-hidden />
          {marks.failed} failed
        </span>
      ) : null}
      {homeless > 0 ? (
        <Told
          what={`${counted(homeless, 'span')} without a node`}
          why={`Their tags do not say which workload made them: ${listed(marks.homeless.map((one) => `${one.service} (${one.spans})`))}`}
        />
      ) : null}
      {traced && traced.missingNodes.length > 0 ? (
        <Told
          what={`${counted(traced.missingNodes.length, 'workload')} not in this graph`}
          why={`No traffic in this time, or of other namespaces: ${listed(traced.missingNodes.map(shortName))}`}
        />
      ) : null}
      {traced && traced.missingCalls > 0 ? (
        <Told
          what={`${counted(traced.missingCalls, 'call')} without an edge`}
          why="Both ends are drawn, but no traffic between them was measured in this time."
        />
      ) : null}
    </>
  )
}

function Told({ what, why }: { what: string; why: string }) {
  return (
    <Tooltip label={why} multiline maw={380}>
      <span className={classes.told} tabIndex={0}>
        {what}
      </span>
    </Tooltip>
  )
}

function shortName(id: string): string {
  const ref = parseNodeId(id)
  return ref ? `${ref.name} (${ref.namespace})` : id
}

function listed(names: readonly string[]): string {
  const rest = names.length - NAMED
  return rest > 0 ? `${names.slice(0, NAMED).join(', ')} and ${rest} more` : names.join(', ')
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
