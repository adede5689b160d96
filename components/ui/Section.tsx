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
  const Heading = useContext(HeadingLevel)
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.head}>
        <Heading className={classes.title}>{title}</Heading>
        {aside ? <div className={classes.aside}>{aside}</div> : null}
      </div>
      {children}
    </section>
  )
}
