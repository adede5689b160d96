'use client'

import { useState } from 'react'
import { followed } from './followed'

/**
 * What is being typed into a field whose value lives in the address. It follows the address when that changes by
 * another way (back button, a link), and is left alone when the address has just taken over what was typed.
 */
export function useTyped<T>(value: T, isTaken: (typed: T, value: T) => boolean): [T, (typed: T) => void] {
  const [kept, setKept] = useState({ typed: value, seen: value })
  const state = followed(kept, value, isTaken)
  if (state !== kept) setKept(state)
  return [state.typed, (typed) => setKept({ typed, seen: value })]
}
