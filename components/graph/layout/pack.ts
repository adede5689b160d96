/** Arrangements that need no search: rows, rings, a free spot beside a neighbour. Pure. */
import type { Item, Link, Placement, Point } from './model'

/**
 * Items set like stones: in the given order, each as high up and as far left as it fits within the width that
 * leaves the whole about as wide to high as `aspectRatio`.
 */
export function packTight(
  items: readonly Item[],
  aspectRatio: number,
  gap: { x: number; y: number },
): Placement {
  const area = items.reduce((sum, item) => sum + (item.width + gap.x) * (item.height + gap.y), 0)
  const widest = Math.max(0, ...items.map((item) => item.width))
  let best: { placement: Placement; size: number } | undefined
  // the wished shape and the sizes of items rarely agree: try some widths, keep what appears largest in the window
  for (let step = 0; step < 32; step++) {
    const width = Math.max(widest, Math.sqrt(area * aspectRatio) * (0.7 + step * 0.04))
    const packed = setStones(items, width, gap)
    const size = Math.max(packed.width / aspectRatio, packed.height)
    if (!best || size < best.size) best = { placement: packed.placement, size }
  }
  return best?.placement ?? new Map()
}

/** The skyline: where, from left to right, the lowest stone so far ends. */
interface Step {
  x: number
  y: number
  width: number
}

function setStones(items: readonly Item[], limit: number, gap: { x: number; y: number }) {
  const placement: Placement = new Map()
  let skyline: Step[] = [{ x: 0, y: 0, width: limit + gap.x }]
  let [width, height] = [0, 0]
  for (const item of items) {
    const stone = { width: item.width + gap.x, height: item.height + gap.y }
    const spot = lowestSpot(skyline, stone.width, limit + gap.x)
    placement.set(item.id, spot)
    width = Math.max(width, spot.x + item.width)
    height = Math.max(height, spot.y + item.height)
    skyline = raise(skyline, spot.x, stone.width, spot.y + stone.height)
  }
  return { placement, width, height }
}

function lowestSpot(skyline: readonly Step[], width: number, limit: number): Point {
  let best: Point = { x: 0, y: Infinity }
  for (const { x } of skyline) {
    if (x + width > limit + 0.5) continue
    const under = skyline.filter((step) => step.x < x + width && step.x + step.width > x)
    const y = Math.max(...under.map((step) => step.y))
    if (y < best.y) best = { x, y }
  }
  // wider than everything: below all
  return best.y === Infinity ? { x: 0, y: Math.max(...skyline.map((step) => step.y)) } : best
}

function raise(skyline: readonly Step[], x: number, width: number, y: number): Step[] {
  const next: Step[] = []
  for (const step of skyline) {
    const end = step.x + step.width
    if (step.x < x) next.push({ ...step, width: Math.min(end, x) - step.x })
    if (end > x + width)
      next.push({ x: Math.max(step.x, x + width), y: step.y, width: end - Math.max(step.x, x + width) })
  }
  next.push({ x, y, width })
  return next.filter((step) => step.width > 0).sort((a, b) => a.x - b.x)
}

/** Items in equal cells, in the given order. */
export function grid(items: readonly Item[], aspectRatio: number, gap: number): Placement {
  const width = Math.max(0, ...items.map((item) => item.width)) + gap
  const height = Math.max(0, ...items.map((item) => item.height)) + gap
  const columns = Math.max(1, Math.round(Math.sqrt((items.length * aspectRatio * height) / width)))
  return new Map(
    items.map((item, index) => [
      item.id,
      {
        x: (index % columns) * width + (width - gap - item.width) / 2,
        y: Math.floor(index / columns) * height,
      },
    ]),
  )
}

