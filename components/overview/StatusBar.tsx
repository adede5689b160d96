import type { HealthStatus } from '@/lib/api/schemas/common'
import { HEALTH_NAMES, HealthMark } from '@/components/ui/health/Health'
import { formatCount } from '@/lib/units/number'
import classes from './Overview.module.css'

const ORDER: readonly HealthStatus[] = ['failing', 'degraded', 'healthy', 'idle', 'unknown']

/** How many are in which state, as a bar; beside it in words what is not well. */
export function StatusBar({ counts, noun }: { counts: Partial<Record<HealthStatus, number>>; noun: string }) {
  const shown = ORDER.filter((status) => (counts[status] ?? 0) > 0)
  const total = shown.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
  const words = shown
    .map((status) => `${formatCount(counts[status])} ${HEALTH_NAMES[status].toLowerCase()}`)
    .join(', ')
  const bad = shown.filter((status) => status === 'failing' || status === 'degraded')
  return (
    <span className={classes.states} title={`${formatCount(total)} ${noun}: ${words || 'none'}`}>
      <span className={classes.bar} aria-hidden>
        {shown.map((status) => (
          <i key={status} data-status={status} style={{ flexGrow: counts[status] }} />
        ))}
      </span>
      <span className={classes.stateWords}>
        {bad.map((status) => (
          <span key={status} className={classes.status} data-status={status}>
            <HealthMark status={status} size={13} />
            <span className="num">{formatCount(counts[status])}</span>
          </span>
        ))}
        <span className={`num ${classes.quiet}`}>
          {bad.length > 0 ? `of ${formatCount(total)}` : formatCount(total)}
        </span>
      </span>
    </span>
  )
}
