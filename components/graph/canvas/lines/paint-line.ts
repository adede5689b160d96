import type { Point } from '../../layout/model'
import type { SceneEdge } from '../../scene/scene'
import { pointAlong } from './polyline'
import type { Rect } from '../paint/paint-box'

/** Below this zoom an arrow is a blot, a dash a dot, and nobody sees whether a bend is round. */
const DETAIL_FROM = 0.3
const DASHES: Partial<Record<SceneEdge['edge']['protocol'], number[]>> = { grpc: [12, 4], tcp: [2, 4] }
const SOLID: number[] = []
const BEND_RADIUS = 40

export interface LineLook {
  color: string
  /** model pixels */
  width: number
  zoom: number
}

/** One edge with its arrow, `ctx` in model pixels; what lies outside of `view` is left out. */
export function paintLine(
  ctx: CanvasRenderingContext2D,
  { edge }: SceneEdge,
  corners: readonly Point[],
  { color, width, zoom }: LineLook,
  view: Rect,
): void {
  const [start, end] = [corners[0], corners.at(-1)]
  if (!start || !end || !isIn(view, corners)) return
  ctx.strokeStyle = color
  ctx.lineWidth = width
  if (zoom < DETAIL_FROM) {
    ctx.beginPath()
    // over its bends even so: there it is caught
    for (const { x, y } of corners) ctx.lineTo(x, y)
    ctx.stroke()
    return
  }
  const head = Math.max(8, width * 2.2)
  // the line ends where its arrow begins: a thick one would stand out at both sides of the tip
  const before = corners.at(-2) ?? start
  const length = Math.hypot(end.x - before.x, end.y - before.y)
  const neck = pointAlong([before, end], length > head ? 1 - (head * 0.8) / length : 0)
  ctx.setLineDash(DASHES[edge.protocol] ?? SOLID)
  ctx.beginPath()
  ctx.moveTo(start.x, start.y)
  for (let index = 1; index < corners.length - 1; index++) {
    const corner = corners[index]
    const next = index === corners.length - 2 ? neck : corners[index + 1]
    if (corner && next) ctx.arcTo(corner.x, corner.y, next.x, next.y, BEND_RADIUS)
  }
  ctx.lineTo(neck.x, neck.y)
  ctx.stroke()
  ctx.setLineDash(SOLID)
  paintHead(ctx, neck, end, head, color)
}

function paintHead(
  ctx: CanvasRenderingContext2D,
  from: Point,
  tip: Point,
  length: number,
  color: string,
): void {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [backX, backY] = [tip.x - cos * length, tip.y - sin * length]
  ctx.fillStyle = color
  ctx.beginPath()
  ctx.moveTo(tip.x, tip.y)
  ctx.lineTo(backX - (sin * length) / 2, backY + (cos * length) / 2)
  ctx.lineTo(backX + (sin * length) / 2, backY - (cos * length) / 2)
  ctx.fill()
}

function isIn(view: Rect, corners: readonly Point[]): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of corners) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return left < view.x + view.width && right > view.x && top < view.y + view.height && bottom > view.y
}
