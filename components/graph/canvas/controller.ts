import type { Core, EdgeSingular, ElementDefinition, EventObject, NodeSingular } from 'cytoscape'
import type { LayoutResult, Point } from '../layout/model'
import { BOX_PADDING } from '../layout/model'
import { placeNewcomers } from '../layout/pack'
import type { Scene, SceneBox, SceneEdge, SceneNode } from '../scene/scene'
import { pathOf, structureKey } from '../scene/scene'
import { severity } from '../scene/traffic'
import type { Rect } from './paint-box'
import { boxTitleWidth, TITLE_HEIGHT } from './paint-box'
import type { DrawnEdge, DrawnNode, PaintState } from './painter'
import { hullOf, Painter } from './painter'
import type { Palette } from './palette'
import { segmentsOf } from './routes'
import { HIT_SHAPE } from './shapes'
import { stylesheetOf } from './stylesheet'
import { TrafficAnimation } from './traffic-animation'

export interface CanvasEvents {
  onSelect(id: string | null): void
  onOpen(id: string): void
  onHover(id: string | null): void
  /** positions after a person moved something */
  onMoved(moved: ReadonlyMap<string, Point>): void
}

/** From here on lines are drawn plain and hovering lights nothing: a full repaint takes too long. */
const LARGE = 400
// titles rise above their boxes at the top, controls lie at the bottom
const FIT_MARGIN = { top: 30, side: 24, bottom: 56 } as const
const FAINT_BELOW = 0.5
const MIN_ZOOM = 0.04
const MAX_ZOOM = 3
const APP_PADDING = { top: 34, side: 14, bottom: 12 } as const

/** One Cytoscape instance for the life of the page: takes scenes, changes only what differs, keeps what was moved. */
export class CanvasController {
  readonly #cy: Core
  readonly #painter: Painter
  readonly #events: CanvasEvents
  readonly #animation: TrafficAnimation
  #palette: Palette
  #scene: Scene = { boxes: [], nodes: [], edges: [] }
  #structure = ''
  #isLarge = false
  #nodes: DrawnNode[] = []
  #edges: DrawnEdge[] = []
  #rects = new Map<string, Rect>()
  #routes = new Map<string, Point[]>()
  #selected: string | null = null
  #hovered: string | null = null
  #path: ReadonlySet<string> | null = null
  #withLocks = true
  #frame = 0

  constructor(
    cy: Core,
    canvases: { under: HTMLCanvasElement; moving: HTMLCanvasElement; over: HTMLCanvasElement },
    palette: Palette,
    events: CanvasEvents,
  ) {
    this.#cy = cy
    this.#palette = palette
    this.#events = events
    this.#painter = new Painter(cy, canvases.under, canvases.over)
    this.#animation = new TrafficAnimation(cy, canvases.moving)
    cy.minZoom(MIN_ZOOM)
    cy.maxZoom(MAX_ZOOM)
    cy.style(stylesheetOf(palette, false))
    this.#listen()
    this.resize()
  }

