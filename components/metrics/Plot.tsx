'use client'

import { memo, useContext, useMemo, useState } from 'react'
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatDate } from '@/lib/units/date'
import { spansDays, timeTicks, valueAxis } from './axis'
import type { ChartLine, ChartRow, ChartShape } from './chart-shapes'
import { drawnKey, drawnRows, FORMATS } from './chart-shapes'
import classes from './MetricCharts.module.css'
import { CursorContext } from './cursor'
import { Swatch } from './Swatch'

const AXIS_WIDTH = 58
/** labels of several days are twice as wide */
const TIME_TICKS = 6
const DAY_TICKS = 4
/** a drag shorter than this was a click */
const LEAST_STEPS = 2

export interface PlotProps {
  chart: ChartShape
  from: number
  to: number
  height: number
  /** charts with one id show one cursor */
  syncId: string
  onZoom?: ((from: number, to: number) => void) | undefined
}

/** The drawn part of a chart; in a file of its own so that pages load before the drawing library does. */
function Plot({ chart, from, to, height, syncId, onZoom }: PlotProps) {
  const cursor = useContext(CursorContext)
  const [isHovered, setHovered] = useState(false)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const axis = useMemo(() => valueAxis(topOf(chart), chart.unit), [chart])
  const rows = useMemo(() => drawnRows(chart), [chart])
  const ticks = useMemo(
    () =>
      timeTicks(
        from,
        to,
        spansDays(from, to) ? DAY_TICKS : TIME_TICKS,
        -new Date(to).getTimezoneOffset() * 60_000,
      ),
    [from, to],
  )
  const tickText = (at: number) => {
    const full = formatDate(at, { timeZone: zone })
    return spansDays(from, to) ? full.slice(5, 16) : full.slice(11, 16)
  }
  const step = (chart.rows[1]?.at ?? to) - (chart.rows[0]?.at ?? from)
  const release = () => {
    if (drag && onZoom) {
      const [start, end] = drag.from < drag.to ? [drag.from, drag.to] : [drag.to, drag.from]
      if (end - start >= step * LEAST_STEPS) onZoom(start, end)
    }
    setDrag(null)
  }
  return (
    <div
      className={classes.plot}
      style={{ height }}
      data-zoomable={onZoom ? true : undefined}
      // by keys its values are read too: arrows move along it
      onFocus={() => setHovered(true)}
      onBlur={() => setHovered(false)}
      onKeyDown={(event) => {
        if (event.key.startsWith('Arrow')) setHovered(true)
        if (event.key === 'Escape') setHovered(false)
      }}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => {
        setHovered(false)
        setDrag(null)
        cursor.set(null)
      }}
    >
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 320, height }}>
        <ComposedChart
          data={rows}
          margin={{ top: 6, right: 16, bottom: 0, left: 0 }}
          syncId={syncId}
          syncMethod="value"
          onMouseDown={(state) => {
            const at = Number(state.activeLabel)
            if (onZoom && Number.isFinite(at) && state.activeLabel !== undefined)
              setDrag({ from: at, to: at })
          }}
          onMouseMove={(state) => {
            const at = state.activeLabel === undefined ? NaN : Number(state.activeLabel)
            if (!Number.isFinite(at)) return
            cursor.set(at)
            setDrag((old) => (old && old.to !== at ? { ...old, to: at } : old))
          }}
          onMouseUp={release}
        >
          <CartesianGrid stroke="var(--hd-line)" vertical={false} />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={[from, to]}
            ticks={ticks}
            tickFormatter={tickText}
            tickLine={false}
            axisLine={{ stroke: 'var(--hd-line-strong)' }}
            tick={TICK_STYLE}
            height={22}
            interval={0}
          />
          <YAxis
            width={AXIS_WIDTH}
            domain={[0, axis.ticks.at(-1) ?? 1]}
            ticks={axis.ticks}
            tickFormatter={axis.format}
            tickLine={false}
            axisLine={false}
            tick={TICK_STYLE}
            interval={0}
            allowDataOverflow
          />
          <Tooltip
            isAnimationActive={false}
            // in a gap it says that there is nothing
            filterNull={false}
            cursor={{ stroke: 'var(--hd-text-3)', strokeWidth: 1 }}
            wrapperStyle={{ zIndex: 5, visibility: isHovered && !drag ? 'visible' : 'hidden' }}
            allowEscapeViewBox={{ x: false, y: true }}
            content={({ label, payload }) => (
              <PointCard
                chart={chart}
                row={(payload[0]?.payload as ChartRow | undefined) ?? null}
                when={label === undefined ? '' : `${formatDate(Number(label), { timeZone: zone })} ${zone}`}
              />
            )}
          />
          {chart.lines.map((line) =>
            !line.isApart && (chart.isStacked || isLoneRatio(chart)) ? (
              <Area
                key={line.key}
                dataKey={drawnKey(line)}
                name={line.name}
                {...(chart.isStacked ? { stackId: 'all' } : {})}
                {...(line.dash ? { strokeDasharray: line.dash } : {})}
                type="linear"
                stroke={line.colour}
                strokeWidth={1.5}
                fill={line.colour}
                fillOpacity={chart.isStacked ? 0.3 : 0.16}
                dot={<LonePoint rows={chart.rows} line={line} />}
                activeDot={{ r: 3, strokeWidth: 0 }}
                isAnimationActive={false}
              />
            ) : (
              <Line
                key={line.key}
                dataKey={drawnKey(line)}
                name={line.name}
                type="linear"
                stroke={line.colour}
                strokeWidth={line.isBold ? 2 : 1.5}
                {...(line.dash ? { strokeDasharray: line.dash } : {})}
                dot={<LonePoint rows={chart.rows} line={line} />}
                activeDot={{ r: 3, strokeWidth: 0, fill: line.colour }}
                isAnimationActive={false}
              />
            ),
          )}
          {(chart.marks ?? []).map((mark) => (
            <ReferenceLine
              key={mark.at}
              x={mark.at}
              stroke="var(--hd-text-3)"
              strokeDasharray="2 2"
              label={{ value: mark.label, position: 'insideTopLeft', fill: 'var(--hd-text-2)', fontSize: 11 }}
            />
          ))}
          {drag ? (
            <ReferenceArea
              x1={Math.min(drag.from, drag.to)}
              x2={Math.max(drag.from, drag.to)}
              fill="var(--hd-accent)"
              fillOpacity={0.15}
              stroke="var(--hd-accent)"
            />
          ) : null}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

