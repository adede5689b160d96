'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { useDeferredValue } from 'react'

/** A longer text takes longer to read than a keystroke may be held up: it is read when the typing pauses. */
const READ_AT_ONCE = 60_000
const PAUSE_MS = 500

/** The text as it was when it was last to be read: a moment behind what is typed. */
export function useJudgedText(text: string): string {
  const soon = useDeferredValue(text)
  const [paused] = useDebouncedValue(text, PAUSE_MS)
  return text.length > READ_AT_ONCE ? paused : soon
}
