/** What is typed and the value of the address it was typed over. */
export interface Typed<T> {
  typed: T
  seen: T
}

/**
 * What a field holds once the address has another value: that value, unless it is what was just typed, which may be
 * written in another way (a blank at its end) and is left alone.
 */
export function followed<T>(state: Typed<T>, value: T, isTaken: (typed: T, value: T) => boolean): Typed<T> {
  if (state.seen === value) return state
  return { typed: isTaken(state.typed, value) ? state.typed : value, seen: value }
}
