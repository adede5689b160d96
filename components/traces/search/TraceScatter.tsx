'use client'

import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { pagePaths, type TraceFilter } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { Heatmap } from '@/lib/api/schemas/telemetry/metrics'
import type { TraceSummary } from '@/lib/api/schemas/telemetry/traces'
import { formatDate } from '@/lib/units/date'
import { formatDuration } from '@/lib/units/duration'
import { heatLevels, LEVELS } from '@/components/details/metrics/heat-levels'
import {
  countSlow,
  durationScale,
  heatCell,
  medianOf,
  placeOn,
  scatterPoints,
  type ScatterPoint,
} from './scatter'
import classes from './TraceScatter.module.css'

const HEIGHT = 168
const LEFT = 56
const RIGHT = 36
const TOP = 10
const BOTTOM = 22
const TIMES = 5

/** Every trace found as a point: when it began and how long it took, beside what is usual for the node. */
export function TraceScatter({ items, filter }: { items: readonly TraceSummary[]; filter: TraceFilter }) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const usual = useUsual(filter)
  const points = scatterPoints(items)
  const known = usual === 'awaited' ? null : usual
  const slow = countSlow(points, known?.p99 ?? null)
  const whose = !items.some((one) => one.node)
    ? 'Duration'
    : filter.namespace === undefined
      ? 'Time in this node'
      : 'Time in this namespace'
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <b>{whose}</b> by when the trace began
        {usual === 'awaited' ? <UsualToCome /> : null}
        {known?.heatmap ? (
          <span className={classes.usual}>
            <i className={classes.heat} aria-hidden /> {HEAT_WORDS}
          </span>
        ) : null}
        {known?.p99 == null || known.p50 === null ? null : (
          <span className={classes.usual}>
            <i className={classes.band} aria-hidden /> usual here: P50 {formatDuration(known.p50)} to P99{' '}
            {formatDuration(known.p99)}
            {slow === null ? '' : `; ${slow || 'none'} of these took longer`}
          </span>
        )}
        {points.some((point) => point.hasError) ? (
          <span className={classes.usual}>
            <i className={classes.failed} aria-hidden /> failed
          </span>
        ) : null}
      </figcaption>
      <div ref={ref} className={classes.plot}>
        {width > 0 ? <Plot points={points} usual={known} width={width} /> : null}
      </div>
    </figure>
  )
}

const HEAT_WORDS = 'all its requests, from metrics: the stronger, the more'

/** The room of what metrics will say of the usual: where the caption takes two lines, it takes them from the start. */
function UsualToCome() {
  return (
    <span className={classes.toCome} aria-hidden>
      <span className={classes.usual}>
        <i className={classes.heat} /> {HEAT_WORDS}
      </span>
      <span className={classes.usual}>
        <i className={classes.band} /> usual here: P50 000 ms to P99 000 ms; 0 of these took longer
      </span>
    </span>
  )
}

interface Usual {
  p50: number | null
  p99: number | null
  heatmap: Heatmap | null
}

/** Quantiles and durations of all its requests over the same time, from metrics: traces are a sample, and the slow ones are over-represented. */
function useUsual(filter: TraceFilter): Usual | null | 'awaited' {
  const { node, cluster = '', namespace } = filter
  const subject = node === undefined ? { cluster, namespace: namespace ?? '' } : { node }
  const answer = useQuery({
    ...queries.trafficMetrics(subject, {
      charts: ['latency', 'heatmap'],
      direction: 'inbound',
      ...(filter.window ? { window: filter.window } : {}),
      at: filter.at ?? null,
    }),
    enabled: node !== undefined || namespace !== undefined,
  })
  if (!answer.data) return answer.isLoading ? 'awaited' : null
  const of = (name: string) =>
    medianOf(
      (
        answer.data.series.find((series) => series.metric === 'latency' && series.name === name)?.points ?? []
      ).map(([, value]) => value),
    )
  return { p50: of('p50'), p99: of('p99'), heatmap: answer.data.heatmap }
}

