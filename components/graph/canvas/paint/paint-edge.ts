import type { Point } from '../../layout/model'
import type { SceneEdge } from '../../scene/scene'
import { glyphPath } from './glyphs'
import { paintParts, partsWidth } from './paint-label'
import type { Palette } from './palette'

export const PLATE_HEIGHT = 17
const LOCK = 16

/** Width of the plate with everything on it; 0 when there is nothing to say. */
export function edgePlateWidth(edge: SceneEdge, withLocks: boolean): number {
  const text = edge.label.length === 0 ? 0 : partsWidth(edge.label) + 12
  return text + (withLocks && edge.isPlaintext ? LOCK : 0)
}

/** The edge's figures on a plate round `at` (model pixels), with an open lock where it is not encrypted. */
export function paintEdgeLabel(
  ctx: CanvasRenderingContext2D,
  edge: SceneEdge,
  at: Point,
  palette: Palette,
  withLocks: boolean,
): void {
  const width = edgePlateWidth(edge, withLocks)
  if (width === 0) return
  const hasLock = withLocks && edge.isPlaintext
  const left = at.x - width / 2
  ctx.fillStyle = palette.surface
  ctx.strokeStyle =
    edge.status === 'failing' || edge.status === 'degraded' ? palette.mark[edge.status] : palette.line
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.roundRect(left, at.y - PLATE_HEIGHT / 2, width, PLATE_HEIGHT, 5)
  ctx.fill()
  ctx.stroke()
  ctx.textBaseline = 'middle'
  paintParts(ctx, edge.label, at.x + (hasLock ? LOCK / 2 : 0), at.y + 0.5, palette, false)
  if (!hasLock) return
  ctx.save()
  ctx.translate(left + (edge.label.length === 0 ? 2.5 : 4), at.y - 5.5)
  ctx.scale(11 / 24, 11 / 24)
  ctx.strokeStyle = palette.word.degraded
  ctx.lineWidth = 2.4
  ctx.lineJoin = 'round'
  ctx.stroke(glyphPath('openLock'))
  ctx.restore()
}
