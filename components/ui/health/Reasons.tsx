import type { Health } from '@/lib/api/schemas/common'
import { HealthIcon } from './Health'
import { WHEN_NO_REASON } from './health-words'
import classes from './Reasons.module.css'

/** Why a thing is as healthy as it is, each reason with its figures. */
export function Reasons({ health, whenNone }: { health: Health; whenNone?: string | undefined }) {
  if (health.reasons.length === 0)
    return <p className={classes.none}>{whenNone ?? WHEN_NO_REASON[health.status]}</p>
  return (
    <ul className={classes.list}>
      {health.reasons.map((reason) => (
        <li key={reason.code + reason.message} className={classes.reason} data-status={reason.status}>
          <HealthIcon status={reason.status} size={15} />
          <span>{reason.message}</span>
        </li>
      ))}
    </ul>
  )
}
