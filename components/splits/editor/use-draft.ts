'use client'

import { useCallback, useState } from 'react'
import { parseDraft, type Draft } from './draft'

const PREFIX = 'heddle.split-draft.'

/** The edit of a split, kept in this tab so that a reload loses nothing of it; null: none is under way. */
export function useDraft(id: string): [Draft | null, (draft: Draft | null) => void] {
  const [draft, setDraft] = useState(() => parseDraft(read(id)))
  const change = useCallback(
    (next: Draft | null) => {
      setDraft(next)
      try {
        if (next) window.sessionStorage.setItem(PREFIX + id, JSON.stringify(next))
        else window.sessionStorage.removeItem(PREFIX + id)
      } catch {
        // full or forbidden: the edit lives as long as the page
      }
    },
    [id],
  )
  return [draft, change]
}

function read(id: string): string | null {
  try {
    return window.sessionStorage.getItem(PREFIX + id)
  } catch {
    return null
  }
}
