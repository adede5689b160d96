'use client'

import { useCallback, useSyncExternalStore } from 'react'

/** What the frame can open over a page, one at a time: from its button, by a key, from the palette. */
export type Panel = 'palette' | 'keys' | 'time' | 'share' | 'views'

let current: Panel | null = null
const listeners = new Set<() => void>()

export function openPanel(panel: Panel | null): void {
  current = panel
  for (const listener of listeners) listener()
}

/** Whether a panel is open, and a way to open and close it. */
export function usePanel(panel: Panel): [boolean, (isOpen: boolean) => void] {
  const isOpen = useSyncExternalStore(
    subscribe,
    () => current === panel,
    () => false,
  )
  const set = useCallback(
    (next: boolean) => {
      // what is closed late must not close what was opened in its place
      if (next || current === panel) openPanel(next ? panel : null)
    },
    [panel],
  )
  return [isOpen, set]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
