'use client'

import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconClock, IconHistory, IconPlayerTrackNextFilled } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useNow } from '@/components/hooks/use-now'
import { useView } from '@/components/hooks/address/use-view'
import { formatWindow, parseWindow } from '@/lib/units/window'
import classes from '../masthead/Masthead.module.css'
import { MastheadPopover } from '../masthead/MastheadPopover'
import { usePanel } from '../panels'
import { rangeText } from './time-range'
import { readerZone } from './zone'

const TimeSheet = dynamic(() => import('./TimeSheet'), {
  ssr: false,
  loading: () => <div className={classes.sheetLoading} />,
})

/** What time the page is about, how to choose another, and the way back to the present. */
export function TimePicker() {
  const [view, setView] = useView()
  const open = usePanel('time')
  const [, setOpen] = open
  const { at } = view
  const seconds = parseWindow(view.window) ?? 0
  const range = (timeZone: string, today?: number) =>
    at === null ? '' : rangeText(at - seconds * 1000, at, { timeZone, ...(today ? { today } : {}) })
  // the server draws this too, and does not know where its reader lives
  const zone = useHydrated() ? readerZone() : 'UTC'
  const now = useNow()
  const words = at === null ? `Last ${formatWindow(seconds)}` : range(zone, now)
  return (
    <div className={classes.joined}>
      <MastheadPopover
        open={open}
        label={at === null ? `Time: last ${formatWindow(seconds)}` : `Not live: ${range(zone)} (${zone})`}
        title="Choose time"
        hover={at === null ? undefined : `${range(zone)} ${zone}\n${range('UTC')} UTC`}
        mark={at !== null && classes.notLive}
        width={344}
        sheet={<TimeSheet onDone={() => setOpen(false)} />}
      >
        {at === null ? <IconClock size={16} aria-hidden /> : <IconHistory size={16} aria-hidden />}
        <span className="num">
          {at === null ? null : <span className={classes.roomy}>Not live · </span>}
          {words}
        </span>
        <IconChevronDown size={14} aria-hidden />
      </MastheadPopover>
      {at === null ? null : (
        <Tooltip label="Back to live">
          <UnstyledButton
            className={classes.control}
            aria-label="Back to live"
            onClick={() => setView({ at: null })}
          >
            <IconPlayerTrackNextFilled size={14} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      )}
    </div>
  )
}
