'use client'

import { IconInfoCircle } from '@tabler/icons-react'
import { createContext, use, useEffect, useId, useState, type ReactNode } from 'react'
import type { Notice } from '@/lib/api/schemas/common'
import { joinNotices, leftToSay } from './join-notices'
import { keyOfNotice, LateNotices } from './late-notices'
import classes from './Notices.module.css'

const NONE: readonly Notice[] = []
const SaidAbove = createContext(NONE)

/**
 * What the reader of partial data must be told, above what is there; what the page said above is not said again. What
 * comes up while one reads is said at the foot of the page and moves nothing; what ends leaves its room.
 */
export function Notices({
  notices,
  isKnown = true,
}: {
  notices: readonly Notice[]
  /** false: what it is about has not been read yet, so nothing is read that could move */
  isKnown?: boolean
}) {
  const sayLate = use(LateNotices)
  const id = useId()
  const left = leftToSay(notices, use(SaidAbove))
  const [first, setFirst] = useState<ReadonlySet<string> | null>(null)
  if (first === null && isKnown) setFirst(new Set(left.map(keyOfNotice)))
  const isLate = (notice: Notice) =>
    sayLate !== null &&
    isKnown &&
    first !== null &&
    (notice.code === 'stale' || !first.has(keyOfNotice(notice)))
  const here = joinNotices(left.filter((notice) => !isLate(notice)))
  const late = JSON.stringify(left.filter(isLate))
  useEffect(() => {
    sayLate?.(id, JSON.parse(late) as Notice[])
    return () => sayLate?.(id, [])
  }, [sayLate, id, late])
  const [drawn, setDrawn] = useState(here)
  if (here.length > 0 && here.join('\n') !== drawn.join('\n')) setDrawn(here)
  if (here.length > 0) {
    return (
      <div role="status">
        <NoticeList messages={here} label="Notices" />
      </div>
    )
  }
  return drawn.length > 0 ? (
    <div className={classes.room} aria-hidden>
      <NoticeList messages={drawn} />
    </div>
  ) : null
}

export function NoticeList({ messages, label }: { messages: readonly string[]; label?: string }) {
  return (
    <ul className={classes.notices} aria-label={label}>
      {messages.map((message) => (
        <li key={message}>
          <IconInfoCircle size={15} aria-hidden />
          <span>{message}</span>
        </li>
      ))}
    </ul>
  )
}

/** The part of a page under its notices: those in it say only what these did not. */
export function UnderNotices({ notices, children }: { notices: readonly Notice[]; children: ReactNode }) {
  return <SaidAbove value={notices}>{children}</SaidAbove>
}
