import { IconCircleCheck, IconCircleX, IconClock, IconHelpCircle, IconMinus } from '@tabler/icons-react'
import type { AppliedObject } from '@/lib/api/schemas/config/changes'
import classes from './Changes.module.css'
import { STATUS_WORDS } from './words'

const ICONS = {
  applied: IconCircleCheck,
  failed: IconCircleX,
  skipped: IconMinus,
  pending: IconClock,
  unknown: IconHelpCircle,
}

/** What became of a change, by icon and word. */
export function ChangeStatusMark({ status }: { status: AppliedObject['status'] }) {
  const Icon = ICONS[status]
  return (
    <span className={classes.status} data-status={status}>
      <Icon size={14} aria-hidden />
      {STATUS_WORDS[status]}
    </span>
  )
}
