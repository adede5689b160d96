/** Which of many names a few letters mean. */

export interface Named {
  name: string
  /** where it is and what it is, in words that may be typed beside its name */
  place: string
}

/** The words of what was typed; a path is words too. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean)
}

/**
 * How well a name meets every one of the words: whole name, beginning, beginning of a part, anywhere; a word may also
 * be met by the place. 0 where one is not met; 1 without words.
 */
export function matchScore({ name, place }: Named, words: readonly string[]): number {
  if (words.length === 0) return 1
  const plain = name.toLowerCase()
  let sum = 0
  for (const word of words) {
    const score = scoreOf(plain, place, word)
    if (score === 0) return 0
    sum += score
  }
  // typed with a space, a name of two words is met whole
  return plain === words.join(' ') ? 5 * words.length : sum
}

/** What meets `text`, best first, at most so many, and how many there are; nothing typed: the first ones as they come. */
export function rankNames<T extends Named>(
  items: readonly T[],
  text: string,
  most: number,
): { found: T[]; total: number } {
  const words = wordsOf(text)
  if (words.length === 0) return { found: items.slice(0, most), total: items.length }
  const scored: { item: T; score: number }[] = []
  for (const item of items) {
    const score = matchScore(item, words)
    if (score > 0) scored.push({ item, score })
  }
  const found = scored
    .sort(
      (a, b) =>
        b.score - a.score || a.item.name.length - b.item.name.length || (a.item.name < b.item.name ? -1 : 1),
    )
    .slice(0, most)
    .map(({ item }) => item)
  return { found, total: scored.length }
}

function scoreOf(name: string, place: string, word: string): number {
  const at = name.indexOf(word)
  if (at === 0) return name.length === word.length ? 5 : 4
  if (at > 0) return beginsPart(name, word, at) ? 3 : 2
  return place.toLowerCase().includes(word) ? 1 : 0
}

function beginsPart(name: string, word: string, first: number): boolean {
  for (let at = first; at > 0; at = name.indexOf(word, at + 1)) {
    if (/[-_. ]/.test(name[at - 1] ?? '')) return true
  }
  return false
}
