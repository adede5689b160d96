/** Which of many names a few letters mean. Pure. */

const MOST = 40

interface Named {
  name: string
  place: string
}

/**
 * Names that hold every word of `text`, best first: whole name, beginning, beginning of a part, anywhere; a word may
 * also be met by the place. Nothing typed: the first ones as they come.
 */
export function rankedHits<T extends Named>(items: readonly T[], text: string): T[] {
  const words = text
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean)
  if (words.length === 0) return items.slice(0, MOST)
  const scored: { item: T; score: number }[] = []
  for (const item of items) {
    const scores = words.map((word) => scoreOf(item, word))
    if (scores.every((score) => score > 0))
      scored.push({ item, score: scores.reduce((sum, score) => sum + score, 0) })
  }
  return scored
    .sort(
      (a, b) =>
        b.score - a.score || a.item.name.length - b.item.name.length || (a.item.name < b.item.name ? -1 : 1),
    )
    .slice(0, MOST)
    .map(({ item }) => item)
}

function scoreOf(item: Named, word: string): number {
  const name = item.name.toLowerCase()
  if (name === word) return 5
  if (name.startsWith(word)) return 4
  if (name.split(/[-_. ]/).some((part) => part.startsWith(word))) return 3
  if (name.includes(word)) return 2
  return item.place.toLowerCase().includes(word) ? 1 : 0
}
