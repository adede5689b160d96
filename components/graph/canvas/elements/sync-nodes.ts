import type { Core, ElementDefinition } from 'cytoscape'
import type { Point } from '../../layout/model'
import type { Scene, SceneNode } from '../../scene/scene'
import type { Rect } from '../paint/paint-box'
import { TITLE_HEIGHT } from '../paint/paint-box'
import { HIT_SHAPE } from '../paint/shapes'

const TITLE = 'title of '

/** A box's title is an element of its own: one can take hold of a box there, and pan everywhere else. */
export function titleId(boxId: string): string {
  return TITLE + boxId
}

/** The id in the scene of what an element stands for. */
export function sceneId(elementId: string): string {
  return elementId.startsWith(TITLE) ? elementId.slice(TITLE.length) : elementId
}

/**
 * Makes Cytoscape hold exactly the nodes of `after`, touching only what differs from `before`.
 * `placeOf` says where a node goes; undefined leaves it where it is. Call inside one batch.
 */
export function syncNodes(
  cy: Core,
  before: Scene,
  after: Scene,
  placeOf: (id: string) => Point | undefined,
): void {
  removeGone(cy, before, after)
  putNodes(cy, before, after, placeOf)
}

/** Titles at the top of their frames; those of boxes that are gone were removed by `syncNodes`. */
export function syncTitles(cy: Core, scene: Scene, frames: ReadonlyMap<string, Rect>): void {
  for (const box of scene.boxes) {
    const frame = frames.get(box.id)
    if (!frame) continue
    const data = { id: titleId(box.id), width: frame.width, height: TITLE_HEIGHT, shape: 'rectangle' }
    const position = { x: frame.x + frame.width / 2, y: frame.y + TITLE_HEIGHT / 2 }
    const ele = cy.getElementById(data.id)
    if (ele.empty()) cy.add({ group: 'nodes', data, position, classes: 'title' })
    else {
      if (ele.data('width') !== data.width) ele.data('width', data.width)
      ele.position(position)
    }
  }
}

function removeGone(cy: Core, before: Scene, after: Scene): void {
  const idsOf = (scene: Scene) => [
    ...scene.nodes.map((node) => node.id),
    ...scene.boxes.map((box) => titleId(box.id)),
  ]
  const kept = new Set(idsOf(after))
  for (const id of idsOf(before)) if (!kept.has(id)) cy.getElementById(id).remove()
}

function putNodes(cy: Core, before: Scene, after: Scene, placeOf: (id: string) => Point | undefined): void {
  const known = new Map(before.nodes.map((node) => [node.id, node]))
  const added: ElementDefinition[] = []
  for (const node of after.nodes) {
    const place = placeOf(node.id)
    const seen = known.get(node.id)
    if (!seen) {
      added.push({ group: 'nodes', data: nodeData(node), position: place ?? { x: 0, y: 0 } })
      continue
    }
    if (place) cy.getElementById(node.id).position(place)
    if (seen === node) continue
    if (seen.diameter !== node.diameter || seen.shape !== node.shape)
      cy.getElementById(node.id).data(nodeData(node))
  }
  if (added.length > 0) cy.add(added)
}

function nodeData(node: SceneNode) {
  // the ring lies half outside of the shape
  const size = node.diameter + 4
  return { id: node.id, width: size, height: size, shape: HIT_SHAPE[node.shape] }
}