/** Items on rings, the most connected in the middle. */
export function concentric(items: readonly Item[], links: readonly Link[], gap: number): Placement {
  const degree = new Map<string, number>()
  for (const link of links) {
    degree.set(link.source, (degree.get(link.source) ?? 0) + 1)
    degree.set(link.target, (degree.get(link.target) ?? 0) + 1)
  }
  const queue = items.toSorted(
    (a, b) => (degree.get(b.id) ?? 0) - (degree.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1),
  )
  // rings one circumscribed circle apart, each with as many as its circumference holds: nothing can touch
  const cell = Math.max(0, ...items.map((item) => Math.hypot(item.width, item.height))) + gap
  const placement: Placement = new Map()
  for (let ring = 0, index = 0; index < queue.length; ring++) {
    const room = ring === 0 ? 1 : Math.floor(Math.PI / Math.asin(1 / (2 * ring)))
    const members = queue.slice(index, index + room)
    for (const [place, item] of members.entries()) {
      const angle = (2 * Math.PI * place) / members.length - Math.PI / 2
      placement.set(item.id, {
        x: ring * cell * Math.cos(angle) - item.width / 2,
        y: ring * cell * Math.sin(angle) - item.height / 2,
      })
    }
    index += members.length
  }
  return placement
}

/**
 * Order in which boxes are placed so that neighbours come near: begin where traffic begins, then always the one
 * with most links to those placed already.
 */
export function flowOrder(items: readonly Item[], links: readonly Link[]): Item[] {
  const weight = new Map<string, Map<string, number>>()
  const inbound = new Map<string, number>()
  const count = (a: string, b: string) => {
    const row = weight.get(a) ?? new Map<string, number>()
    row.set(b, (row.get(b) ?? 0) + 1)
    weight.set(a, row)
  }
  for (const { source, target } of links) {
    if (source === target) continue
    count(source, target)
    count(target, source)
    inbound.set(target, (inbound.get(target) ?? 0) + 1)
  }
  const rest = new Map(items.map((item) => [item.id, item]))
  const pull = new Map<string, number>()
  const ordered: Item[] = []
  while (rest.size > 0) {
    let next: Item | undefined
    let nextScore = -Infinity
    for (const item of rest.values()) {
      const score = (pull.get(item.id) ?? 0) * 1000 - (inbound.get(item.id) ?? 0)
      if (score > nextScore) [next, nextScore] = [item, score]
    }
    if (!next) break
    ordered.push(next)
    rest.delete(next.id)
    for (const [id, links] of weight.get(next.id) ?? []) pull.set(id, (pull.get(id) ?? 0) + links)
  }
  return ordered
}

const STEP = 84

export interface Bounds extends Point {
  width: number
  height: number
}

/**
 * Where nodes that are new in a drawn graph go: beside the neighbours they already have (right of who calls them,
 * left of whom they call), on the nearest spot that is free, within the box they belong to if it has one; without
 * neighbours in that box, or below everything.
 */
export function placeNewcomers(
  newcomers: readonly string[],
  edges: readonly Link[],
  placed: ReadonlyMap<string, Point>,
  findBox: (id: string) => Bounds | undefined = () => undefined,
): Map<string, Point> {
  const all = new Map(placed)
  const taken = new Taken(placed.values())
  const neighbours = linksOf(newcomers, edges)
  const added = new Map<string, Point>()
  const bottom = Math.max(0, ...[...placed.values()].map((point) => point.y)) + STEP * 1.5
  const left = placed.size === 0 ? 0 : Math.min(...[...placed.values()].map((point) => point.x))
  let waiting = [...newcomers]
  // again while something was placed: a newcomer may hang on another newcomer
  for (let before = -1; waiting.length > 0 && waiting.length !== before;) {
    before = waiting.length
    waiting = waiting.filter((id) => {
      const wish = wishOf(id, neighbours.get(id) ?? [], all)
      if (!wish) return true
      settle(id, wish)
      return false
    })
  }
  for (const id of waiting) {
    const box = findBox(id)
    settle(id, box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: left, y: bottom })
  }
  return added

  function settle(id: string, wish: Point): void {
    const box = findBox(id)
    const spot = (box && taken.findFree(wish, box)) ?? taken.findFree(wish) ?? wish
    all.set(id, spot)
    taken.add(spot)
    added.set(id, spot)
  }
}

