/** Label sets of earlier answers: a mesh answers the same ones at every refresh, so each is parsed once. */
import type { Sample } from './decode'

/** Twice this many are kept, which is more than a mesh of thousands of services has. */
const PER_GENERATION = 50_000

export interface LabelSets {
  /** For the rows of one answer, in their order: what follows what is guessed from earlier answers. */
  reader(): LabelReader
}

/**
 * The labels inside the braces of a row, the very same object for the same text; undefined when it is not JSON of
 * texts. `text` may be part of a long answer: what is kept of it is a copy.
 */
export type LabelReader = (text: string) => Sample['labels'] | undefined

interface Entry {
  text: string
  labels: Sample['labels']
  /** what came after it last time: comparing with one text is far cheaper than hashing it to look it up */
  next: Entry | null
}

/** Bounded: what no answer held for long is forgotten. */
export function createLabelSets(perGeneration = PER_GENERATION): LabelSets {
  let young = new Map<string, Entry>()
  let old = new Map<string, Entry>()

  function find(text: string): Entry | undefined {
    const known = young.get(text)
    if (known) return known
    let entry = old.get(text)
    if (!entry) {
      const labels = parseLabels(text)
      if (!labels) return undefined
      entry = { text: copyOf(text), labels, next: null }
    }
    if (young.size >= perGeneration) {
      old = young
      young = new Map()
    }
    young.set(entry.text, entry)
    return entry
  }

  return {
    reader() {
      let last: Entry | null = null
      return (text) => {
        const guess: Entry | null = last === null ? null : last.next
        const entry = guess?.text === text ? guess : find(text)
        if (!entry) return undefined
        if (last) last.next = entry
        last = entry
        return entry.labels
      }
    },
  }
}

function parseLabels(inside: string): Sample['labels'] | undefined {
  let labels: Record<string, unknown>
  try {
    labels = JSON.parse(`{${inside}}`) as Record<string, unknown>
  } catch {
    return undefined
  }
  for (const name in labels) {
    if (typeof labels[name] !== 'string') return undefined
  }
  return labels as Sample['labels']
}

/** A slice holds on to the whole text it was cut from, megabytes for a few hundred characters. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString()
}
