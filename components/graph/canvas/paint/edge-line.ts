import type { Point } from '../../layout/model'
import type { DrawnEdge } from './painter'

/** An edge as it is drawn: corners from end to end. Null before Cytoscape drew it once. */
export function edgeLine({ ele }: DrawnEdge): Point[] | null {
  const start = ele.sourceEndpoint()
  const end = ele.targetEndpoint()
  if (!start || !end || Number.isNaN(start.x) || Number.isNaN(end.x)) return null
  if (ele.hasClass('routed')) return [start, ...(ele.segmentPoints() ?? []), end]
  const control = ele.controlPoints()?.[0]
  if (!control) return [start, end]
  const points = [start]
  for (let t = 0.125; t < 1; t += 0.125) points.push(bezier(start, control, end, t))
  points.push(end)
  return points
}

export function lineLength(points: readonly Point[]): number {
  let length = 0
  for (const [index, point] of points.entries()) {
    const next = points[index + 1]
    if (next) length += Math.hypot(next.x - point.x, next.y - point.y)
  }
  return length
}

/** The point at `share` (0..1) of the way along. */
export function pointAlong(points: readonly Point[], share: number): Point {
  let rest = share * lineLength(points)
  for (const [index, point] of points.entries()) {
    const next = points[index + 1]
    if (!next) return point
    const part = Math.hypot(next.x - point.x, next.y - point.y)
    if (rest <= part) {
      const t = part === 0 ? 0 : rest / part
      return { x: point.x + (next.x - point.x) * t, y: point.y + (next.y - point.y) * t }
    }
    rest -= part
  }
  return points[0] ?? { x: 0, y: 0 }
}

function bezier(a: Point, control: Point, b: Point, t: number): Point {
  const u = 1 - t
  return {
    x: u * u * a.x + 2 * u * t * control.x + t * t * b.x,
    y: u * u * a.y + 2 * u * t * control.y + t * t * b.y,
  }
}
