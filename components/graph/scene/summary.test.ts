import { describe, expect, it } from 'vitest'
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { graphNode } from '@/tests/support/graph/drawn-graph'
import { graphOf } from '@/tests/support/graph/graphs'
import { request } from '@/tests/support/graph/samples'
import { sceneOf } from './scene'
import { namesApart, placeNamer, responseRows, summarise } from './summary'

const node = (id: string, status: GraphNode['health']['status'] = 'healthy') =>
  ({
    id,
    name: id,
    inbound: { http: null, grpc: null, tcp: null },
    health: { status, reasons: [] },
  }) as unknown as GraphNode

const edge = (source: string, target: string, more: Partial<GraphEdge> = {}) =>
  ({
    id: `${source}>${target}`,
    source,
    target,
    protocol: 'http',
    requestsPerSecond: 10,
    errorRatio: 0,
    clientErrorRatio: 0,
    sentBytesPerSecond: null,
    receivedBytesPerSecond: null,
    mtlsRatio: 1,
    responses: [],
    ...more,
  }) as unknown as GraphEdge

const graph = {
  nodes: [node('a'), node('b', 'failing'), node('c', 'degraded'), node('d', 'idle')],
  edges: [edge('a', 'b', { errorRatio: 0.4 }), edge('b', 'c'), edge('a', 'c', { mtlsRatio: 0.5 })],
} as unknown as Graph

describe('summarise', () => {
  it('counts every edge once for the whole mesh', () => {
    const all = summarise(graph, null)
    expect(all.total.requestsPerSecond).toBe(30)
    expect(all.total.errorRatio).toBeCloseTo(4 / 30)
    expect(all.entering).toBeNull()
    expect(all.counts).toMatchObject({ healthy: 1, failing: 1, degraded: 1, idle: 1 })
  })

  it('counts a request once where services stand between, in the mesh, in a box and on the box', () => {
    const requests = [request('a', 'b', 6), request('a', 'c', 4)]
    const drawn = graphOf({ requests }, { serviceNodes: true })
    expect(drawn.edges.length).toBeGreaterThan(2)
    const shop = drawn.nodes.filter(({ namespace }) => namespace === 'shop').map(({ id }) => id)
    expect(summarise(drawn, null).total.requestsPerSecond).toBe(10)
    expect(summarise(drawn, shop).total.requestsPerSecond).toBe(10)
    const { boxes } = sceneOf(drawn, { boxes: ['namespace'], collapsed: [], labels: [] })
    expect(boxes[0]?.requestsPerSecond).toBe(10)
    // of a workload alone, what services pass to it counts
    expect(summarise(drawn, ['east/shop/workload/b']).total.requestsPerSecond).toBe(6)
  })

  it('counts calls between services where they are the nodes', () => {
    const requests = [request('a', 'b', 6), request('b', 'c', 4)]
    const drawn = graphOf({ requests }, { graphType: 'service' })
    expect(summarise(drawn, null).total.requestsPerSecond).toBe(10)
  })

  it('tells what enters and leaves a box from what stays inside', () => {
    const box = summarise(graph, ['b', 'c'])
    expect(box.total.requestsPerSecond).toBe(30)
    expect(box.entering?.requestsPerSecond).toBe(20)
    expect(box.leaving?.requestsPerSecond).toBeNull()
  })

  it('lists trouble worst first and names plaintext edges', () => {
    const all = summarise(graph, null)
    expect(all.troubled.map((each) => each.id)).toEqual(['b', 'c'])
    expect(all.plaintext.map((each) => each.id)).toEqual(['a>c'])
  })
})

describe('responseRows', () => {
  it('adds up equal answers of several edges, and shares sum to one', () => {
    const answer = (code: string, requestsPerSecond: number, flags = '-') => ({
      code,
      flags,
      requestsPerSecond,
    })
    const rows = responseRows([
      edge('a', 'b', { responses: [answer('200', 6), answer('503', 1, 'UH')] }),
      edge('c', 'b', { responses: [answer('200', 3)] }),
    ])
    expect(rows).toEqual([
      { code: '200', flags: '-', requestsPerSecond: 9, share: 0.9 },
      { code: '503', flags: 'UH', requestsPerSecond: 1, share: 0.1 },
    ])
  })

  it('has no rows without answers', () => {
    expect(responseRows([edge('a', 'b')])).toEqual([])
  })
})

describe('names', () => {
  const cart = graphNode('cart')
  const service = graphNode('cart', { id: 'east/shop/service/cart', kind: 'service' })
  const other = graphNode('cart', { id: 'west/shop/workload/cart', cluster: 'west' })
  const caller = graphNode('unknown', {
    id: 'unknown/unknown/unknown/unknown',
    kind: 'unknown',
    cluster: 'unknown',
    namespace: 'unknown',
  })

  it('that two nodes share are told apart by kind, by place, or by both', () => {
    const page = graphNode('page')
    expect([...namesApart([page, caller]).values()]).toEqual(['page', 'unknown caller'])
    expect([...namesApart([cart, service]).values()]).toEqual(['cart (workload)', 'cart (service)'])
    expect([...namesApart([cart, other]).values()]).toEqual(['cart (in east/shop)', 'cart (in west/shop)'])
    expect(namesApart([cart, service, other]).get(service.id)).toBe('cart (service in east/shop)')
  })

  it('of places hold the cluster where there are several; that of an unknown caller is none', () => {
    expect([cart, caller].map(placeNamer([cart, caller]))).toEqual(['shop', ''])
    expect([cart, other].map(placeNamer([cart, other]))).toEqual(['east/shop', 'west/shop'])
  })
})
