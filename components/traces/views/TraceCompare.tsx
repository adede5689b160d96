'use client'

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { DataTable, type Column } from '@/components/ui/table/DataTable'
import { Failure } from '@/components/ui/messages/Failure'
import plain from '@/components/ui/Plain.module.css'
import { queries } from '@/lib/api/queries'
import type { Trace } from '@/lib/api/schemas/telemetry/traces'
import { compareTraces, type StepDifference, type StepFigures } from '@/lib/trace/views/compare'
import { summarize } from '@/lib/trace/summarize'
import { formatDate } from '@/lib/units/date'
import { formatDuration } from '@/lib/units/duration'
import { comparedUntil } from '../graph-view'
import classes from './TraceViews.module.css'

const OTHERS = 50
const INDENT_PX = 12
const MOST_INDENTS = 10

/** This trace beside another of the same request: step by step, what took longer and what only one did. */
export function TraceCompare({
  trace,
  beside,
  onBeside,
}: {
  trace: Trace
  beside: string | null
  onBeside: (id: string | null) => void
}) {
  const own = useMemo(() => summarize(trace), [trace])
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const until = comparedUntil(trace, useNow())
  const found = useQuery({
    ...queries.traces({
      service: own.rootService,
      ...(own.rootOperation === '' ? {} : { operation: own.rootOperation }),
      window: '3h',
      at: until,
      limit: OTHERS,
    }),
    enabled: own.rootService !== '',
  })
  const others = (found.data?.items ?? []).filter((one) => one.id !== trace.id)
  const known = new Set(others.map((one) => one.id))
  return (
    <div className={classes.compare}>
      <div className={classes.bar}>
        <label htmlFor="beside">Compare with</label>
        <Select
          id="beside"
          size="xs"
          w={420}
          searchable
          placeholder={
            found.isPending
              ? 'Looking for traces of the same request'
              : others.length === 0
                ? 'No other trace of the same request within 90 minutes of it'
                : 'Another trace of the same request'
          }
          data={[
            ...(beside !== null && !known.has(beside) ? [{ value: beside, label: beside }] : []),
            ...others.map((one) => ({
              value: one.id,
              label: `${formatDuration(one.durationMs)} at ${formatDate(one.startMs, { timeZone: zone, timeOnly: true })}${one.spans === null ? '' : `, ${one.spans} spans`}${one.hasError ? ', failed' : ''}`,
            })),
          ]}
          value={beside}
          onChange={onBeside}
          clearable
        />
      </div>
      {beside === null ? (
        <p className={classes.hint}>
          Choose a trace to set beside this one: a fast one beside a slow one shows where the time went.
        </p>
      ) : (
        <Beside trace={trace} id={beside} />
      )}
    </div>
  )
}

function Beside({ trace, id }: { trace: Trace; id: string }) {
  const answer = useQuery(queries.traceOutline(id))
  const other = answer.data?.trace
  const steps = useMemo(() => (other ? compareTraces(trace, other) : []), [trace, other])
  if (!other) {
    return answer.error ? (
      <Failure
        error={answer.error}
        title="The other trace cannot be read"
        onRetry={() => void answer.refetch()}
      />
    ) : (
      <p className={classes.hint} role="status">
        Reading the other trace…
      </p>
    )
  }
  const only = (side: 'a' | 'b') => steps.filter((step) => step[side === 'a' ? 'b' : 'a'] === null).length
  return (
    <>
      <p className={classes.hint}>
        This one took <b>{formatDuration(trace.durationMs)}</b>, the other{' '}
        <b>{formatDuration(other.durationMs)}</b>.{' '}
        {only('a') > 0 ? `${only('a')} steps are in this one only. ` : ''}
        {only('b') > 0 ? `${only('b')} steps are in the other only.` : ''}
      </p>
      <DataTable
        label="Steps of both traces"
        rows={steps.map((step, order) => ({ ...step, order }))}
        columns={COLUMNS}
        keyOf={(step) => step.key}
        initialSort={{ column: 'step', isDescending: false }}
      />
    </>
  )
}

type Row = StepDifference & { order: number }

const COLUMNS: Column<Row>[] = [
  {
    id: 'step',
    name: 'Step, in order',
    width: 'minmax(280px, 3fr)',
    sortBy: (row) => row.order,
    cell: (row) => (
      <span
        style={{ paddingLeft: Math.min(row.depth, MOST_INDENTS) * INDENT_PX }}
        title={`${row.service}: ${row.operation}`}
      >
        <b>{row.service}</b> <span className={plain.quiet}>{row.operation}</span>
      </span>
    ),
  },
  figure('a', 'This trace'),
  figure('b', 'The other'),
  {
    id: 'difference',
    name: 'The other is',
    meaning: 'How much longer or shorter the other trace was in this step',
    width: '150px',
    align: 'right',
    sortBy: (row) => row.differenceMs,
    cell: (row) => <Difference row={row} />,
  },
]

function figure(side: 'a' | 'b', name: string): Column<Row> {
  return {
    id: side,
    name,
    width: '150px',
    align: 'right',
    sortBy: (row) => row[side]?.durationMs ?? null,
    cell: (row) => <Figures figures={row[side]} />,
  }
}

function Figures({ figures }: { figures: StepFigures | null }) {
  if (!figures) return <span className={plain.quiet}>not there</span>
  return (
    <span>
      {figures.failed > 0 ? <b className={classes.failed}>failed </b> : null}
      {figures.calls > 1 ? <span className={plain.quiet}>{figures.calls}× </span> : null}
      {formatDuration(figures.durationMs)}
    </span>
  )
}

function Difference({ row }: { row: StepDifference }) {
  const { differenceMs } = row
  if (differenceMs === null) return <span className={plain.quiet}>–</span>
  if (differenceMs === 0) return <span className={plain.quiet}>as long</span>
  return (
    <span>
      {formatDuration(Math.abs(differenceMs))} {differenceMs > 0 ? 'longer' : 'shorter'}
    </span>
  )
}
