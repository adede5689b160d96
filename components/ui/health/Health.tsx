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

/** The same with its word (or one of yours), for headings. */
export function HealthBadge({ status, word }: { status: HealthStatus; word?: string }) {
  const Icon = ICONS[status]
  return (
    <span className={classes.badge} data-status={status}>
      <Icon size={14} aria-hidden />
      {word ?? HEALTH_NAMES[status]}
    </span>
  )
}
