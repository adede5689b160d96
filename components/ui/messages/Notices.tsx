import { IconInfoCircle } from '@tabler/icons-react'
import type { Notice } from '@/lib/api/schemas/common'
import { joinNotices } from './join-notices'
import classes from './Notices.module.css'

/** What the reader of partial data must be told, above what is there. */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  if (notices.length === 0) return null
  return (
    <div role="status">
      <ul className={classes.notices} aria-label="Notices">
        {joinNotices(notices).map((message) => (
          <li key={message}>
            <IconInfoCircle size={15} aria-hidden />
            <span>{message}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
