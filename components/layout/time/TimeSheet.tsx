'use client'

import { Button, TextInput, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { SubmitEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useFreshness } from '@/components/hooks/use-freshness'
import { useNow } from '@/components/hooks/use-now'
import { useStatus } from '@/components/hooks/use-status'
import { useView } from '@/components/hooks/address/use-view'
import { VIEW_WINDOWS } from '@/components/hooks/address/view-state'
import { formatDate } from '@/lib/units/date'
import { parseInstantText } from '@/lib/units/instant-text'
import { formatWindow, parseWindow } from '@/lib/units/window'
import classes from '../masthead/Masthead.module.css'
import { readRange, shifted, type TimeLimits } from './time-range'
import own from './TimeSheet.module.css'
import { latestOf, useTimeSteps } from './use-time-steps'
import { readerZone } from './zone'

/** How long figures are taken over, and from when to when; loaded when it is opened. */
export default function TimeSheet({ onDone }: { onDone: () => void }) {
  const [view, setView] = useView()
  const status = useStatus()
  const usable = new Map(status.data?.windows.map((window) => [window.name, window]))
  const sheet = useRef<HTMLDivElement>(null)
  useEffect(() => sheet.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(), [])
  return (
    <div className={classes.sheet} ref={sheet}>
      <h2 className={classes.sheetTitle}>
        {view.at === null ? 'Rates and quantiles over the last' : 'Rates and quantiles over, to the same end'}
      </h2>
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
                  onDone()
                }}
              >
                {name}
              </button>
            </Tooltip>
          )
        })}
      </div>
      <div className={classes.rule} />
      <RangeForm onDone={onDone} />
    </div>
  )
}

function RangeForm({ onDone }: { onDone: () => void }) {
  const [view, setView] = useView()
  const { data } = useStatus()
  const measured = useFreshness().at
  const now = useNow()
  const steps = useTimeSteps()
  const timeZone = readerZone()
  const latest = latestOf(view.at, measured)
  const lengthMs = (parseWindow(view.window) ?? 0) * 1000
  const of = `${view.at} ${view.window}`
  const [typed, setTyped] = useState<{ of: string; from: string; to: string } | null>(null)
  const [newest] = useState(latest)
  const to = view.at ?? newest
  // what was typed holds until another time is chosen beside it
  const texts =
    typed?.of === of
      ? typed
      : { of, from: formatDate(to - lengthMs, { timeZone }), to: formatDate(to, { timeZone }) }
  const limits: TimeLimits = {
    now,
    timeZone,
    retentionSeconds: data?.retentionSeconds ?? null,
    scrapeIntervalSeconds: data?.scrapeIntervalSeconds ?? null,
  }
  const read = readRange(texts.from, texts.to, limits)
  const range = 'range' in read ? read.range : null
  const problem = 'problem' in read ? read : null
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!range) return
    setView({ at: range.at, window: range.window })
    onDone()
  }
  const first = limits.retentionSeconds === null ? null : now - limits.retentionSeconds * 1000
  return (
    <form className={own.range} onSubmit={submit} aria-label="From one time to another">
      {(['from', 'to'] as const).map((field) => (
        <TextInput
          key={field}
          size="xs"
          label={field === 'from' ? 'From' : 'To'}
          description={echo(texts[field], limits)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          error={problem?.field === field ? problem.problem : null}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: 'num' }}
          value={texts[field]}
          onChange={(event) => setTyped({ ...texts, [field]: event.currentTarget.value })}
        />
      ))}
      <div className={own.buttons}>
        <Button size="xs" type="submit" disabled={range === null}>
          {range ? `Show these ${formatWindow((range.at - range.from) / 1000)}` : 'Show this time'}
        </Button>
        {view.at !== null ? (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setView({ at: null })
              onDone()
            }}
          >
            Back to live
          </Button>
        ) : null}
        <span className={own.shift}>
          <Button.Group>
            <Button size="xs" variant="default" px={6} aria-label="Earlier" onClick={steps.earlier}>
              <IconChevronLeft size={15} aria-hidden />
            </Button>
            <Button
              size="xs"
              variant="default"
              px={6}
              aria-label="Later"
              disabled={shifted(view, 'later', latest) === null}
              onClick={steps.later}
            >
              <IconChevronRight size={15} aria-hidden />
            </Button>
          </Button.Group>
        </span>
      </div>
      <p className={classes.hint}>
        Write 14:05, yesterday 14:05, 2026-08-20 14:05, -2h, now or epoch seconds; UTC behind a time takes it
        as such.
        {first === null
          ? null
          : ` Prometheus keeps ${formatWindow(limits.retentionSeconds ?? 0)}: since ${formatDate(first, { timeZone })}.`}
      </p>
    </form>
  )
}

/** What was understood, in the reader's zone and in UTC. */
function echo(text: string, limits: TimeLimits): string {
  const at = parseInstantText(text, limits)
  if (at === undefined) return '–'
  const { timeZone } = limits
  const utc = `${formatDate(at, { timeZone: 'UTC' })} UTC`
  return timeZone === 'UTC' ? utc : `${formatDate(at, { timeZone })} ${timeZone} · ${utc}`
}
