import type { Core, NodeSingular } from 'cytoscape'
import type { Point } from '../../layout/model'
import type { SceneBox, SceneNode } from '../../scene/scene'
import type { DrawnEdge } from '../lines/lines'
import { lineLength, pointAlong } from '../lines/polyline'
import type { Rect } from './paint-box'
import { paintBox, paintBoxTitle } from './paint-box'
import { edgePlateWidth } from './paint-edge'
import { paintFarNames, paintPlates } from './paint-far'
import { paintNodeLabel } from './paint-label'
import { paintLine } from '../lines/paint-line'
import { paintNode, paintStatus } from './paint-node'
import type { Palette } from './palette'
import { edgeColor } from './palette'
import type { SeenEdge, SeenNode } from './place-labels'
import { placeLabels } from './place-labels'

export interface DrawnNode {
  scene: SceneNode
  ele: NodeSingular
}

/** What is to be seen now, besides where. */
export interface PaintState {
  palette: Palette
  /** most urgent first: the order in which names claim room when zoomed out */
  nodes: DrawnNode[]
  edges: readonly DrawnEdge[]
  boxes: { scene: SceneBox; rect: Rect }[]
  /** ids that stay bright; null when nothing is dimmed */
  path: ReadonlySet<string> | null
  selected: string | null
  hovered: string | null
  withLocks: boolean
  /** Cytoscape draws no lines here */
  withLines: boolean
  /** lines are faded as a whole; those that matter are drawn again, on top */
  isFaint: boolean
}

/** Our own layers: `lines` between boxes and all else. */
export interface Layers {
  under: HTMLCanvasElement
  lines: HTMLCanvasElement
  over: HTMLCanvasElement
}

const DIMMED = 0.25
/** Lit lines beyond which the healthy among them are drawn thin enough to see through. */
const MANY_LIT = 400
const MANY_ALPHA = 0.18
/** From this zoom on names and figures are part of the picture; below, they keep their size on screen. */
const NEAR = 0.8
const LEAST_ZOOM_FOR_FIGURES = 0.36
/** Where lines cross, all of them are seen. */
const LINE_ALPHA = 0.7
/** Close by, of lines that only pass through between things out of sight: most of a thousand nodes' are. */
const PASSING_ALPHA = 0.14
/** Where there are more lines, those that only pass carry no figures: they would hide what is in view. */
const MOST_WITH_FIGURES = 200

/**
 * Draws what Cytoscape would repaint too slowly or cannot draw: boxes, and the lines of large graphs, under its canvas;
 * rings, badges, names and figures over it. Cytoscape keeps geometry, the lines of small graphs and the pointer.
 */
export class Painter {
  readonly #cy: Core
  readonly #layers: Layers
  #ratio = 1
  #hasLines = false

  constructor(cy: Core, layers: Layers) {
    this.#cy = cy
    this.#layers = layers
  }

  resize(ratio: number): void {
    this.#ratio = ratio
    const { under, lines, over } = this.#layers
    for (const canvas of [under, lines, over]) {
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
    const under = this.#layers.under.getContext('2d')
    const over = this.#layers.over.getContext('2d')
    if (!under || !over) return
    this.#clear(under, zoom, pan)
    for (const { scene, rect } of state.boxes) {
      if (touches(rect, view, 0)) paintBox(under, scene, rect, state.palette, zoom)
    }
    this.#paintLines(state, view, zoom, pan)
    this.#clear(over, zoom, pan)
    const isNear = zoom >= NEAR
    const boxes = state.boxes.filter(({ rect }) => touches(rect, view, 60))
    const seen = this.#nodesIn(view, state)
    const labels = placeLabels(
      { ...state, boxes },
      seen,
      this.#labelledEdgesIn(view, state),
      { zoom, pan, width: this.#cy.width() },
      isNear,
    )
    if (state.isFaint) this.#paintLitEdges(over, state, view, zoom)
    over.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0)
    paintPlates(over, state, labels)
    this.#paintNodes(over, state, seen, zoom, pan)
    over.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0)
    over.globalAlpha = 1
    paintFarNames(over, state, labels)
    for (const { index, text, shift } of labels.titles) {
      const box = boxes[index]
      if (!box) continue
      const marks = { isSelected: state.selected === box.scene.id, title: text, shift }
      paintBoxTitle(over, box.scene, box.rect, state.palette, { zoom, pan }, marks)
    }
  }

