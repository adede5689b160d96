/** The canvas without a screen: where things go. */
import cytoscape from 'cytoscape'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { sceneOf } from '../scene/scene'
import { CanvasController } from './controller'
import type { Palette } from './paint/palette'

const colours: unknown = new Proxy({}, { get: () => '#123456' })
// every colour is the same: nothing is painted here
const palette = new Proxy({}, { get: (_, name) => (name === 'mark' ? colours : '#123456') }) as Palette
const canvas = () => ({ getContext: () => null, width: 0, height: 0 }) as unknown as HTMLCanvasElement
const nothing = () => {}

beforeEach(() => {
  vi.stubGlobal('document', { createElement: canvas })
  vi.stubGlobal('window', { devicePixelRatio: 1 })
  vi.stubGlobal('requestAnimationFrame', () => 1)
  vi.stubGlobal('cancelAnimationFrame', nothing)
})
afterEach(() => vi.unstubAllGlobals())

it('finds a place beside its neighbours for what came while the layout was at work', () => {
  const cy = cytoscape({ headless: true, styleEnabled: true })
  const controller = new CanvasController(
    cy,
    { under: canvas(), lines: canvas(), moving: canvas(), over: canvas() },
    palette,
    { onSelect: nothing, onOpen: nothing, onMenu: nothing, onHover: nothing, onMoved: nothing },
  )
  const [a, b, late] = [graphNode('a'), graphNode('b'), graphNode('late')]
  const scene = (nodes: (typeof a)[], edges: ReturnType<typeof graphEdge>[]) =>
    sceneOf(drawnGraph(nodes, edges), { boxes: [], collapsed: [], labels: [] })
  const before = scene([a, b], [graphEdge(a, b)])
  const now = scene([a, b, late], [graphEdge(a, b), graphEdge(b, late)])
  const positions = new Map([
    [a.id, { x: 1000, y: 500 }],
    [b.id, { x: 1300, y: 500 }],
  ])
  controller.setArranged(before, { positions, routes: new Map() }, new Map())
  controller.setInPlace(now)
  expect(controller.positions.get(a.id)).toEqual({ x: 1000, y: 500 })
  const at = controller.positions.get(late.id)
  // right of who calls it
  expect(at?.x).toBeGreaterThan(1300)
  expect(Math.abs((at?.y ?? 0) - 500)).toBeLessThan(100)
  controller.dispose()
})