function Plot({
  points,
  usual,
  width,
}: {
  points: readonly ScatterPoint[]
  usual: Usual | null
  width: number
}) {
  const router = useRouter()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const scale = durationScale([
    ...points.map((point) => point.durationMs),
    ...(usual?.p50 == null ? [] : [usual.p50]),
    ...(usual?.p99 == null ? [] : [usual.p99]),
  ])
  const times = points.map((point) => point.atMs)
  const first = Math.min(...times)
  const last = Math.max(first + 1_000, ...times)
  const across = Math.max(1, width - LEFT - RIGHT)
  const down = HEIGHT - TOP - BOTTOM
  const x = (atMs: number) => LEFT + ((atMs - first) / (last - first)) * across
  const y = (durationMs: number) => TOP + (1 - placeOn(scale, durationMs)) * down
  const lines = [
    { name: 'P50', ms: usual?.p50 ?? null },
    { name: 'P99', ms: usual?.p99 ?? null },
  ].flatMap(({ name, ms }) => (ms === null || ms < scale.low ? [] : [{ name, at: y(ms) }]))
  return (
    <svg width={width} height={HEIGHT} role="group" aria-label="Traces by time and duration">
      {usual?.heatmap ? (
        <Heat heatmap={usual.heatmap} frame={{ from: first, to: last, left: LEFT, across, x, y, scale }} />
      ) : null}
      {scale.marks.map((mark) => (
        <g key={mark}>
          <line x1={LEFT} x2={LEFT + across} y1={y(mark)} y2={y(mark)} className={classes.grid} />
          <text x={LEFT - 8} y={y(mark) + 4} textAnchor="end" className={classes.tick}>
            {formatDuration(mark)}
          </text>
        </g>
      ))}
      {Array.from({ length: TIMES }, (_, n) => first + ((last - first) * n) / (TIMES - 1)).map((atMs, n) => (
        <text
          key={n}
          x={x(atMs)}
          y={HEIGHT - 6}
          textAnchor={n === 0 ? 'start' : n === TIMES - 1 ? 'end' : 'middle'}
          className={classes.tick}
        >
          {formatDate(atMs, { timeZone: zone, timeOnly: true })}
        </text>
      ))}
      {lines.map((line) => (
        <g key={line.name} className={classes.usualLine} aria-hidden>
          <line x1={LEFT} x2={LEFT + across} y1={line.at} y2={line.at} />
          <text x={LEFT + across + 6} y={line.at + 4} className={classes.tick}>
            {line.name}
          </text>
        </g>
      ))}
      {points.map((point) => {
        const href = pagePaths.trace(point.id)
        const label = `${point.words}: ${formatDuration(point.durationMs)}${point.hasError ? ', failed' : ''}`
        const [cx, cy] = [x(point.atMs), y(point.durationMs)]
        return (
          <a
            key={point.id}
            href={href}
            aria-label={label}
            className={classes.point}
            data-failed={point.hasError || undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              router.push(href)
            }}
          >
            <title>{label}</title>
            {point.hasError ? (
              <path d={`M${cx - 4} ${cy + 4}L${cx} ${cy - 5}L${cx + 4} ${cy + 4}Z`} />
            ) : (
              <circle cx={cx} cy={cy} r={4} />
            )}
          </a>
        )
      })}
    </svg>
  )
}

/** How dark the fullest field is: points and lines stay readable on it. */
const DARKEST = 0.42

/** Every request of the time by when and how long, under the traces, which are a sample of them. */
function Heat({ heatmap, frame }: { heatmap: Heatmap; frame: Parameters<typeof heatCell>[1] }) {
  return (
    <g aria-hidden>
      {heatLevels(heatmap.columns).map((cells, level) => (
        <path
          key={level}
          className={classes.heatCells}
          fillOpacity={((level + 1) / LEVELS) * DARKEST}
          d={cells.map(([column, row]) => rectangle(heatCell(heatmap, frame, column, row))).join('')}
        />
      ))}
    </g>
  )
}

function rectangle(cell: ReturnType<typeof heatCell>): string {
  if (!cell) return ''
  const { left, top, width, height } = cell
  return `M${left.toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`
}
