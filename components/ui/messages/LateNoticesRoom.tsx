'use client'

import { CloseButton } from '@mantine/core'
import { useCallback, useState, type ReactNode } from 'react'
import type { Notice } from '@/lib/api/schemas/common'
import { joinNotices } from './join-notices'
import { keyOfNotice, LateNotices, stillHidden } from './late-notices'
import { NoticeList } from './Notices'
import classes from './Notices.module.css'

const NONE: ReadonlySet<string> = new Set()

/** A page, and over its foot what came up while it was read, until that ends or is hidden. */
export function LateNoticesRoom({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<ReadonlyMap<string, readonly Notice[]>>(new Map())
  const [wereHidden, setHidden] = useState(NONE)
  const say = useCallback(
    (of: string, notices: readonly Notice[]) =>
      setSaid((old) => {
        if (notices.length === 0 && !old.has(of)) return old
        const next = new Map(old)
        if (notices.length === 0) next.delete(of)
        else next.set(of, notices)
        return next
      }),
    [],
  )
  const all = [...said.values()].flat()
  const hidden = stillHidden(wereHidden, all)
  if (hidden !== wereHidden) setHidden(hidden)
  const left = all.filter((notice) => !hidden.has(keyOfNotice(notice)))
  return (
    <LateNotices value={say}>
      {children}
      <div role="status" className={classes.foot}>
        {left.length > 0 ? (
          <div className={classes.late}>
            <NoticeList messages={joinNotices(left)} label="New notices" />
            <CloseButton
              size="sm"
              aria-label="Hide these notices"
              onClick={() => setHidden(new Set(all.map(keyOfNotice)))}
            />
          </div>
        ) : null}
      </div>
    </LateNotices>
  )
}
