/** How much comes in at which moment: the shape of a day, and the unrest of minutes. */
import { createRandom, hashText } from '@/lib/demo/random'

const DAY_MS = 86_400_000

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

/** Slow unrest around 1, the same for one seed, entry and instant; it moves from minute to minute. */
export function unrest(atMs: number, seed: number, entry: string): number {
  const minute = Math.floor(atMs / 60_000)
  const between = (atMs % 60_000) / 60_000
  const at = (index: number) => createRandom(hashText(`${seed}/${entry}/${index}`)).next() - 0.5
  return 1 + 0.12 * (at(minute) * (1 - between) + at(minute + 1) * between)
}
