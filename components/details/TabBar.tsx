'use client'

import type { MouseEvent } from 'react'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import classes from './TabBar.module.css'
import type { DetailTab } from './tabs'

type Tab = Pick<DetailTab, 'id' | 'title'>

/** The parts of a page as links: each has an address, opens in another window, and is a step of the back button. */
export function TabBar({ tabs, current }: { tabs: readonly Tab[]; current: Tab }) {
  const { set, hrefWith } = useUrlParams()
  const addressOf = (tab: Tab) => ({ tab: tab === tabs[0] ? null : tab.id })
  const open = (event: MouseEvent, tab: Tab) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (tab !== current) set(addressOf(tab))
  }
  return (
    <nav className={classes.tabs} aria-label="Parts of this page">
      {tabs.map((tab) => (
        <a
          key={tab.id}
          href={hrefWith(addressOf(tab))}
          className={classes.tab}
          aria-current={tab === current ? 'page' : undefined}
          onClick={(event) => open(event, tab)}
        >
          {tab.title}
        </a>
      ))}
    </nav>
  )
}

/** Its room where there is nothing to choose between: what was drawn below it stays where it is. */
export function TabBarRoom() {
  return <div className={`${classes.tabs} ${classes.room}`} />
}
