import type { AlertMark } from '@/lib/alerts/marks'
import type { FindingMark } from '../../scene/findings'
import type { SceneNode } from '../../scene/scene'
import type { Corner } from './glyphs'
import { badgeAt, glyphOf, glyphPath } from './glyphs'
import type { Palette } from './palette'
import { outlineOf } from './shapes'
import { FONTS, textWidth } from './text'

const RING = 3.5
// an error share of a tenth of a percent must still be seen
const LEAST_ARC = 0.045

export interface NodeMarks {
  isSelected: boolean
  isHovered: boolean
}

/** The node at the origin in model pixels: body, ring, glyph, badges. `detail` 0 leaves the small parts out. */
export function paintNode(
  ctx: CanvasRenderingContext2D,
  scene: SceneNode,
  palette: Palette,
  marks: NodeMarks,
  detail: number,
): void {
  const { path, length } = outlineOf(scene.shape, scene.diameter)
  if (detail === 0 && !marks.isSelected && !marks.isHovered) {
    // a ring of half a pixel is no ring: far out a node is a dot of its colour
    ctx.fillStyle = palette.mark[scene.ring ? scene.status : 'idle']
    ctx.fill(path)
    return
  }
  if (scene.shape === 'stack') {
    ctx.save()
    ctx.translate(4, -4)
    ctx.fillStyle = palette.boxTitle
    ctx.strokeStyle = palette.nodeLine
    ctx.lineWidth = 1
    ctx.fill(path)
    ctx.stroke(path)
    ctx.restore()
  }
  if (marks.isSelected || marks.isHovered) {
    ctx.strokeStyle = palette.accent
    ctx.globalAlpha *= marks.isSelected ? 1 : 0.55
    ctx.lineWidth = RING + (marks.isSelected ? 9 : 7)
    ctx.stroke(path)
    ctx.globalAlpha /= marks.isSelected ? 1 : 0.55
    ctx.strokeStyle = palette.canvas
    ctx.lineWidth = RING + 4
    ctx.stroke(path)
  }
  ctx.fillStyle = palette.node
  ctx.fill(path)
  paintRing(ctx, scene, palette, path, length)
  if (detail === 0) return
  paintGlyph(ctx, scene, palette)
  const r = scene.diameter / 2
  if (scene.node.roles.includes('root')) paintEntry(ctx, palette, r)
  for (const corner of ['northWest', 'southEast', 'southWest'] as const) {
    const badge = badgeAt(scene.node.badges, corner)
    if (badge) paintBadge(ctx, palette, cornerPoint(corner, r), glyphPath(badge), badge === 'missingSidecar')
  }
  if (scene.alerts) paintAlerts(ctx, scene.alerts, palette, Math.min(0, 0.6 * (r - 24)), -r - 3)
  if (scene.findings) paintFindings(ctx, scene.findings, palette, r + 9, 0)
  if (scene.status === 'failing' || scene.status === 'degraded') {
    paintStatus(ctx, scene.status, palette, r * 0.72 + 1, -r * 0.72 - 1)
  }
}

function paintRing(
  ctx: CanvasRenderingContext2D,
  scene: SceneNode,
  palette: Palette,
  path: Path2D,
  length: number,
): void {
  ctx.lineWidth = RING
  ctx.lineCap = 'butt'
  const dash = scene.shape === 'dashedCircle' ? [6, 4] : scene.shape === 'dottedCircle' ? [2, 3] : []
  if (!scene.ring || scene.status === 'idle') {
    ctx.strokeStyle =
      scene.status === 'unknown' || scene.status === 'idle' ? palette.mark.idle : palette.nodeLine
    ctx.lineWidth = 2
    ctx.setLineDash(scene.status === 'unknown' ? [3, 3] : dash)
    ctx.stroke(path)
    ctx.setLineDash([])
    return
  }
  const base = scene.status === 'unknown' ? palette.mark.idle : palette.mark.healthy
  ctx.strokeStyle = base
  ctx.setLineDash(dash)
  ctx.stroke(path)
  const { errors, clientErrors } = scene.ring
  const errorArc = errors > 0 ? Math.max(errors, LEAST_ARC) : 0
  const clientArc = clientErrors > 0 ? Math.min(1 - errorArc, Math.max(clientErrors, LEAST_ARC)) : 0
  if (errorArc > 0) arc(palette.mark.failing, 0, errorArc)
  if (clientArc > 0) arc(palette.clientError, errorArc, clientArc)
  ctx.setLineDash([])
  ctx.lineDashOffset = 0

  function arc(color: string, from: number, share: number): void {
    ctx.strokeStyle = color
    ctx.setLineDash([share * length, length])
    ctx.lineDashOffset = -from * length
    ctx.stroke(path)
  }
}

function paintGlyph(ctx: CanvasRenderingContext2D, scene: SceneNode, palette: Palette): void {
  const size = scene.diameter * (scene.shape === 'diamond' ? 0.42 : 0.46)
  ctx.save()
  ctx.scale(size / 24, size / 24)
  ctx.translate(-12, -12)
  ctx.strokeStyle = scene.status === 'idle' ? palette.mark.idle : palette.glyph
  ctx.lineWidth = 34 / size + 0.5
  ctx.lineJoin = 'round'
  ctx.lineCap = 'round'
  ctx.stroke(glyphPath(glyphOf(scene)))
  ctx.restore()
}

