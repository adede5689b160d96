/** What stands since when, so that what comes and goes is told once. Pure. */

interface Stand {
  /** seen in every look since, epoch milliseconds; null: not there now */
  since: number | null
  /** seen last, epoch milliseconds */
  last: number
  isTold: boolean
}

/** By id; null: not looked at yet. */
export type Standing = ReadonlyMap<string, Stand> | null

/** What comes back within this time is the same matter. */
export const QUIET_MS = 600_000

/**
 * What to tell of a look at `items`: each once it has stood as long as `holdMs` says, and not again until it was gone
 * for a while. The first look tells nothing: what is there was there. Null items could not be asked: nothing changes.
 */
export function lookAt<T extends { id: string }>(
  before: Standing,
  items: readonly T[] | null,
  now: number,
  holdMs: (item: T) => number,
): { standing: Standing; fresh: T[] } {
  if (!items) return { standing: before, fresh: [] }
  const standing = new Map<string, Stand>()
  for (const [id, stand] of before ?? []) {
    if (now - stand.last < QUIET_MS) standing.set(id, { ...stand, since: null })
  }
  const fresh: T[] = []
  for (const item of items) {
    const known = before?.get(item.id)
    const since = known?.since ?? now
    const wasTold = before === null || (standing.get(item.id)?.isTold ?? false)
    const isTold = wasTold || now - since >= holdMs(item)
    if (isTold && !wasTold) fresh.push(item)
    standing.set(item.id, { since, last: now, isTold })
  }
  return { standing, fresh }
}
