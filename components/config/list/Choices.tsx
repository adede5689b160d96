'use client'

import { Checkbox, Popover } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import chips from '@/components/ui/Chips.module.css'
import classes from '../Config.module.css'

/** Several of a list of choices, each with how many it leaves; none chosen means all. */
export function Choices({
  label,
  options,
  chosen,
  onChange,
  words = (key) => key,
}: {
  label: string
  options: readonly (readonly [string, number])[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
  words?: (key: string) => string
}) {
  // what was chosen stays to be unchosen when nothing of it is left
  const gone = chosen.filter((key) => !options.some(([each]) => each === key)).map((key) => [key, 0] as const)
  return (
    <Popover position="bottom-end" shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={chips.chip} data-on={chosen.length > 0 || undefined}>
          {label}
          {chosen.length > 0 ? <span className="num">{chosen.length}</span> : null}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Filter by ${label.toLowerCase()}`}>
        <div className={classes.choices} role="group" aria-label={`Filter by ${label.toLowerCase()}`}>
          {[...options, ...gone].map(([key, count]) => (
            <Checkbox
              key={key}
              size="xs"
              label={
                <>
                  {words(key)} <span className={`num ${classes.quiet}`}>{count}</span>
                </>
              }
              checked={chosen.includes(key)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked
                    ? [...chosen, key].sort()
                    : chosen.filter((each) => each !== key),
                )
              }
            />
          ))}
          {options.length + gone.length === 0 ? (
            <span className={classes.quiet}>Nothing to choose.</span>
          ) : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
