/** Lines as the corners they run over, in model pixels. Pure. */
import type { Point } from '../../layout/model'

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

/** How far `at` is from the nearest spot of the line. */
export function distanceTo(points: readonly Point[], at: Point): number {
  let least = Infinity
  for (const [index, from] of points.entries()) {
    const to = points[index + 1]
    if (!to) break
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const square = dx * dx + dy * dy
    const t = square === 0 ? 0 : ((at.x - from.x) * dx + (at.y - from.y) * dy) / square
    const along = Math.min(1, Math.max(0, t))
    least = Math.min(least, Math.hypot(at.x - from.x - along * dx, at.y - from.y - along * dy))
  }
  return least
}
