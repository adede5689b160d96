import type { ReactNode } from 'react'
import { formatCount } from '@/lib/units/number'
import classes from './Chips.module.css'

export interface Chip<T extends string> {
  key: T
  icon: ReactNode
  name: string
  /** how many things it leaves */
  count: number
  /** what is counted, for those who hear it */
  unit?: string
  title?: string
}

/** Choices that narrow a list, each with how many it leaves; none chosen means all. Those that leave none are not offered. */
export function Chips<T extends string>({
  label,
  choices,
  chosen,
  isLong = false,
  onChange,
}: {
  label: string
  choices: readonly Chip<T>[]
  chosen: readonly T[]
  /** names are long, or much stands beside them: they give way sooner */
  isLong?: boolean
  onChange: (chosen: T[]) => void
}) {
  return (
    <div className={classes.chips} data-long={isLong || undefined} role="group" aria-label={label}>
      {choices
        .filter(({ key, count }) => count > 0 || chosen.includes(key))
        .map(({ key, icon, name, count, unit, title }) => {
          const isOn = chosen.includes(key)
          return (
            <button
              key={key}
              type="button"
              className={classes.chip}
              data-on={isOn || undefined}
              aria-pressed={isOn}
              aria-label={unit === undefined ? `${name}: ${count}` : `${name}: ${count} ${unit}`}
              title={title}
              onClick={() => onChange(isOn ? chosen.filter((each) => each !== key) : [...chosen, key])}
            >
              {icon}
              <span className={classes.name}>{name}</span>
              <span className="num">{formatCount(count)}</span>
            </button>
          )
        })}
    </div>
  )
}
