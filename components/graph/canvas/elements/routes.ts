import type { Point } from '../../layout/model'

/**
 * Bends as Cytoscape wants them: per bend its share of the way from source to target, and its distance to the
 * side of that line. Null where the ends lie on each other.
 */
export function segmentsOf(
  source: Point,
  target: Point,
  bends: readonly Point[],
): { weights: number[]; distances: number[] } | null {
  const dx = target.x - source.x
  const dy = target.y - source.y
  const square = dx * dx + dy * dy
  if (square < 1) return null
  const length = Math.sqrt(square)
  return {
    weights: bends.map((bend) => ((bend.x - source.x) * dx + (bend.y - source.y) * dy) / square),
    // positive to the left of the direction of travel with y downwards, as Cytoscape counts
    distances: bends.map((bend) => ((bend.x - source.x) * -dy + (bend.y - source.y) * dx) / length),
  }
}

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
