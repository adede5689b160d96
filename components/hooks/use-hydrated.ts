'use client'

import { useSyncExternalStore } from 'react'

/**
 * False on the server and in the first render of a page that came from there. The frame comes alive before the page
 * in it and may have fetched what both show: drawn at once, it would not be what the server had sent.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}

const never = () => () => {}
