/** What the palette offers for what was typed. Pure. */
import type { HealthStatus } from '@/lib/api/schemas/common'
import { matchScore, wordsOf } from '@/lib/mesh/names/name-match'

/** A line of the palette: it leads to an address, or does something. */
export interface Entry {
  /** unique in the palette */
  id: string
  name: string
  /** what and where it is, beside the name; its words are found, too */
  place: string
  /** more words it is found by */
  alias?: string
  status?: HealthStatus | null
  /** where it leads, as the reader says it: “Graph” */
  leads: string
  href?: string
  /** true: the address is meant as it is, with its own time or none */
  isWhole?: true
  /** second place it leads to, with Ctrl Enter */
  other?: { leads: string; href: string }
  run?: () => void
  /** keys that do the same */
  keys?: readonly string[]
}

export interface Section {
  title: string
  entries: Entry[]
  /** there are so many more */
  more: number
}

const MOST_OF_A_SECTION = 8

/** Entries that hold every word, best first, and how well the first does; nothing typed: all as they come. */
export function rankEntries(entries: readonly Entry[], text: string): { ranked: Entry[]; best: number } {
  const words = wordsOf(text)
  const scored = entries
    .map((entry) => ({
      entry,
      score: matchScore({ name: entry.name, place: `${entry.place} ${entry.alias ?? ''}` }, words),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return { ranked: scored.map(({ entry }) => entry), best: scored[0]?.score ?? 0 }
}

/**
 * Sections in the order of how well they meet what was typed, each with its best entries; as given where they do
 * alike, or where nothing was typed. `total` counts what a section has beyond the entries it was given; where some of
 * these do not meet the text, it was counted for another one and says nothing.
 */
export function sectionsOf(
  given: readonly { title: string; entries: readonly Entry[]; total?: number }[],
  text: string,
  most: number = MOST_OF_A_SECTION,
): Section[] {
  return given
    .map(({ title, entries, total }) => {
      const { ranked, best } = rankEntries(entries, text)
      const shown = ranked.slice(0, most)
      return {
        best,
        section: {
          title,
          entries: shown,
          more: (ranked.length < entries.length ? ranked.length : (total ?? ranked.length)) - shown.length,
        },
      }
    })
    .filter(({ section }) => section.entries.length > 0)
    .sort((a, b) => b.best - a.best)
    .map(({ section }) => section)
}

/** The entry a key leads to from another; the ends meet. */
export function entryAfter(
  entries: readonly Entry[],
  current: string | null,
  key: string,
): Entry | undefined {
  const at = entries.findIndex((entry) => entry.id === current)
  const last = entries.length - 1
  switch (key) {
    case 'ArrowDown':
      return entries[at === last ? 0 : at + 1]
    case 'ArrowUp':
      return entries[at <= 0 ? last : at - 1]
    case 'PageDown':
      return entries[Math.min(last, at + MOST_OF_A_SECTION)]
    case 'PageUp':
      return entries[Math.max(0, at - MOST_OF_A_SECTION)]
    default:
      return undefined
  }
}
