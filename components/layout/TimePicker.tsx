'use client'

import { Button, Popover, TextInput, Tooltip, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconClock, IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { useStatus } from '@/components/hooks/use-status'
import { useView } from '@/components/hooks/use-view'
import { VIEW_WINDOWS } from '@/components/hooks/view-state'
import { formatDate } from '@/lib/units/date'
import { formatWindow, parseWindow } from '@/lib/units/window'
import classes from './Masthead.module.css'
import own from './TimePicker.module.css'

export function TimePicker() {
  const [view, setView] = useView()
  const [isOpen, setOpen] = useState(false)
  const status = useStatus()
  const usable = new Map(status.data?.windows.map((window) => [window.name, window]))
  const words = formatWindow(parseWindow(view.window) ?? 0)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const isLive = view.at === null
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={296}
      trapFocus
      classNames={{ dropdown: classes.popover }}
    >
      <Popover.Target>
        <UnstyledButton
          className={isLive ? classes.control : `${classes.control} ${classes.notLive}`}
          onClick={() => setOpen(!isOpen)}
          aria-label={
            isLive
              ? `Time: last ${words}`
              : `Not live: ${words} until ${formatDate(view.at, { timeZone: zone })}`
          }
        >
          {isLive ? <IconClock size={16} aria-hidden /> : <IconHistory size={16} aria-hidden />}
          <span className="num">
            {isLive ? `Last ${words}` : `Not live · ${formatDate(view.at, { timeZone: zone })}`}
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Choose time">
        <div className={classes.sheet}>
          <h2 className={classes.sheetTitle}>Rates and quantiles over</h2>
          <div className={own.windows} role="radiogroup" aria-label="Window">
            {VIEW_WINDOWS.map((name) => {
              const why = usable.get(name)?.why ?? null
              const isOff = usable.get(name)?.usable === false
              return (
                <Tooltip key={name} label={why} disabled={why === null}>
                  <button
                    type="button"
                    role="radio"
                    className={own.window}
                    aria-checked={view.window === name}
                    aria-disabled={isOff}
                    onClick={() => {
                      if (isOff) return
                      setView({ window: name })
                      setOpen(false)
                    }}
                  >
                    {name}
                  </button>
                </Tooltip>
              )
            })}
          </div>
          <div className={classes.rule} />
          <InstantForm
            at={view.at}
            zone={zone}
            onChoose={(at) => {
              setView({ at })
              setOpen(false)
            }}
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function InstantForm({
  at,
  zone,
  onChoose,
}: {
  at: number | null
  zone: string
  onChoose: (at: number | null) => void
}) {
  const now = useNow()
  const [text, setText] = useState(() => localText(at ?? now))
  const chosen = new Date(text).getTime()
  const problem = Number.isNaN(chosen) ? 'Not a date' : chosen > now ? 'That is still to come' : null
  return (
    <form
      className={own.instant}
      onSubmit={(event) => {
        event.preventDefault()
        if (!problem) onChoose(chosen)
      }}
    >
      <TextInput
        size="xs"
        type="datetime-local"
        step={1}
        label="As it was at"
        description={zone}
        error={problem}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={own.buttons}>
        <Button size="xs" type="submit" variant="default" disabled={problem !== null}>
          Show this instant
        </Button>
        {at !== null ? (
          <Button size="xs" onClick={() => onChoose(null)}>
            Back to live
          </Button>
        ) : null}
      </div>
    </form>
  )
}

/** As a local date input wants it: no zone. */
function localText(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19)
}
