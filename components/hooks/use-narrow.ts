'use client'

import { useCallback, useSyncExternalStore } from 'react'

/**
 * Whether the window is at most this wide. False on the server, and right from the first moment after: what depends on
 * it is drawn once, not twice.
 */
export function useNarrow(mostPx: number): boolean {
  const query = `(max-width: ${mostPx}px)`
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  )
}
