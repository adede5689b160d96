import { Tooltip } from '@mantine/core'
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleXFilled,
} from '@tabler/icons-react'
import type { HealthStatus } from '@/lib/api/schemas/common'
import classes from './Health.module.css'

export const HEALTH_NAMES: Record<HealthStatus, string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  failing: 'Failing',
  idle: 'Idle',
  unknown: 'Unknown',
}

const ICONS = {
  healthy: IconCircleCheckFilled,
  degraded: IconAlertTriangleFilled,
  failing: IconCircleXFilled,
  idle: IconCircleMinus,
  unknown: IconCircleDashed,
}

/** Health by shape, colour and, for those who hear the page, by word. */
export function HealthIcon({ status, size = 16 }: { status: HealthStatus; size?: number }) {
  const Icon = ICONS[status]
  return (
    <Tooltip label={HEALTH_NAMES[status]}>
      <span className={classes.icon} data-status={status} role="img" aria-label={HEALTH_NAMES[status]}>
        <Icon size={size} aria-hidden />
      </span>
    </Tooltip>
  )
}

/** The mark alone, beside a word that says the same. */
export function HealthMark({ status, size = 16 }: { status: HealthStatus; size?: number }) {
  const Icon = ICONS[status]
  return (
    <span className={classes.icon} data-status={status} aria-hidden>
      <Icon size={size} />
    </span>
  )
}

/** The same with its word (or one of yours), for headings. `isPast`: as it was last measured; how it is now is not known. */
export function HealthBadge({
  status,
  word,
  isPast = false,
}: {
  status: HealthStatus
  word?: string
  isPast?: boolean
}) {
  const Icon = ICONS[status]
  // what was not known is not known now either
  const isTold = isPast && status !== 'unknown'
  return (
    <span className={classes.badge} data-status={status} data-past={isTold || undefined}>
      <Icon size={14} aria-hidden />
      {word ?? (isTold ? `Was ${HEALTH_NAMES[status].toLowerCase()}` : HEALTH_NAMES[status])}
    </span>
  )
}