  get positions(): Map<string, Point> {
    return new Map(this.#nodes.map(({ scene, ele }) => [scene.id, { ...ele.position() }]))
  }

  /** The window on the graph, in screen pixels. */
  get window(): { width: number; height: number } {
    return { width: Math.max(200, this.#cy.width()), height: Math.max(200, this.#cy.height()) }
  }

  get isEmpty(): boolean {
    return this.#nodes.length === 0
  }

  /** True when `scene` has the same nodes, in the same boxes, as what is drawn. */
  hasStructureOf(scene: Scene): boolean {
    return structureKey(scene) === this.#structure
  }

  /** Draws a scene at places a layout found. */
  setArranged(scene: Scene, layout: LayoutResult, moved: ReadonlyMap<string, Point>): void {
    this.#routes = new Map(layout.routes)
    this.#apply(scene, (id) => moved.get(id) ?? layout.positions.get(id), true)
  }

  /** Draws a scene where the nodes already are; those that are new find a spot beside their neighbours. */
  setInPlace(scene: Scene): void {
    const known = this.positions
    const newcomers = scene.nodes.filter((node) => !known.has(node.id)).map((node) => node.id)
    const added = newcomers.length === 0 ? undefined : placeNewcomers(newcomers, scene.edges, known)
    this.#apply(scene, (id) => added?.get(id), false)
  }

  setPalette(palette: Palette): void {
    this.#palette = palette
    this.#cy.style(stylesheetOf(palette, this.#isLarge))
    this.repaint()
  }

  setLocks(withLocks: boolean): void {
    this.#withLocks = withLocks
    this.repaint()
  }

  setAnimated(isAnimated: boolean): void {
    this.#animation.setRunning(isAnimated)
  }

  setSelected(id: string | null): void {
    if (id === this.#selected) return
    this.#selected = id
    this.#highlight()
  }

  setHovered(id: string | null): void {
    if (id === this.#hovered) return
    this.#hovered = id
    if (!this.#isLarge) this.#highlight()
    else this.repaint()
  }

  fit(): void {
    this.#cy.stop()
    const frame = this.#extent()
    if (!frame) return
    const zoom = Math.min(
      1.25,
      (this.#cy.width() - 2 * FIT_MARGIN.side) / frame.width,
      (this.#cy.height() - FIT_MARGIN.top - FIT_MARGIN.bottom) / frame.height,
    )
    const level = Math.max(MIN_ZOOM, zoom)
    this.#cy.viewport({
      zoom: level,
      pan: {
        x: this.#cy.width() / 2 - (frame.x + frame.width / 2) * level,
        y:
          (this.#cy.height() + FIT_MARGIN.top - FIT_MARGIN.bottom) / 2 - (frame.y + frame.height / 2) * level,
      },
    })
  }

  zoomBy(factor: number): void {
    const middle = { x: this.#cy.width() / 2, y: this.#cy.height() / 2 }
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: middle })
  }

  panBy(x: number, y: number): void {
    this.#cy.panBy({ x, y })
  }

  /** Brings something into view, readable, without moving when it already is. */
  reveal(id: string): void {
    const at = this.#placeOf(id)
    if (!at) return
    const zoom = Math.max(this.#cy.zoom(), 0.75)
    const pan = this.#cy.pan()
    const x = at.x * this.#cy.zoom() + pan.x
    const y = at.y * this.#cy.zoom() + pan.y
    const isInView = x > 60 && y > 60 && x < this.#cy.width() - 60 && y < this.#cy.height() - 60
    if (isInView && zoom === this.#cy.zoom()) return
    this.#cy.viewport({
      zoom,
      pan: { x: this.#cy.width() / 2 - at.x * zoom, y: this.#cy.height() / 2 - at.y * zoom },
    })
  }

  /** Where an element is on screen, relative to the canvas. */
  screenPlaceOf(id: string): Point | null {
    const at = this.#placeOf(id)
    if (!at) return null
    const pan = this.#cy.pan()
    return { x: at.x * this.#cy.zoom() + pan.x, y: at.y * this.#cy.zoom() + pan.y }
  }

  resize(): void {
    this.#cy.resize()
    // a thousand nodes at double resolution are four times the pixels for a picture nobody reads that close
    const ratio = this.#isLarge ? 1 : window.devicePixelRatio
    this.#painter.resize(ratio)
    this.#animation.resize(ratio)
    this.repaint()
  }

  /** Draws our own layers again at the next frame. */
  repaint(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
    })
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#animation.setRunning(false)
    this.#cy.removeAllListeners()
  }

  /**
   * Thousands of lines are one grey cloth. Far out, and where a path is asked for, Cytoscape's layer is faded as a
   * whole, which costs nothing, instead of restyling every edge, which costs a second.
   */
  get #isFaint(): boolean {
    return this.#isLarge && (this.#path !== null || this.#cy.zoom() < FAINT_BELOW)
  }

  #paint(): void {
    const layer = this.#cy.container()
    const opacity = !this.#isFaint ? '' : this.#path ? '0.1' : '0.42'
    if (layer && layer.style.opacity !== opacity) layer.style.opacity = opacity
    const state: PaintState = {
      palette: this.#palette,
      nodes: this.#nodes,
      edges: this.#edges,
      boxes: this.#scene.boxes.flatMap((scene) => {
        const rect = this.#rects.get(scene.id)
        return rect ? [{ scene, rect }] : []
      }),
      path: this.#path,
      selected: this.#selected,
      hovered: this.#hovered,
      withLocks: this.#withLocks,
      isFaint: this.#isFaint,
    }
    this.#painter.paint(state)
  }

  #apply(scene: Scene, placeOf: (id: string) => Point | undefined, isArranged: boolean): void {
    const cy = this.#cy
    const isLarge = scene.nodes.length > LARGE
    const before = this.#scene
    this.#scene = scene
    this.#structure = structureKey(scene)
    cy.batch(() => {
      this.#removeGone(before, scene)
      this.#putNodes(before, scene, placeOf)
      this.#collect(scene)
      this.#measureBoxes()
      this.#putEdges(before, scene, isArranged)
      this.#putTitles(scene)
    })
    this.#collect(scene)
    if (isLarge !== this.#isLarge) {
      this.#isLarge = isLarge
      cy.style(stylesheetOf(this.#palette, isLarge))
      this.resize()
    }
    this.#animation.setEdges(isLarge ? [] : this.#edges, this.#palette)
    this.#highlight()
  }

  #removeGone(before: Scene, scene: Scene): void {
    const kept = new Set([
      ...scene.nodes.map((node) => node.id),
      ...scene.edges.map((edge) => edge.id),
      ...scene.boxes.map((box) => titleId(box.id)),
    ])
    const gone = [
      ...before.edges.map((edge) => edge.id),
      ...before.nodes.map((node) => node.id),
      ...before.boxes.map((box) => titleId(box.id)),
    ].filter((id) => !kept.has(id))
    for (const id of gone) this.#cy.getElementById(id).remove()
  }

  #putNodes(before: Scene, scene: Scene, placeOf: (id: string) => Point | undefined): void {
    const known = new Map(before.nodes.map((node) => [node.id, node]))
    const added: ElementDefinition[] = []
    for (const node of scene.nodes) {
      const place = placeOf(node.id)
      const seen = known.get(node.id)
      if (!seen) {
        added.push({ group: 'nodes', data: nodeShape(node), position: place ?? { x: 0, y: 0 } })
        continue
      }
      if (place) this.#cy.getElementById(node.id).position(place)
      if (seen.diameter !== node.diameter || seen.shape !== node.shape) {
        this.#cy.getElementById(node.id).data(nodeShape(node))
      }
    }
    if (added.length > 0) this.#cy.add(added)
  }

  #putEdges(before: Scene, scene: Scene, isArranged: boolean): void {
    const known = new Map(before.edges.map((edge) => [edge.id, edge]))
    const added: ElementDefinition[] = []
    for (const edge of scene.edges) {
      const seen = known.get(edge.id)
      if (!seen) {
        added.push({
          group: 'edges',
          data: { id: edge.id, source: edge.source, target: edge.target, width: edge.width },
          classes: edgeClasses(edge),
        })
        continue
      }
      if (seen.width === edge.width && seen.status === edge.status) continue
      const ele = this.#cy.getElementById(edge.id)
      if (seen.width !== edge.width) ele.data('width', edge.width)
      if (seen.status !== edge.status) ele.removeClass(seen.status).addClass(edge.status)
    }
    if (added.length > 0) this.#cy.add(added)
    if (!isArranged) return
    for (const edge of scene.edges) this.#route(this.#cy.getElementById(edge.id) as EdgeSingular)
  }

