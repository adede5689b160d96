/** Positions for a scene: one routed pass where the graph is small, boxes one by one and then packed where not. */
import { CAREFUL_LIMIT, elkGraphOf, readElkGraph } from './elk-graph'
import type { Engines } from './engines'
import type { Item, LayoutBox, LayoutInput, LayoutNode, LayoutResult, Link, Placement, Point } from './model'
import { BOX_PADDING, itemOf } from './model'
import { concentric, grid } from './pack'
import { childrenByParent, holderWithin, lifted, linksBetween, within } from './parts'
import { placeTop } from './place-top'

// one pass over all boxes takes 1.5 s at 100 nodes and rises with the square
const WHOLE_LIMIT = 120
const LAYERED_LIMIT = 220
const GAP = 30
/** Width to height of what nothing puts into an order. */
const WIDE = 1.6
/** The same of a box among layers: versions of an app stand one below the other, as they would in a layer. */
const COLUMN = 0.5
/** Room for the borders of inner boxes. */
const BORDERS = 12
/** At this size on screen or more, every name is read without zooming. */
const READABLE = 0.85
/** Lines that keep clear of boxes are worth some size, but not names too small to read. */
const WORTH_PACKING = 1.15

/** Several placed nodes as one rectangle. */
export interface Group extends Item {
  /** top left corners of the nodes' items, relative to the group */
  nodes: Map<string, Point>
  /** bends of its inner edges, relative to the group */
  routes: Map<string, Point[]>
}

export type Progress = (done: number, total: number) => void

/**
 * Where everything goes. `engines` do the search off the main thread; `onProgress` counts finished boxes.
 * Rejects with AbortError when the engines' signal fires.
 */
export async function arrange(
  input: LayoutInput,
  engines: Engines,
  onProgress: Progress,
): Promise<LayoutResult> {
  if (input.nodes.length === 0) return { positions: new Map(), routes: new Map() }
  const byBox = arrangeByBox(input, engines, onProgress)
  if (input.algorithm !== 'layered' || input.sceneSize > WHOLE_LIMIT || input.boxes.length === 0) return byBox
  // awaited together: one that fails first leaves nobody to hear of the other
  const [packed, group] = await Promise.all([byBox, layered(input, null, engines)])
  const whole = resultOf(input, group)
  const isBetter = fitZoom(input, packed) > fitZoom(input, whole) * WORTH_PACKING
  return isBetter && fitZoom(input, whole) < READABLE ? packed : whole
}

async function arrangeByBox(
  input: LayoutInput,
  engines: Engines,
  onProgress: Progress,
): Promise<LayoutResult> {
  const children = childrenByParent(input)
  const total = input.boxes.length + 1
  let done = 0
  const root = await build(null)
  return resultOf(input, root)

  async function build(box: LayoutBox | null): Promise<Group> {
    const parent = box?.id ?? null
    const inner = children.get(parent) ?? { nodes: [], boxes: [] }
    const part = within(input, parent)
    const isSearched =
      input.algorithm === 'layered' &&
      part.nodes.length <= LAYERED_LIMIT &&
      part.edges.length > 0 &&
      (box !== null || inner.boxes.length === 0)
    if (isSearched && input.sceneSize <= CAREFUL_LIMIT) {
      const group = await layered(part, box, engines)
      onProgress((done += part.boxes.length + 1), total)
      return group
    }
    // the largest first: a worker that gets it last keeps the others waiting
    const sizes = new Map(inner.boxes.map((one) => [one, children.get(one.id)?.nodes.length ?? 0]))
    const bySize = inner.boxes.toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))
    const built = new Map(await Promise.all(bySize.map(async (one) => [one, await build(one)] as const)))
    const groups = inner.boxes.flatMap((one) => built.get(one) ?? [])
    if (isSearched) {
      const group = await layeredAround(groups, part, box, engines)
      onProgress(++done, total)
      return group
    }
    const links = linksBetween(input.edges, holderWithin(input, parent))
    const items: Item[] = [...inner.nodes.map(itemOf), ...groups]
    const placement =
      parent === null && groups.length > 0
        ? placeTop(
            [...groups, ...inner.nodes.filter((node) => node.isFolded).map(itemOf)],
            inner.nodes.filter((node) => !node.isFolded).map(itemOf),
            links,
            input.window,
          )
        : await place(items, links, input, engines, box?.parent ? COLUMN : WIDE)
    onProgress(++done, total)
    return merge(box, groups, items, placement, new Map())
  }
}

async function place(
  items: readonly Item[],
  links: readonly Link[],
  { algorithm, window }: LayoutInput,
  engines: Engines,
  unordered: number,
): Promise<Placement> {
  const aspectRatio = window.width / window.height
  if (items.length <= 1) return new Map(items.map((item) => [item.id, { x: 0, y: 0 }]))
  switch (algorithm) {
    case 'grid':
      return grid(items, aspectRatio, GAP)
    case 'concentric':
      return concentric(items, links, GAP)
    case 'force':
      return engines.force(items, links)
    case 'layered':
      // too many for layers, or nothing to put into layers
      return links.length === 0 ? grid(items, unordered, GAP) : engines.force(items, links)
  }
}

