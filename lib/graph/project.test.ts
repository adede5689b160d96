import { describe, expect, it } from 'vitest'
import { graphOf, idsOf, shortEdges } from '@/tests/support/graph/graphs'
import { callee, edgeOf, NOBODY, nodeNamed, request, tcp } from '@/tests/support/graph/samples'

// gateway → productpage → reviews v1, v2 → ratings; one request fails before a workload is chosen
const gateway = 'istio-system/istio-ingressgateway'
const bookinfo = [
  request(gateway, 'productpage-v1', 10),
  request('productpage-v1', 'reviews-v1', 6),
  request('productpage-v1', 'reviews-v2', 3),
  request('productpage-v1', callee(null, 'reviews'), 1, { responseCode: '503', flags: 'UH' }),
  request('reviews-v2', 'ratings-v1', 3),
]

describe('graph types', () => {
  it('workload: one node a workload, the service where none answered', () => {
    expect(shortEdges(graphOf({ requests: bookinfo }))).toEqual([
      'workload/istio-ingressgateway > workload/productpage-v1: 10',
      'workload/productpage-v1 > service/reviews: 1',
      'workload/productpage-v1 > workload/reviews-v1: 6',
      'workload/productpage-v1 > workload/reviews-v2: 3',
      'workload/reviews-v2 > workload/ratings-v1: 3',
    ])
  })

  it('app: versions folded', () => {
    const graph = graphOf({ requests: bookinfo }, { graphType: 'app' })
    expect(shortEdges(graph)).toEqual([
      'app/istio-ingressgateway > app/productpage: 10',
      'app/productpage > app/reviews: 9',
      'app/productpage > service/reviews: 1',
      'app/reviews > app/ratings: 3',
    ])
    expect(nodeNamed(graph, 'app/reviews')).toMatchObject({ app: 'reviews', version: null, workload: null })
    expect(nodeNamed(graph, 'app/ratings')).toMatchObject({ version: null, workload: 'ratings-v1' })
  })

  it('versionedApp: versions apart', () => {
    const graph = graphOf({ requests: bookinfo }, { graphType: 'versionedApp' })
    expect(shortEdges(graph)).toEqual([
      'app/istio-ingressgateway > app/productpage/v1: 10',
      'app/productpage/v1 > app/reviews/v1: 6',
      'app/productpage/v1 > app/reviews/v2: 3',
      'app/productpage/v1 > service/reviews: 1',
      'app/reviews/v2 > app/ratings/v1: 3',
    ])
    expect(nodeNamed(graph, 'reviews/v2')).toMatchObject({
      kind: 'app',
      name: 'reviews',
      app: 'reviews',
      version: 'v2',
      workload: 'reviews-v2',
    })
  })

  it('service: services call services, roots without a service stay', () => {
    const graph = graphOf({ requests: bookinfo }, { graphType: 'service' })
    expect(shortEdges(graph)).toEqual([
      'workload/istio-ingressgateway > service/productpage: 10',
      'service/productpage > service/reviews: 10',
      'service/reviews > service/ratings: 3',
    ])
    expect(nodeNamed(graph, 'service/reviews')).toMatchObject({ service: 'reviews', app: 'reviews' })
    expect(edgeOf(graph, 'service/productpage', 'service/reviews').errorRatio).toBe(0.1)
  })

  it('service: calls of a workload behind two services are shared out by what each received', () => {
    const requests = [
      request('a', callee('b', 'b'), 6),
      request('a', callee('b', 'b-admin'), 2),
      request('b', 'c', 4),
    ]
    expect(shortEdges(graphOf({ requests }, { graphType: 'service' }))).toEqual([
      'service/b-admin > service/c: 1',
      'service/b > service/c: 3',
      'workload/a > service/b: 6',
      'workload/a > service/b-admin: 2',
    ])
  })

  it('has workloads without an app stand for themselves in app graphs, and waypoints always', () => {
    const bare = { ...NOBODY, cluster: 'east', namespace: 'shop', workload: 'job' }
    const requests = [request(bare, 'b-v1', 1), request('a', callee('waypoint', 'x'), 1)]
    const graph = graphOf({ requests }, { graphType: 'app' })
    expect(idsOf(graph.nodes)).toEqual([
      'east/shop/app/a',
      'east/shop/app/b',
      'east/shop/workload/job',
      'east/shop/workload/waypoint',
    ])
  })
})

