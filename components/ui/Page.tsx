'use client'

import type { ReactNode } from 'react'
import { HeadingLevel } from './heading-level'
import { LateNoticesRoom } from './messages/LateNoticesRoom'
import classes from './Page.module.css'

/** Head of a page that is not a canvas: its one title, what belongs beside it, and the content below. */
export function Page({
  title,
  above,
  beside,
  tools,
  children,
}: {
  title: ReactNode
  /** where the page stands: a way back up */
  above?: ReactNode
  beside?: ReactNode
  tools?: ReactNode
  children: ReactNode
}) {
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {above ? <div className={classes.above}>{above}</div> : null}
          <div className={classes.line}>
            <h1 className={classes.title}>{title}</h1>
            {beside}
          </div>
        </div>
        {tools ? <div className={classes.tools}>{tools}</div> : null}
      </header>
      <LateNoticesRoom>
        <HeadingLevel value={2}>{children}</HeadingLevel>
      </LateNoticesRoom>
    </div>
  )
}
