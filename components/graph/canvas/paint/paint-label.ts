/** Names and figures of nodes and edges: how much room they take, and how they are drawn. */
import type { LabelPart, Tone } from '../../scene/edge-labels'
import type { SceneNode } from '../../scene/scene'
import type { Palette } from './palette'
import { FONTS, LINE_HEIGHT, shortName, textWidth } from './text'

export interface LabelSize {
  width: number
  height: number
}

/** of two figures, and of those of a node that is not well, which say its errors too */
const FIGURES_ROOM = 88
const UNWELL_FIGURES_ROOM = 120

/** Room the lines under a node take. The figures' line is reserved even while empty: nothing may shift later. */
export function nodeLabelSize(scene: SceneNode): LabelSize {
  const name = textWidth(shortName(scene.title), 'name')
  const version = scene.subtitle === null ? 0 : textWidth(scene.subtitle, 'version')
  return {
    width: Math.ceil(Math.max(name, version, isUnwell(scene) ? UNWELL_FIGURES_ROOM : FIGURES_ROOM)) + 4,
    height: LINE_HEIGHT.name + (scene.subtitle === null ? 0 : LINE_HEIGHT.version) + LINE_HEIGHT.figures,
  }
}

/** Name, version and figures, top at the origin, on a halo that keeps them legible over lines. */
export function paintNodeLabel(ctx: CanvasRenderingContext2D, scene: SceneNode, palette: Palette): void {
  ctx.textAlign = 'center'
  ctx.textBaseline = 'top'
  ctx.lineJoin = 'round'
  let y = 0
  line(shortName(scene.title), 'name', scene.status === 'idle' ? palette.textFaint : palette.text)
  if (scene.subtitle !== null) line(scene.subtitle, 'version', palette.textQuiet)
  paintParts(ctx, scene.figures, 0, y, palette, true)

  function line(text: string, font: 'name' | 'version', color: string): void {
    ctx.font = FONTS[font]
    ctx.strokeStyle = palette.canvas
    ctx.lineWidth = 3.5
    ctx.strokeText(text, 0, y)
    ctx.fillStyle = color
    ctx.fillText(text, 0, y)
    y += LINE_HEIGHT[font]
  }
}

/** A node's name in one line; of what is not well with the share it fails. */
export function farName(scene: SceneNode): string {
  const isUrgent = isUnwell(scene)
  const name = shortName(isUrgent || scene.subtitle !== null ? scene.fullName : scene.title)
  const errors = scene.figures.find((part) => part.tone === 'failing' || part.tone === 'degraded')
  return isUrgent && errors ? `${name}  ${errors.text}` : name
}

/** A name in screen pixels; on a plate when the node is not well. */
export function paintFarName(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  rect: { x: number; y: number; width: number; height: number },
  palette: Palette,
  status: 'healthy' | 'degraded' | 'failing' | 'idle' | 'unknown' | null,
): void {
  ctx.font = FONTS.version
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.lineJoin = 'round'
  const y = rect.y + rect.height / 2 + 0.5
  if (status) {
    ctx.fillStyle = palette.surface
    ctx.strokeStyle = palette.mark[status]
    ctx.lineWidth = 1
    ctx.beginPath()
    ctx.roundRect(rect.x, rect.y, rect.width, rect.height, 4)
    ctx.fill()
    ctx.stroke()
  } else {
    ctx.strokeStyle = palette.canvas
    ctx.lineWidth = 3
    ctx.strokeText(text, x, y)
  }
  ctx.fillStyle = status ? palette.word[status] : palette.text
  ctx.fillText(text, x, y)
}

function isUnwell({ status }: SceneNode): boolean {
  return status === 'failing' || status === 'degraded'
}

const SEPARATOR = 8

export function partsWidth(parts: readonly LabelPart[]): number {
  return parts.reduce((sum, part) => sum + textWidth(part.text, 'figures') + SEPARATOR, -SEPARATOR)
}

/** Figures side by side, centred on x; each in the colour of what it means. */
export function paintParts(
  ctx: CanvasRenderingContext2D,
  parts: readonly LabelPart[],
  x: number,
  y: number,
  palette: Palette,
  withHalo: boolean,
): void {
  if (parts.length === 0) return
  ctx.font = FONTS.figures
  ctx.textAlign = 'left'
  let at = x - partsWidth(parts) / 2
  for (const part of parts) {
    if (withHalo) {
      ctx.strokeStyle = palette.canvas
      ctx.lineWidth = 3
      ctx.strokeText(part.text, at, y)
    }
    ctx.fillStyle = toneColor(part.tone, palette)
    ctx.fillText(part.text, at, y)
    at += textWidth(part.text, 'figures') + SEPARATOR
  }
  ctx.textAlign = 'center'
}

function toneColor(tone: Tone, palette: Palette): string {
  switch (tone) {
    case 'plain':
      return palette.text
    case 'quiet':
      return palette.textQuiet
    case 'degraded':
    case 'failing':
      return palette.word[tone]
  }
}
