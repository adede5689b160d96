import type { Core, EventObject, NodeSingular } from 'cytoscape'
import type { LayoutResult, Point } from '../layout/model'
import { placeNewcomers } from '../layout/pack'
import type { Scene, SceneEdge, SceneNode } from '../scene/scene'
import { pathOf } from '../scene/scene'
import { severity } from '../scene/traffic'
import { extentOf, framesOf, membersOf } from './box-frames'
import { stylesheetOf } from './elements/stylesheet'
import { drawNothing } from './elements/draw-nothing'
import { sceneId, syncNodes, syncTitles, titleId } from './elements/sync-nodes'
import { CytoscapeLines } from './lines/cytoscape-lines'
import type { End } from './lines/corners'
import { PaintedLines } from './lines/painted-lines'
import { pointAlong } from './lines/polyline'
import type { Rect } from './paint/paint-box'
import type { DrawnNode, Layers } from './paint/painter'
import { Painter } from './paint/painter'
import type { Palette } from './paint/palette'
import { TrafficAnimation } from './paint/traffic-animation'
import { Viewport } from './viewport'

export interface CanvasEvents {
  onSelect(id: string | null): void
  onOpen(id: string): void
  /** what can be done with a node is asked for; `at` as below */
  onMenu(id: string, at: Point): void
  /** `at` is where the pointer is, relative to the canvas */
  onHover(id: string | null, at: Point | null): void
  /** where a person put things by hand, all of them */
  onMoved(moved: ReadonlyMap<string, Point>): void
}

/** From here on lines are painted by ourselves, and hovering lights nothing: a full repaint takes too long. */
const LARGE = 400
const FAINT_BELOW = 0.5
const BOX_IS_TITLE_BELOW = 0.45
const READABLE_ZOOM = 0.85
/** Beside a line, in screen pixels, the pointer still is on it. */
const LINE_REACH = 6

/** One Cytoscape instance for the life of the page: takes scenes, changes only what differs, keeps what was moved. */
export class CanvasController {
  readonly viewport: Viewport
  readonly #cy: Core
  readonly #painter: Painter
  readonly #events: CanvasEvents
  readonly #animation: TrafficAnimation
  readonly #layers: Layers
  #palette: Palette
  #scene: Scene = { boxes: [], nodes: [], edges: [] }
  /** those of Cytoscape, or, in a large graph, our own */
  #lines: CytoscapeLines | PaintedLines
  /** most urgent first */
  #nodes: DrawnNode[] = []
  #byId = new Map<string, DrawnNode>()
  #frames = new Map<string, Rect>()
  #moved = new Set<string>()
  #held: { last: Point; members: NodeSingular[] } | null = null
  #selected: string | null = null
  #hovered: string | null = null
  #path: ReadonlySet<string> | null = null
  /** stays lit whatever is selected */
  #lit: ReadonlySet<string> | null = null
  #withLocks = true
  #frame = 0

  constructor(
    cy: Core,
    layers: Layers & { moving: HTMLCanvasElement },
    palette: Palette,
    events: CanvasEvents,
  ) {
    this.#cy = cy
    this.viewport = new Viewport(cy)
    this.#palette = palette
    this.#events = events
    this.#layers = layers
    this.#painter = new Painter(cy, layers)
    this.#animation = new TrafficAnimation(cy, layers.moving)
    this.#lines = new CytoscapeLines(cy)
    cy.style(stylesheetOf(palette))
    this.#listen()
    this.resize()
  }

