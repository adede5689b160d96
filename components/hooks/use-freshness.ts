'use client'

import { useEffect, useSyncExternalStore } from 'react'

/** How old what stands on the page is; the page says it, the masthead shows it. */
export interface Freshness {
  /** instant the figures were measured at, epoch milliseconds; null before the first answer */
  at: number | null
  isFetching: boolean
  /** true when newer figures should be here and are not */
  isBehind: boolean
}

const NOTHING: Freshness = { at: null, isFetching: false, isBehind: false }
let current = NOTHING
const listeners = new Set<() => void>()

export function useReportFreshness(at: number | null, isFetching: boolean, isBehind: boolean): void {
  useEffect(() => {
    publish({ at, isFetching, isBehind })
    return () => publish(NOTHING)
  }, [at, isFetching, isBehind])
}

export function useFreshness(): Freshness {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => NOTHING,
  )
}

function publish(next: Freshness): void {
  current = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
