/** Rows that are added at once: more would hold up a slow machine for longer than one notices. */
const MOST_ADDED = 200

/** How many of `all` are shown after a reader, who sees `shown`, has asked for more; null: nothing is left. */
export function nextCount(all: number, shown: number, mostAdded = MOST_ADDED): number | null {
  if (all <= shown) return null
  return Math.min(all, shown + mostAdded)
}
