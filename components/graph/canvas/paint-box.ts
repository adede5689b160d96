import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import type { SceneBox } from '../scene/scene'
import { paintStatus } from './paint-node'
import type { Palette } from './palette'
import { FONTS, textWidth } from './text'

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

export const TITLE_HEIGHT = 26
const ROOM_FOR_TITLE = 34

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

/** Title bar: name, health if it is not well, traffic. Kept readable when zoomed out: sizes in screen pixels. */
export function paintBoxTitle(
  ctx: CanvasRenderingContext2D,
  box: SceneBox,
  rect: Rect,
  palette: Palette,
  zoom: number,
  marks: { isSelected: boolean },
): void {
  const scale = Math.max(1, 0.92 / zoom)
  if (box.kind === 'app' && zoom < 0.45) return
  const width = rect.width / scale
  ctx.save()
  // zoomed out the title is higher than the room kept for it: it moves up onto the frame's edge
  const lift = Math.max(0, TITLE_HEIGHT * scale - ROOM_FOR_TITLE)
  ctx.translate(rect.x, rect.y - lift)
  ctx.scale(scale, scale)
  if (marks.isSelected) {
    ctx.strokeStyle = palette.accent
    ctx.lineWidth = 2 / scale
    ctx.beginPath()
    ctx.roundRect(0, lift / scale, width, rect.height / scale, 12 / scale)
    ctx.stroke()
  }
  const isBad = box.status === 'failing' || box.status === 'degraded'
  let x = 12
  if (isBad) {
    paintStatus(ctx, box.status as 'failing' | 'degraded', palette, x + 6, TITLE_HEIGHT / 2 + 1, 0.8)
    x += 20
  }
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  ctx.font = FONTS.title
  const room = width - x - 10
  const title = fitted(box.title, room)
  if (title === '') return ctx.restore()
  ctx.fillStyle = box.kind === 'app' ? palette.textQuiet : palette.text
  ctx.strokeStyle = palette.canvas
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  ctx.strokeText(title, x, TITLE_HEIGHT / 2 + 1)
  ctx.fillText(title, x, TITLE_HEIGHT / 2 + 1)
  x += textWidth(title, 'title') + 10
  const words = boxWords(box)
  if (words !== '' && box.kind === 'namespace' && textWidth(words, 'figures') < width - x - 12) {
    ctx.font = FONTS.figures
    ctx.textAlign = 'right'
    ctx.fillStyle = isBad ? palette.word[box.status] : palette.textFaint
    ctx.strokeText(words, width - 12, TITLE_HEIGHT / 2 + 1)
    ctx.fillText(words, width - 12, TITLE_HEIGHT / 2 + 1)
  }
  ctx.restore()
}

/** Least width of a box whose title is to be read in full. */
export function boxTitleWidth(box: SceneBox): number {
  return Math.ceil(textWidth(box.title, 'title')) + 48
}

function boxWords(box: SceneBox): string {
  const parts: string[] = []
  if (box.requestsPerSecond !== null) parts.push(formatRate(box.requestsPerSecond))
  if (box.errorRatio !== null && box.errorRatio > 0) parts.push(`${formatRatio(box.errorRatio)} err`)
  return parts.join('  ')
}

function fitted(text: string, room: number): string {
  if (textWidth(text, 'title') <= room) return text
  const keep = Math.floor((text.length * room) / textWidth(text, 'title')) - 1
  return keep < 3 ? '' : `${text.slice(0, keep)}…`
}
