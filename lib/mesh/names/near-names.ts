/** Which existing things somebody may have meant who asked for one that does not exist. Pure. */

export interface Place {
  cluster: string
  namespace: string
  name: string
}

const MOST = 5

/**
 * The likeliest of `candidates`, best first: the same name elsewhere, then names a few letters away or that contain
 * what was asked for (or the other way round), those of the same namespace before others.
 */
export function nearNames<T extends Place>(asked: Place, candidates: readonly T[]): T[] {
  const name = asked.name.toLowerCase()
  // a third of the letters wrong is a typing error; more is another word
  const limit = Math.max(1, Math.floor(name.length / 3))
  const scored = candidates.flatMap((candidate) => {
    const other = candidate.name.toLowerCase()
    const isPart = name.length >= 3 && other.length >= 3 && (other.includes(name) || name.includes(other))
    const distance = editDistance(name, other, limit)
    if (distance > limit && !isPart) return []
    const isHere = candidate.namespace === asked.namespace && candidate.cluster === asked.cluster
    const score = (isPart ? Math.min(distance, 1) : distance) * 2 + (isHere ? 0 : distance === 0 ? 0 : 1)
    return [{ candidate, score }]
  })
  return scored
    .sort((a, b) => a.score - b.score || compare(a.candidate, b.candidate))
    .slice(0, MOST)
    .map(({ candidate }) => candidate)
}

/**
 * Letters to insert, drop or change to make one text of the other; anything above `limit` reads `limit + 1`, so that
 * ten thousand names are compared in a moment.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
    }
    if (Math.min(...next) > limit) return limit + 1
    row = next
  }
  return Math.min(row[b.length] ?? 0, limit + 1)
}

function compare(a: Place, b: Place): number {
  const x = `${a.name} ${a.cluster}/${a.namespace}`
  const y = `${b.name} ${b.cluster}/${b.namespace}`
  return x < y ? -1 : x > y ? 1 : 0
}