  #clear(ctx: CanvasRenderingContext2D, zoom: number, pan: Point): void {
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
    ctx.setTransform(zoom * this.#ratio, 0, 0, zoom * this.#ratio, pan.x * this.#ratio, pan.y * this.#ratio)
  }

  #nodesIn(view: Rect, state: PaintState): SeenNode[] {
    const seen: SeenNode[] = []
    for (const drawn of state.nodes) {
      const at = drawn.ele.position()
      if (contains(view, at, 90)) seen.push({ drawn, at })
    }
    return seen
  }

  #labelledEdgesIn(view: Rect, state: PaintState): SeenEdge[] {
    const zoom = this.#cy.zoom()
    if (zoom < LEAST_ZOOM_FOR_FIGURES && !state.path) return []
    const isCrowded = !state.path && state.edges.length > MOST_WITH_FIGURES
    const found: SeenEdge[] = []
    for (const drawn of state.edges) {
      if (state.path && !state.path.has(drawn.scene.id)) continue
      const width = edgePlateWidth(drawn.scene, state.withLocks)
      if (width === 0) continue
      const line = drawn.line()
      if (!line || !contains(view, pointAlong(line, 0.5), 60)) continue
      if (isCrowded && !isUnwell(drawn) && !hasEndIn(view, line)) continue
      // a plate longer than its line would hide both ends
      if (lineLength(line) * Math.min(zoom, 1) > width + 16) found.push({ drawn, line })
    }
    return found
  }

  #paintLines(state: PaintState, view: Rect, zoom: number, pan: Point): void {
    if (!state.withLines && !this.#hasLines) return
    const ctx = this.#layers.lines.getContext('2d')
    if (!ctx) return
    this.#hasLines = state.withLines
    this.#clear(ctx, zoom, pan)
    if (!state.withLines) return
    for (const edge of lastUnwell(state.edges)) {
      const { scene, line } = edge
      const corners = line()
      if (!corners) continue
      const isPassing = !state.isFaint && !isUnwell(edge) && !hasEndIn(view, corners)
      ctx.globalAlpha = isPassing ? PASSING_ALPHA : LINE_ALPHA
      const look = { color: edgeColor(state.palette, scene.status), width: scene.width, zoom }
      paintLine(ctx, scene, corners, look, view)
    }
  }

  /** The path in question, or what is not well, over the faded rest. */
  #paintLitEdges(ctx: CanvasRenderingContext2D, state: PaintState, view: Rect, zoom: number): void {
    const { path, palette, selected } = state
    const lit = state.edges.filter((edge) => (path ? path.has(edge.scene.id) : isUnwell(edge)))
    // thousands side by side would be one coloured area: what is well lets through what is not, which lies on top
    const alpha = lit.length > MANY_LIT ? MANY_ALPHA : 1
    for (const edge of lastUnwell(lit)) {
      const { scene } = edge
      const corners = edge.line()
      if (!corners) continue
      ctx.globalAlpha = isUnwell(edge) || scene.id === selected ? 1 : alpha
      const color = scene.id === selected ? palette.accent : edgeColor(palette, scene.status)
      paintLine(ctx, scene, corners, { color, width: Math.max(scene.width * 0.8, 1.3 / zoom), zoom }, view)
    }
    ctx.globalAlpha = 1
  }

  #paintNodes(
    ctx: CanvasRenderingContext2D,
    state: PaintState,
    seen: readonly SeenNode[],
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

function hasEndIn(view: Rect, line: readonly Point[]): boolean {
  const [start, end] = [line[0], line.at(-1)]
  return (start && contains(view, start, 0)) || (end && contains(view, end, 0)) || false
}

function isUnwell({ scene: { status } }: DrawnEdge): boolean {
  return status === 'failing' || status === 'degraded'
}

/** What is not well lies on top. */
function lastUnwell(edges: readonly DrawnEdge[]): DrawnEdge[] {
  return [...edges.filter((edge) => !isUnwell(edge)), ...edges.filter(isUnwell)]
}
