/** What a piece of checking has read, so that it is done again only when that changed. */
import type { KindKey } from '../world'

/** A kind of objects, or one of the settings beside them. */
export type Source = KindKey | '#mesh' | '#now' | '#observed'

/** One answer of the world by key: still good while asking again answers the same thing. */
export interface KeyedRead {
  sources: ReadonlySet<Source>
  value: unknown
  again(): unknown
}

export interface Reads {
  /** read as a whole */
  whole: Set<Source>
  byKey: KeyedRead[]
}

export function noReads(): Reads {
  return { whole: new Set(), byKey: [] }
}

/** Every source that was read at all. */
export function allSources({ whole, byKey }: Reads): Set<Source> {
  const all = new Set(whole)
  for (const { sources } of byKey) for (const source of sources) all.add(source)
  return all
}

export function overlaps(a: ReadonlySet<Source>, b: ReadonlySet<Source>): boolean {
  for (const source of a) if (b.has(source)) return true
  return false
}

/** True when nothing of what was read is another now. */
export function stillHolds({ whole, byKey }: Reads, changed: ReadonlySet<Source>): boolean {
  if (overlaps(whole, changed)) return false
  return byKey.every((read) => !overlaps(read.sources, changed) || read.again() === read.value)
}

/**
 * The new value, or the old one where both say the same: what was derived from it then need not be done again. Entries
 * of maps and items of lists are kept one by one.
 */
export function keepSame<T>(old: T, fresh: T): T {
  if (old instanceof Map && fresh instanceof Map) {
    for (const [key, value] of fresh) {
      const before: unknown = old.get(key)
      if (before !== undefined && isSame(before, value, 3)) fresh.set(key, before)
    }
    return fresh
  }
  return isSame(old, fresh, 4) ? old : fresh
}

/** Same by identity, or lists and plain records of the same down to a depth. */
function isSame(a: unknown, b: unknown, depth: number): boolean {
  if (Object.is(a, b)) return true
  if (depth === 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => isSame(item, b[index], depth - 1))
  }
  // objects of the cluster are told apart by identity: an edit makes a new one
  if ('metadata' in a || a instanceof Map || a instanceof Set) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSame((a as never)[key], (b as never)[key], depth - 1))
  )
}
