import type { Point } from '../../layout/model'

/** Bends relative to an edge's ends: they go where the ends go. */
export interface Segments {
  weights: number[]
  distances: number[]
}

/**
 * Bends as Cytoscape wants them: per bend its share of the way from source to target, and its distance to the
 * side of that line. Null where the ends lie on each other.
 */
export function segmentsOf(source: Point, target: Point, bends: readonly Point[]): Segments | null {
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

/** The other way round: where these bends lie while the ends are there. */
export function bendsOf(source: Point, target: Point, { weights, distances }: Segments): Point[] {
  const [dx, dy] = [target.x - source.x, target.y - source.y]
  const length = Math.hypot(dx, dy)
  if (length === 0) return []
  return weights.map((weight, index) => {
    const aside = (distances[index] ?? 0) / length
    return { x: source.x + weight * dx - aside * dy, y: source.y + weight * dy + aside * dx }
  })
}
