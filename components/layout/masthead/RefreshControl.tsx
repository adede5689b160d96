'use client'

import { Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useFreshness } from '@/components/hooks/use-freshness'
import { useNow } from '@/components/hooks/use-now'
import { useView } from '@/components/hooks/address/use-view'
import type { RefreshChoice } from '@/components/hooks/address/view-state'
import { REFRESH_CHOICES } from '@/components/hooks/address/view-state'
import { formatDate } from '@/lib/units/date'
import { formatAgo } from '@/lib/units/duration'
import classes from './Masthead.module.css'

const NAMES: Record<RefreshChoice, string> = {
  live: 'Live: as soon as there is something new',
  '10s': 'Every 10 s',
  '30s': 'Every 30 s',
  '1m': 'Every minute',
  '5m': 'Every 5 minutes',
  paused: 'Paused',
}

export function RefreshControl() {
  const [view, setView] = useView()
  const { at, isBehind, isReported } = useFreshness()
  const now = useNow()
  const isHistory = view.at !== null
  const isPaused = view.refresh === 'paused'
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const age = at === null ? (!isReported ? '–' : isBehind ? 'no answer' : 'waiting') : formatAgo(now - at)
  const state = isHistory || isPaused || !isReported ? 'off' : isBehind ? 'behind' : 'on'
  return (
    <div className={classes.joined}>
      <Tooltip label={isPaused ? 'Resume' : 'Pause: nothing changes until you resume'} disabled={isHistory}>
        <UnstyledButton
          className={classes.control}
          disabled={isHistory}
          onClick={() => setView({ refresh: isPaused ? 'live' : 'paused' })}
          aria-label={isPaused ? 'Resume refresh' : 'Pause refresh'}
        >
          {isPaused ? (
            <IconPlayerPlayFilled size={14} aria-hidden />
          ) : (
            <IconPlayerPauseFilled size={14} aria-hidden />
          )}
        </UnstyledButton>
      </Tooltip>
      <Menu position="bottom-end" width={280} disabled={isHistory}>
        <Tooltip
          label={
            at !== null
              ? `Measured at ${formatDate(at, { timeZone: zone })} (${zone})`
              : isReported
                ? 'No figures yet'
                : 'This page shows no live figures'
          }
        >
          <span>
            <Menu.Target>
              <UnstyledButton
                className={classes.control}
                style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0, marginLeft: -1 }}
                aria-label={`Refresh: ${isHistory ? 'off, not live' : NAMES[view.refresh]}`}
              >
                <span className={classes.liveDot} data-state={state} aria-hidden />
                <span className={`num ${classes.age}`} data-behind={isBehind || undefined} data-testid="age">
                  {age}
                </span>
                <IconChevronDown size={14} aria-hidden />
              </UnstyledButton>
            </Menu.Target>
          </span>
        </Tooltip>
        <Menu.Dropdown>
          <Menu.Label>Refresh</Menu.Label>
          {REFRESH_CHOICES.map((choice) => (
            <Menu.Item
              key={choice}
              onClick={() => setView({ refresh: choice })}
              {...(choice === view.refresh ? { 'aria-current': true, fw: 600 } : {})}
            >
              {NAMES[choice]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