export default memo(Plot)

/** One ratio is filled; several would hide each other. */
function isLoneRatio(chart: ChartShape): boolean {
  return chart.unit === 'ratio' && chart.lines.filter((line) => !line.isApart).length === 1
}

const TICK_STYLE = { fill: 'var(--hd-text-3)', fontSize: 11 }

/** A value between two gaps has no line to be seen by: it gets a dot. */
function LonePoint({
  rows,
  line,
  index,
  cx,
  cy,
}: {
  rows: readonly ChartRow[]
  line: ChartLine
  index?: number
  cx?: number
  cy?: number
}) {
  if (index === undefined || cx === undefined || cy === undefined || !Number.isFinite(cy)) return null
  const has = (at: number) => rows[at]?.[line.key] != null
  if (!has(index) || has(index - 1) || has(index + 1)) return null
  return <circle cx={cx} cy={cy} r={2} fill={line.colour} />
}

function PointCard({ chart, row, when }: { chart: ChartShape; row: ChartRow | null; when: string }) {
  if (!row) return null
  const format = FORMATS[chart.unit]
  const floors = chart.lines.filter((line) => !line.isApart)
  const isGap = chart.lines.every((line) => row[line.key] == null)
  const total = chart.isStacked && floors.length > 1
  return (
    <div className={classes.card}>
      <div className={`num ${classes.when}`}>{when}</div>
      {isGap ? <p className={classes.noData}>No data at this time</p> : null}
      <dl className={classes.values} hidden={isGap}>
        {/* as the stack stands: the topmost first */}
        {chart.lines.toReversed().map((line) => (
          <div key={line.key}>
            <dt>
              <Swatch line={line} />
              {line.name}
            </dt>
            <dd className="num">{format(row[line.key])}</dd>
          </div>
        ))}
        {total ? (
          <div>
            <dt>all</dt>
            <dd className="num">
              {format(floors.reduce<number | null>((sum, line) => add(sum, row[line.key]), null))}
            </dd>
          </div>
        ) : null}
      </dl>
    </div>
  )
}

function topOf(chart: ChartShape): number {
  const apart = chart.isStacked ? chart.lines.filter((line) => line.isApart) : chart.lines
  const alone = Math.max(0, ...apart.map((line) => line.max ?? 0))
  if (!chart.isStacked) return alone
  const floors = chart.lines.filter((line) => !line.isApart)
  return chart.rows.reduce(
    (top, row) =>
      Math.max(
        top,
        floors.reduce((sum, line) => sum + (row[line.key] ?? 0), 0),
      ),
    alone,
  )
}

function add(a: number | null, b: number | null | undefined): number | null {
  return a === null ? (b ?? null) : a + (b ?? 0)
}
