import { describe, expect, it } from 'vitest'
import { graphOf, idsOf } from '@/tests/support/graph/graphs'
import { callee, inventory, NOBODY, nodeNamed, request, workload } from '@/tests/support/graph/samples'

// gateway → productpage → reviews v1, v2 → ratings; one request fails before a workload is chosen
const gateway = 'istio-system/istio-ingressgateway'
const bookinfo = [
  request(gateway, 'productpage-v1', 10),
  request('productpage-v1', 'reviews-v1', 6),
  request('productpage-v1', 'reviews-v2', 3),
  request('productpage-v1', callee(null, 'reviews'), 1, { responseCode: '503', flags: 'UH' }),
  request('reviews-v2', 'ratings-v1', 3),
]

describe('selecting', () => {
  const requests = [
    request('one/a', 'two/b', 3),
    request('two/b', 'three/c', 2),
    request('three/c', 'west:two/d', 1),
    request(NOBODY, 'two/b', 4, { reporter: 'destination' }),
    request('three/c', callee(null, 'PassthroughCluster'), 1),
  ]

  it('keeps neighbours in other namespaces as outside', () => {
    const graph = graphOf({ requests }, { namespaces: ['two'] })
    expect(graph.nodes.map((node) => [node.id, node.roles])).toEqual([
      ['east/one/workload/a', ['root', 'outside']],
      ['east/three/workload/c', ['outside']],
      ['east/two/workload/b', []],
      ['unknown/unknown/unknown/unknown', ['root']],
      ['west/two/workload/d', []],
    ])
    expect(graph.edges).toHaveLength(4)
  })

  it('takes cluster/namespace, and clusters', () => {
    expect(idsOf(graphOf({ requests }, { namespaces: ['west/two'] }).nodes)).toEqual([
      'east/three/workload/c',
      'west/two/workload/d',
    ])
    expect(idsOf(graphOf({ requests }, { clusters: ['west'] }).edges)).toHaveLength(1)
    expect(graphOf({ requests }, { namespaces: ['nowhere'] })).toMatchObject({ nodes: [], edges: [] })
  })

  it('shows the same figures in every view', () => {
    const [all, some] = [graphOf({ requests }), graphOf({ requests }, { namespaces: ['one'] })]
    const { roles: _outside, ...inView } = nodeNamed(some, '/b')
    const { roles: _all, ...inAll } = nodeNamed(all, '/b')
    expect(inView).toEqual(inAll)
    expect(inView.inbound.http?.requestsPerSecond).toBe(7)
  })

  it('reaches through a service to the other side', () => {
    const graph = graphOf({ requests }, { namespaces: ['one'], serviceNodes: true })
    expect(idsOf(graph.nodes)).toEqual(['east/one/workload/a', 'east/two/service/b', 'east/two/workload/b'])
  })

  it('does not show idle objects of other namespaces', () => {
    const inventories = [inventory({ workloads: [workload('one/x'), workload('two/y')] })]
    const graph = graphOf({ inventories }, { namespaces: ['one'], idle: true })
    expect(idsOf(graph.nodes)).toEqual(['east/one/workload/x'])
  })

  it('focuses: direct neighbours at one hop, theirs at two', () => {
    const at = (hops: number) => graphOf({ requests }, { focus: 'east/one/workload/a', hops })
    expect(at(0).nodes.map((node) => node.name)).toEqual(['a'])
    expect(at(1).nodes.map((node) => node.name)).toEqual(['a', 'b'])
    expect(at(2).nodes.map((node) => node.name)).toEqual(['a', 'c', 'b', 'unknown'])
    expect(at(1).edges).toHaveLength(1)
    expect(graphOf({ requests }, { focus: 'east/one/workload/none' })).toMatchObject({ nodes: [], edges: [] })
  })

  it('leaves out edges among neighbours', () => {
    const triangle = [request('a', 'b', 1), request('a', 'c', 1), request('b', 'c', 1)]
    expect(idsOf(graphOf({ requests: triangle }, { focus: 'east/shop/workload/a' }).edges)).toEqual([
      'east/shop/workload/a>east/shop/workload/b#http',
      'east/shop/workload/a>east/shop/workload/c#http',
    ])
  })

  it('counts a service in between as part of the call, without its other workloads', () => {
    const graph = graphOf(
      { requests: bookinfo },
      { focus: 'east/shop/workload/reviews-v1', hops: 1, serviceNodes: true },
    )
    expect(graph.nodes.map((node) => node.name)).toEqual(['reviews', 'productpage-v1', 'reviews-v1'])
  })

  it('focuses on an idle node without asking for idle ones', () => {
    const inventories = [inventory({ workloads: [workload('x'), workload('y')] })]
    const graph = graphOf({ inventories }, { focus: 'east/shop/workload/x' })
    expect(idsOf(graph.nodes)).toEqual(['east/shop/workload/x'])
  })
})
