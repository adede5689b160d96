import { expect, it } from 'vitest'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { sceneOf } from '../../scene/scene'
import { paintLine } from './paint-line'

const [a, b] = [graphNode('a'), graphNode('b')]
const edgeOf = (protocol: 'http' | 'grpc') => {
  const [edge] = sceneOf(drawnGraph([a, b], [graphEdge(a, b, { protocol })]), {
    boxes: [],
    collapsed: [],
    labels: [],
  }).edges
  if (!edge) throw new Error('a graph with an edge has one')
  return edge
}
const corners = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 100 },
]
const view = { x: 0, y: 0, width: 200, height: 200 }

/** What is asked of the canvas for this edge: each call as its name and what it was given. */
function callsAt(zoom: number, { protocol = 'http' as 'http' | 'grpc', seen = view } = {}): string[] {
  const calls: string[] = []
  const ctx = new Proxy({} as CanvasRenderingContext2D, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        calls.push(`${String(name)} ${args.flat().map(Number).map(Math.round).join(' ')}`.trim()),
    set: () => true,
  })
  paintLine(ctx, edgeOf(protocol), corners, { color: '#123456', width: 2, zoom }, seen)
  return calls
}

it('runs over its bends far out, where it is caught, without what nobody sees there', () => {
  const calls = callsAt(0.1, { protocol: 'grpc' })
  expect(calls).toContain('lineTo 100 0')
  expect(calls).toContain('lineTo 100 100')
  expect(calls.filter((call) => /^(arcTo|setLineDash|fill)/.test(call))).toEqual([])
})

it('has round bends, its dashes and an arrow whose tip is its end close by', () => {
  const calls = callsAt(1, { protocol: 'grpc' })
  expect(calls.some((call) => call.startsWith('arcTo 100 0'))).toBe(true)
  expect(calls).toContain('setLineDash 12 4')
  expect(calls.lastIndexOf('moveTo 100 100')).toBeGreaterThan(calls.indexOf('stroke'))
  expect(calls.at(-1)).toBe('fill')
  expect(callsAt(1).some((call) => call.startsWith('setLineDash 12'))).toBe(false)
})

it('is left out where it is out of sight', () => {
  expect(callsAt(1, { seen: { x: 300, y: 300, width: 50, height: 50 } })).toEqual([])
})
