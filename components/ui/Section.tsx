'use client'

import type { ReactNode } from 'react'
import { useContext } from 'react'
import { HeadingLevel } from './heading-level'
import classes from './Section.module.css'

/** A titled part of a panel or page. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
}) {
  const level = useContext(HeadingLevel)
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.head}>
        {level === 2 ? (
          <h2 className={classes.title}>{title}</h2>
        ) : (
          <h3 className={classes.title}>{title}</h3>
        )}
        {aside ? <div className={classes.aside}>{aside}</div> : null}
      </div>
      {children}
    </section>
  )
}
