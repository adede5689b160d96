'use client'

import { Popover, Tooltip, UnstyledButton } from '@mantine/core'
import { IconBookmark } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import classes from '@/components/layout/Masthead.module.css'
import { usePanel } from '@/components/layout/panels'

const ViewsSheet = dynamic(() => import('./ViewsSheet'), {
  ssr: false,
  loading: () => <div className={classes.sheetLoading} />,
})

/** Names what is looked at, and leads back to what was named before. */
export function ViewsControl() {
  const [isOpen, setOpen] = usePanel('views')
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={380}
      trapFocus
      classNames={{ dropdown: classes.popover }}
    >
      <Popover.Target>
        <Tooltip label="Saved views" disabled={isOpen}>
          <UnstyledButton
            className={classes.control}
            onClick={() => setOpen(!isOpen)}
            aria-label="Saved views"
          >
            <IconBookmark size={16} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <ViewsSheet onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}
