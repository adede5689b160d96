/** Keys as they stand on a keyboard. Pure. */

const WORDS: Record<string, string> = {
  ' ': 'Space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
}

/** One key: `mod+k` is `Ctrl K`, `Shift ArrowUp` is `Shift ↑`. */
export function keyWord(key: string): string {
  if (key.startsWith('mod+')) return `Ctrl ${key.slice(4).toUpperCase()}`
  if (key.startsWith('Shift ')) return `Shift ${keyWord(key.slice(6))}`
  return WORDS[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

/** Keys pressed one after the other: `G O`. */
export function keyWords(keys: readonly string[]): string {
  return keys.map(keyWord).join(' ')
}
