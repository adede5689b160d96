import type { ReactNode } from 'react'
import { PageLink as Link } from '@/components/layout/PageLink'
import classes from './Overview.module.css'

/** A part of the overview under its name: beside it how it is, or the way to the page that has all of it. */
export function Panel({
  name,
  page,
  state,
  children,
}: {
  name: string
  page?: { href: string; words: string }
  state?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={classes.panel} aria-label={name}>
      <div className={classes.panelHead}>
        <h2>{name}</h2>
        {page ? (
          <Link prefetch={false} href={page.href}>
            {page.words}
          </Link>
        ) : null}
        {state}
      </div>
      {children}
    </section>
  )
}
