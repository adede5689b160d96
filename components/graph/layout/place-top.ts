/** Boxes packed in the order of flow; what lies in no box at their sides: callers left, the rest right. Pure. */
import type { Item, Link, Placement } from './model'
import { flowOrder, packTight } from './pack'

const BOX_GAP = 52
const MOST_GAP = 190
const TITLE_PX = 24
const SIDE_GAP = 70
const ROW_GAP = 26

export function placeTop(
  boxes: readonly Item[],
  loose: readonly Item[],
  links: readonly Link[],
  window: { width: number; height: number },
): Placement {
  const leaving = new Map<string, number>()
  for (const { source, target } of links) {
    leaving.set(source, (leaving.get(source) ?? 0) + 1)
    leaving.set(target, (leaving.get(target) ?? 0) - 1)
  }
  const callers = loose.filter((item) => (leaving.get(item.id) ?? 0) > 0)
  const others = loose.filter((item) => (leaving.get(item.id) ?? 0) <= 0)
  const sides = [callers, others].filter((side) => side.length > 0)
  const sideWidth = sides.reduce(
    (sum, side) => sum + Math.max(...side.map((item) => item.width)) + SIDE_GAP,
    0,
  )
  const placement = tightest(boxes, links, window, sideWidth)
  const bottom = Math.max(...boxes.map((box) => (placement.get(box.id)?.y ?? 0) + box.height))
  const right = Math.max(...boxes.map((box) => (placement.get(box.id)?.x ?? 0) + box.width))
  const middles = new Map(boxes.map((box) => [box.id, (placement.get(box.id)?.y ?? 0) + box.height / 2]))
  column(callers, links, middles, bottom, (depth, width) => -SIDE_GAP - width - depth, placement)
  column(others, links, middles, bottom, (depth) => right + SIDE_GAP + depth, placement)
  return placement
}

/** In the order of flow unless setting large stones first makes all much larger on screen. */
function tightest(
  boxes: readonly Item[],
  links: readonly Link[],
  window: { width: number; height: number },
  sideWidth: number,
): Placement {
  const bySize = boxes.toSorted((a, b) => b.width * b.height - a.width * a.height || (a.id < b.id ? -1 : 1))
  const byFlow = flowOrder(boxes, links)
  const candidates = [byFlow, bySize].map((order) => {
    const near = packed(order, BOX_GAP)
    // far out a title keeps its size on screen: the rows must leave room for it
    return near.zoom > 0.6 ? near : packed(order, Math.min(MOST_GAP, Math.max(BOX_GAP, TITLE_PX / near.zoom)))
  })
  function packed(order: readonly Item[], gap: number) {
    const placement = packTight(order, window.width / window.height, { x: BOX_GAP, y: gap })
    const width = Math.max(...boxes.map((box) => (placement.get(box.id)?.x ?? 0) + box.width)) + sideWidth
    const height = Math.max(...boxes.map((box) => (placement.get(box.id)?.y ?? 0) + box.height))
    return { placement, zoom: Math.min(window.width / width, window.height / height) }
  }
  const [flow, size] = candidates
  if (!flow || !size) return new Map()
  return size.zoom > flow.zoom * 1.15 ? size.placement : flow.placement
}

/** Items one below the other near what they talk to, in as many columns as they need. */
function column(
  items: readonly Item[],
  links: readonly Link[],
  middles: ReadonlyMap<string, number>,
  height: number,
  xOf: (depth: number, width: number) => number,
  placement: Placement,
): void {
  const wish = (item: Item) => {
    const near = links.flatMap(({ source, target }) =>
      source === item.id ? [middles.get(target)] : target === item.id ? [middles.get(source)] : [],
    )
    const known = near.filter((y) => y !== undefined)
    return known.length === 0 ? height : known.reduce((sum, y) => sum + y, 0) / known.length
  }
  const queue = items
    .map((item) => ({ item, y: wish(item) }))
    .sort((a, b) => a.y - b.y || (a.item.id < b.item.id ? -1 : 1))
  const needed = items.reduce((sum, item) => sum + item.height + ROW_GAP, 0)
  const columns = Math.max(1, Math.ceil(needed / Math.max(height, 200)))
  const widest = Math.max(0, ...items.map((item) => item.width))
  const floors = new Array<number>(columns).fill(-Infinity)
  for (const [index, { item, y }] of queue.entries()) {
    const at = index % columns
    const top = Math.max(y - item.height / 2, floors[at] ?? -Infinity)
    placement.set(item.id, { x: xOf(at * (widest + ROW_GAP), item.width), y: top })
    floors[at] = top + item.height + ROW_GAP
  }
}
