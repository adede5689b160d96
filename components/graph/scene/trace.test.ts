import { describe, expect, it } from 'vitest'
import type { Passed, TraceMarks } from '@/lib/trace/nodes/on-graph'
import { drawnGraph, graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { sceneOf } from './scene'
import { withTrace } from './trace'

const passed = (spans: number, longestMs: number, failed = 0): Passed => ({ spans, failed, longestMs })
const marks = (more: Partial<TraceMarks>): TraceMarks => ({
  startMs: 0,
  endMs: 1,
  spans: 1,
  failed: 0,
  rootOperation: 'GET /',
  nodes: new Map(),
  calls: [],
  outward: [],
  homeless: [],
  ...more,
})
const texts = (parts: readonly { text: string }[] | undefined) => parts?.map((part) => part.text)
const plain = { boxes: [], collapsed: [], labels: ['rate'] as const }

const page = graphNode('page')
const v1 = graphNode('reviews-v1')
const v10 = graphNode('reviews-v10')
const outside = graphNode('api.example.com', {
  id: 'east/unknown/external/api.example.com',
  kind: 'external',
})
const graph = drawnGraph(
  [page, v1, v10, outside],
  [
    graphEdge(page, v1),
    graphEdge(page, v1, { protocol: 'grpc' }),
    graphEdge(page, v10),
    graphEdge(page, outside),
  ],
)

describe('withTrace', () => {
  it('lights exactly what the trace passed and gives it the figures of the trace', () => {
    const scene = sceneOf(graph, plain)
    const traced = withTrace(
      scene,
      marks({
        nodes: new Map([
          [page.id, passed(2, 100)],
          [v10.id, passed(3, 40, 1)],
        ]),
        calls: [{ source: page.id, target: v10.id, ...passed(3, 40, 1) }],
      }),
    )
    expect([...traced.path].sort()).toEqual([page.id, `${page.id}>${v10.id}#http`, v10.id].sort())
    expect(traced).toMatchObject({ missingNodes: [], missingCalls: 0 })
    expect(texts(traced.scene.nodes[0]?.figures)).toEqual(['2 spans', '100 ms'])
    expect(texts(traced.scene.nodes[2]?.figures)).toEqual(['3 spans', '40.0 ms', '1 failed'])
    expect(texts(traced.scene.edges[2]?.label)).toEqual(['3× ≤ 40.0 ms', '1 failed'])
    // what it did not pass stays the same object, so that nothing of it is drawn anew
    expect(traced.scene.nodes[1]).toBe(scene.nodes[1])
    expect(traced.scene.edges[0]).toBe(scene.edges[0])
  })

  it('says what has no node and what has no edge', () => {
    const gone = 'east/shop/workload/gone'
    const traced = withTrace(
      sceneOf({ ...graph, edges: [] }, plain),
      marks({
        nodes: new Map([
          [page.id, passed(1, 10)],
          [v1.id, passed(1, 5)],
          [gone, passed(1, 5)],
        ]),
        calls: [
          { source: page.id, target: v1.id, ...passed(2, 5) },
          { source: page.id, target: gone, ...passed(1, 5) },
        ],
      }),
    )
    expect(traced).toMatchObject({ missingNodes: [gone], missingCalls: 2 })
  })

  it('counts for a folded box what its members did', () => {
    const cart = [graphNode('cart-v1', { app: 'cart' }), graphNode('cart-v2', { app: 'cart' })] as const
    const other = graphNode('front', { id: 'east/web/workload/front', namespace: 'web' })
    const folded = sceneOf(
      drawnGraph([...cart, other], [graphEdge(other, cart[0]), graphEdge(other, cart[1])]),
      { boxes: ['namespace'], collapsed: ['box:east/shop'], labels: ['rate'] },
    )
    const traced = withTrace(
      folded,
      marks({
        nodes: new Map([
          [cart[0].id, passed(1, 10)],
          [cart[1].id, passed(1, 20)],
        ]),
        calls: [
          { source: other.id, target: cart[0].id, ...passed(1, 10) },
          { source: other.id, target: cart[1].id, ...passed(1, 20) },
        ],
      }),
    )
    expect(traced.missingNodes).toEqual([])
    const box = traced.scene.nodes.find((node) => node.folded)
    expect(texts(box?.figures)).toEqual(['2 spans', '20.0 ms'])
    expect(texts(traced.scene.edges[0]?.label)).toEqual(['2× ≤ 20.0 ms'])
  })

  it('follows a call to outside by the host that was asked for', () => {
    const traced = withTrace(
      sceneOf(graph, plain),
      marks({
        nodes: new Map([[page.id, passed(1, 10)]]),
        outward: [{ source: page.id, host: 'api.example.com', ...passed(1, 9, 1) }],
      }),
    )
    expect(traced.path.has(outside.id)).toBe(true)
    expect(texts(traced.scene.edges.find((edge) => edge.target === outside.id)?.label)).toEqual([
      '9.00 ms',
      'failed',
    ])
  })
})
