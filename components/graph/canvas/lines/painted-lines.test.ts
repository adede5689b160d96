import { beforeEach, describe, expect, it } from 'vitest'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { sceneOf } from '../../scene/scene'
import type { End } from './corners'
import { PaintedLines } from './painted-lines'

const [a, b, c] = [graphNode('a'), graphNode('b'), graphNode('c')]
const { edges } = sceneOf(drawnGraph([a, b, c], [graphEdge(a, b), graphEdge(b, c), graphEdge(c, c)]), {
  boxes: [],
  collapsed: [],
  labels: [],
})
const [ab, bc, cc] = edges.map(({ id }) => id) as [string, string, string]

let places: Map<string, End>
let lines: PaintedLines
const put = (id: string, x: number, y: number) =>
  places.set(id, { at: { x, y }, shape: 'circle', diameter: 36 })
const lineOf = (id: string) => lines.drawn.find(({ scene }) => scene.id === id)?.line()

beforeEach(() => {
  places = new Map()
  put(a.id, 0, 0)
  put(b.id, 400, 0)
  put(c.id, 400, 400)
  lines = new PaintedLines((id) => places.get(id))
  lines.setEdges(edges)
})

describe('where lines run', () => {
  it('from rim to rim, and round to the same node', () => {
    expect(lineOf(ab)).toEqual([
      { x: 20, y: 0 },
      { x: 380, y: 0 },
    ])
    expect(lineOf(cc)?.length).toBeGreaterThan(4)
  })

  it('nowhere while an end has no place', () => {
    places.delete(b.id)
    lines.setEdges(edges)
    expect(lineOf(ab)).toBeNull()
  })

  it('over the bends of a layout, which go where both ends go', () => {
    lines.setRoutes(new Map([[ab, [{ x: 200, y: 80 }]]]))
    expect(lineOf(ab)?.[1]).toEqual({ x: 200, y: 80 })
    put(a.id, 1000, 500)
    put(b.id, 1400, 500)
    lines.straighten(new Set([a.id, b.id]))
    expect(lineOf(ab)?.[1]).toEqual({ x: 1200, y: 580 })
  })

  it('straight once one end was moved alone', () => {
    lines.setRoutes(new Map([[ab, [{ x: 200, y: 80 }]]]))
    put(b.id, 400, 300)
    lines.straighten(new Set([b.id]))
    expect(lineOf(ab)).toHaveLength(2)
    expect(lineOf(bc)?.[0]?.y).toBeCloseTo(320)
  })
})

describe('the line under the pointer', () => {
  const all = () => true

  it('is the nearest within reach', () => {
    expect(lines.findAt({ x: 200, y: 4 }, 6, all)?.id).toBe(ab)
    expect(lines.findAt({ x: 396, y: 200 }, 6, all)?.id).toBe(bc)
    expect(lines.findAt({ x: 200, y: 40 }, 6, all)).toBeUndefined()
  })

  it('is one of those that are wanted', () => {
    expect(lines.findAt({ x: 200, y: 1 }, 6, (edge) => edge.id !== ab)).toBeUndefined()
  })

  it('is none once all is taken away', () => {
    lines.clear()
    expect(lines.findAt({ x: 200, y: 1 }, 6, all)).toBeUndefined()
  })
})
