import type { Severity } from './Findings'
import { SeverityIcon } from './Findings'
import classes from './Findings.module.css'

const ORDER: readonly Severity[] = ['error', 'warning', 'info']

/** How many findings of each severity, worst first; a dash where it is not known. */
export function FindingMarks({
  counts,
  isKnown,
}: {
  counts: Readonly<Record<Severity, number>> | undefined
  isKnown: boolean
}) {
  if (!isKnown) return <span className={classes.noMarks}>–</span>
  const shown = ORDER.filter((severity) => (counts?.[severity] ?? 0) > 0)
  if (shown.length === 0) return <span className={classes.noMarks}>none</span>
  return (
    <span className={classes.marks}>
      {shown.map((severity) => (
        <span key={severity} className={classes.mark}>
          <SeverityIcon severity={severity} size={14} />
          <span className="num">{counts?.[severity]}</span>
        </span>
      ))}
    </span>
  )
}
