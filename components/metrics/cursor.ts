'use client'

import { createContext, useContext, useSyncExternalStore } from 'react'

/** The instant the pointer rests on, shared by the charts of a page without drawing them again. */
export interface Cursor {
  get: () => number | null
  set: (at: number | null) => void
  subscribe: (listener: () => void) => () => void
}

export function createCursor(): Cursor {
  let at: number | null = null
  const listeners = new Set<() => void>()
  return {
    get: () => at,
    set: (next) => {
      if (next === at) return
      at = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const NOWHERE = createCursor()
export const CursorContext = createContext<Cursor>(NOWHERE)

/** Instant under the pointer of any chart of the group, or null. */
export function useCursorInstant(): number | null {
  const cursor = useContext(CursorContext)
  return useSyncExternalStore(cursor.subscribe, cursor.get, () => null)
}