/** A box (or everything) with its inner boxes in layers, its edges routed. */
async function layered(part: LayoutInput, box: LayoutBox | null, engines: Engines): Promise<Group> {
  const { positions, routes } = readElkGraph(await engines.elk(elkGraphOf(part)), part)
  const extra = part.boxes.length > 0 ? BORDERS : 0
  return framed(box, part.nodes.map(itemOf), cornersOf(part.nodes, positions), routes, extra)
}

/**
 * The same with the inner boxes placed as wholes: a hierarchy takes the engine twice as long as its boxes and what is
 * around them. Lines into a box are routed up to it; those between the same two things share a route.
 */
async function layeredAround(
  groups: readonly Group[],
  part: LayoutInput,
  box: LayoutBox | null,
  engines: Engines,
): Promise<Group> {
  const { edges, sharing } = lifted(part.edges, holderWithin(part, null))
  const nodes = part.nodes.filter((node) => node.parent === null)
  const flat = { ...part, boxes: [], nodes, edges }
  const { positions, routes } = readElkGraph(await engines.elk(elkGraphOf(flat, groups)), flat, groups)
  const corners = cornersOf(nodes, positions)
  for (const group of groups) {
    const at = positions.get(group.id)
    if (at) corners.set(group.id, { x: at.x - group.width / 2, y: at.y - group.height / 2 })
  }
  const shared = [...routes].flatMap(([id, bends]) =>
    (sharing.get(id) ?? []).map((one) => [one, bends] as const),
  )
  return merge(box, groups, [...nodes.map(itemOf), ...groups], corners, new Map(shared))
}

/** Top left corners of the nodes' items. */
function cornersOf(nodes: readonly LayoutNode[], centres: ReadonlyMap<string, Point>): Placement {
  const corners: Placement = new Map()
  for (const node of nodes) {
    const at = centres.get(node.id)
    if (at) corners.set(node.id, { x: at.x - itemOf(node).width / 2, y: at.y - node.diameter / 2 })
  }
  return corners
}

/** The placed items as one item, with room for title and border when it is a box; `between` are bends among them. */
function merge(
  box: LayoutBox | null,
  groups: readonly Group[],
  items: readonly Item[],
  placement: Placement,
  between: ReadonlyMap<string, readonly Point[]>,
): Group {
  const inner = new Map(groups.map((group) => [group.id, group]))
  const outer = framed(box, items, placement, between, between.size > 0 && groups.length > 0 ? BORDERS : 0)
  const nodes = new Map<string, Point>()
  const routes = new Map(outer.routes)
  for (const [id, corner] of outer.nodes) {
    const group = inner.get(id)
    if (!group) nodes.set(id, corner)
    for (const [node, at] of group?.nodes ?? []) nodes.set(node, shifted(at, corner))
    for (const [edge, bends] of group?.routes ?? []) {
      routes.set(
        edge,
        bends.map((bend) => shifted(bend, corner)),
      )
    }
  }
  return { ...outer, nodes, routes }
}

function framed(
  box: LayoutBox | null,
  items: readonly Item[],
  placement: Placement,
  routes: ReadonlyMap<string, readonly Point[]>,
  extra: number,
): Group {
  const padding = box === null ? { top: 0, side: 0, bottom: 0 } : BOX_PADDING
  const corners = items.map((item) => ({ item, at: placement.get(item.id) ?? { x: 0, y: 0 } }))
  const bends = [...routes.values()].flat()
  const left = Math.min(...corners.map(({ at }) => at.x), ...bends.map((bend) => bend.x)) - extra
  const top = Math.min(...corners.map(({ at }) => at.y), ...bends.map((bend) => bend.y)) - extra
  const right =
    Math.max(...corners.map(({ item, at }) => at.x + item.width), ...bends.map((bend) => bend.x)) + extra
  const bottom =
    Math.max(...corners.map(({ item, at }) => at.y + item.height), ...bends.map((bend) => bend.y)) + extra
  const origin = { x: padding.side - left, y: padding.top - top }
  return {
    id: box?.id ?? '',
    width: Math.max(right - left + 2 * padding.side, box?.titleWidth ?? 0),
    height: bottom - top + padding.top + padding.bottom,
    nodes: new Map(corners.map(({ item, at }) => [item.id, shifted(at, origin)])),
    routes: new Map([...routes].map(([id, points]) => [id, points.map((point) => shifted(point, origin))])),
  }
}

function resultOf(input: LayoutInput, root: Group): LayoutResult {
  const positions = new Map<string, Point>()
  for (const node of input.nodes) {
    const corner = root.nodes.get(node.id)
    if (corner) positions.set(node.id, shifted(corner, { x: itemOf(node).width / 2, y: node.diameter / 2 }))
  }
  return { positions, routes: root.routes }
}

/** How large the arrangement appears in the window, relative to full size. */
function fitZoom(input: LayoutInput, { positions, routes }: LayoutResult): number {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  const cover = (x: number, y: number) => {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  for (const node of input.nodes) {
    const at = positions.get(node.id)
    if (!at) continue
    const item = itemOf(node)
    cover(at.x - item.width / 2, at.y - node.diameter / 2)
    cover(at.x + item.width / 2, at.y - node.diameter / 2 + item.height)
  }
  for (const bend of [...routes.values()].flat()) cover(bend.x, bend.y)
  return Math.min(input.window.width / (right - left + 80), input.window.height / (bottom - top + 120))
}

function shifted(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y }
}
