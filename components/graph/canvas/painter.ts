import type { Core, EdgeSingular, NodeSingular } from 'cytoscape'
import type { Point } from '../layout/model'
import type { SceneBox, SceneEdge, SceneNode } from '../scene/scene'
import { severity } from '../scene/traffic'
import type { Rect } from './paint-box'
import { paintBox, paintBoxTitle } from './paint-box'
import { edgePlateWidth, paintEdgeLabel } from './paint-edge'
import { farName, nodeLabelSize, paintFarName, paintNode, paintNodeLabel } from './paint-node'
import type { Palette } from './palette'
import { textWidth } from './text'

export interface DrawnNode {
  scene: SceneNode
  ele: NodeSingular
}
export interface DrawnEdge {
  scene: SceneEdge
  ele: EdgeSingular
}

/** What is to be seen now, besides where. */
export interface PaintState {
  palette: Palette
  /** most urgent first: the order in which names claim room when zoomed out */
  nodes: DrawnNode[]
  edges: DrawnEdge[]
  boxes: { scene: SceneBox; rect: Rect }[]
  /** ids that stay bright; null when nothing is dimmed */
  path: ReadonlySet<string> | null
  selected: string | null
  hovered: string | null
  withLocks: boolean
}

const DIMMED = 0.25
/** From this zoom on names and figures are part of the picture; below, names keep their size on screen. */
const NEAR = 0.72
const NAME_ALL = 0.34
const MOST_FAR_NAMES = 160
/** Figures on edges fade in here. */
const FIGURES_FROM = 0.62

/**
 * Draws what Cytoscape would repaint too slowly or cannot draw: boxes under its canvas; rings, badges, names and
 * figures over it. Cytoscape keeps geometry, lines and the pointer.
 */
export class Painter {
  readonly #cy: Core
  readonly #under: HTMLCanvasElement
  readonly #over: HTMLCanvasElement
  #ratio = 1

  constructor(cy: Core, under: HTMLCanvasElement, over: HTMLCanvasElement) {
    this.#cy = cy
    this.#under = under
    this.#over = over
  }

