'use client'

import { IconInfoCircle } from '@tabler/icons-react'
import { createContext, use, type ReactNode } from 'react'
import type { Notice } from '@/lib/api/schemas/common'
import { joinNotices, leftToSay } from './join-notices'
import classes from './Notices.module.css'

const NONE: readonly Notice[] = []
const SaidAbove = createContext(NONE)

/** What the reader of partial data must be told, above what is there; what the page said above is not said again. */
export function Notices({ notices }: { notices: readonly Notice[] }) {
  const left = leftToSay(notices, use(SaidAbove))
  if (left.length === 0) return null
  return (
    <div role="status">
      <ul className={classes.notices} aria-label="Notices">
        {joinNotices(left).map((message) => (
          <li key={message}>
            <IconInfoCircle size={15} aria-hidden />
            <span>{message}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The part of a page under its notices: those in it say only what these did not. */
export function UnderNotices({ notices, children }: { notices: readonly Notice[]; children: ReactNode }) {
  return <SaidAbove value={notices}>{children}</SaidAbove>
}
