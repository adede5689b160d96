'use client'

import type { News } from './news'
import { QUIET_MS } from './standing'

export type Permission = 'unsupported' | 'default' | 'granted' | 'denied'

/** Whether this browser lets the page speak up; reads only, asks nobody. */
export function permissionNow(): Permission {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission
}

/** Asks the person; to be called from a click alone, as browsers demand. */
export async function askPermission(): Promise<Permission> {
  if (typeof Notification === 'undefined') return 'unsupported'
  return Notification.requestPermission()
}

const MOST_AT_ONCE = 3

/** Shows what is bad outside of the page; at most a few at once, for one cause makes many. */
export function showNotifications(news: readonly News[]): void {
  if (permissionNow() !== 'granted') return
  const loud = news.filter(({ tone }) => tone === 'failing' || tone === 'degraded')
  for (const { kind, title, text, href, at } of loud.slice(0, MOST_AT_ONCE)) {
    // several tabs see the same: the browser shows one of a tag
    const tag = `${kind} ${title} ${Math.floor(at / QUIET_MS)}`
    try {
      const shown = new Notification(title, { tag, ...(text ? { body: text } : {}) })
      shown.onclick = () => {
        window.focus()
        if (href) window.location.assign(href)
        shown.close()
      }
    } catch {
      // phones have the class and refuse to make one without a service worker
      return
    }
  }
}
