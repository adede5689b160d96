import type { Point } from '../layout/model'

/** Angles of the four arrow keys; a neighbour must lie within 60 degrees of one. */
const DIRECTIONS: Record<string, Point> = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
}

/** The node one comes to from `from` with an arrow key: near, and in that direction; undefined at the rim. */
export function findNextInDirection(
  from: string,
  key: string,
  positions: ReadonlyMap<string, Point>,
): string | undefined {
  const direction = DIRECTIONS[key]
  const start = positions.get(from)
  if (!direction || !start) return undefined
  let best: string | undefined
  let bestCost = Infinity
  for (const [id, at] of positions) {
    if (id === from) continue
    const along = (at.x - start.x) * direction.x + (at.y - start.y) * direction.y
    const aside = Math.abs((at.x - start.x) * direction.y) + Math.abs((at.y - start.y) * direction.x)
    if (along <= 0 || aside > along * 1.75) continue
    const cost = along + aside * 1.5
    if (cost < bestCost) [best, bestCost] = [id, cost]
  }
  return best
}
