'use client'

import { useMemo, useSyncExternalStore } from 'react'
import { readViews, type ReadViews, type SavedView, writeViews } from './saved-views'

const KEY = 'heddle.views'
/** What could not be read is put here before something new is written in its place. */
const ASIDE = 'heddle.views.unreadable'

/** What a browser that refuses storage keeps for the visit; undefined: storage has it. */
let memory: string | undefined
const listeners = new Set<() => void>()

/** The saved views of this browser, also as another tab changes them. */
export function useSavedViews(): ReadViews {
  const text = useSyncExternalStore(subscribe, stored, () => null)
  return useMemo(() => readViews(text), [text])
}

/** Keeps these views. False where the browser does not store them: they then last for the visit. */
export function storeViews(views: readonly SavedView[]): boolean {
  const text = writeViews(views)
  const isKept = put(text)
  memory = isKept ? undefined : text
  for (const listener of listeners) listener()
  return isKept
}

function put(text: string): boolean {
  try {
    const before = window.localStorage.getItem(KEY)
    if (before !== null && readViews(before).isUnreadable) window.localStorage.setItem(ASIDE, before)
    window.localStorage.setItem(KEY, text)
    return true
  } catch {
    return false
  }
}

function stored(): string | null {
  if (memory !== undefined) return memory
  try {
    return window.localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) listener()
  }
  listeners.add(listener)
  window.addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', onStorage)
  }
}