  resize(ratio: number): void {
    this.#ratio = ratio
    for (const canvas of [this.#under, this.#over]) {
      const width = Math.round(this.#cy.width() * ratio)
      const height = Math.round(this.#cy.height() * ratio)
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
    }
  }

  paint(state: PaintState): void {
    const zoom = this.#cy.zoom()
    const pan = this.#cy.pan()
    const view: Rect = {
      x: -pan.x / zoom,
      y: -pan.y / zoom,
      width: this.#cy.width() / zoom,
      height: this.#cy.height() / zoom,
    }
    const under = this.#under.getContext('2d')
    const over = this.#over.getContext('2d')
    if (!under || !over) return
    this.#clear(under, zoom, pan)
    for (const { scene, rect } of state.boxes) {
      if (touches(rect, view, 0)) paintBox(under, scene, rect, state.palette, zoom)
    }
    this.#clear(over, zoom, pan)
    if (zoom > FIGURES_FROM) this.#paintEdgeLabels(over, state, view, zoom)
    this.#paintNodes(over, state, view, zoom, pan)
    for (const { scene, rect } of state.boxes) {
      if (!touches(rect, view, 40)) continue
      over.globalAlpha = 1
      paintBoxTitle(over, scene, rect, state.palette, zoom, { isSelected: state.selected === scene.id })
    }
    over.globalAlpha = 1
  }

  #clear(ctx: CanvasRenderingContext2D, zoom: number, pan: Point): void {
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
    ctx.setTransform(zoom * this.#ratio, 0, 0, zoom * this.#ratio, pan.x * this.#ratio, pan.y * this.#ratio)
  }

  #paintEdgeLabels(ctx: CanvasRenderingContext2D, state: PaintState, view: Rect, zoom: number): void {
    const alpha = Math.min(1, (zoom - FIGURES_FROM) * 12)
    for (const { scene, ele } of state.edges) {
      const isLit = state.path?.has(scene.id) ?? false
      if (alpha === 0 || (state.path && !isLit)) continue
      const at = ele.midpoint()
      // an edge that was never drawn has no midpoint yet
      if (!at || Number.isNaN(at.x) || !contains(view, at, 60)) continue
      const width = edgePlateWidth(scene, state.withLocks)
      if (width === 0) continue
      const from = ele.source().position()
      const to = ele.target().position()
      // a plate longer than its line would hide both ends
      if (Math.hypot(to.x - from.x, to.y - from.y) < width + 36 && Math.abs(to.y - from.y) < 70) continue
      ctx.globalAlpha = alpha
      paintEdgeLabel(ctx, scene, at, state.palette, state.withLocks)
    }
    ctx.globalAlpha = 1
  }

  #paintNodes(ctx: CanvasRenderingContext2D, state: PaintState, view: Rect, zoom: number, pan: Point): void {
    const ratio = this.#ratio
    const isNear = zoom >= NEAR
    const detail = zoom < 0.3 ? 0 : 1
    const seen: { drawn: DrawnNode; at: Point }[] = []
    for (const drawn of state.nodes) {
      const at = drawn.ele.position()
      if (contains(view, at, 90)) seen.push({ drawn, at })
    }
    // drawn from least to most urgent, so that what matters lies on top
    for (let index = seen.length - 1; index >= 0; index--) {
      const item = seen[index]
      if (!item) continue
      const { drawn, at } = item
      const { scene } = drawn
      const isDim = state.path !== null && !state.path.has(scene.id)
      ctx.setTransform(
        zoom * ratio,
        0,
        0,
        zoom * ratio,
        (pan.x + at.x * zoom) * ratio,
        (pan.y + at.y * zoom) * ratio,
      )
      ctx.globalAlpha = isDim ? DIMMED : 1
      paintNode(
        ctx,
        scene,
        state.palette,
        { isSelected: state.selected === scene.id, isHovered: state.hovered === scene.id },
        detail,
      )
      if (isNear) {
        ctx.translate(0, scene.diameter / 2 + 6)
        paintNodeLabel(ctx, scene, state.palette)
      }
    }
    if (!isNear) this.#paintFarNames(ctx, state, seen, zoom, pan)
    this.#clearTransform(ctx, zoom, pan)
  }

  /** Zoomed out, names keep their size on screen, the urgent first, as far as there is room. */
  #paintFarNames(
    ctx: CanvasRenderingContext2D,
    state: PaintState,
    seen: readonly { drawn: DrawnNode; at: Point }[],
    zoom: number,
    pan: Point,
  ): void {
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0)
    const taken: Rect[] = []
    // what is chosen or hovered may never lose its name to another
    const rank = ({ scene }: DrawnNode) => (scene.id === state.selected || scene.id === state.hovered ? 0 : 1)
    const ordered = seen.toSorted((a, b) => rank(a.drawn) - rank(b.drawn))
    const shapes = ordered.map(({ drawn, at }) => shapeRect(at, drawn.scene.diameter, zoom, pan))
    for (const [index, { drawn, at }] of ordered.entries()) {
      const { scene } = drawn
      if (taken.length >= MOST_FAR_NAMES) return
      const isDim = state.path !== null && !state.path.has(scene.id)
      const isUrgent = severity(scene.status) >= severity('degraded')
      // names of all are for a picture one can read; farther out only what needs eyes
      if (zoom < NAME_ALL && !isUrgent && rank(drawn) === 1) continue
      const text = farName(scene)
      const x = pan.x + at.x * zoom
      const y = pan.y + (at.y + scene.diameter / 2) * zoom + 3
      const width = textWidth(text, 'version')
      const rect: Rect = { x: x - width / 2 - 3, y, width: width + 6, height: 16 }
      const isFree =
        !taken.some((other) => touches(rect, other, 1)) &&
        (isUrgent || !shapes.some((other, at) => at !== index && touches(rect, other, 0)))
      if (!isFree && rank(drawn) === 1) continue
      taken.push(rect)
      ctx.globalAlpha = isDim ? DIMMED : 1
      paintFarName(ctx, text, x, rect, state.palette, isUrgent ? scene.status : null)
    }
    ctx.globalAlpha = 1
  }

  #clearTransform(ctx: CanvasRenderingContext2D, zoom: number, pan: Point): void {
    ctx.setTransform(zoom * this.#ratio, 0, 0, zoom * this.#ratio, pan.x * this.#ratio, pan.y * this.#ratio)
  }
}

function shapeRect(at: Point, diameter: number, zoom: number, pan: Point): Rect {
  const size = diameter * zoom
  return { x: pan.x + at.x * zoom - size / 2, y: pan.y + at.y * zoom - size / 2, width: size, height: size }
}

/** The frame round some nodes and their names, in model pixels. */
export function hullOf(
  nodes: readonly { at: Point; scene: SceneNode }[],
  padding: { top: number; side: number; bottom: number },
): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { at, scene } of nodes) {
    const label = nodeLabelSize(scene)
    const half = Math.max(scene.diameter, label.width) / 2
    left = Math.min(left, at.x - half)
    right = Math.max(right, at.x + half)
    top = Math.min(top, at.y - scene.diameter / 2)
    bottom = Math.max(bottom, at.y + scene.diameter / 2 + 6 + label.height)
  }
  return {
    x: left - padding.side,
    y: top - padding.top,
    width: right - left + 2 * padding.side,
    height: bottom - top + padding.top + padding.bottom,
  }
}

function touches(a: Rect, b: Rect, margin: number): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  )
}

function contains(view: Rect, at: Point, margin: number): boolean {
  return (
    at.x > view.x - margin &&
    at.x < view.x + view.width + margin &&
    at.y > view.y - margin &&
    at.y < view.y + view.height + margin
  )
}
