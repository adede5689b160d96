'use client'

import { Popover, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowsMaximize, IconHelpHexagon, IconMinus, IconPlus, IconRefreshDot } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { useState } from 'react'
import type { CanvasHandle } from '../canvas/GraphCanvas'
import classes from './GraphToolbar.module.css'
import { Legend } from './Legend'

export function CanvasControls({ canvas }: { canvas: RefObject<CanvasHandle | null> }) {
  const [hasLegend, setLegend] = useState(false)
  const buttons = [
    { name: 'Zoom in (+)', icon: IconPlus, act: () => canvas.current?.zoomIn() },
    { name: 'Zoom out (−)', icon: IconMinus, act: () => canvas.current?.zoomOut() },
    { name: 'Fit all (0)', icon: IconArrowsMaximize, act: () => canvas.current?.fit() },
    { name: 'Lay out again', icon: IconRefreshDot, act: () => canvas.current?.rearrange() },
  ]
  return (
    <div className={classes.controls} role="group" aria-label="Canvas">
      {buttons.map(({ name, icon: Icon, act }) => (
        <Tooltip key={name} label={name} position="top">
          <UnstyledButton className={classes.icon} onClick={act} aria-label={name}>
            <Icon size={16} stroke={1.8} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      ))}
      <Popover opened={hasLegend} onChange={setLegend} position="top-start" width={320} shadow="md" trapFocus>
        <Popover.Target>
          <UnstyledButton className={classes.icon} onClick={() => setLegend(!hasLegend)} aria-label="Legend">
            <IconHelpHexagon size={16} stroke={1.8} aria-hidden />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown p={0} aria-label="Legend">
          <Legend />
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
