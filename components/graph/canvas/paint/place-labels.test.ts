/** Which place a label takes when several would do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import type { HealthStatus } from '@/lib/health/types'
import type { Point } from '../../layout/model'
import { sceneOf } from '../../scene/scene'
import type { SceneBox } from '../../scene/scene'
import { fitOf } from '../viewport'
import type { Rect } from './paint-box'
import { boxTitleWidth, titleShift } from './paint-box'
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
    scene.edges.map((edge) => ({ drawn: { scene: edge, line: () => line }, line })),
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

describe('a title wider than its box', () => {
  const WINDOW = 400
  // eleven letters of seven pixels after an inset of ten, at the least scale
  const LENGTH = (10 + 77) * 0.92
  const boxOf = (title: string, status: HealthStatus = 'healthy'): SceneBox =>
    ({ id: title, title, kind: 'namespace', parent: null, status, findings: null, members: [] }) as never
  const barAt = (x: number, width = 40): Rect => ({ x, y: 50, width, height: 24 })
  const shiftAt = (x: number, width = 40) =>
    titleShift(boxOf('east/legacy'), 'east/legacy', barAt(x, width), 0.3, WINDOW)

  it('begins at its box as long as the window holds it', () => {
    expect(shiftAt(100)).toBe(0)
    expect(shiftAt(WINDOW - 4 - LENGTH)).toBe(0)
  })

  it('is moved in by what the edge of the window would cut off', () => {
    expect(shiftAt(WINDOW - LENGTH)).toBeCloseTo(4)
    expect(shiftAt(WINDOW - LENGTH + 10)).toBeCloseTo(14)
  })

  it('leaves the window with its box, ending where that ends', () => {
    expect(shiftAt(WINDOW - 10)).toBeCloseTo(LENGTH - 40)
    expect(shiftAt(WINDOW - 10, 200)).toBe(0)
  })

  it('is not pushed out at the left', () => {
    expect(shiftAt(WINDOW - LENGTH, 1)).toBeLessThanOrEqual(WINDOW - LENGTH)
    expect(titleShift(boxOf('x'.repeat(90)), 'x'.repeat(90), barAt(8), 0.3, WINDOW)).toBe(8)
    expect(shiftAt(-20)).toBe(0)
  })

  it('counts the marks beside it', () => {
    const x = WINDOW - 4 - LENGTH
    const ill = boxOf('east/legacy', 'failing')
    const found = { ...boxOf('east/legacy'), findings: { severity: 'warning', count: 1 } } as SceneBox
    expect(titleShift(ill, ill.title, barAt(x), 0.3, WINDOW)).toBeCloseTo(19 * 0.92)
    expect(titleShift(found, found.title, barAt(x), 0.3, WINDOW)).toBeCloseTo(38 * 0.92)
  })

  it.each([400, 696, 744, 1056])(
    'is cut off at no edge of a window of %i pixels that was fitted',
    (width) => {
      const box = boxOf('east/a-long-namespace', 'failing')
      const frame = boxTitleWidth(box)
      for (const span of [300, 900, 1500, 6000]) {
        const { zoom, pan } = fitOf({ x: 0, y: 0, width: span, height: 200 }, { width, height: 700 })
        for (const x of [0, (span - frame) / 2, span - frame]) {
          const bar = { ...barAt(pan.x + x * zoom, frame * zoom) }
          const start = bar.x - titleShift(box, box.title, bar, zoom, width)
          const scale = Math.max(0.92, zoom)
          expect(start).toBeGreaterThanOrEqual(0)
          expect(start + (10 + 19 + box.title.length * 7) * scale).toBeLessThanOrEqual(width)
        }
      }
    },
  )

  it('takes room from names where it was moved to, and is shortened where a title stands already', () => {
    const narrow = boxOf('east/legacy')
    const titlesOf = (...boxes: [SceneBox, Rect][]) => {
      const state = { path: null, selected: null, hovered: null, withLocks: false }
      const drawn = boxes.map(([scene, rect]) => ({ scene, rect }))
      const view = { zoom: 0.5, pan: { x: 0, y: 0 }, width: WINDOW }
      return placeLabels({ ...state, boxes: drawn } as unknown as PaintState, [], [], view, false).titles
    }
    const atEdge: Rect = { x: 680, y: 100, width: 80, height: 80 }
    const alone = titlesOf([narrow, atEdge])
    expect(alone[0]?.text).toBe('east/legacy')
    expect(alone[0]?.shift).toBeGreaterThan(0)
    const neighbour: Rect = { x: 400, y: 100, width: 270, height: 80 }
    const beside = titlesOf([narrow, atEdge], [boxOf('east/other'), neighbour])
    expect(beside[0]).toMatchObject({ shift: 0 })
    expect(beside[0]?.text).not.toBe('east/legacy')
  })
})
