'use client'

import { SegmentedControl, Select } from '@mantine/core'
import { useCallback, useId, useState } from 'react'
import { useUrlParams } from '@/components/hooks/use-url-params'
import { useView } from '@/components/hooks/use-view'
import { createCursor, CursorContext } from '@/components/metrics/cursor'
import charts from '@/components/metrics/MetricCharts.module.css'
import { useChangeMarks } from '@/components/metrics/use-change-marks'
import plain from '@/components/ui/Plain.module.css'
import { CopyButton } from '@/components/ui/CopyButton'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import type { MetricAnswer } from '@/lib/api/schemas/metrics'
import type { ChartName } from '@/lib/api/schemas/requests'
import { formatWindow, parseWindow } from '@/lib/units/window'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'
import { spanOf } from '../windows'
import { ChartGroup, PLOT_HEIGHT } from './ChartGroup'
import { controlPlaneShapes, detailShapes, QUANTILES } from './detail-shapes'
import { HeatmapChart } from './HeatmapChart'
import { metricsWindow, parseMetricsView } from './metrics-view'
import { Overhead } from './Overhead'
import { WhenSeen } from './WhenSeen'

const GROUPS: readonly { title: string; charts: readonly ChartName[]; none: string; skeletons: string[] }[] =
  [
    {
      title: 'Requests',
      charts: ['requests'],
      none: 'No requests in this time.',
      skeletons: ['Requests', 'Errors'],
    },
    { title: 'Duration', charts: ['latency'], none: 'No requests in this time.', skeletons: ['Duration'] },
    {
      title: 'Sizes',
      charts: ['sizes', 'bytes'],
      none: 'No sizes were measured; Istio records them unless its telemetry was changed.',
      skeletons: ['Size of requests', 'Size of answers'],
    },
    {
      title: 'gRPC messages',
      charts: ['messages'],
      none: 'No gRPC in this time.',
      skeletons: ['gRPC messages'],
    },
    { title: 'TCP', charts: ['tcp'], none: 'No TCP in this time.', skeletons: ['TCP throughput'] },
  ]
const ROOM = 250

/** Its traffic over time: whole or in groups, of one side, beside an earlier time; and what the mesh costs. */
export default function MetricsTab({ detail, scope }: TabProps) {
  const { params, set } = useUrlParams()
  const [, setView] = useView()
  const { item, edges } = detail
  const isCallerOnly = edges.length > 0 && edges.every((edge) => edge.target !== item.id)
  const preset = isCallerOnly ? 'outbound' : 'inbound'
  const view = parseMetricsView(params, preset)
  const window = metricsWindow(scope.window ?? '2m', scope.at ?? null)
  const syncId = useId()
  const [cursor] = useState(createCursor)
  const marks = useChangeMarks(item.id)
  const onZoom = useCallback((from: number, to: number) => setView(spanOf(from, to)), [setView])
  const { quantile } = view
  const shapesOf = (answer: MetricAnswer) => detailShapes(answer, quantile)
  const time = { window, at: scope.at ?? null }
  const isGrouped = view.groupBy !== 'none'
  const isControlPlane = item.kind === 'workload' && item.labels?.app === 'istiod'
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
            { value: 'version', label: 'By version' },
            { value: 'peer', label: view.direction === 'inbound' ? 'By caller' : 'By called' },
            { value: 'code', label: 'By code' },
            { value: 'pod', label: 'By pod' },
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
        {isControlPlane ? (
          <div className={classes.card}>
            <Section title="Control plane">
              <ChartGroup
                query={queries.controlPlaneMetrics({ node: item.id, ...time })}
                shapesOf={controlPlaneShapes}
                titles={['Proxies connected', 'From change to proxy']}
                whenNone="Nothing of the control plane was measured."
                shared={{ syncId, onZoom, marks }}
              />
            </Section>
          </div>
        ) : null}
        {GROUPS.map((group) => (
          <div className={classes.card} key={group.title}>
            <Section
              title={group.title}
              aside={`${scope.at == null ? 'last ' : ''}${formatWindow(parseWindow(window) ?? 0)}`}
            >
              <WhenSeen minHeight={ROOM}>
                <ChartGroup
                  // remade for another question: old lines must not stand under a new name
                  key={`${item.id} ${view.direction} ${view.groupBy} ${view.reporter}`}
                  query={queries.nodeMetrics({
                    node: item.id,
                    ...time,
                    direction: view.direction,
                    groupBy: view.groupBy,
                    reporter: view.reporter,
                    compare: view.compare,
                    charts:
                      group.charts[0] === 'latency' && !isGrouped ? ['latency', 'heatmap'] : group.charts,
                  })}
                  shapesOf={shapesOf}
                  titles={group.skeletons}
                  whenNone={group.none}
                  shared={{ syncId, onZoom, marks }}
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
        ))}
        <div className={classes.card}>
          <WhenSeen minHeight={ROOM}>
            <Overhead id={item.id} scope={scope} />
          </WhenSeen>
        </div>
      </div>
    </CursorContext>
  )
}