function linksOf(ids: readonly string[], edges: readonly Link[]): Map<string, Link[]> {
  const links = new Map<string, Link[]>(ids.map((id) => [id, []]))
  for (const edge of edges) {
    links.get(edge.source)?.push(edge)
    if (edge.target !== edge.source) links.get(edge.target)?.push(edge)
  }
  return links
}

function wishOf(id: string, edges: readonly Link[], all: ReadonlyMap<string, Point>): Point | undefined {
  const wishes: Point[] = []
  for (const { source, target } of edges) {
    const other = source === id ? target : target === id ? source : undefined
    const point = other === undefined || other === id ? undefined : all.get(other)
    if (point) wishes.push({ x: point.x + (source === id ? -STEP * 1.6 : STEP * 1.6), y: point.y })
  }
  if (wishes.length === 0) return undefined
  return {
    x: wishes.reduce((sum, point) => sum + point.x, 0) / wishes.length,
    y: wishes.reduce((sum, point) => sum + point.y, 0) / wishes.length,
  }
}

/** Room a node takes with its name. */
const ROOM = { x: STEP, y: STEP * 0.9 } as const
const RING = STEP * 0.6

/** What lies where, in cells as large as a node's room: only those beside a spot can be in its way. */
class Taken {
  readonly #cells = new Map<number, Point[]>()
  /** by wish: rings that are known to be full, which they stay */
  readonly #full = new Map<string, number>()

  constructor(points: Iterable<Point>) {
    for (const point of points) this.add(point)
  }

  add(point: Point): void {
    const key = cellAt(columnOf(point), rowOf(point))
    const inside = this.#cells.get(key)
    if (inside) inside.push(point)
    else this.#cells.set(key, [point])
  }

  /** The free spot nearest to a wish, if there is one within. */
  findFree(wish: Point, within?: Bounds): Point | undefined {
    const key = [wish.x, wish.y, within?.x, within?.y].join()
    const last = within ? Math.hypot(within.width, within.height) / RING : Infinity
    for (let ring = this.#full.get(key) ?? 0; ring <= last; ring++) {
      const spots = Math.max(1, ring * 6)
      for (let place = 0; place < spots; place++) {
        const angle = Math.PI / 2 + (2 * Math.PI * place) / spots
        const spot = { x: wish.x + ring * RING * Math.cos(angle), y: wish.y + ring * RING * Math.sin(angle) }
        if (this.#isFree(spot) && (!within || isInside(spot, within))) return spot
      }
      this.#full.set(key, ring + 1)
    }
    return undefined
  }

  #isFree(spot: Point): boolean {
    const [column, row] = [columnOf(spot), rowOf(spot)]
    for (let x = column - 1; x <= column + 1; x++) {
      for (let y = row - 1; y <= row + 1; y++) {
        for (const point of this.#cells.get(cellAt(x, y)) ?? []) {
          if (Math.abs(point.x - spot.x) < ROOM.x && Math.abs(point.y - spot.y) < ROOM.y) return false
        }
      }
    }
    return true
  }
}

const columnOf = ({ x }: Point) => Math.floor(x / ROOM.x)
const rowOf = ({ y }: Point) => Math.floor(y / ROOM.y)
/** One number for both: no graph is a million cells high. */
const cellAt = (column: number, row: number) => column * 1_000_003 + row

/** With room for the node's own size and name. */
function isInside(spot: Point, box: Bounds): boolean {
  return (
    spot.x > box.x + STEP * 0.75 &&
    spot.x < box.x + box.width - STEP * 0.75 &&
    spot.y > box.y + STEP * 0.75 &&
    spot.y < box.y + box.height - STEP * 0.9
  )
}
