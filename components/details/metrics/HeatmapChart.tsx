'use client'

import { useElementSize } from '@mantine/hooks'
import { useContext, useMemo, useState } from 'react'
import { spansDays, timeTicks } from '@/components/metrics/axis'
import { CursorContext, useCursorInstant } from '@/components/metrics/cursor'
import type { Heatmap } from '@/lib/api/schemas/telemetry/metrics'
import { formatDate } from '@/lib/units/date'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { heatLevels, LEVELS } from './heat-levels'
import { walkFields } from './walk-fields'

/** as the plots beside it */
const LEFT = 58
const RIGHT = 16
const TOP = 6
const BOTTOM = 22

/** Requests by duration and time: the stronger a field, the more. */
export function HeatmapChart({
  heatmap,
  from,
  to,
  height,
}: {
  heatmap: Heatmap
  from: number
  to: number
  height: number
}) {
  const { ref, width } = useElementSize()
  const cursor = useContext(CursorContext)
  const at = useCursorInstant()
  const [bucket, setBucket] = useState<number | null>(null)
  const { boundsMs, columns, fromMs } = heatmap
  const inner = { width: Math.max(0, width - LEFT - RIGHT), height: height - TOP - BOTTOM }
  const step = (columns[1]?.[0] ?? to) - (columns[0]?.[0] ?? from) || 1
  const rowHeight = inner.height / Math.max(1, boundsMs.length)
  const x = (instant: number) => LEFT + ((instant - from) / Math.max(1, to - from)) * inner.width
  const y = (row: number) => TOP + inner.height - (row + 1) * rowHeight
  const paths = useMemo(
    () => heatLevels(columns).map((cells) => cells.map(([column, row]) => ({ column, row }))),
    [columns],
  )
  const cell = (step / Math.max(1, to - from)) * inner.width
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const ticks = timeTicks(from, to, spansDays(from, to) ? 4 : 6, -new Date(to).getTimezoneOffset() * 60_000)
  const rangeOf = (row: number) => {
    const low = row === 0 ? fromMs : (boundsMs[row - 1] ?? fromMs)
    const high = boundsMs[row]
    return high == null ? `over ${formatDuration(low)}` : `${formatDuration(low)} to ${formatDuration(high)}`
  }
  const leave = () => {
    cursor.set(null)
    setBucket(null)
  }
  const pointed = columns.find(([instant]) => instant === at)
  const value = bucket === null ? null : (pointed?.[1]?.[bucket] ?? null)
  return (
    <div ref={ref}>
      <svg
        width="100%"
        height={height}
        // as the plots beside it: a reader leaves it the arrow keys
        role="application"
        aria-label={`Requests by duration over time, from ${rangeOf(0)} at the bottom to ${rangeOf(boundsMs.length - 1)} at the top; stronger is more.`}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          const instant = from + ((event.clientX - box.left - LEFT) / Math.max(1, inner.width)) * (to - from)
          const nearest = columns[Math.round((instant - from) / step)]
          cursor.set(nearest?.[0] ?? null)
          const row = Math.floor((inner.height + TOP - (event.clientY - box.top)) / rowHeight)
          setBucket(row >= 0 && row < boundsMs.length ? row : null)
        }}
        onPointerLeave={leave}
        // its figures are read by keys too
        tabIndex={0}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Escape') leave()
          const column = columns.findIndex(([instant]) => instant === at)
          const here = bucket === null || column < 0 ? null : { column, row: bucket }
          const next = walkFields(event, here, columns.length, boundsMs.length)
          if (!next) return
          event.preventDefault()
          cursor.set(columns[next.column]?.[0] ?? null)
          setBucket(next.row)
        }}
      >
        {paths.map((cells, level) => (
          <path
            key={level}
            fill="var(--hd-accent)"
            fillOpacity={(level + 1) / LEVELS}
            d={cells
              .map(({ column, row }) => {
                const left = Math.max(LEFT, x(columns[column]?.[0] ?? from) - cell)
                return `M${left.toFixed(1)} ${y(row).toFixed(1)}h${cell.toFixed(2)}v${rowHeight.toFixed(2)}h${(-cell).toFixed(2)}z`
              })
              .join('')}
          />
        ))}
        {boundsMs.map((bound, row) =>
          bound === null || rowHeight * 1 < 12 ? null : (
            <text
              key={bound}
              x={LEFT - 6}
              y={y(row) + 4}
              textAnchor="end"
              fontSize={10.5}
              fill="var(--hd-text-3)"
            >
              {formatDuration(bound)}
            </text>
          ),
        )}
        {ticks.map((tick) => (
          <text
            key={tick}
            x={x(tick)}
            y={height - 6}
            textAnchor="middle"
            fontSize={11}
            fill="var(--hd-text-3)"
          >
            {spansDays(from, to)
              ? formatDate(tick, { timeZone: zone }).slice(5, 16)
              : formatDate(tick, { timeZone: zone }).slice(11, 16)}
          </text>
        ))}
        {at === null ? null : (
          <line x1={x(at)} x2={x(at)} y1={TOP} y2={TOP + inner.height} stroke="var(--hd-text-3)" />
        )}
      </svg>
      <div
        className="num"
        aria-live="polite"
        // two lines: what is said before a field is pointed at is wider than a narrow chart
        style={{
          minHeight: 36,
          color: 'var(--hd-text-3)',
          fontSize: 12,
          lineHeight: '18px',
          whiteSpace: 'normal',
        }}
      >
        {bucket === null || !pointed
          ? 'Point at a field, or walk there by arrow keys, for its figure; the stronger, the more requests.'
          : pointed[1] === null
            ? `${formatDate(pointed[0], { timeZone: zone })}: no data at this time`
            : `${formatDate(pointed[0], { timeZone: zone })}: ${formatRate(value)} took ${rangeOf(bucket)}`}
      </div>
    </div>
  )
}
