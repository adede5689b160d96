'use client'

import { useEffect, useEffectEvent } from 'react'
import { readTaste } from '@/components/hooks/use-taste'
import { nameOfKey } from './key-rows'
import { GO_TO, SHORTCUTS, type ShortcutId, SINGLE_KEYS } from './shortcuts'

/** How long the first of two keys waits for the second. */
const SECOND_KEY_MS = 1_500

const ALL = [...SHORTCUTS, ...GO_TO]

/** Binds the keys of every page. While something is typed, or a dialog is open, only those that say so work. */
export function useShortcuts(act: (id: ShortcutId) => void): void {
  const run = useEffectEvent(act)
  useEffect(() => {
    let first: { key: string; until: number } | null = null
    const onKeyDown = (event: KeyboardEvent) => {
      const key = nameOfKey(event)
      if (key === null || event.defaultPrevented || event.isComposing || event.repeat) return
      const keys = first && event.timeStamp < first.until ? [first.key, key] : [key]
      first = null
      const isTyping = event.target instanceof Element && event.target.closest(TYPED_IN) !== null
      const isCovered = document.querySelector('[role="dialog"][aria-modal="true"]') !== null
      const found = ALL.find(
        (row) => row.keys.length === keys.length && row.keys.every((k, i) => k === keys[i]),
      )
      const isSingle = !key.startsWith('mod+')
      if (isCovered || (isTyping && !found?.inFields)) return
      if (isSingle && readTaste(SINGLE_KEYS) === 'false') return
      if (found) {
        event.preventDefault()
        run(found.does)
      } else if (keys.length === 1 && ALL.some((row) => row.keys.length > 1 && row.keys[0] === key)) {
        first = { key, until: event.timeStamp + SECOND_KEY_MS }
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Fields and editors; lists and menus take letters as the beginning of a name. */
const TYPED_IN =
  'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]:not([contenteditable="false"]), [role="menu"], [role="listbox"]'
