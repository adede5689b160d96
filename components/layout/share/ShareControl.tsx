'use client'

import { Popover, Tooltip, UnstyledButton } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import classes from '../Masthead.module.css'
import { usePanel } from '../panels'

const ShareSheet = dynamic(() => import('./ShareSheet'), {
  ssr: false,
  loading: () => <div className={classes.sheetLoading} data-small />,
})

/** Copies a link to what is seen, at the instant it is seen. */
export function ShareControl() {
  const [isOpen, setOpen] = usePanel('share')
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={360}
      trapFocus
      classNames={{ dropdown: classes.popover }}
    >
      <Popover.Target>
        <Tooltip label="Copy a link to this view at this instant" disabled={isOpen}>
          <UnstyledButton className={classes.control} onClick={() => setOpen(!isOpen)} aria-label="Share">
            <IconLink size={16} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Share">
        <ShareSheet />
      </Popover.Dropdown>
    </Popover>
  )
}
