import { IconAlertTriangleFilled, IconBell, IconBellRinging, IconCircleXFilled } from '@tabler/icons-react'
import type { Column } from '@/components/ui/table/DataTable'
import { Figure } from '@/components/ui/Figure'
import { alertMarkWords, type AlertMark } from '@/lib/alerts/marks'
import type { FindingCounts } from '@/lib/api/schemas/common'
import classes from '../ListView.module.css'

/** Alerts that fire or are about to; the column is there when any row has one, or where its place is kept. */
export function alertColumn<T>(
  items: readonly T[],
  alertsOf: (row: T) => AlertMark | null,
  isKept: boolean,
): Column<T> | false {
  if (!isKept && !items.some((item) => weight(alertsOf(item)) > 0)) return false
  return {
    id: 'alerts',
    name: 'Alerts',
    meaning: 'firing and pending',
    width: '62px',
    align: 'right',
    sortBy: (row) => weight(alertsOf(row)),
    copy: { header: 'Alerts firing', value: (row) => alertsOf(row)?.firing ?? null },
    cell: (row) => {
      const counts = alertsOf(row)
      if (!counts) return <Figure text="–" why="Not known" />
      if (weight(counts) === 0) return <span className={`num ${classes.quiet}`}>0</span>
      const words = alertMarkWords(counts)
      const Icon = counts.firing > 0 ? IconBellRinging : IconBell
      return (
        <span className={counts.firing > 0 ? classes.bad : undefined} title={words}>
          <Icon size={14} role="img" aria-label={words} />{' '}
          <span className="num">{counts.firing > 0 ? counts.firing : counts.pending}</span>
        </span>
      )
    },
  }
}

const weight = (counts: AlertMark | null) => (counts ? counts.firing * 1_000 + counts.pending : 0)

/** Findings about the row's own objects, errors before warnings; left out where none has any and no place is kept. */
export function findingColumn<T>(
  items: readonly T[],
  findingsOf: (row: T) => FindingCounts | null,
  isKept: boolean,
): Column<T> | false {
  const total = (row: T) => {
    const counts = findingsOf(row)
    return counts && counts.error + counts.warning + counts.info
  }
  if (!isKept && !items.some((item) => (total(item) ?? 0) > 0)) return false
  return {
    id: 'findings',
    name: 'Findings',
    meaning: 'what is wrong with its configuration',
    width: '68px',
    align: 'right',
    // one error outweighs any number of warnings
    sortBy: (row) => {
      const counts = findingsOf(row)
      return counts && counts.error * 1e6 + counts.warning * 1e3 + counts.info
    },
    copy: { value: total },
    cell: (row) => {
      const counts = findingsOf(row)
      if (!counts) return <Figure text="–" why="Not known" />
      const words = `${counts.error} errors, ${counts.warning} warnings, ${counts.info} hints`
      if (counts.error > 0) {
        return (
          <span className={classes.bad} title={words}>
            <IconCircleXFilled size={13} role="img" aria-label={words} />{' '}
            <span className="num">{total(row)}</span>
          </span>
        )
      }
      if (counts.warning > 0) {
        return (
          <span className={classes.warning} title={words}>
            <IconAlertTriangleFilled size={13} role="img" aria-label={words} />{' '}
            <span className="num">{total(row)}</span>
          </span>
        )
      }
      return (
        <span className={`num ${classes.quiet}`} title={words}>
          {total(row)}
        </span>
      )
    },
  }
}

/** Labels as text, for those who choose to see them. */
export function labelColumn<T extends { labels: Readonly<Record<string, string>> | null }>(): Column<T> {
  const text = (row: T) =>
    Object.entries(row.labels ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')
  return {
    id: 'labels',
    name: 'Labels',
    width: 'minmax(160px, 2fr)',
    isExtra: true,
    sortBy: (row) => text(row) || null,
    cell: (row) =>
      text(row) === '' ? (
        <span className={classes.quiet}>–</span>
      ) : (
        <span className={classes.quiet} title={text(row)}>
          {text(row)}
        </span>
      ),
  }
}
