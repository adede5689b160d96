'use client'

import { useView } from './address/use-view'
import { refreshMs } from './address/view-state'

/** Figures of lists and charts change with each scrape: asking this often misses none of importance. */
const LIVE_MS = 15_000

/** How often a page asks again, as chosen in the masthead; false where it should not: paused, or looking at the past. */
export function useRefreshInterval(): number | false {
  const [view] = useView()
  if (view.at !== null || view.refresh === 'paused') return false
  return refreshMs(view.refresh) ?? LIVE_MS
}
