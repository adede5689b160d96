'use client'

import { Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { formatDate } from '@/lib/units/date'
import { spansDays } from './axis'
import classes from './ChartMarks.module.css'
import { gatherMarks, kindsWithin, type ChartMark, type MarkKind } from './marks'

/** Vertical marks over the drawn part of a chart; each leads to what happened. */
export function ChartMarks({ marks, from, to }: { marks: readonly ChartMark[]; from: number; to: number }) {
  const inside = useMemo(() => gatherMarks(marks.map(dated(from, to)), from, to), [marks, from, to])
  if (inside.length === 0) return null
  return (
    <div className={classes.marks}>
      {inside.map(({ id, kind, at, label, href }) => (
        <Tooltip key={id} label={label} classNames={{ tooltip: classes.tooltip ?? '' }}>
          <Link
            href={href}
            prefetch={false}
            className={classes.mark}
            data-kind={kind}
            style={{ left: `${(100 * (at - from)) / (to - from)}%` }}
            aria-label={label}
          />
        </Tooltip>
      ))}
    </div>
  )
}

/** With the time it happened at, and the day where a chart shows several. */
function dated(from: number, to: number) {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const timeOnly = !spansDays(from, to)
  return (mark: ChartMark): ChartMark => ({
    ...mark,
    label: `${formatDate(mark.at, { timeZone, timeOnly })} ${mark.label}`,
  })
}

const NAMES: Record<MarkKind, string> = {
  change: 'config change',
  rollout: 'rollout',
  restart: 'restart',
}

/** What the shapes on the charts of a time stand for; nothing where there are none. */
export function MarkLegend({
  marks,
  from,
  to,
  said,
  keepsRoom = false,
}: {
  marks: readonly ChartMark[]
  from: number
  to: number
  /** what is not marked, or not known */
  said?: string | null
  /** marks come later than charts: its line is there before them */
  keepsRoom?: boolean
}) {
  const kinds = kindsWithin(marks, from, to)
  if (kinds.length === 0 && !said && !keepsRoom) return null
  return (
    <p className={classes.legend} data-room={keepsRoom || undefined}>
      {kinds.map((kind) => (
        <span key={kind}>
          <i data-kind={kind} aria-hidden /> {NAMES[kind]}
        </span>
      ))}
      {said ? <span>{said}</span> : null}
    </p>
  )
}
