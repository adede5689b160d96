import { paintEdgeLabel } from './paint-edge'
import { farName, paintFarName, paintParts } from './paint-label'
import type { PaintState } from './painter'
import type { Labels } from './place-labels'
import { figuresOf, isUrgent } from './place-labels'

const DIMMED = 0.25

/** Names and figures at their places on screen; `ctx` in screen pixels. */
export function paintFarNames(ctx: CanvasRenderingContext2D, state: PaintState, labels: Labels): void {
  for (const { node, rect, figures } of labels.names) {
    const { scene } = node.drawn
    ctx.globalAlpha = state.path && !state.path.has(scene.id) ? DIMMED : 1
    const middle = rect.x + rect.width / 2
    paintFarName(ctx, farName(scene), middle, rect, state.palette, isUrgent(node) ? scene.status : null)
    if (!figures) continue
    ctx.textBaseline = 'middle'
    ctx.lineJoin = 'round'
    paintParts(ctx, figuresOf(node), middle, figures.y + figures.height / 2, state.palette, true)
  }
  ctx.globalAlpha = 1
}

/** Figures of edges on their plates; `ctx` in screen pixels. */
export function paintPlates(ctx: CanvasRenderingContext2D, state: PaintState, labels: Labels): void {
  for (const { edge, at, scale } of labels.plates) {
    ctx.save()
    ctx.translate(at.x, at.y)
    ctx.scale(scale, scale)
    paintEdgeLabel(ctx, edge.drawn.scene, { x: 0, y: 0 }, state.palette, state.withLocks)
    ctx.restore()
  }
}
