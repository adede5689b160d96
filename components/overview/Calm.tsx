import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import card from '@/components/ui/Card.module.css'
import { formatDate } from '@/lib/units/date'
import { formatWindow } from '@/lib/units/window'

/**
 * No incident: nothing is wrong now, or nothing was when the mesh could last be measured, or nothing was measured at
 * all, which is not the same.
 */
export function Calm({
  at,
  isOld,
  measured,
  windowSeconds,
}: {
  at: number
  isOld: boolean
  /** workloads that carried traffic */
  measured: number
  windowSeconds: number
}) {
  if (measured === 0 && !isOld) {
    return (
      <p className={card.calm} data-unknown>
        <IconCircleDashed size={18} aria-hidden />
        Whether anything is wrong is not known: no traffic was measured over the last{' '}
        {formatWindow(windowSeconds)}. Either nothing was sent, or Prometheus does not scrape the proxies.
      </p>
    )
  }
  if (!isOld) {
    return (
      <p className={card.calm}>
        <IconCircleCheckFilled size={18} aria-hidden />
        Nothing is wrong: no node fails or is slower than usual.
      </p>
    )
  }
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <p className={card.calm} data-unknown>
      <IconCircleDashed size={18} aria-hidden />
      Whether anything is wrong is not known. Nothing was when the mesh was last measured,{' '}
      {formatDate(at, { timeZone })}.
    </p>
  )
}

/** No figure was ever measured; why not is told above. */
export function Unmeasured() {
  return (
    <p className={card.calm} data-unknown>
      <IconCircleDashed size={18} aria-hidden />
      Whether anything is wrong is not known while Prometheus gives no figures.
    </p>
  )
}