/** A wedge on the left: traffic comes into the mesh here. */
function paintEntry(ctx: CanvasRenderingContext2D, palette: Palette, r: number): void {
  ctx.fillStyle = palette.glyph
  ctx.beginPath()
  ctx.moveTo(-r - 12, -5)
  ctx.lineTo(-r - 5, 0)
  ctx.lineTo(-r - 12, 5)
  ctx.closePath()
  ctx.fill()
}

function cornerPoint(corner: Corner, r: number): [number, number] {
  const d = r * 0.72 + 1
  switch (corner) {
    case 'northWest':
      return [-d, -d]
    case 'southEast':
      return [d, d]
    case 'southWest':
      return [-d, d]
  }
}

function paintBadge(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  [x, y]: [number, number],
  glyph: Path2D,
  isWarning: boolean,
): void {
  ctx.fillStyle = palette.surface
  ctx.strokeStyle = isWarning ? palette.mark.degraded : palette.nodeLine
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.arc(x, y, 8, 0, 2 * Math.PI)
  ctx.fill()
  ctx.stroke()
  ctx.save()
  ctx.translate(x - 5, y - 5)
  ctx.scale(10 / 24, 10 / 24)
  ctx.strokeStyle = isWarning ? palette.word.degraded : palette.glyph
  ctx.lineWidth = 2.8
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.stroke(glyph)
  ctx.restore()
}

/** A bell on top, aside on small nodes, whose health stands close: ringing on a filled disc where one fires, quiet on an empty one where one is about to. */
function paintAlerts(
  ctx: CanvasRenderingContext2D,
  { firing }: AlertMark,
  palette: Palette,
  x: number,
  y: number,
): void {
  const isFiring = firing > 0
  ctx.fillStyle = isFiring ? palette.mark.failing : palette.surface
  ctx.strokeStyle = isFiring ? palette.canvas : palette.mark.degraded
  ctx.lineWidth = isFiring ? 2 : 1.2
  ctx.beginPath()
  ctx.arc(x, y, isFiring ? 9.5 : 8, 0, 2 * Math.PI)
  ctx.fill()
  ctx.stroke()
  ctx.save()
  const size = isFiring ? 13 : 11
  ctx.translate(x - size / 2, y - size / 2)
  ctx.scale(size / 24, size / 24)
  ctx.strokeStyle = isFiring ? palette.surface : palette.word.degraded
  ctx.lineWidth = 2.6
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.stroke(glyphPath(isFiring ? 'bellRinging' : 'bell'))
  ctx.restore()
}

/** A plate with the severity's shape (error: square, warning: diamond) and how many; its left end is at `x`. */
export function paintFindings(
  ctx: CanvasRenderingContext2D,
  { severity, count }: FindingMark,
  palette: Palette,
  x: number,
  y: number,
): void {
  const text = count > 9 ? '9+' : String(count)
  const isError = severity === 'error'
  ctx.save()
  ctx.font = FONTS.figures
  ctx.fillStyle = palette.surface
  ctx.strokeStyle = palette.mark[isError ? 'failing' : 'degraded']
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.roundRect(x - 6, y - 7, 17 + textWidth(text, 'figures'), 14, 4)
  ctx.fill()
  ctx.stroke()
  ctx.fillStyle = palette.mark[isError ? 'failing' : 'degraded']
  ctx.beginPath()
  if (isError) ctx.rect(x - 3, y - 3, 6, 6)
  else {
    ctx.moveTo(x, y - 4)
    ctx.lineTo(x + 4, y)
    ctx.lineTo(x, y + 4)
    ctx.lineTo(x - 4, y)
    ctx.closePath()
  }
  ctx.fill()
  ctx.fillStyle = palette.word[isError ? 'failing' : 'degraded']
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillText(text, x + 7, y + 0.5)
  ctx.restore()
}

/** Failing: a disc with a cross; degraded: a triangle with a bar. Told apart without colour. */
export function paintStatus(
  ctx: CanvasRenderingContext2D,
  status: 'failing' | 'degraded',
  palette: Palette,
  x: number,
  y: number,
  scale = 1,
): void {
  ctx.save()
  ctx.translate(x, y)
  ctx.scale(scale, scale)
  ctx.lineJoin = 'round'
  ctx.lineCap = 'round'
  ctx.strokeStyle = palette.canvas
  ctx.fillStyle = palette.mark[status]
  ctx.lineWidth = 2.5
  ctx.beginPath()
  if (status === 'failing') ctx.arc(0, 0, 7.5, 0, 2 * Math.PI)
  else {
    ctx.moveTo(0, -8)
    ctx.lineTo(8.5, 6.5)
    ctx.lineTo(-8.5, 6.5)
    ctx.closePath()
  }
  ctx.stroke()
  ctx.fill()
  ctx.strokeStyle = palette.surface
  ctx.lineWidth = 1.9
  ctx.beginPath()
  if (status === 'failing') {
    ctx.moveTo(-2.7, -2.7)
    ctx.lineTo(2.7, 2.7)
    ctx.moveTo(2.7, -2.7)
    ctx.lineTo(-2.7, 2.7)
  } else {
    ctx.moveTo(0, -2.8)
    ctx.lineTo(0, 1.4)
    ctx.moveTo(0, 4.2)
    ctx.lineTo(0, 4.3)
  }
  ctx.stroke()
  ctx.restore()
}
