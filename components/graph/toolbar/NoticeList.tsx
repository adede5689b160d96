'use client'

import { Popover, UnstyledButton } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useState } from 'react'
import type { Notice } from '@/lib/api/schemas/common'
import classes from './GraphToolbar.module.css'

/** What is missing from what is shown, one click away and never over the content. */
export function NoticeList({ notices }: { notices: readonly Notice[] }) {
  const [isOpen, setOpen] = useState(false)
  const [first] = notices
  if (!first) return null
  const label = notices.length === 1 ? '1 notice' : `${notices.length} notices`
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={380} shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={`${classes.button} ${classes.notice}`} onClick={() => setOpen(!isOpen)}>
          <IconInfoCircle size={15} aria-hidden />
          {label}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={label}>
        <div className={classes.notices} role="status" tabIndex={-1} data-autofocus>
          {notices.map((notice) => (
            <p key={notice.code + notice.message}>
              {notice.message}
              {notice.upstream ? <small> ({notice.upstream})</small> : null}
            </p>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
