import type { Point } from '../layout/model'
import { severity } from '../scene/traffic'
import { LabelRoom } from './label-room'
import type { Rect } from './paint-box'
import { paintBoxTitle, titleRect } from './paint-box'
import { edgePlateWidth, paintEdgeLabel, PLATE_HEIGHT } from './paint-edge'
import { farName, paintFarName, paintParts, partsWidth } from './paint-node'
import type { DrawnEdge, DrawnNode, PaintState } from './painter'
import { textWidth } from './text'

const DIMMED = 0.25
/** Below this zoom only what needs eyes is named. */
const NAME_ALL = 0.3
/** Below this zoom edges are too short for words. */
const FIGURES_FROM = 0.36
const MOST_NAMES = 160
const MOST_PLATES = 140
const NAME_HEIGHT = 15
const FIGURES_HEIGHT = 13

interface SeenNode {
  drawn: DrawnNode
  at: Point
}

/**
 * Labels of a picture that is zoomed out: they keep their size on screen and are drawn in the order of what matters,
 * as far as there is room: names of what fails, names, figures of what fails, figures. None covers another.
 */
export function paintFarLabels(
  ctx: CanvasRenderingContext2D,
  state: PaintState,
  seen: readonly SeenNode[],
  edges: readonly { drawn: DrawnEdge; at: Point }[],
  view: { zoom: number; pan: Point },
): void {
  const { zoom, pan } = view
  const room = new LabelRoom()
  for (const { scene, rect } of state.boxes) room.occupy(titleRect(scene, rect, zoom, pan))
  const isDim = (id: string) => state.path !== null && !state.path.has(id)
  const isChosen = (node: SeenNode) =>
    node.drawn.scene.id === state.selected || node.drawn.scene.id === state.hovered
  const isUrgent = (node: SeenNode) => severity(node.drawn.scene.status) >= severity('degraded')
  const rank = (node: SeenNode) =>
    (isChosen(node) ? 0 : 4) + (isDim(node.drawn.scene.id) ? 2 : 0) + (isUrgent(node) ? 0 : 1)
  const ordered = seen.toSorted((a, b) => rank(a) - rank(b))
  const named: SeenNode[] = []
  const plates: { drawn: DrawnEdge; at: Point }[] = []

  const name = (node: SeenNode) => {
    const rect = nameRect(node, zoom, pan)
    if (isChosen(node)) room.occupy(rect)
    else if (named.length >= MOST_NAMES || !room.claim(rect)) return
    named.push(node)
  }
  // a name on a plate may cover a neighbour that is well; the other names may not
  const isPressing = (node: SeenNode) => isChosen(node) || (isUrgent(node) && !isDim(node.drawn.scene.id))
  ordered.filter(isPressing).forEach(name)
  for (const { drawn, at } of seen) room.occupy(faceOf(drawn, at, zoom, pan))
  if (zoom >= NAME_ALL || state.path) {
    for (const node of ordered)
      if (!isPressing(node) && (zoom >= NAME_ALL || !isDim(node.drawn.scene.id))) name(node)
  }
  if (zoom >= FIGURES_FROM || state.path) {
    const edgeRank = ({ scene }: DrawnEdge) =>
      (state.path?.has(scene.id) ? 2 : 0) + (severity(scene.status) >= 3 ? 1 : 0)
    const rankedEdges = edges.toSorted((a, b) => edgeRank(b.drawn) - edgeRank(a.drawn))
    const figuresOf = (urgent: boolean) => {
      for (const { drawn, at } of rankedEdges) {
        if (plates.length >= MOST_PLATES) return
        if (isDim(drawn.scene.id) || edgeRank(drawn) > 0 !== urgent) continue
        if (room.claim(plateRect(drawn, at, state.withLocks, zoom, pan))) plates.push({ drawn, at })
      }
    }
    figuresOf(true)
    for (const node of named) if (!isDim(node.drawn.scene.id)) paintFigures(node)
    figuresOf(false)
  }
  for (const { drawn, at } of plates) {
    ctx.globalAlpha = 1
    paintEdgeLabel(ctx, drawn.scene, onScreen(at), state.palette, state.withLocks)
  }
  for (const node of named) {
    const { scene } = node.drawn
    ctx.globalAlpha = isDim(scene.id) ? DIMMED : 1
    const rect = nameRect(node, zoom, pan)
    paintFarName(
      ctx,
      farName(scene),
      rect.x + rect.width / 2,
      rect,
      state.palette,
      isUrgent(node) ? scene.status : null,
    )
  }
  for (const { scene, rect } of state.boxes) {
    ctx.globalAlpha = 1
    paintBoxTitle(ctx, scene, rect, state.palette, view, { isSelected: state.selected === scene.id })
  }

  function onScreen(at: Point): Point {
    return { x: pan.x + at.x * zoom, y: pan.y + at.y * zoom }
  }

  function paintFigures(node: SeenNode): void {
    const { scene } = node.drawn
    // the plate of what is not well says its errors already
    const figures = isUrgent(node) ? scene.figures.filter((part) => part.tone === 'quiet') : scene.figures
    if (figures.length === 0) return
    const name = nameRect(node, zoom, pan)
    const width = padded(partsWidth(figures))
    const x = name.x + name.width / 2
    const rect = { x: x - width / 2, y: name.y + name.height, width, height: FIGURES_HEIGHT }
    if (!room.claim(rect)) return
    ctx.globalAlpha = 1
    ctx.textBaseline = 'middle'
    ctx.lineJoin = 'round'
    paintParts(ctx, figures, x, rect.y + FIGURES_HEIGHT / 2, state.palette, true)
  }
}

/** A little less than the shape: a name may touch its neighbour's ring, not its face. */
function faceOf({ scene }: DrawnNode, at: Point, zoom: number, pan: Point): Rect {
  const size = scene.diameter * zoom * 0.86
  return { x: pan.x + at.x * zoom - size / 2, y: pan.y + at.y * zoom - size / 2, width: size, height: size }
}

function nameRect({ drawn, at }: SeenNode, zoom: number, pan: Point): Rect {
  const width = textWidth(farName(drawn.scene), 'version') + 6
  return {
    x: pan.x + at.x * zoom - width / 2,
    y: pan.y + (at.y + drawn.scene.diameter / 2) * zoom + 3,
    width,
    height: NAME_HEIGHT,
  }
}

function plateRect(drawn: DrawnEdge, at: Point, withLocks: boolean, zoom: number, pan: Point): Rect {
  const width = padded(edgePlateWidth(drawn.scene, withLocks))
  return {
    x: pan.x + at.x * zoom - width / 2,
    y: pan.y + at.y * zoom - PLATE_HEIGHT / 2,
    width,
    height: PLATE_HEIGHT,
  }
}

// figures get a digit more or less with every refresh: claims in steps keep labels from coming and going
function padded(width: number): number {
  return Math.ceil(width / 12) * 12
}
