/** How much comes in at which moment: the shape of a day, and the unrest of minutes. */
import { createRandom, hashText } from '@/lib/statistics/random'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/**
 * Factor on an entry's mean rate at an instant. Over a day it has the mean 1, a low in the night (03:00 UTC),
 * a first top before noon and the highest in the evening; `amplitude` 0 means the same all day.
 */
export function dayFactor(atMs: number, amplitude: number): number {
  const day = (2 * Math.PI * (atMs % DAY_MS)) / DAY_MS
  const hour = (2 * Math.PI) / 24
  const curve = 0.85 * Math.cos(day - 15 * hour) + 0.3 * Math.cos(2 * day - 2 * 20 * hour)
  return Math.max(0, 1 + amplitude * curve)
}

/** Slow unrest around 1, the same for one seed, name and instant; it moves from minute to minute. */
export function createUnrest(seed: number, name: string): (atMs: number) => number {
  const drawn = (minute: number) => createRandom(hashText(`${seed}/${name}/${minute}`)).next() - 0.5
  let minute = NaN
  let from = 0
  let to = 0
  return (atMs) => {
    const current = Math.floor(atMs / MINUTE_MS)
    if (current !== minute) {
      from = current === minute + 1 ? to : drawn(current)
      to = drawn(current + 1)
      minute = current
    }
    return 1 + 0.12 * (from + (to - from) * (atMs / MINUTE_MS - current))
  }
}
