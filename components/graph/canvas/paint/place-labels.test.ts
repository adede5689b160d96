/** Which place a label takes when several would do. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/drawn-graph'
import type { HealthStatus } from '@/lib/health/types'
import type { Point } from '../../layout/model'
import { sceneOf } from '../../scene/scene'
import type { Rect } from './paint-box'
import type { PaintState } from './painter'
import { placeLabels } from './place-labels'

// without a context every letter is seven pixels wide
beforeEach(() => void vi.stubGlobal('document', { createElement: () => ({ getContext: () => null }) }))
afterEach(() => void vi.unstubAllGlobals())

type Sight = Record<string, { at: Point; status: HealthStatus }>

/** Labels of nodes at these places, zoomed out, without boxes, in a window 400 pixels wide. */
function labelsOf(sight: Sight, line: Point[] = []) {
  const nodes = Object.entries(sight).map(([name, { status }]) => ({
    ...graphNode(name),
    health: { status, reasons: [] },
  }))
  const [first, second] = nodes
  const edges = first && second && line.length > 0 ? [graphEdge(first, second)] : []
  const scene = sceneOf(drawnGraph(nodes, edges), { boxes: [], collapsed: [], labels: ['rate'] })
  const state = { path: null, selected: null, hovered: null, boxes: [], withLocks: false }
  return placeLabels(
    state as unknown as PaintState,
    scene.nodes.map((node) => ({
      drawn: { scene: node, ele: null as never },
      at: sight[node.node.name]?.at ?? { x: 0, y: 0 },
    })),
    scene.edges.map((edge) => ({ drawn: { scene: edge, ele: null as never }, line })),
    { zoom: 0.5, pan: { x: 0, y: 0 }, width: 400 },
    false,
  )
}

const overlaps = (a: Rect, b: Point) => a.x < b.x && b.x < a.x + a.width && a.y < b.y && b.y < a.y + a.height

it('begins a name at its node where neighbours that fail leave no room in the middle', () => {
  const at = { x: 400, y: 400 }
  // below lies to the left, the others above, right and left
  const around: Sight = {
    below: { at: { x: 330, y: 450 }, status: 'failing' },
    above: { at: { x: 400, y: 350 }, status: 'failing' },
    right: { at: { x: 480, y: 400 }, status: 'failing' },
    left: { at: { x: 320, y: 400 }, status: 'failing' },
  }
  const labels = labelsOf({ 'recommendationservice-of-all': { at, status: 'failing' }, ...around })
  const name = labels.names.find(({ node }) => node.drawn.scene.title.startsWith('recommendation'))
  expect(name).toBeDefined()
  for (const { at: other } of Object.values(around)) {
    expect(
      overlaps(name?.rect ?? { x: 0, y: 0, width: 999, height: 999 }, { x: other.x / 2, y: other.y / 2 }),
    ).toBe(false)
  }
})

it('moves figures along their line rather than have them cut off by the edge of the window', () => {
  const ends: Sight = {
    a: { at: { x: 4, y: 100 }, status: 'healthy' },
    b: { at: { x: 700, y: 900 }, status: 'healthy' },
  }
  // the middle of the line is at the very edge
  const plate = labelsOf(ends, [
    { x: 4, y: 100 },
    { x: 4, y: 900 },
    { x: 700, y: 900 },
  ]).plates.at(0)
  expect(plate?.at.x).toBeGreaterThan(20)
})
