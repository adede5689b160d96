'use client'

import { SegmentedControl, Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useId, useState, type ReactNode } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { useView } from '@/components/hooks/address/use-view'
import { createCursor, CursorContext } from '@/components/metrics/cursor'
import { roomForCharts, type ChartToCome } from '@/components/metrics/ChartPanel'
import charts from '@/components/metrics/MetricCharts.module.css'
import { MarkLegend } from '@/components/metrics/ChartMarks'
import { useMarks, type Marks } from '@/components/metrics/use-marks'
import plain from '@/components/ui/Plain.module.css'
import { CopyButton } from '@/components/ui/CopyButton'
import { Section } from '@/components/ui/Section'
import type { Subject, Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { WindowText } from '@/lib/api/schemas/common'
import type { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import type { ChartName, Grouping } from '@/lib/api/schemas/requests'
import { formatWindow, parseWindow } from '@/lib/units/window'
import classes from '../Details.module.css'
import { spanOf } from '../windows'
import { ChartGroup, PLOT_HEIGHT, staleNotice, type Shared } from './ChartGroup'
import { detailShapes, QUANTILES } from './detail-shapes'
import { HeatmapChart } from './HeatmapChart'
import { metricsWindow, parseMetricsView, type MetricsView } from './metrics-view'
import { WhenSeen } from './WhenSeen'

type Protocol = 'http' | 'grpc' | 'tcp'

const GROUPS: readonly {
  title: string
  charts: readonly ChartName[]
  /** without any of these there is nothing to draw */
  of: readonly Protocol[]
  none: string
  skeletons: readonly ChartToCome[]
}[] = [
  {
    title: 'Requests',
    charts: ['requests'],
    of: ['http', 'grpc'],
    none: 'No requests in this time.',
    skeletons: [
      { title: 'Requests', lines: 2 },
      { title: 'Errors', lines: 1 },
    ],
  },
  {
    title: 'Duration',
    charts: ['latency'],
    of: ['http', 'grpc'],
    none: 'No requests in this time.',
    skeletons: [{ title: 'Duration', lines: 5 }],
  },
  {
    title: 'Sizes',
    charts: ['sizes', 'bytes'],
    of: ['http', 'grpc'],
    none: 'No sizes were measured; Istio records them unless its telemetry was changed.',
    skeletons: [
      { title: 'HTTP and gRPC throughput', lines: 2 },
      { title: 'Size of requests', lines: 5 },
      { title: 'Size of answers', lines: 5 },
    ],
  },
  {
    title: 'gRPC messages',
    charts: ['messages'],
    of: ['grpc'],
    none: 'No gRPC in this time.',
    skeletons: [{ title: 'gRPC messages', lines: 2 }],
  },
  {
    title: 'TCP',
    charts: ['tcp'],
    of: ['tcp'],
    none: 'No TCP in this time.',
    skeletons: [
      { title: 'TCP throughput', lines: 2 },
      { title: 'TCP connections', lines: 2 },
    ],
  },
]
const LINE = 20

const GROUPING_WORDS: Record<Exclude<Grouping, 'none' | 'peer'>, string> = {
  version: 'By version',
  workload: 'By workload',
  code: 'By code',
  pod: 'By pod',
}

/**
 * Traffic of a node or namespace over time: whole or in groups, of one side, beside an earlier time. `before` and
 * `after` stand around it and share its cursor.
 */
export function TrafficCharts({
  subject,
  preset,
  groupings,
  seen,
  isUnmeasured = false,
  scope,
  before,
  after,
}: {
  subject: Subject
  /** the direction that is shown unless another is chosen */
  preset: MetricsView['direction']
  groupings: readonly Exclude<Grouping, 'none'>[]
  /** protocols of its traffic now, in and out: for others no room is kept while charts load; absent: not known */
  seen?: Readonly<Record<MetricsView['direction'], readonly Protocol[]>> | undefined
  /** the page says that Prometheus never answered: no chart says it again */
  isUnmeasured?: boolean
  scope: Scope
  before?: (shared: Shared, time: { window: WindowText; at: number | null }) => ReactNode
  after?: ReactNode
}) {
  const { params, set } = useUrlParams()
  const [, setView] = useView()
  const view = parseMetricsView(params, preset)
  const window = metricsWindow(scope.window ?? '2m', scope.at ?? null)
  const syncId = useId()
  const [cursor] = useState(createCursor)
  const { marks, said } = useMarks(subject, scope.at ?? null)
  const onZoom = useCallback((from: number, to: number) => setView(spanOf(from, to)), [setView])
  const { quantile } = view
  const shapesOf = (answer: MetricAnswer) => detailShapes(answer, quantile)
  const time = { window, at: scope.at ?? null }
  const isGrouped = view.groupBy !== 'none'
  const name = Object.values(subject).join('/')
  const queryOf = (charts: readonly ChartName[]) =>
    queries.trafficMetrics(subject, {
      ...time,
      direction: view.direction,
      groupBy: view.groupBy,
      reporter: view.reporter,
      compare: view.compare,
      charts: charts[0] === 'latency' && !isGrouped ? ['latency', 'heatmap'] : charts,
    })
  // the first group asks it too, and says it; what it says of the time is true of all
  const first = useQuery({ ...queryOf(GROUPS[0]?.charts ?? []), placeholderData: keepPreviousData })
  const shared = {
    syncId,
    onZoom,
    marks,
    said: [...staleNotice(first), ...(first.data?.notices ?? [])],
    isUnmeasured,
  }
  return (
    <CursorContext value={cursor}>
      <div className={classes.controls}>
        <SegmentedControl
          size="xs"
          aria-label="Direction"
          value={view.direction}
          onChange={(value) => set({ direction: value === preset ? null : value })}
          data={[
            { value: 'inbound', label: 'Inbound' },
            { value: 'outbound', label: 'Outbound' },
          ]}
        />
        <Select
          size="xs"
          w={150}
          aria-label="Group by"
          allowDeselect={false}
          value={view.groupBy}
          onChange={(value) => set({ by: value === 'none' ? null : value, compare: null })}
          data={[
            { value: 'none', label: 'Not grouped' },
            ...groupings.map((value) => ({
              value,
              label:
                value === 'peer'
                  ? view.direction === 'inbound'
                    ? 'By caller'
                    : 'By called'
                  : GROUPING_WORDS[value],
            })),
          ]}
        />
        <Select
          size="xs"
          w={210}
          aria-label="Reported by"
          allowDeselect={false}
          value={view.reporter}
          onChange={(value) => set({ reporter: value === 'once' ? null : value })}
          data={[
            { value: 'once', label: 'Each request once' },
            { value: 'source', label: 'As callers’ proxies report' },
            { value: 'destination', label: 'As called proxies report' },
            { value: 'waypoint', label: 'As waypoints report' },
          ]}
        />
        {isGrouped ? (
          <Select
            size="xs"
            w={120}
            aria-label="Line of durations and sizes"
            allowDeselect={false}
            value={view.quantile}
            onChange={(value) => set({ quantile: value === 'p95' ? null : value })}
            data={QUANTILES.map((value) => ({
              value,
              label: value === 'average' ? 'Average' : value.toUpperCase(),
            }))}
          />
        ) : (
          <Select
            size="xs"
            w={170}
            aria-label="Compare with"
            allowDeselect={false}
            value={view.compare}
            onChange={(value) => set({ compare: value === 'none' ? null : value })}
            data={[
              { value: 'none', label: 'Not compared' },
              { value: '1h', label: 'With 1 h before' },
              { value: '1d', label: 'With 1 d before' },
              { value: '7d', label: 'With 7 d before' },
            ]}
          />
        )}
        <WindowLegend marks={marks} said={said} window={window} at={scope.at ?? null} />
      </div>
      <div className={classes.main}>
        {view.groupBy === 'pod' && view.reporter === 'once' ? (
          <p className={plain.note}>
            Only a pod’s own proxy knows which pod it is: these are its figures.{' '}
            {view.direction === 'inbound'
              ? 'Requests that reached no pod are not among them.'
              : 'Callers without a proxy are not among them.'}
          </p>
        ) : null}
        {before?.(shared, time)}
        {GROUPS.map((group, index) => {
          const isLikely = seen?.[view.direction].some((protocol) => group.of.includes(protocol)) ?? true
          return (
            <div className={classes.card} key={group.title}>
              <Section
                title={group.title}
                aside={`${scope.at == null ? 'last ' : ''}${formatWindow(parseWindow(window) ?? 0)}`}
              >
                <WhenSeen minHeight={isLikely ? roomForCharts(group.skeletons, PLOT_HEIGHT) : LINE}>
                  <ChartGroup
                    // remade for another question: old lines must not stand under a new name
                    key={`${name} ${view.direction} ${view.groupBy} ${view.reporter}`}
                    query={queryOf(group.charts)}
                    shapesOf={shapesOf}
                    skeletons={group.skeletons}
                    whenNone={group.none}
                    isLikely={isLikely}
                    shared={index === 0 ? { ...shared, said: [] } : shared}
                    extra={(answer) =>
                      answer.heatmap ? (
                        <figure className={charts.panel} aria-label="Durations, requests per second">
                          <figcaption className={charts.head}>
                            <span className={charts.title}>Durations</span>
                            <span className={charts.unit}>requests by how long they took</span>
                            {answer.queries.latencyBuckets ? (
                              <span className={charts.tools}>
                                <CopyButton text={answer.queries.latencyBuckets} label="Copy PromQL" />
                              </span>
                            ) : null}
                          </figcaption>
                          <HeatmapChart
                            heatmap={answer.heatmap}
                            from={answer.from}
                            to={answer.to}
                            height={PLOT_HEIGHT}
                          />
                        </figure>
                      ) : null
                    }
                  />
                </WhenSeen>
              </Section>
            </div>
          )
        })}
        {after}
      </div>
    </CursorContext>
  )
}

/** Charts of now end at the last scrape: what is newer has no mark yet. */
const LAG_MS = 20_000

/** By itself, since the present moves every second. */
function WindowLegend({ window, at, ...rest }: Marks & { window: WindowText; at: number | null }) {
  const now = useNow()
  const to = at ?? now - LAG_MS
  return <MarkLegend {...rest} from={to - (parseWindow(window) ?? 0) * 1000} to={to} />
}
