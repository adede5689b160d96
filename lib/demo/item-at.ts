/** The item at an index that the caller knows to exist; throws when it does not. */
export function itemAt<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError(`no item ${index} of ${items.length}`)
  // within bounds, so what is there is a T, even where T includes undefined
  return items[index] as T
}
