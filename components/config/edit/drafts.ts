/**
 * Texts that somebody wrote and did not apply, kept in this browser until they are applied or discarded. A browser
 * that refuses storage keeps them for the visit.
 */
import type { ConfigObject } from '@/lib/mesh/inventory'

export interface Draft {
  text: string
  /** the object as it was when editing began; null for one that is new */
  base: ConfigObject | null
  /** epoch milliseconds */
  at: number
}

const PREFIX = 'heddle.draft.'
/** of other objects; older ones make room */
const MOST_DRAFTS = 20
const memory = new Map<string, Draft>()

export function findDraft(key: string): Draft | null {
  const remembered = memory.get(key)
  if (remembered) return remembered
  try {
    return draftIn(window.localStorage.getItem(PREFIX + key))
  } catch {
    return null
  }
}

export function keepDraft(key: string, draft: Draft): void {
  memory.set(key, draft)
  try {
    window.localStorage.setItem(PREFIX + key, JSON.stringify(draft))
    dropOldest(window.localStorage)
  } catch {
    // full or forbidden: memory has it for this visit
  }
}

export function dropDraft(key: string): void {
  memory.delete(key)
  try {
    window.localStorage.removeItem(PREFIX + key)
  } catch {
    // nothing was stored then
  }
}

function dropOldest(storage: Storage): void {
  const keys = Object.keys(storage).filter((key) => key.startsWith(PREFIX))
  if (keys.length <= MOST_DRAFTS) return
  keys
    .map((key) => ({ key, at: draftIn(storage.getItem(key))?.at ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .slice(MOST_DRAFTS)
    .forEach(({ key }) => storage.removeItem(key))
}

/** What another version of the page wrote, or somebody by hand, is none. */
function draftIn(text: string | null): Draft | null {
  if (text === null) return null
  try {
    const value = JSON.parse(text) as Partial<Draft> | null
    return typeof value?.text === 'string' && typeof value.at === 'number'
      ? { text: value.text, at: value.at, base: value.base ?? null }
      : null
  } catch {
    return null
  }
}
