'use client'

import { Tooltip } from '@mantine/core'
import { PageLink as Link } from '@/components/layout/PageLink'
import classes from './ChartMarks.module.css'

/** A moment worth knowing when reading a chart, such as a change of configuration. */
export interface ChartMark {
  id: string
  /** epoch milliseconds */
  at: number
  /** what happened, for a person */
  label: string
  href: string
}

/** Vertical marks over the drawn part of a chart; each leads to what happened. */
export function ChartMarks({ marks, from, to }: { marks: readonly ChartMark[]; from: number; to: number }) {
  const inside = marks.filter(({ at }) => at >= from && at <= to)
  if (inside.length === 0 || to <= from) return null
  return (
    <div className={classes.marks}>
      {inside.map(({ id, at, label, href }) => (
        <Tooltip key={id} label={label}>
          <Link
            href={href}
            prefetch={false}
            className={classes.mark}
            style={{ left: `${(100 * (at - from)) / (to - from)}%` }}
            aria-label={label}
          />
        </Tooltip>
      ))}
    </div>
  )
}
