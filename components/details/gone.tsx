import { IconTrash } from '@tabler/icons-react'
import type { Notice } from '@/lib/api/schemas/common'
import { formatDate } from '@/lib/units/date'
import classes from './Details.module.css'

/** Beside the name of what was deleted while its page was open. */
export function GoneBadge() {
  return (
    <span className={classes.gone}>
      <IconTrash size={14} aria-hidden /> No longer there
    </span>
  )
}

/** What stands is the last that was known, and of when. */
export function goneNotice(one: string, at: number): Notice {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    code: 'gone',
    message: `This ${one} is no longer there, neither in Kubernetes nor in the traffic. What is shown is the last that was known, of ${formatDate(at, { timeZone: zone })} ${zone}.`,
  }
}

/** Traffic outlives what caused it: the figures are right, and nothing is behind them any more. */
export function onlyTraffic(one: string): Notice {
  return {
    code: 'only-traffic',
    message: `Kubernetes has no such ${one} now: it was deleted, or only its traffic is known. Figures are of the time when it was there.`,
  }
}
