import { IconInfoCircle } from '@tabler/icons-react'
import type { Notice } from '@/lib/api/schemas/common'
import classes from './Notices.module.css'

/** What the reader of partial data must be told, above what is there. */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  if (notices.length === 0) return null
  const unique = [...new Map(notices.map((notice) => [notice.message, notice])).values()]
  return (
    <div role="status">
      <ul className={classes.notices} aria-label="Notices">
        {unique.map((notice) => (
          <li key={notice.message}>
            <IconInfoCircle size={15} aria-hidden />
            <span>{notice.message}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
