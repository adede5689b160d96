import { describe, expect, it } from 'vitest'
import { graphEdge, graphNode } from '@/tests/support/graph/drawn-graph'
import { applyPatch, diffGraph } from './diff'
import type { Graph, GraphEdge, GraphNode } from './types'

function node(name: string, requestsPerSecond: number): GraphNode {
  const http = { requestsPerSecond, errorRatio: 0, clientErrorRatio: null, latencyMs: null }
  return graphNode(name, { inbound: { http, grpc: null, tcp: null } })
}

const edge = (source: string, target: string, requestsPerSecond: number): GraphEdge =>
  graphEdge(graphNode(source), graphNode(target), { requestsPerSecond })
const idOf = (source: string, target: string) => edge(source, target, 0).id

function graph(at: number, nodes: GraphNode[], edges: GraphEdge[]): Graph {
  return { at, windowSeconds: 120, graphType: 'workload', notices: [], nodes, edges }
}

const before = graph(1, [node('a', 1), node('b', 2), node('c', 3)], [edge('a', 'b', 1), edge('b', 'c', 2)])
const after = graph(2, [node('a', 1), node('b', 5), node('d', 3)], [edge('a', 'b', 1), edge('b', 'd', 2)])

describe('diffGraph', () => {
  it('names only what changed', () => {
    const patch = diffGraph(before, after)
    expect(patch.nodes.map((each) => each.name)).toEqual(['b', 'd'])
    expect(patch.removedNodes).toEqual(['east/shop/workload/c'])
    expect(patch.edges.map((each) => each.id)).toEqual([idOf('b', 'd')])
    expect(patch.removedEdges).toEqual([idOf('b', 'c')])
  })

  it('is empty between equal graphs of different objects', () => {
    const again = JSON.parse(JSON.stringify({ ...before, at: 9 })) as Graph
    expect(diffGraph(before, again)).toEqual({
      at: 9,
      notices: [],
      nodes: [],
      edges: [],
      removedNodes: [],
      removedEdges: [],
    })
  })

  it('sees a change deep inside, a key that comes and a key that goes', () => {
    const responses = [{ code: '200', flags: '-', requestsPerSecond: 1 }]
    const plain = { ...edge('a', 'b', 1), latencyMs: null, responses }
    const quick = { ...plain, latencyMs: { p50: 1, p90: 2, p95: 3, p99: 4 } }
    const withMean = { ...plain, latencyMs: { p50: 1, p90: 2, p95: 3, p99: 4, mean: 2 } }
    const pairs: [GraphEdge, GraphEdge][] = [
      [plain, quick],
      [quick, withMean],
      [withMean, quick],
      [plain, { ...plain, responses: [] }],
    ]
    for (const [old, fresh] of pairs) {
      expect(diffGraph(graph(1, [], [old]), graph(1, [], [fresh])).edges).toEqual([fresh])
    }
  })
})

describe('applyPatch', () => {
  it('arrives at the next graph', () => {
    expect(applyPatch(before, diffGraph(before, after))).toEqual(after)
  })

  it('survives the wire', () => {
    const wire = JSON.parse(JSON.stringify(diffGraph(before, after))) as ReturnType<typeof diffGraph>
    expect(applyPatch(before, wire)).toEqual(after)
  })

  it('keeps untouched elements, and applies twice as once', () => {
    const patch = diffGraph(before, after)
    const once = applyPatch(before, patch)
    expect(once.nodes[0]).toBe(before.nodes[0])
    expect(applyPatch(once, patch)).toEqual(once)
  })
})
