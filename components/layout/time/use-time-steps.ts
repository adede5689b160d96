'use client'

import { presentMs } from '@/components/hooks/use-now'
import { useFreshness } from '@/components/hooks/use-freshness'
import { useView, viewNow } from '@/components/hooks/address/use-view'
import { shifted } from './time-range'

/** Ways to the time before and after, of the same length; nothing where there is none. */
export function useTimeSteps(): { earlier: () => void; later: () => void } {
  const [, setView] = useView()
  const { at } = useFreshness()
  const step = (direction: 'earlier' | 'later') => () => {
    // keys may follow each other faster than pages are drawn
    const view = viewNow()
    const next = shifted(view, direction, latestOf(view.at, at))
    if (next) setView(next)
  }
  return { earlier: step('earlier'), later: step('later') }
}

/** The newest instant that can be gone to: of figures of the present when there are, whole seconds. */
export function latestOf(chosen: number | null, measured: number | null): number {
  const newest = chosen === null ? (measured ?? presentMs()) : presentMs()
  return Math.floor(newest / 1000) * 1000
}
