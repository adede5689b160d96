'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconChartAreaLine } from '@tabler/icons-react'
import { useCallback, useId, useMemo, useState } from 'react'
import { spanOf } from '@/components/details/windows'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useView } from '@/components/hooks/address/use-view'
import { Failure } from '@/components/ui/messages/Failure'
import { Message } from '@/components/ui/messages/Message'
import { Notices } from '@/components/ui/messages/Notices'
import { Section } from '@/components/ui/Section'
import type { queries } from '@/lib/api/queries'
import type { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { formatWindow, parseWindow } from '@/lib/units/window'
import { MarkLegend } from './ChartMarks'
import { ChartPanel, ChartSkeletons, type ChartToCome } from './ChartPanel'
import { chartShapes } from './chart-shapes'
import { createCursor, CursorContext } from './cursor'
import classes from './MetricCharts.module.css'
import { useMarks, type Marks } from './use-marks'

const PLOT_HEIGHT = 168
const COMPACT_PLOT_HEIGHT = 112
const TO_COME: readonly ChartToCome[] = [
  { title: 'Requests', lines: 2 },
  { title: 'Errors', lines: 1 },
  { title: 'Latency', lines: 5 },
]

type MetricQuery = ReturnType<typeof queries.nodeMetrics>

/** The charts of one question as a section of a side panel. */
export function MetricCharts({ query }: { query: MetricQuery; isLive?: boolean }) {
  const [path, search] = query.queryKey[0].split('?')
  const asked = new URLSearchParams(search)
  const window = asked.get('window')
  asked.delete('window')
  asked.delete('at')
  const about = asked.get('node') ?? asked.get('target')
  const at = new URLSearchParams(search).get('at')
  const marks = useMarks(about === null ? undefined : { node: about }, at === null ? null : Number(at) * 1000)
  return (
    <Section title="Over time" aside={window ? `last ${formatWindow(parseWindow(window) ?? 0)}` : null}>
      <Charts key={`${path} ${asked}`} query={query} isCompact subject="Nothing was measured" marks={marks} />
    </Section>
  )
}

function Charts({
  query,
  isCompact,
  subject,
  marks,
}: {
  query: MetricQuery
  isCompact: boolean
  subject: string
  marks: Marks
}) {
  const answer = useQuery({
    ...query,
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const height = isCompact ? COMPACT_PLOT_HEIGHT : PLOT_HEIGHT
  if (answer.data) {
    return (
      <>
        {answer.isRefetchError ? (
          <Notices notices={[{ code: 'stale', message: `These charts are old: ${answer.error.message}` }]} />
        ) : null}
        <Drawn answer={answer.data} height={height} isCompact={isCompact} subject={subject} marks={marks} />
      </>
    )
  }
  if (answer.error) {
    return (
      <Failure
        error={answer.error}
        title="The charts cannot be drawn"
        onRetry={() => void answer.refetch()}
      />
    )
  }
  return (
    <>
      <MarkLegend marks={[]} from={0} to={0} keepsRoom />
      <ChartSkeletons charts={TO_COME} height={height} isCompact={isCompact} />
    </>
  )
}

function Drawn({
  answer,
  height,
  isCompact,
  subject,
  marks,
}: {
  answer: MetricAnswer
  height: number
  isCompact: boolean
  subject: string
  marks: Marks
}) {
  const [view, setView] = useView()
  const syncId = useId()
  const [cursor] = useState(createCursor)
  const charts = useMemo(() => chartShapes(answer), [answer])
  const onZoom = useCallback((from: number, to: number) => setView(spanOf(from, to)), [setView])
  return (
    <CursorContext value={cursor}>
      <Notices notices={answer.notices} />
      {charts.length === 0 ? (
        <Message icon={<IconChartAreaLine size={24} />} title="No requests in this time">
          {subject} in {view.at === null ? 'the last' : 'these'}{' '}
          {formatWindow((answer.to - answer.from) / 1000)}.
        </Message>
      ) : (
        <>
          <MarkLegend {...marks} from={answer.from} to={answer.to} keepsRoom />
          <div className={classes.charts} data-compact={isCompact || undefined}>
            {charts.map((chart) => (
              <ChartPanel
                key={chart.id}
                chart={chart}
                frame={{ from: answer.from, to: answer.to, height, syncId, onZoom, marks: marks.marks }}
              />
            ))}
          </div>
        </>
      )}
    </CursorContext>
  )
}
