'use client'

import { useState } from 'react'
import { followed, sending, type Typed } from './followed'

export interface TypedField<T> {
  typed: T
  type: (typed: T) => void
  /** to be called as the address is given `value`, as it will say it */
  send: (value: T) => void
}

/**
 * What is being typed into a field whose value lives in the address. It follows the address when that changes by
 * another way (back button, a link), and is left alone when the address takes over what was sent to it.
 */
export function useTyped<T>(value: T): TypedField<T> {
  const [kept, setKept] = useState<Typed<T>>({ typed: value, seen: value })
  const state = followed(kept, value)
  if (state !== kept) setKept(state)
  return {
    typed: state.typed,
    type: (typed) => setKept((last) => ({ ...last, typed })),
    send: (sent) => setKept((last) => sending(last, sent)),
  }
}
