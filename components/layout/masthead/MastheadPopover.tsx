'use client'

import { Popover, Tooltip, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Masthead.module.css'

/** A button of the masthead, and the sheet that opens under it. */
export function MastheadPopover({
  open: [isOpen, setOpen],
  label,
  title,
  sheet,
  width,
  position = 'bottom-end',
  tooltip,
  hover,
  mark,
  children,
}: {
  /** whether the sheet is open, and a way to open and close it */
  open: readonly [boolean, (isOpen: boolean) => void]
  /** what the button is called */
  label: string
  /** what the sheet is called */
  title: string
  sheet: ReactNode
  /** of the sheet, in pixels */
  width: number
  position?: 'bottom-start' | 'bottom-end'
  /** says on hover what a button without words does */
  tooltip?: string
  /** the browser's own tooltip, where lines matter */
  hover?: string | undefined
  /** class of a button that is unlike the others */
  mark?: string | false | undefined
  /** what is on the button */
  children: ReactNode
}) {
  const button = (
    <UnstyledButton
      className={mark ? `${classes.control} ${mark}` : classes.control}
      onClick={() => setOpen(!isOpen)}
      title={hover}
      aria-label={label}
    >
      {children}
    </UnstyledButton>
  )
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position={position}
      width={width}
      trapFocus
      classNames={{ dropdown: classes.popover }}
    >
      <Popover.Target>
        {tooltip === undefined ? (
          button
        ) : (
          <Tooltip label={tooltip} disabled={isOpen}>
            {button}
          </Tooltip>
        )}
      </Popover.Target>
      <Popover.Dropdown aria-label={title}>{sheet}</Popover.Dropdown>
    </Popover>
  )
}
