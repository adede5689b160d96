/** What is typed, the value of the address it was typed over, and what the address was last given of it. */
export interface Typed<T> {
  typed: T
  seen: T
  /** absent: nothing that is still to be seen there */
  sent?: T
}

/**
 * What a field holds once the address has another value: that value, unless the field sent it, whose next letters may
 * have been typed meanwhile, or which is written in another way (a blank at its end). Then it is left alone.
 */
export function followed<T>(state: Typed<T>, value: T): Typed<T> {
  if (state.seen === value) return state
  return { typed: state.sent === value ? state.typed : value, seen: value }
}

/** The state once `value` is on its way to the address. */
export function sending<T>(state: Typed<T>, value: T): Typed<T> {
  return state.seen === value ? { typed: state.typed, seen: value } : { ...state, sent: value }
}
