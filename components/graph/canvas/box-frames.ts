import type { Point } from '../layout/model'
import { BOX_PADDING } from '../layout/model'
import type { Scene, SceneBox, SceneNode } from '../scene/scene'
import { boxTitleWidth, TITLE_HEIGHT } from './paint/paint-box'
import type { Rect } from './paint/paint-box'
import { nodeLabelSize } from './paint/paint-label'

/** A node where it is. */
export interface PlacedNode {
  scene: SceneNode
  at: Point
}

const APP_PADDING = { top: 34, side: 14, bottom: 12 } as const
const INNER_GAP = 10

/** The frame of every box round its nodes, their names and its inner boxes, in model pixels. */
export function framesOf(scene: Scene, nodes: ReadonlyMap<string, PlacedNode>): Map<string, Rect> {
  const frames = new Map<string, Rect>()
  const inner = new Map<string, Rect[]>()
  // from the inside out: an outer box holds its inner ones
  for (const box of scene.boxes.toSorted((a, b) => Number(b.parent !== null) - Number(a.parent !== null))) {
    const members = membersOf(box, scene)
      .map((id) => nodes.get(id))
      .filter((node) => node !== undefined)
    if (members.length === 0) continue
    const frame = hullOf(members, box.kind === 'app' ? APP_PADDING : BOX_PADDING)
    for (const rect of inner.get(box.id) ?? []) include(frame, rect)
    frame.width = Math.max(frame.width, boxTitleWidth(box))
    frames.set(box.id, frame)
    if (box.parent === null) continue
    const siblings = inner.get(box.parent)
    if (siblings) siblings.push(frame)
    else inner.set(box.parent, [frame])
  }
  return frames
}

/** Everything that is drawn, as one rectangle; null when nothing is. */
export function extentOf(nodes: Iterable<PlacedNode>, frames: Iterable<Rect>): Rect | null {
  const list = [...nodes]
  if (list.length === 0) return null
  const extent = hullOf(list, { top: 0, side: 0, bottom: 0 })
  for (const frame of frames) cover(extent, frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)
  return extent
}

/** Ids of what a box holds now: its nodes, and those that stand for its folded inner boxes. */
export function membersOf(box: SceneBox, scene: Scene): string[] {
  return [
    ...box.members,
    ...scene.nodes.filter((node) => node.folded && node.parent === box.id).map((node) => node.id),
  ]
}

function hullOf(nodes: readonly PlacedNode[], padding: { top: number; side: number; bottom: number }): Rect {
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

function include(frame: Rect, inner: Rect): void {
  cover(
    frame,
    inner.x - INNER_GAP,
    inner.y - TITLE_HEIGHT - 4,
    inner.x + inner.width + INNER_GAP,
    inner.y + inner.height + INNER_GAP,
  )
}

function cover(frame: Rect, left: number, top: number, right: number, bottom: number): void {
  const end = { x: Math.max(frame.x + frame.width, right), y: Math.max(frame.y + frame.height, bottom) }
  frame.x = Math.min(frame.x, left)
  frame.y = Math.min(frame.y, top)
  frame.width = end.x - frame.x
  frame.height = end.y - frame.y
}