  /** Bends an edge round what lies between its ends, as the layout found; straight once an end was moved. */
  #route(edge: EdgeSingular): void {
    const bends = this.#routes.get(edge.id())
    const segments = bends && segmentsOf(edge.source().position(), edge.target().position(), bends)
    if (!segments) {
      if (edge.hasClass('routed')) edge.removeClass('routed')
      return
    }
    edge.data(segments)
    edge.addClass('routed')
  }

  /** A title is a node of its own: one can take hold of a box there, and pan everywhere else. */
  #putTitles(scene: Scene): void {
    for (const box of scene.boxes) {
      const rect = this.#rects.get(box.id)
      if (!rect) continue
      const id = titleId(box.id)
      const data = { id, width: rect.width, height: TITLE_HEIGHT, shape: 'rectangle' }
      const position = { x: rect.x + rect.width / 2, y: rect.y + TITLE_HEIGHT / 2 }
      const ele = this.#cy.getElementById(id)
      if (ele.empty()) this.#cy.add({ group: 'nodes', data, position, classes: 'title' })
      else ele.data(data).position(position)
    }
  }

  #collect(scene: Scene): void {
    const cy = this.#cy
    this.#nodes = scene.nodes
      .map((node) => ({ scene: node, ele: cy.getElementById(node.id) as NodeSingular }))
      .sort((a, b) => urgency(b.scene) - urgency(a.scene))
    this.#edges = scene.edges
      .map((edge) => ({ scene: edge, ele: cy.getElementById(edge.id) as EdgeSingular }))
      .filter(({ ele }) => ele.nonempty())
  }

  /** Frames from the inside out: an outer box holds its inner ones. */
  #measureBoxes(only?: ReadonlySet<string>): void {
    const byId = new Map(this.#nodes.map((drawn) => [drawn.scene.id, drawn]))
    const sorted = this.#scene.boxes.toSorted((a, b) => Number(b.parent !== null) - Number(a.parent !== null))
    const inner = new Map<string, Rect[]>()
    for (const box of sorted) {
      let rect = this.#rects.get(box.id)
      if (!rect || !only || only.has(box.id)) rect = this.#frameOf(box, byId, inner.get(box.id) ?? [])
      if (!rect) continue
      this.#rects.set(box.id, rect)
      if (box.parent === null) continue
      const siblings = inner.get(box.parent)
      if (siblings) siblings.push(rect)
      else inner.set(box.parent, [rect])
    }
  }

  #frameOf(box: SceneBox, byId: ReadonlyMap<string, DrawnNode>, inner: readonly Rect[]): Rect | undefined {
    const ids = [...box.members, ...this.#scene.boxes.filter((b) => b.parent === box.id).map((b) => b.id)]
    const members = ids.map((id) => byId.get(id)).filter((drawn) => drawn !== undefined)
    if (members.length === 0) return undefined
    const padding = box.kind === 'app' ? APP_PADDING : BOX_PADDING
    const hull = hullOf(
      members.map(({ scene, ele }) => ({ scene, at: ele.position() })),
      padding,
    )
    for (const rect of inner) {
      const right = Math.max(hull.x + hull.width, rect.x + rect.width + 10)
      const bottom = Math.max(hull.y + hull.height, rect.y + rect.height + 10)
      hull.x = Math.min(hull.x, rect.x - 10)
      hull.y = Math.min(hull.y, rect.y - TITLE_HEIGHT - 4)
      hull.width = right - hull.x
      hull.height = bottom - hull.y
    }
    hull.width = Math.max(hull.width, boxTitleWidth(box))
    return hull
  }

  #highlight(): void {
    const hovered = this.#isLarge ? null : this.#hovered
    const focus = hovered ?? this.#selected
    const ids = focus === null ? [] : this.#membersOf(focus)
    this.#path = ids.length === 0 ? null : pathOf(this.#scene, ids)
    const path = this.#isLarge ? null : this.#path
    this.#cy.batch(() => {
      for (const { scene, ele } of this.#edges) {
        const isDim = path !== null && !path.has(scene.id)
        if (ele.hasClass('dim') !== isDim) ele.toggleClass('dim', isDim)
        const isChosen = scene.id === this.#selected || scene.id === hovered
        if (ele.hasClass('chosen') !== isChosen) ele.toggleClass('chosen', isChosen)
      }
    })
    this.repaint()
  }

  /** What a path starts from: the node or edge itself, all members of a box. */
  #membersOf(id: string): string[] {
    const box = this.#scene.boxes.find((each) => each.id === id)
    if (box) return box.members
    const isThere = this.#cy.getElementById(id).nonempty()
    return isThere ? [id] : []
  }

  #placeOf(id: string): Point | null {
    const rect = this.#rects.get(id)
    if (rect && this.#scene.boxes.some((box) => box.id === id)) {
      return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 }
    }
    const ele = this.#cy.getElementById(id)
    if (ele.empty()) return null
    return ele.isNode() ? { ...ele.position() } : ((ele as EdgeSingular).midpoint() ?? null)
  }

  #extent(): Rect | null {
    if (this.#nodes.length === 0) return null
    const hull = hullOf(
      this.#nodes.map(({ scene, ele }) => ({ scene, at: ele.position() })),
      { top: 0, side: 0, bottom: 0 },
    )
    let [left, top] = [hull.x, hull.y]
    let [right, bottom] = [hull.x + hull.width, hull.y + hull.height]
    for (const rect of this.#rects.values()) {
      left = Math.min(left, rect.x)
      top = Math.min(top, rect.y)
      right = Math.max(right, rect.x + rect.width)
      bottom = Math.max(bottom, rect.y + rect.height)
    }
    return { x: left, y: top, width: right - left, height: bottom - top }
  }

  #listen(): void {
    const cy = this.#cy
    const idOf = (event: EventObject) => modelId((event.target as NodeSingular).id())
    // after Cytoscape's own frame, in the same one: the layers never come apart
    cy.on('render', () => {
      cancelAnimationFrame(this.#frame)
      this.#frame = 0
      this.#paint()
    })
    cy.on('tap', (event) => {
      if (event.target !== cy) return
      this.#events.onSelect(this.#boxFarAway(event.position))
    })
    cy.on('tap', 'node, edge', (event) => this.#events.onSelect(idOf(event)))
    cy.on('dbltap', 'node', (event) => this.#events.onOpen(idOf(event)))
    cy.on('mouseover', 'node, edge', (event) => {
      if (!(event.target as NodeSingular).hasClass('title')) this.#events.onHover(idOf(event))
    })
    cy.on('mouseout', 'node, edge', () => this.#events.onHover(null))
    cy.on('grab', 'node.title', (event) => this.#holdBox(event.target as NodeSingular))
    cy.on('drag', 'node', (event) => this.#onDrag(event.target as NodeSingular))
    cy.on('dragfree', 'node', () => this.#events.onMoved(this.positions))
  }

  /** Zoomed far out a title is too small to hit: there the whole box is. */
  #boxFarAway(at: Point): string | null {
    if (this.#cy.zoom() > 0.45) return null
    for (const box of this.#scene.boxes) {
      const rect = this.#rects.get(box.id)
      if (!rect || box.kind !== 'namespace') continue
      if (at.x > rect.x && at.x < rect.x + rect.width && at.y > rect.y && at.y < rect.y + rect.height)
        return box.id
    }
    return null
  }

  #held: { id: string; last: Point; members: NodeSingular[] } | null = null

  #holdBox(title: NodeSingular): void {
    const box = this.#scene.boxes.find((each) => titleId(each.id) === title.id())
    if (!box) return
    const ids = new Set(this.#membersOf(box.id))
    const members = this.#nodes.filter(({ scene }) => ids.has(scene.id) || scene.parent === box.id)
    this.#held = { id: box.id, last: { ...title.position() }, members: members.map(({ ele }) => ele) }
  }

  #onDrag(node: NodeSingular): void {
    if (node.hasClass('title')) {
      const held = this.#held
      if (!held || titleId(held.id) !== node.id()) return
      const at = node.position()
      const [dx, dy] = [at.x - held.last.x, at.y - held.last.y]
      held.last = { ...at }
      this.#cy.batch(() => {
        for (const member of held.members)
          member.position({ x: member.position('x') + dx, y: member.position('y') + dy })
      })
      this.#unrouteBorder(new Set(held.members.map((member) => member.id())))
    } else {
      this.#unrouteBorder(new Set([node.id()]))
    }
    this.#rects.clear()
    this.#measureBoxes()
    this.#cy.batch(() => this.#putTitles(this.#scene))
  }

  /** Bends hold between the places a layout chose: an edge with one moved end runs straight again. */
  #unrouteBorder(moved: ReadonlySet<string>): void {
    for (const { scene, ele } of this.#edges) {
      if (!this.#routes.has(scene.id)) continue
      if (moved.has(scene.source) === moved.has(scene.target)) continue
      this.#routes.delete(scene.id)
      ele.removeClass('routed')
    }
  }
}

function nodeShape(node: SceneNode) {
  // the ring lies half outside of the shape
  const size = node.diameter + 4
  return { id: node.id, width: size, height: size, shape: HIT_SHAPE[node.shape] }
}

function edgeClasses(edge: SceneEdge): string[] {
  return [edge.status, edge.edge.protocol]
}

function titleId(boxId: string): string {
  return `title of ${boxId}`
}

function modelId(elementId: string): string {
  return elementId.startsWith('title of ') ? elementId.slice('title of '.length) : elementId
}

function urgency(node: SceneNode): number {
  const requests =
    (node.node.inbound.http?.requestsPerSecond ?? 0) + (node.node.inbound.grpc?.requestsPerSecond ?? 0)
  return severity(node.status) * 1e9 + Math.min(requests, 1e8)
}
