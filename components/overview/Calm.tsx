import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import card from '@/components/ui/Card.module.css'
import { calmWords } from './calm-words'

/** Where no incident is. */
export function Calm(facts: Omit<Parameters<typeof calmWords>[0], 'timeZone'>) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const { isKnown, words } = calmWords({ ...facts, timeZone })
  return (
    <p className={card.calm} data-unknown={!isKnown || undefined}>
      {isKnown ? <IconCircleCheckFilled size={18} aria-hidden /> : <IconCircleDashed size={18} aria-hidden />}
      {words}
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