describe('service nodes', () => {
  const graph = graphOf({ requests: bookinfo }, { serviceNodes: true })

  it('stand between callers and workloads', () => {
    expect(shortEdges(graph)).toEqual([
      'workload/istio-ingressgateway > service/productpage: 10',
      'service/productpage > workload/productpage-v1: 10',
      'service/ratings > workload/ratings-v1: 3',
      'service/reviews > workload/reviews-v1: 6',
      'service/reviews > workload/reviews-v2: 3',
      'workload/productpage-v1 > service/reviews: 10',
      'workload/reviews-v2 > service/ratings: 3',
    ])
  })

  it('carry the failures no workload saw', () => {
    expect(edgeOf(graph, '/productpage-v1', 'service/reviews').errorRatio).toBe(0.1)
    expect(nodeNamed(graph, 'service/reviews').health.status).toBe('failing')
    expect(nodeNamed(graph, '/reviews-v1').health.status).toBe('healthy')
  })

  it('do not stand before passthrough or beside waypoints', () => {
    const requests = [
      request('a', callee(null, 'PassthroughCluster'), 1),
      request('a', callee('waypoint', 'x'), 1),
    ]
    expect(shortEdges(graphOf({ requests }, { serviceNodes: true }))).toEqual([
      'workload/a > external/PassthroughCluster: 1',
      'workload/a > workload/waypoint: 1',
    ])
  })
})

describe('figures of nodes', () => {
  const graph = graphOf({
    requests: [...bookinfo, request('productpage-v1', 'grpc-v1', 2, { protocol: 'grpc', grpcStatus: '0' })],
    tcp: [tcp('reviews-v2', 'db-v1', 300, { sentBytesPerSecond: 90, connectionsPerSecond: 0.5 })],
  })

  it('are the sums of their edges', () => {
    const page = nodeNamed(graph, '/productpage-v1')
    expect(page.inbound.http).toEqual({
      requestsPerSecond: 10,
      errorRatio: 0,
      clientErrorRatio: 0,
      latencyMs: null,
    })
    expect(page.outbound).toMatchObject({
      http: { requestsPerSecond: 10, errorRatio: 0.1 },
      grpc: { requestsPerSecond: 2, errorRatio: 0 },
      tcp: null,
    })
    expect(nodeNamed(graph, '/reviews-v2').outbound.tcp).toEqual({
      sentBytesPerSecond: 90,
      receivedBytesPerSecond: 300,
      connectionsPerSecond: 0.5,
    })
  })

  it('give edges their share of what the source sends with that protocol', () => {
    expect(edgeOf(graph, '/productpage-v1', '/reviews-v1').share).toBe(0.6)
    expect(edgeOf(graph, '/productpage-v1', '/grpc-v1', 'grpc').share).toBe(1)
    expect(edgeOf(graph, '/reviews-v2', '/db-v1', 'tcp').share).toBe(1)
  })

  it('mark where traffic begins, and gateways', () => {
    const roots = graph.nodes.filter((node) => node.roles.includes('root'))
    expect(roots.map((node) => [node.name, node.roles])).toEqual([
      ['istio-ingressgateway', ['root', 'gateway']],
    ])
  })

  it('counts who calls only itself as a root', () => {
    expect(nodeNamed(graphOf({ requests: [request('a', 'a', 1)] }), '/a').roles).toEqual(['root'])
  })
})