  get positions(): Map<string, Point> {
    return new Map(this.#nodes.map(({ scene, ele }) => [scene.id, { ...ele.position() }]))
  }

  get isEmpty(): boolean {
    return this.#nodes.length === 0
  }

  /** Draws a scene at places a layout found, but for what a person `moved` elsewhere. */
  setArranged(scene: Scene, layout: LayoutResult, moved: ReadonlyMap<string, Point>): void {
    this.#moved = new Set(moved.keys())
    const isMoved = (id: string) => moved.has(id)
    const isRouted = new Map(
      scene.edges.map((edge) => [edge.id, !isMoved(edge.source) && !isMoved(edge.target)]),
    )
    // one batch: what an edge looks like is worked out once, bends included
    this.#cy.batch(() => {
      this.#apply(scene, (id) => moved.get(id) ?? layout.positions.get(id))
      this.#lines.setRoutes(new Map([...layout.routes].filter(([id]) => isRouted.get(id))))
    })
  }

  /** Draws a scene where the nodes already are; those that are new find a spot beside their neighbours. */
  setInPlace(scene: Scene): void {
    const known = this.positions
    const parents = new Map(scene.nodes.map((node) => [node.id, node.parent]))
    const findBox = (id: string) => this.#frames.get(parents.get(id) ?? '')
    const newcomers = scene.nodes.filter((node) => !known.has(node.id)).map((node) => node.id)
    const added = newcomers.length === 0 ? undefined : placeNewcomers(newcomers, scene.edges, known, findBox)
    this.#apply(scene, (id) => added?.get(id))
  }

  setPalette(palette: Palette): void {
    this.#palette = palette
    this.#cy.style(stylesheetOf(palette))
    this.#animation.setEdges(this.#isLarge ? [] : this.#lines.drawn, palette)
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

  /** Lights these nodes and edges and dims the rest until it is taken back; null takes it back. */
  setLit(ids: ReadonlySet<string> | null): void {
    if (ids === this.#lit) return
    this.#lit = ids
    this.#highlight()
  }

  setHovered(id: string | null): void {
    if (id === this.#hovered) return
    this.#hovered = id
    if (this.#isLarge) this.repaint()
    else this.#highlight()
  }

  fit(): void {
    const extent = extentOf(this.#placed().values(), this.#frames.values())
    if (extent) this.viewport.fit(extent)
  }

  /** Brings something into view, large enough to read; nothing moves when it already is. */
  reveal(id: string): void {
    const at = this.#placeOf(id)
    // in a small graph names are legible at any fit; in a large one only close by
    if (at) this.viewport.reveal(at, this.#isLarge ? READABLE_ZOOM : 0)
  }

  /** Where an element is on screen, relative to the canvas. */
  screenPlaceOf(id: string): Point | null {
    const at = this.#placeOf(id)
    return at && this.viewport.screenPlaceOf(at)
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

  #apply(scene: Scene, placeOf: (id: string) => Point | undefined): void {
    const cy = this.#cy
    const before = this.#scene
    this.#scene = scene
    this.#setLarge(scene.nodes.length > LARGE)
    cy.batch(() => {
      syncNodes(cy, before, scene, placeOf)
      this.#nodes = scene.nodes
        .map((node) => ({ scene: node, ele: cy.getElementById(node.id) as NodeSingular }))
        .sort((a, b) => urgency(b.scene) - urgency(a.scene))
      this.#byId = new Map(this.#nodes.map((node) => [node.scene.id, node]))
      this.#lines.setEdges(scene.edges)
    })
    this.#reframe()
    this.#animation.setEdges(this.#isLarge ? [] : this.#lines.drawn, this.#palette)
    this.#highlight()
  }

  get #isLarge(): boolean {
    return this.#lines instanceof PaintedLines
  }

  #setLarge(isLarge: boolean): void {
    if (isLarge === this.#isLarge) return
    this.#lines.clear()
    this.#lines = isLarge ? new PaintedLines((id) => this.#endOf(id)) : new CytoscapeLines(this.#cy)
    drawNothing(this.#cy, isLarge)
    this.resize()
  }

  #reframe(): void {
    this.#frames = framesOf(this.#scene, this.#placed())
    this.#cy.batch(() => syncTitles(this.#cy, this.#scene, this.#frames))
  }

  #placed() {
    return new Map(this.#nodes.map(({ scene, ele }) => [scene.id, { scene, at: ele.position() }]))
  }

  #endOf(id: string): End | undefined {
    const node = this.#byId.get(id)
    return node && { at: node.ele.position(), shape: node.scene.shape, diameter: node.scene.diameter }
  }

  #paint(): void {
    const { style } = this.#layers.lines
    const opacity = !this.#isFaint ? '' : this.#path ? '0.1' : '0.42'
    if (style.opacity !== opacity) style.opacity = opacity
    this.#painter.paint({
      palette: this.#palette,
      nodes: this.#nodes,
      edges: this.#lines.drawn,
      boxes: this.#scene.boxes.flatMap((scene) => {
        const rect = this.#frames.get(scene.id)
        return rect ? [{ scene, rect }] : []
      }),
      path: this.#path,
      selected: this.#selected,
      hovered: this.#hovered,
      withLocks: this.#withLocks,
      withLines: this.#isLarge,
      isFaint: this.#isFaint,
    })
  }

  /** Thousands of lines are one grey cloth: far out, and where a path is asked for, it is faded as a whole. */
  get #isFaint(): boolean {
    return this.#isLarge && (this.#path !== null || this.#cy.zoom() < FAINT_BELOW)
  }

  #highlight(): void {
    const hovered = this.#isLarge ? null : this.#hovered
    const focus = hovered ?? this.#selected
    const ids = focus === null ? [] : this.#idsOf(focus)
    this.#path = this.#lit ?? (ids.length === 0 ? null : pathOf(this.#scene, ids))
    this.#lines.emphasize({ path: this.#path, chosen: new Set([this.#selected, hovered]) })
    this.#animation.setPath(this.#path)
    this.repaint()
  }

  /** What a path starts from: the node or edge itself, all members of a box; nothing for what is not drawn. */
  #idsOf(id: string): string[] {
    const box = this.#scene.boxes.find((each) => each.id === id)
    if (box) return membersOf(box, this.#scene)
    return this.#byId.has(id) || this.#lines.drawn.some(({ scene }) => scene.id === id) ? [id] : []
  }

  #placeOf(id: string): Point | null {
    const frame = this.#frames.get(id)
    if (frame) return { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 }
    const node = this.#byId.get(id)
    if (node) return { ...node.ele.position() }
    const line = this.#lines.drawn.find(({ scene }) => scene.id === id)?.line()
    return line ? pointAlong(line, 0.5) : null
  }

  #listen(): void {
    const cy = this.#cy
    const idOf = (event: EventObject) => sceneId((event.target as NodeSingular).id())
    // after Cytoscape's own frame, in the same one: the layers never come apart
    cy.on('render', () => {
      cancelAnimationFrame(this.#frame)
      this.#frame = 0
      this.#paint()
    })
    cy.on('tap', (event) => {
      if (event.target === cy) this.#events.onSelect(this.#idAt(event.position))
    })
    cy.on('tap', 'node, edge', (event) => this.#events.onSelect(idOf(event)))
    cy.on('dbltap', 'node', (event) => this.#events.onOpen(idOf(event)))
    cy.on('cxttap', 'node', (event) => this.#events.onMenu(idOf(event), event.renderedPosition))
    cy.on('mouseover', 'node, edge', (event) => {
      if (!(event.target as NodeSingular).hasClass('title'))
        this.#events.onHover(idOf(event), event.renderedPosition)
    })
    cy.on('mouseout', 'node, edge', (event) => this.#hoverLine(event))
    cy.on('mousemove', (event) => {
      if (event.target === cy && this.#isLarge) this.#hoverLine(event)
    })
    // what was under the pointer moves away
    cy.on('pan zoom', () => this.#hovered !== null && this.#events.onHover(null, null))
    cy.on('grab', 'node.title', (event) => this.#holdBox(event.target as NodeSingular))
    cy.on('drag', 'node', (event) => this.#onDrag(event.target as NodeSingular))
    cy.on('dragfree', 'node', () => {
      const places = this.positions
      this.#events.onMoved(new Map([...places].filter(([id]) => this.#moved.has(id))))
    })
  }

  /** What of our own is under the pointer where Cytoscape knows of nothing. */
  #idAt(at: Point): string | null {
    return this.#lineAt(at) ?? this.#boxFarAway(at)
  }

  /** The pointer is on nothing Cytoscape knows of. */
  #hoverLine({ position, renderedPosition }: EventObject): void {
    const id = this.#lineAt(position)
    if (id !== this.#hovered) this.#events.onHover(id, id === null ? null : renderedPosition)
  }

  /** A painted line under the pointer; far out, where lines are a cloth, one of those that stand out of it. */
  #lineAt(at: Point): string | null {
    if (!(this.#lines instanceof PaintedLines)) return null
    const isCloth = this.#cy.zoom() < FAINT_BELOW
    const isWanted = ({ id, status }: SceneEdge) =>
      !isCloth || (this.#path ? this.#path.has(id) : status === 'failing' || status === 'degraded')
    return this.#lines.findAt(at, LINE_REACH / this.#cy.zoom(), isWanted)?.id ?? null
  }

  /** Zoomed far out a title is too small to hit: there the whole box is. */
  #boxFarAway(at: Point): string | null {
    if (this.#cy.zoom() > BOX_IS_TITLE_BELOW) return null
    const hit = this.#scene.boxes.find((box) => {
      const frame = box.kind === 'namespace' ? this.#frames.get(box.id) : undefined
      return (
        frame &&
        at.x > frame.x &&
        at.x < frame.x + frame.width &&
        at.y > frame.y &&
        at.y < frame.y + frame.height
      )
    })
    return hit?.id ?? null
  }

  #holdBox(title: NodeSingular): void {
    const ids = new Set(this.#idsOf(sceneId(title.id())))
    const members = this.#nodes.filter(({ scene }) => ids.has(scene.id)).map(({ ele }) => ele)
    this.#held = { last: { ...title.position() }, members }
  }

  #onDrag(node: NodeSingular): void {
    const isTitle = node.hasClass('title')
    const moved = new Set(isTitle ? this.#held?.members.map((member) => member.id()) : [node.id()])
    if (isTitle && this.#held) {
      const at = node.position()
      const [dx, dy] = [at.x - this.#held.last.x, at.y - this.#held.last.y]
      const { members } = this.#held
      this.#held.last = { ...at }
      this.#cy.batch(() => {
        for (const member of members)
          member.position({ x: member.position('x') + dx, y: member.position('y') + dy })
      })
    }
    for (const id of moved) this.#moved.add(id)
    this.#lines.straighten(moved)
    this.#frames = framesOf(this.#scene, this.#placed())
    const isOther = (boxId: string) => titleId(boxId) !== node.id()
    // the title under the pointer is where the pointer put it
    const others = { ...this.#scene, boxes: this.#scene.boxes.filter((box) => isOther(box.id)) }
    this.#cy.batch(() => syncTitles(this.#cy, others, this.#frames))
  }
}

/** Order in which names claim room: what is not well, then what is busy. */
function urgency(node: SceneNode): number {
  const { http, grpc } = node.node.inbound
  const requests = (http?.requestsPerSecond ?? 0) + (grpc?.requestsPerSecond ?? 0)
  return severity(node.status) * 1e9 + Math.min(requests, 1e8)
}
