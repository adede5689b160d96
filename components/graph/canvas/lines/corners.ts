/** Where a line between two nodes runs, from rim to rim. Pure. */
import type { Point } from '../../layout/model'
import type { Shape } from '../../scene/scene'

/** A node a line ends at. */
export interface End {
  at: Point
  shape: Shape
  diameter: number
}

/** The ring lies half outside of the shape. */
const RING = 2
const LOOP_STEPS = 10

/** The corners of the line in model pixels. */
export function cornersOf(from: End, to: End, bends: readonly Point[]): Point[] {
  const first = bends[0] ?? to.at
  const last = bends.at(-1) ?? from.at
  return [onRim(from, first), ...bends, onRim(to, last)]
}

/** The spot of the rim in the direction of `towards`; the centre for what lies right on it. */
function onRim({ at, shape, diameter }: End, towards: Point): Point {
  const [dx, dy] = [towards.x - at.x, towards.y - at.y]
  const distance = Math.hypot(dx, dy)
  if (distance === 0) return at
  const [cos, sin] = [dx / distance, dy / distance]
  // two nodes that lie on each other have no line between their rims
  const reach = Math.min(distance, rimDistance(shape, diameter / 2 + RING, Math.abs(cos), Math.abs(sin)))
  return { x: at.x + cos * reach, y: at.y + sin * reach }
}

/** From the centre to the outline that `outlineOf` draws, in the direction with these absolute cosine and sine. */
function rimDistance(shape: Shape, r: number, cos: number, sin: number): number {
  switch (shape) {
    case 'circle':
    case 'dashedCircle':
    case 'dottedCircle':
      return r
    case 'roundSquare':
    case 'stack':
      // its corners are round
      return Math.min(r * 1.1, (r * 0.92) / Math.max(cos, sin))
    case 'diamond':
      return r / (cos + sin)
    case 'hexagon':
      return r * Math.min(0.94 / sin, 1.0152 / (0.94 * cos + 0.5 * sin))
  }
}

/** The line from a node to itself, at its upper left. */
export function loopOf({ at, diameter }: End): Point[] {
  const r = diameter / 2 + RING
  // a circle whose rim goes through the node's, round a centre beyond it
  const centre = { x: at.x - r, y: at.y - r }
  const radius = r * 0.8
  const points: Point[] = []
  for (let step = 0; step <= LOOP_STEPS; step++) {
    const angle = Math.PI / 2 + 0.3 + ((1.5 * Math.PI - 0.6) * step) / LOOP_STEPS
    points.push({ x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) })
  }
  return points
}
