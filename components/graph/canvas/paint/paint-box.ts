import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import type { SceneBox } from '../../scene/scene'
import { paintFindings, paintStatus } from './paint-node'
import type { Palette } from './palette'
import { FONTS, textWidth } from './text'

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

export const TITLE_HEIGHT = 26
/** what stands beside a title, with its gap */
const HEALTH_MARK = 19
const FINDINGS_MARK = 38
/** between a title and the window's edge, in screen pixels */
const TITLE_MARGIN = 4
const ROOM_FOR_TITLE = { namespace: 34, app: 28 } as const

/** Frame and fill, in model pixels; goes under the edges. */
export function paintBox(
  ctx: CanvasRenderingContext2D,
  box: SceneBox,
  rect: Rect,
  palette: Palette,
  zoom: number,
): void {
  const isApp = box.kind === 'app'
  ctx.fillStyle = isApp ? palette.appBox : palette.box
  ctx.strokeStyle = isApp ? palette.appBoxLine : palette.boxLine
  // a frame stays a hairline however far one zooms out
  ctx.lineWidth = Math.max(1, 1 / zoom)
  ctx.beginPath()
  ctx.roundRect(rect.x, rect.y, rect.width, rect.height, isApp ? 10 : 12)
  ctx.fill()
  ctx.stroke()
}

/** Where a title stands on screen. Zoomed out it keeps its size and rises above the frame, off the nodes. */
export function titleRect(box: SceneBox, rect: Rect, zoom: number, pan: { x: number; y: number }): Rect {
  const scale = titleScale(zoom)
  const height = TITLE_HEIGHT * scale
  const lift = Math.max(0, height - ROOM_FOR_TITLE[box.kind] * zoom)
  return { x: pan.x + rect.x * zoom, y: pan.y + rect.y * zoom - lift, width: rect.width * zoom, height }
}

/**
 * How far left of its box's corner a title begins, in screen pixels, so that the window's right edge cuts nothing
 * off. A title keeps its size while its box shrinks; to fit the graph with room for it would make everything smaller,
 * and names vanish with zoom. It goes left until it ends where its box does: out of the window they go together.
 */
export function titleShift(
  box: SceneBox,
  title: string,
  bar: Rect,
  zoom: number,
  windowWidth: number,
): number {
  const marks =
    (isIll(box) ? HEALTH_MARK : 0) + (box.kind === 'namespace' && box.findings ? FINDINGS_MARK : 0)
  const length = (insetOf(box) + marks + textWidth(title, fontOf(box))) * titleScale(zoom)
  const beyond = bar.x + length + TITLE_MARGIN - windowWidth
  return Math.max(0, Math.min(beyond, length - bar.width, bar.x))
}

/** Name, health if it is not well, traffic; `ctx` in screen pixels. */
export function paintBoxTitle(
  ctx: CanvasRenderingContext2D,
  box: SceneBox,
  rect: Rect,
  palette: Palette,
  { zoom, pan }: { zoom: number; pan: { x: number; y: number } },
  marks: { isSelected: boolean; title: string; shift: number },
): void {
  const bar = titleRect(box, rect, zoom, pan)
  const scale = titleScale(zoom)
  if (marks.isSelected) {
    ctx.strokeStyle = palette.accent
    ctx.lineWidth = 2
    ctx.beginPath()
    ctx.roundRect(bar.x, pan.y + rect.y * zoom, bar.width, rect.height * zoom, 12 * zoom)
    ctx.stroke()
  }
  const isBad = box.status === 'failing' || box.status === 'degraded'
  const inset = insetOf(box)
  ctx.save()
  ctx.translate(bar.x - marks.shift, bar.y)
  ctx.scale(scale, scale)
  const width = bar.width / scale
  const middle = TITLE_HEIGHT / 2 + 1
  let x = inset
  if (isIll(box)) {
    paintStatus(ctx, box.status as 'failing' | 'degraded', palette, x + 6, middle, 0.8)
    x += HEALTH_MARK
  }
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  ctx.lineJoin = 'round'
  ctx.strokeStyle = palette.canvas
  ctx.lineWidth = 3
  const font = fontOf(box)
  ctx.font = FONTS[font]
  const { title } = marks
  ctx.fillStyle = box.kind === 'app' ? palette.textQuiet : palette.text
  ctx.strokeText(title, x, middle)
  ctx.fillText(title, x, middle)
  x += textWidth(title, font) + 10
  if (box.findings && box.kind === 'namespace' && title !== '') {
    paintFindings(ctx, box.findings, palette, x + 4, middle)
    x += FINDINGS_MARK
  }
  const words = boxWords(box)
  if (words !== '' && box.kind === 'namespace' && textWidth(words, 'figures') < width - x - inset) {
    ctx.font = FONTS.figures
    ctx.textAlign = 'right'
    ctx.fillStyle = isBad ? palette.word[box.status] : palette.textFaint
    ctx.strokeText(words, width - inset, middle)
    ctx.fillText(words, width - inset, middle)
  }
  ctx.restore()
}

/** As much of a box's title as its own bar holds. */
export function fullTitle(box: SceneBox, width: number, zoom: number): string {
  return fitted(box.title, width / titleScale(zoom) - (isIll(box) ? 33 : 14), fontOf(box))
}

/** Wears the mark of its health; that of an app is on its nodes. */
function isIll(box: SceneBox): boolean {
  return box.kind === 'namespace' && (box.status === 'failing' || box.status === 'degraded')
}

function insetOf(box: SceneBox): number {
  return box.kind === 'app' ? 6 : 10
}

function fontOf(box: SceneBox): 'title' | 'version' {
  return box.kind === 'app' ? 'version' : 'title'
}

function titleScale(zoom: number): number {
  return Math.max(0.92, Math.min(zoom, 1.6))
}

/** Least width of a box whose title is to be read in full. */
export function boxTitleWidth(box: SceneBox): number {
  // the mark of its health comes and goes without the frame changing; findings stay for longer
  const marks = box.kind === 'namespace' ? HEALTH_MARK + (box.findings ? FINDINGS_MARK : 0) : 0
  return Math.ceil(textWidth(box.title, 'title')) + marks + 29
}

function boxWords(box: SceneBox): string {
  const parts: string[] = []
  if (box.requestsPerSecond !== null) parts.push(formatRate(box.requestsPerSecond))
  if (box.errorRatio !== null && box.errorRatio > 0) parts.push(`${formatRatio(box.errorRatio)} err`)
  return parts.join('  ')
}

function fitted(text: string, room: number, font: 'title' | 'version'): string {
  if (textWidth(text, font) <= room) return text
  const keep = Math.floor((text.length * room) / textWidth(text, font)) - 1
  return keep < 3 ? '' : `${text.slice(0, keep)}…`
}
