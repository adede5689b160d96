import type { Point } from '../../layout/model'
import { severity } from '../../scene/traffic'
import type { DrawnEdge } from '../lines/lines'
import { pointAlong } from '../lines/polyline'
import { LabelRoom } from './label-room'
import { fullTitle, titleRect, titleShift } from './paint-box'
import type { Rect } from './paint-box'
import { edgePlateWidth, PLATE_HEIGHT } from './paint-edge'
import { farName, nodeLabelSize, partsWidth } from './paint-label'
import type { DrawnNode, PaintState } from './painter'
import { textWidth } from './text'

export interface SeenNode {
  drawn: DrawnNode
  at: Point
}
export interface SeenEdge {
  drawn: DrawnEdge
  /** corners in model pixels */
  line: readonly Point[]
}

/** What is written where, in screen pixels. No two of them overlap, nor do plates touch what else is written. */
export interface Labels {
  names: { node: SeenNode; rect: Rect; figures: Rect | null }[]
  plates: { edge: SeenEdge; at: Point; scale: number }[]
  /** `shift`: how far left of its box it begins */
  titles: { index: number; text: string; shift: number }[]
}

interface View {
  zoom: number
  pan: Point
  /** of the canvas, in screen pixels */
  width: number
}

/** Below this zoom only what needs eyes is named. */
const NAME_ALL = 0.2
/** Below this zoom edges are too short for words. */
const FIGURES_FROM = 0.36
const MOST_NAMES = 160
const MOST_PLATES = 160
const NAME_HEIGHT = 15
const FIGURES_HEIGHT = 13
/** Where along its line a plate may lie, best first. */
const ANCHORS = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]

/**
 * Zoomed out, labels keep their size on screen and claim room in the order of what matters: titles, names of what
 * fails, names, figures of what fails, figures. Zoomed in, names have their room by layout and only plates claim.
 */
export function placeLabels(
  state: PaintState,
  seen: readonly SeenNode[],
  edges: readonly SeenEdge[],
  view: View,
  isNear: boolean,
): Labels {
  const room = new LabelRoom()
  /** of what is not well: no plate hides them while there is another place for it */
  const illFaces = new LabelRoom()
  const labels: Labels = { names: [], plates: [], titles: [] }
  const isDim = (id: string) => state.path !== null && !state.path.has(id)

  const bars = state.boxes.map(({ scene, rect }) => titleRect(scene, rect, view.zoom, view.pan))
  for (const bar of bars) room.occupy(bar)
  for (const [index, { scene }] of state.boxes.entries()) {
    const bar = bars[index]
    if (!bar) continue
    const text = fullTitle(scene, bar.width, isNear ? view.zoom : 1)
    const needed =
      scene.kind === 'app' ? textWidth(scene.title, 'version') + 8 : textWidth(scene.title, 'title') + 34
    const shiftOf = (title: string) => titleShift(scene, title, bar, view.zoom, view.width)
    // a title may stand out over a narrow box where nothing else is written
    const beyond = besides(bar, needed, shiftOf(scene.title))
    const isWhole = text === scene.title || beyond.every((rect) => room.isFree(rect))
    const title = isWhole ? scene.title : text
    const shift = shiftOf(title)
    for (const rect of text === title ? besides(bar, 0, shift) : beyond) room.occupy(rect)
    labels.titles.push({ index, text: title, shift })
  }
  const lit = seen.filter((node) => !isDim(node.drawn.scene.id))
  // what is dimmed stands back: it takes what room the path leaves
  const dimmed = state.path ? seen.filter((node) => isDim(node.drawn.scene.id)) : []
  if (isNear) for (const node of seen) room.occupy(nearRect(node, view))
  else placeNames(lit)
  if (view.zoom >= FIGURES_FROM || state.path) placeFigures()
  if (!isNear && view.zoom >= NAME_ALL) for (const node of dimmed) name(node)
  return labels

  function placeNames(nodes: readonly SeenNode[]): void {
    const isPressing = (node: SeenNode) => isChosen(node, state) || isUrgent(node)
    const ordered = nodes.toSorted((a, b) => Number(isChosen(b, state)) - Number(isChosen(a, state)))
    for (const node of nodes) if (isPressing(node)) illFaces.occupy(faceOf(node, view))
    // a plate may cover a neighbour that is well; other names may not
    for (const node of ordered) if (isPressing(node)) name(node)
    for (const node of nodes) room.occupy(faceOf(node, view))
    if (view.zoom < NAME_ALL && state.path === null) return
    for (const node of ordered) if (!isPressing(node)) name(node)
  }

  function name(node: SeenNode): void {
    if (labels.names.length >= MOST_NAMES) return
    const spots = nameSpots(node, view)
    const open = spots.filter((rect) => room.isFree(grown(rect)))
    const free =
      open.find((rect) => illFaces.isFree(rect)) ?? open[0] ?? (isChosen(node, state) ? spots[0] : undefined)
    if (!free) return
    room.occupy(free)
    labels.names.push({ node, rect: free, figures: null })
  }

  function placeFigures(): void {
    const rank = ({ drawn: { scene } }: SeenEdge) =>
      (state.path?.has(scene.id) ? 2 : 0) + (severity(scene.status) >= severity('degraded') ? 1 : 0)
    const ranked = edges.filter((edge) => !isDim(edge.drawn.scene.id)).toSorted((a, b) => rank(b) - rank(a))
    for (const edge of ranked) if (rank(edge) > 0) plate(edge)
    for (const label of labels.names) {
      if (isDim(label.node.drawn.scene.id)) continue
      const width = padded(partsWidth(figuresOf(label.node)))
      const middle = label.rect.x + label.rect.width / 2
      const rect = {
        x: middle - width / 2,
        y: label.rect.y + label.rect.height,
        width,
        height: FIGURES_HEIGHT,
      }
      if (width > 0 && room.claim(rect)) label.figures = rect
    }
    for (const edge of ranked) if (rank(edge) === 0) plate(edge)
  }

  function plate(edge: SeenEdge): void {
    if (labels.plates.length >= MOST_PLATES) return
    const scale = isNear ? view.zoom : 1
    const width = padded(edgePlateWidth(edge.drawn.scene, state.withLocks)) * scale
    const height = PLATE_HEIGHT * scale
    for (const share of ANCHORS) {
      const at = onScreen(pointAlong(edge.line, share), view)
      const rect = { x: at.x - width / 2, y: at.y - height / 2, width, height }
      // figures cut off by the window's edge read as others
      const isWhole = rect.x >= 0 && rect.x + width <= view.width
      if (!isWhole || !room.isFree(grown(rect))) continue
      room.occupy(rect)
      labels.plates.push({ edge, at, scale })
      return
    }
  }
}

