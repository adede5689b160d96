import type { Core, EdgeSingular, NodeSingular } from 'cytoscape'
import type { Point } from '../layout/model'
import type { SceneBox, SceneEdge, SceneNode } from '../scene/scene'
import type { Rect } from './paint-box'
import { paintBox, paintBoxTitle } from './paint-box'
import { edgePlateWidth, paintEdgeLabel } from './paint-edge'
import { paintFarLabels } from './paint-far'
import { nodeLabelSize, paintNode, paintNodeLabel, paintStatus } from './paint-node'
import type { Palette } from './palette'
import { edgeColor } from './palette'

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
  /** Cytoscape's lines are faded as a whole; those that matter are drawn again, on top */
  isFaint: boolean
}

const DIMMED = 0.25
/** From this zoom on names and figures are part of the picture; below, they keep their size on screen. */
const NEAR = 0.8
const LEAST_ZOOM_FOR_FIGURES = 0.36

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
    const isNear = zoom >= NEAR
    const inView = { ...state, boxes: state.boxes.filter(({ rect }) => touches(rect, view, 60)) }
    const seen = this.#nodesIn(view, state)
    const edges = this.#labelledEdgesIn(view, state, isNear)
    if (state.isFaint) this.#paintLitEdges(over, state, zoom)
    if (isNear) {
      for (const { drawn, at } of edges) paintEdgeLabel(over, drawn.scene, at, state.palette, state.withLocks)
    }
    this.#paintNodes(over, state, seen, zoom, pan)
    over.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0)
    over.globalAlpha = 1
    if (!isNear) paintFarLabels(over, inView, seen, edges, { zoom, pan })
    else {
      for (const { scene, rect } of inView.boxes) {
        paintBoxTitle(
          over,
          scene,
          rect,
          state.palette,
          { zoom, pan },
          { isSelected: state.selected === scene.id },
        )
      }
    }
    over.globalAlpha = 1
  }

  #clear(ctx: CanvasRenderingContext2D, zoom: number, pan: Point): void {
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
    ctx.setTransform(zoom * this.#ratio, 0, 0, zoom * this.#ratio, pan.x * this.#ratio, pan.y * this.#ratio)
  }

  #nodesIn(view: Rect, state: PaintState): { drawn: DrawnNode; at: Point }[] {
    const seen: { drawn: DrawnNode; at: Point }[] = []
    for (const drawn of state.nodes) {
      const at = drawn.ele.position()
      if (contains(view, at, 90)) seen.push({ drawn, at })
    }
    return seen
  }

  #labelledEdgesIn(view: Rect, state: PaintState, isNear: boolean): { drawn: DrawnEdge; at: Point }[] {
    if (this.#cy.zoom() < LEAST_ZOOM_FOR_FIGURES && !state.path) return []
    const found: { drawn: DrawnEdge; at: Point }[] = []
    for (const drawn of state.edges) {
      const { scene, ele } = drawn
      if (state.path && !state.path.has(scene.id)) continue
      const width = edgePlateWidth(scene, state.withLocks)
      if (width === 0) continue
      const at = ele.midpoint()
      // an edge that was never drawn has no midpoint yet
      if (!at || Number.isNaN(at.x) || !contains(view, at, 60)) continue
      const from = ele.source().position()
      const to = ele.target().position()
      const scale = isNear ? 1 : this.#cy.zoom()
      // a plate longer than its line would hide both ends
      const isShort = Math.hypot(to.x - from.x, to.y - from.y) * scale < width + 30
      if (isShort && Math.abs(to.y - from.y) * scale < 60) continue
      found.push({ drawn, at: { ...at } })
    }
    return found
  }

  /** The path in question, or what is not well, over the faded rest. */
  #paintLitEdges(ctx: CanvasRenderingContext2D, state: PaintState, zoom: number): void {
    for (const { scene, ele } of state.edges) {
      const isLit = state.path
        ? state.path.has(scene.id)
        : scene.status === 'failing' || scene.status === 'degraded'
      if (!isLit) continue
      const from = ele.source().position()
      const to = ele.target().position()
      ctx.strokeStyle =
        scene.id === state.selected ? state.palette.accent : edgeColor(state.palette, scene.status)
      ctx.lineWidth = Math.max(scene.width * 0.8, 1.3 / zoom)
      ctx.beginPath()
      ctx.moveTo(from.x, from.y)
      ctx.lineTo(to.x, to.y)
      ctx.stroke()
    }
  }

  #paintNodes(
    ctx: CanvasRenderingContext2D,
    state: PaintState,
    seen: readonly { drawn: DrawnNode; at: Point }[],
    zoom: number,
    pan: Point,
  ): void {
    const ratio = this.#ratio
    const detail = zoom < 0.3 ? 0 : 1
    // drawn from least to most urgent, so that what matters lies on top
    for (const { drawn, at } of seen.toReversed()) {
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
      const marks = { isSelected: state.selected === scene.id, isHovered: state.hovered === scene.id }
      paintNode(ctx, scene, state.palette, marks, detail)
      if (detail === 0 && (scene.status === 'failing' || scene.status === 'degraded')) {
        // too small for its ring to be seen: the mark of its status stands for it
        paintStatus(ctx, scene.status, state.palette, 0, 0, 0.8 / zoom)
      }
      if (zoom < NEAR) continue
      ctx.translate(0, scene.diameter / 2 + 6)
      paintNodeLabel(ctx, scene, state.palette)
    }
  }
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
