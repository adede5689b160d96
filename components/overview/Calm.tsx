import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import { formatDate } from '@/lib/units/date'
import classes from './Overview.module.css'

/** No incident: nothing is wrong now, or nothing was when the mesh could last be measured, which is not the same. */
export function Calm({ at, isOld }: { at: number; isOld: boolean }) {
  if (!isOld) {
    return (
      <p className={classes.calm}>
        <IconCircleCheckFilled size={18} aria-hidden />
        Nothing is wrong: no node fails or is slower than usual.
      </p>
    )
  }
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <p className={classes.calm} data-unknown>
      <IconCircleDashed size={18} aria-hidden />
      Whether anything is wrong is not known. Nothing was when the mesh was last measured,{' '}
      {formatDate(at, { timeZone })}.
    </p>
  )
}