/** What a title takes to the left and to the right of its bar, for it begins `shift` before that. */
function besides(bar: Rect, needed: number, shift: number): Rect[] {
  return [
    { ...bar, x: bar.x - shift - 1, width: shift },
    { ...bar, x: bar.x + bar.width + 1, width: needed - shift - bar.width },
  ].filter((rect) => rect.width > 0)
}

/** The figures under a name; the plate of what is not well says its errors already. */
export function figuresOf(node: SeenNode) {
  const { figures } = node.drawn.scene
  return isUrgent(node) ? figures.filter((part) => part.tone === 'quiet') : figures
}

export function isUrgent(node: SeenNode): boolean {
  return severity(node.drawn.scene.status) >= severity('degraded')
}

function isChosen({ drawn: { scene } }: SeenNode, state: PaintState): boolean {
  return scene.id === state.selected || scene.id === state.hovered
}

/** Below, above, right, left of the node; then below and above, beginning or ending at it. */
function nameSpots({ drawn, at }: SeenNode, view: View): Rect[] {
  const { zoom, pan } = view
  const width = textWidth(farName(drawn.scene), 'version') + 6
  const x = pan.x + at.x * zoom
  const y = pan.y + at.y * zoom
  const r = (drawn.scene.diameter / 2) * zoom
  // a name cut off by the window's edge is moved in, as long as its node is inside
  const most = view.width - width - 3
  const of = (left: number, top: number) => ({
    x: x > 0 && x < view.width ? Math.max(3, Math.min(most, left)) : left,
    y: top,
    width,
    height: NAME_HEIGHT,
  })
  return [
    of(x - width / 2, y + r + 3),
    of(x - width / 2, y - r - 3 - NAME_HEIGHT),
    of(x + r + 4, y - NAME_HEIGHT / 2),
    of(x - r - 4 - width, y - NAME_HEIGHT / 2),
    of(x - r, y + r + 3),
    of(x + r - width, y + r + 3),
    of(x - r, y - r - 3 - NAME_HEIGHT),
    of(x + r - width, y - r - 3 - NAME_HEIGHT),
  ]
}

/** A little less than the shape: a name may touch its neighbour's ring, not its face. */
function faceOf({ drawn, at }: SeenNode, { zoom, pan }: View): Rect {
  const size = drawn.scene.diameter * zoom * 0.86
  return { x: pan.x + at.x * zoom - size / 2, y: pan.y + at.y * zoom - size / 2, width: size, height: size }
}

/** Shape and lines of a node, as they are painted when zoomed in. */
function nearRect({ drawn: { scene }, at }: SeenNode, { zoom, pan }: View): Rect {
  const label = nodeLabelSize(scene)
  const width = Math.max(scene.diameter, textWidth(scene.title, 'name'), partsWidth(scene.figures))
  return {
    x: pan.x + (at.x - width / 2) * zoom,
    y: pan.y + (at.y - scene.diameter / 2 - 4) * zoom,
    width: width * zoom,
    height: (scene.diameter + 10 + label.height) * zoom,
  }
}

function onScreen(at: Point, { zoom, pan }: View): Point {
  return { x: pan.x + at.x * zoom, y: pan.y + at.y * zoom }
}

/** Between two labels, so that they are not read as one; in screen pixels. */
const GAP = 3

function grown({ x, y, width, height }: Rect): Rect {
  return { x: x - GAP, y: y - GAP, width: width + 2 * GAP, height: height + 2 * GAP }
}

// figures get a digit more or less with every refresh: claims in steps keep labels from coming and going
function padded(width: number): number {
  return Math.ceil(width / 12) * 12
}
