import { describe, expect, it } from 'vitest'
import {
  callee,
  config,
  edgeOf,
  input,
  inventory,
  NOBODY,
  nodeNamed,
  podOf,
  request,
  service,
  tcp,
  view,
  workload,
} from '@/tests/support/samples'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { buildTopology } from './build'
import { projectGraph } from './project'
import type { Graph, GraphView, TopologyInput } from './types'

function graphOf(parts: Partial<TopologyInput>, of: Partial<GraphView> = {}) {
  return projectGraph(buildTopology(input(parts)), view(of), DEFAULT_HEALTH)
}

const ids = (items: readonly { id: string }[]) => items.map((item) => item.id)
const short = (graph: Graph) =>
  graph.edges.map((edge) => {
    const name = (id: string) => id.split('/').slice(2).join('/')
    return `${name(edge.source)} > ${name(edge.target)}: ${edge.requestsPerSecond}`
  })

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
    expect(short(graphOf({ requests: bookinfo }))).toEqual([
      'workload/istio-ingressgateway > workload/productpage-v1: 10',
      'workload/productpage-v1 > service/reviews: 1',
      'workload/productpage-v1 > workload/reviews-v1: 6',
      'workload/productpage-v1 > workload/reviews-v2: 3',
      'workload/reviews-v2 > workload/ratings-v1: 3',
    ])
  })

  it('app: versions folded', () => {
    const graph = graphOf({ requests: bookinfo }, { graphType: 'app' })
    expect(short(graph)).toEqual([
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
    expect(short(graph)).toEqual([
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
    expect(short(graph)).toEqual([
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
    expect(short(graphOf({ requests }, { graphType: 'service' }))).toEqual([
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
    expect(ids(graph.nodes)).toEqual([
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
    expect(short(graph)).toEqual([
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
    expect(short(graphOf({ requests }, { serviceNodes: true }))).toEqual([
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

describe('health in the graph', () => {
  it('blames the called, tells the caller, and gives the edge the reason', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 88), request('a', 'b', 12, { responseCode: '503' })],
    })
    const message = '12 % of HTTP requests answered 5xx (failing from 10 %) over 2 min'
    expect(edgeOf(graph, '/a', '/b').health).toEqual({
      status: 'failing',
      reasons: [{ code: 'http-5xx', message, value: 0.12, threshold: 0.1, status: 'failing' }],
    })
    expect(nodeNamed(graph, '/b').health.reasons[0]?.message).toBe(message)
    expect(nodeNamed(graph, '/a').health.reasons[0]?.message).toBe(
      '12 % of outgoing HTTP requests answered 5xx (failing from 10 %) over 2 min',
    )
  })

  it('reaches its limit exactly, however rates are represented', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 0.9), request('a', 'b', 0.1, { responseCode: '500' })],
    })
    expect(edgeOf(graph, '/a', '/b').health.status).toBe('failing')
  })

  it('follows the annotation on either side of an edge', () => {
    const requests = [request('a', 'b', 95), request('a', 'b', 5, { responseCode: '500' })]
    const relaxed = { 'health.kiali.io/rate': '5XX,20,40,http,.*' }
    const strict = { 'health.kiali.io/rate': '5XX,1,2,http,.*' }
    const statusWith = (a: Record<string, string>, b: Record<string, string>) => {
      const workloads = [workload('a', { annotations: a }), workload('b', { annotations: b })]
      const graph = graphOf({ requests, inventories: [inventory({ workloads })] })
      return [edgeOf(graph, '/a', '/b').health.status, nodeNamed(graph, '/b').health.status]
    }
    expect(statusWith({}, {})).toEqual(['degraded', 'degraded'])
    expect(statusWith(relaxed, relaxed)).toEqual(['healthy', 'healthy'])
    expect(statusWith(strict, relaxed)).toEqual(['failing', 'healthy'])
    expect(statusWith({}, strict)).toEqual(['failing', 'failing'])
  })

  it('is the worst of traffic and replicas', () => {
    const workloads = [workload('b', { replicas: { desired: 2, current: 2, available: 0 } })]
    const graph = graphOf({ requests: [request('a', 'b', 1)], inventories: [inventory({ workloads })] })
    expect(nodeNamed(graph, '/b').health).toMatchObject({
      status: 'failing',
      reasons: [{ code: 'replicas-unavailable' }],
    })
  })

  it('sees failing TCP connections', () => {
    const graph = graphOf({
      tcp: [
        tcp('a', 'b', 10, { connectionsPerSecond: 3 }),
        tcp('a', 'b', 0, { connectionsPerSecond: 1, flags: 'UF' }),
      ],
    })
    const edge = edgeOf(graph, '/a', '/b', 'tcp')
    expect(edge.health).toMatchObject({ status: 'failing', reasons: [{ code: 'tcp-failures', value: 0.25 }] })
    expect(edge.responses).toEqual([{ code: '-', flags: 'UF', requestsPerSecond: 1 }])
  })
})

describe('what Kubernetes adds', () => {
  const b = workload('b-v1')
  const parts = {
    requests: [request('a', 'b-v1', 1)],
    inventories: [
      inventory({
        workloads: [
          b,
          workload('b-v2', { replicas: { desired: 2, current: 2, available: 2 } }),
          workload('c'),
        ],
        pods: [podOf(b), podOf(workload('c'), { hasSidecar: false })],
        services: [service('b'), service('lost')],
        config: [config('PeerAuthentication', 'istio-system/default', { mtls: { mode: 'STRICT' } })],
      }),
    ],
  }

  it('describes workloads', () => {
    expect(nodeNamed(graphOf(parts), '/b-v1')).toMatchObject({
      workloadKind: 'Deployment',
      replicas: { desired: 1, current: 1, available: 1 },
      serviceAccount: 'b',
      dataPlane: 'sidecar',
      mesh: 'istio',
      mtls: { mode: 'STRICT', reason: 'STRICT by the mesh-wide PeerAuthentication istio-system/default' },
    })
  })

  it('leaves unknown what Kubernetes does not tell', () => {
    const alone = nodeNamed(graphOf({ requests: parts.requests }), '/b-v1')
    expect(alone).toMatchObject({ dataPlane: null, replicas: null, mtls: null, workloadKind: null })
  })

  it('counts all workloads of an app, also those without traffic', () => {
    expect(nodeNamed(graphOf(parts, { graphType: 'app' }), 'app/b').replicas).toEqual({
      desired: 3,
      current: 3,
      available: 3,
    })
  })

  it('shows what is idle only when asked', () => {
    expect(ids(graphOf(parts).nodes)).toEqual(['east/shop/workload/a', 'east/shop/workload/b-v1'])
    const graph = graphOf(parts, { idle: true })
    expect(nodeNamed(graph, '/c')).toMatchObject({
      roles: ['idle'],
      health: { status: 'idle' },
      dataPlane: 'none',
      mesh: null,
      badges: ['missingSidecar'],
    })
    expect(graph.nodes.map((node) => node.kind)).not.toContain('service')
  })

  it('tells dead from idle: nothing behind it', () => {
    const graph = graphOf(parts, { idle: true, graphType: 'service' })
    expect(nodeNamed(graph, 'service/lost').roles).toEqual(['dead'])
    expect(nodeNamed(graph, 'service/b').roles).toEqual([])
    const stopped = inventory({
      workloads: [workload('s', { replicas: { desired: 0, current: 0, available: 0 } })],
    })
    const quiet = nodeNamed(graphOf({ inventories: [stopped] }, { idle: true }), '/s')
    expect(quiet).toMatchObject({ roles: ['dead'], health: { status: 'idle' } })
  })

  it('shows edges that fell silent as idle, and their lost workloads as dead', () => {
    const silent = { ...parts, requests: [...parts.requests, request('b-v1', 'gone', 0)] }
    expect(graphOf(silent).edges).toHaveLength(1)
    const graph = graphOf(silent, { idle: true })
    expect(edgeOf(graph, '/b-v1', '/gone')).toMatchObject({
      requestsPerSecond: 0,
      errorRatio: null,
      share: null,
      health: { status: 'idle', reasons: [] },
    })
    expect(nodeNamed(graph, '/gone').roles).toEqual(['dead'])
  })

  it('knows gateways and waypoints by their labels, and hides waypoints that only forward', () => {
    const labels = (extra: Record<string, string>) => ({ podLabels: extra })
    const inventories = [
      inventory({
        workloads: [
          workload('edge', labels({ 'gateway.networking.k8s.io/gateway-name': 'edge' })),
          workload('wp', labels({ 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' })),
          // named like one, labelled as none
          workload('my-waypoint', labels({ app: 'my-waypoint' })),
        ],
      }),
    ]
    const graph = graphOf({ requests: [request('edge', 'my-waypoint', 1)], inventories }, { idle: true })
    expect(graph.nodes.map((node) => [node.name, node.roles])).toEqual([
      ['edge', ['root', 'gateway']],
      ['my-waypoint', []],
    ])
  })
})

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
    expect(ids(graphOf({ requests }, { namespaces: ['west/two'] }).nodes)).toEqual([
      'east/three/workload/c',
      'west/two/workload/d',
    ])
    expect(ids(graphOf({ requests }, { clusters: ['west'] }).edges)).toHaveLength(1)
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
    expect(ids(graph.nodes)).toEqual(['east/one/workload/a', 'east/two/service/b', 'east/two/workload/b'])
  })

  it('does not show idle objects of other namespaces', () => {
    const inventories = [inventory({ workloads: [workload('one/x'), workload('two/y')] })]
    const graph = graphOf({ inventories }, { namespaces: ['one'], idle: true })
    expect(ids(graph.nodes)).toEqual(['east/one/workload/x'])
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
    expect(ids(graphOf({ requests: triangle }, { focus: 'east/shop/workload/a' }).edges)).toEqual([
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
    expect(ids(graph.nodes)).toEqual(['east/shop/workload/x'])
  })
})
