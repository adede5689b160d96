/** Label sets of earlier answers: a mesh answers the same ones at every refresh, so each is parsed once. */
import type { Sample } from './decode'

/** Twice this many are kept, which is more than a mesh of thousands of services has. */
const PER_GENERATION = 50_000

export interface LabelSets {
  /**
   * The labels inside the braces of a row, the very same object for the same text; undefined when it is not JSON
   * of texts. `text` may be part of a long answer: what is kept of it is a copy.
   */
  of(text: string): Sample['labels'] | undefined
}

/** Bounded: what no answer held for long is forgotten. */
export function createLabelSets(perGeneration = PER_GENERATION): LabelSets {
  let young = new Map<string, Sample['labels']>()
  let old = new Map<string, Sample['labels']>()
  return {
    of(text) {
      const known = young.get(text)
      if (known) return known
      const labels = old.get(text) ?? parseLabels(text)
      if (!labels) return undefined
      if (young.size >= perGeneration) {
        old = young
        young = new Map()
      }
      young.set(copyOf(text), labels)
      return labels
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
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}
