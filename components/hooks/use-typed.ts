'use client'

import { useState } from 'react'

/**
 * What is being typed into a field whose value lives in the address. It follows the address when that changes by
 * another way (back button, a link), and is left alone when the address has just taken over what was typed.
 */
export function useTyped<T>(value: T, isTaken: (typed: T, value: T) => boolean): [T, (typed: T) => void] {
  const [state, setState] = useState({ typed: value, seen: value })
  if (state.seen !== value) {
    setState({ typed: isTaken(state.typed, value) ? state.typed : value, seen: value })
  }
  const typed = state.seen === value || isTaken(state.typed, value) ? state.typed : value
  return [typed, (next) => setState({ typed: next, seen: value })]
}
