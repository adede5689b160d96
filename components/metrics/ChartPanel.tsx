'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { CopyButton } from '@/components/ui/CopyButton'
import { ChartMarks } from './ChartMarks'
import type { ChartMark } from './marks'
import type { ChartShape } from './chart-shapes'
import { FORMATS } from './chart-shapes'
import { useCursorInstant } from './cursor'
import classes from './MetricCharts.module.css'
import { Swatch } from './Swatch'

const Plot = dynamic(() => import('./Plot'), {
  ssr: false,
  loading: () => <Skeleton className={classes.plot} />,
})

const UNIT_NAMES = {
  'requests/s': 'requests per second',
  ratio: '% of requests',
  ms: 'ms',
  'bytes/s': 'bytes per second',
  bytes: 'bytes',
  'messages/s': 'messages per second',
  'connections/s': 'connections per second',
  'events/s': 'per second',
  count: 'number',
  cores: 'processor cores',
} as const

export interface ChartFrame {
  from: number
  to: number
  height: number
  syncId: string
  onZoom?: ((from: number, to: number) => void) | undefined
  /** moments worth knowing */
  marks?: readonly ChartMark[]
}

/** `ms, quantiles` where the lines are such. */
function unitOf(chart: ChartShape): string {
  const isOfQuantiles = chart.lines.some((line) => /^P\d/.test(line.name))
  return `${UNIT_NAMES[chart.unit]}${isOfQuantiles ? ', quantiles' : ''}`
}

/** One chart with its title, unit, query and legend. */
export function ChartPanel({ chart, frame }: { chart: ChartShape; frame: ChartFrame }) {
  const { from, to, height, syncId, onZoom, marks } = frame
  return (
    <figure className={classes.panel} aria-label={`${chart.title}, ${unitOf(chart)}`}>
      <figcaption className={classes.head}>
        <span className={classes.title}>{chart.title}</span>
        <span className={classes.unit}>{unitOf(chart)}</span>
        <span className={classes.tools}>
          <CopyButton text={chart.queries.join('\n\n')} label="Copy PromQL" />
        </span>
      </figcaption>
      <div style={{ height, position: 'relative' }}>
        <Plot chart={chart} from={from} to={to} height={height} syncId={syncId} onZoom={onZoom} />
        {marks ? <ChartMarks marks={marks} from={from} to={to} /> : null}
      </div>
      <Legend chart={chart} />
    </figure>
  )
}

/** Lines with their newest and largest values; while the pointer rests on a chart, the values at that instant. */
function Legend({ chart }: { chart: ChartShape }) {
  const at = useCursorInstant()
  const row = at === null ? undefined : chart.rows.find((each) => each.at === at)
  const format = FORMATS[chart.unit]
  return (
    <table className={classes.legend}>
      <thead>
        <tr>
          <th scope="col">
            <span className={classes.hidden}>Line</span>
          </th>
          <th scope="col">{row ? 'then' : 'last'}</th>
          <th scope="col">max</th>
        </tr>
      </thead>
      <tbody>
        {chart.lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">
              <Swatch line={line} />
              {line.name}
            </th>
            <td className="num">{format(row ? row[line.key] : line.last)}</td>
            <td className="num">{format(line.max)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A chart that is on its way: its title, and how many lines it will likely have. */
export interface ChartToCome {
  title: string
  lines: number
}

const HEAD_PX = 28
const LEGEND_GAP_PX = 4
const LEGEND_ROW_PX = 18

/** Height in pixels of such charts side by side, plots of `height`. */
export function roomForCharts(charts: readonly ChartToCome[], height: number): number {
  const lines = Math.max(...charts.map((chart) => chart.lines))
  return HEAD_PX + height + LEGEND_GAP_PX + LEGEND_ROW_PX * (lines + 1)
}

/** So long without figures, and whoever waits is told that they are still asked for. */
const LATE_MS = 5_000

/** Charts that are on their way: the height of those with such legends; where Prometheus is slow, that it is. */
export function ChartSkeletons({
  charts,
  height,
  isCompact = false,
}: {
  charts: readonly ChartToCome[]
  height: number
  isCompact?: boolean
}) {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LATE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={classes.charts} data-compact={isCompact || undefined}>
      {charts.map(({ title, lines }, index) => (
        <div key={title} className={classes.panel}>
          <div aria-busy>
            <div className={classes.head}>
              <span className={classes.title}>{title}</span>
            </div>
            <Skeleton height={height} radius="sm" />
          </div>
          <div
            className={classes.legendSpace}
            style={{ height: LEGEND_ROW_PX * (lines + 1) }}
            // heard once, and apart from what is busy: that is not read out
            role={index === 0 ? 'status' : undefined}
          >
            {isLate && index === 0 ? (
              <span className={classes.late}>Prometheus takes long. It is still asked.</span>
            ) : (
              <Skeleton height={10} width="60%" radius="sm" />
            )}
          </div>
        </div>
      ))}
    </div>
  )
}
