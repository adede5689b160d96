/** How far the graph of an incident reaches. */
import type { Incident } from './types'

const MOST_HOPS = 5

/**
 * Steps from the origin, under any of its ids, up to the farthest caller it hurts: what lies beyond is no part of the
 * incident. 1 to 5; where no edge leads to a caller, as many as there are callers.
 */
export function hopsOf(
  {
    callers,
    edges,
  }: {
    callers: readonly { id: string }[]
    edges: readonly Pick<Incident['edges'][number], 'source' | 'target'>[]
  },
  origin: readonly string[],
): number {
  const hurt = new Set(callers.map(({ id }) => id))
  const seen = new Set(origin)
  let last = new Set(origin)
  let farthest = 0
  for (let hop = 1; hop <= MOST_HOPS && last.size > 0; hop += 1) {
    const next = new Set<string>()
    for (const { source, target } of edges) if (last.has(target) && !seen.has(source)) next.add(source)
    for (const id of next) {
      seen.add(id)
      if (hurt.has(id)) farthest = hop
    }
    last = next
  }
  return farthest > 0 ? farthest : Math.min(MOST_HOPS, Math.max(1, callers.length))
}
