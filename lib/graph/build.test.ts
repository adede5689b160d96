import { describe, expect, it } from 'vitest'
import {
  callee,
  caller,
  config,
  edgeOf,
  input,
  inventory,
  NOBODY,
  nodeNamed,
  request,
  tcp,
  view,
} from '@/tests/support/samples'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import type { TrafficDestination } from '@/lib/mesh/traffic'
import { buildTopology } from './build'
import { projectGraph } from './project'
import type { GraphView, TopologyInput } from './types'

function graphOf(parts: Partial<TopologyInput>, of: Partial<GraphView> = {}) {
  return projectGraph(buildTopology(input(parts)), view(of), DEFAULT_HEALTH)
}

const ids = (items: readonly { id: string }[]) => items.map((item) => item.id)

describe('one reporter per pair', () => {
  it('counts a request once when both proxies report it', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 10), request('a', 'b', 10, { reporter: 'destination' })],
    })
    expect(ids(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
    expect(graph.edges[0]?.requestsPerSecond).toBe(10)
  })

  it('never lets two proxies that disagree inflate a total: the caller is right for all codes', () => {
    const graph = graphOf({
      requests: [
        request('a', 'b', 8),
        request('a', 'b', 2, { responseCode: '0', flags: 'DC' }),
        request('a', 'b', 10, { reporter: 'destination' }),
        request('a', 'b', 3, { reporter: 'destination', responseCode: '500' }),
      ],
    })
    const edge = edgeOf(graph, '/a', '/b')
    expect(edge.requestsPerSecond).toBe(10)
    expect(edge.errorRatio).toBe(0.2)
    expect(edge.responses).toEqual([
      { code: '0', flags: 'DC', requestsPerSecond: 2 },
      { code: '200', flags: '-', requestsPerSecond: 8 },
    ])
  })

  it('chooses for all protocols of a pair together', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 5), request('a', 'b', 5, { reporter: 'destination', protocol: 'grpc' })],
    })
    expect(ids(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
  })

  it('takes the called side where no caller spoke', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 4), request('c', 'b', 6, { reporter: 'destination' })],
    })
    expect(edgeOf(graph, '/a', '/b').requestsPerSecond).toBe(4)
    expect(edgeOf(graph, '/c', '/b').requestsPerSecond).toBe(6)
  })

  it('takes only-source pairs as they are', () => {
    expect(edgeOf(graphOf({ requests: [request('a', 'b', 4)] }), '/a', '/b').requestsPerSecond).toBe(4)
  })

  it('keeps pairs apart by service', () => {
    // b answers for two services; only one of them is reported by its caller
    const graph = graphOf(
      {
        requests: [
          request('a', callee('b', 'b'), 4),
          request('a', callee('b', 'b-admin'), 1, { reporter: 'destination' }),
        ],
      },
      { serviceNodes: true },
    )
    expect(edgeOf(graph, 'service/b', 'workload/b').requestsPerSecond).toBe(4)
    expect(edgeOf(graph, 'service/b-admin', 'workload/b').requestsPerSecond).toBe(1)
  })

  it('does not let the silent series of a caller that is gone hide what the called side counts', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 0), request('a', 'b', 7, { reporter: 'destination' })],
    })
    expect(edgeOf(graph, '/a', '/b').requestsPerSecond).toBe(7)
  })

  it('is one pair though the two proxies give a workload different apps or versions', () => {
    const bare = { ...caller('a'), app: null, version: null }
    const graph = graphOf(
      { requests: [request('a', 'b-v1', 10), request(bare, 'b-v1', 10, { reporter: 'destination' })] },
      { graphType: 'app' },
    )
    expect(ids(graph.edges)).toEqual(['east/shop/app/a>east/shop/app/b#http'])
    expect(graph.edges[0]?.requestsPerSecond).toBe(10)
  })

  it('does not add a waypoint to a caller of the same pair', () => {
    const graph = graphOf({
      requests: [
        request('istio-system/istio-ingressgateway', 'b', 10),
        request('istio-system/istio-ingressgateway', 'b', 10, { reporter: 'waypoint', mutualTls: true }),
        request('a', 'b', 3, { reporter: 'waypoint', mutualTls: true }),
      ],
    })
    expect(edgeOf(graph, 'ingressgateway', '/b').requestsPerSecond).toBe(10)
    expect(edgeOf(graph, '/a', '/b').requestsPerSecond).toBe(3)
  })
})

describe('callers that do not know who answered', () => {
  const open = callee(null, 'b')

  it('adds what never arrived to what did', () => {
    const graph = graphOf({
      requests: [
        request('a', open, 2, { responseCode: '503', flags: 'UH' }),
        request('a', 'b', 8),
        request('a', 'b', 8, { reporter: 'destination' }),
      ],
    })
    expect(edgeOf(graph, '/a', 'service/b')).toMatchObject({ requestsPerSecond: 2, errorRatio: 1 })
    expect(edgeOf(graph, '/a', 'workload/b')).toMatchObject({ requestsPerSecond: 8, errorRatio: 0 })
  })

  it('keeps refused requests beside those only the called side reports', () => {
    const graph = graphOf({
      requests: [
        request('a', open, 2, { responseCode: '503', flags: 'UF,URX' }),
        request('a', 'b', 8, { reporter: 'destination' }),
      ],
    })
    expect(edgeOf(graph, '/a', 'service/b').requestsPerSecond).toBe(2)
    expect(edgeOf(graph, '/a', 'workload/b').requestsPerSecond).toBe(8)
  })

  it('counts answered requests once when the called side knows the workload', () => {
    const graph = graphOf({
      requests: [request('a', open, 8), request('a', 'b', 8.3, { reporter: 'destination' })],
    })
    expect(ids(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
    expect(graph.edges[0]?.requestsPerSecond).toBe(8.3)
  })

  it('keeps what the caller counted beyond that, code by code', () => {
    // of two workloads behind b one has no proxy of its own
    const graph = graphOf({
      requests: [
        request('a', open, 8),
        request('a', open, 2, { responseCode: '500' }),
        request('a', 'b', 4, { reporter: 'destination' }),
      ],
    })
    expect(edgeOf(graph, '/a', 'workload/b').requestsPerSecond).toBe(4)
    const rest = edgeOf(graph, '/a', 'service/b')
    expect(rest.requestsPerSecond).toBe(6)
    expect(rest.errorRatio).toBeCloseTo(2 / 6, 8)
  })

  it('never exceeds the caller when the two disagree about codes', () => {
    const graph = graphOf({
      requests: [
        request('a', open, 10),
        request('a', 'b', 6, { reporter: 'destination', responseCode: '500' }),
      ],
    })
    expect(edgeOf(graph, '/a', 'workload/b').requestsPerSecond).toBe(6)
    expect(edgeOf(graph, '/a', 'service/b').requestsPerSecond).toBe(4)
  })

  it('takes the waypoint for who answered where the caller saw only the waypoint', () => {
    const graph = graphOf({
      requests: [
        request('a', callee('waypoint', 'b'), 10),
        request('a', callee('b-v1', 'b'), 6, { reporter: 'waypoint' }),
        request('a', callee('b-v2', 'b'), 4, { reporter: 'waypoint' }),
      ],
    })
    expect(ids(graph.edges)).toEqual([
      'east/shop/workload/a>east/shop/workload/b-v1#http',
      'east/shop/workload/a>east/shop/workload/b-v2#http',
    ])
    expect(graph.nodes.map((node) => node.name)).not.toContain('waypoint')
  })
})

describe('waypoints before workloads with a proxy of their own', () => {
  it('counts what the waypoint hands on once, from its real caller', () => {
    const graph = graphOf({
      requests: [
        request('a', 'b', 10, { reporter: 'waypoint' }),
        request('waypoint', 'b', 10, { reporter: 'destination', mutualTls: true }),
      ],
    })
    expect(ids(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
  })

  it('shows what a waypoint calls of its own', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 10, { reporter: 'waypoint' }), request('waypoint', 'ratelimit', 3)],
    })
    expect(edgeOf(graph, '/waypoint', '/ratelimit').requestsPerSecond).toBe(3)
  })
})

describe('codes', () => {
  it('counts 5xx and no response as errors, 4xx apart', () => {
    const graph = graphOf({
      requests: [
        request('a', 'b', 6),
        request('a', 'b', 1, { responseCode: '503', flags: 'UO' }),
        request('a', 'b', 1, { responseCode: '0', flags: 'DC' }),
        request('a', 'b', 2, { responseCode: '404' }),
      ],
    })
    expect(edgeOf(graph, '/a', '/b')).toMatchObject({
      requestsPerSecond: 10,
      errorRatio: 0.2,
      clientErrorRatio: 0.2,
    })
  })

  it('reads gRPC failures behind HTTP 200, and tells no response from OK', () => {
    const graph = graphOf({
      requests: [
        request('a', 'b', 7, { protocol: 'grpc', grpcStatus: '0' }),
        request('a', 'b', 2, { protocol: 'grpc', grpcStatus: '14' }),
        request('a', 'b', 1, { protocol: 'grpc', responseCode: '0', flags: 'DC' }),
      ],
    })
    const edge = edgeOf(graph, '/a', '/b', 'grpc')
    expect(edge.errorRatio).toBe(0.3)
    expect(edge.responses).toEqual([
      { code: '-', flags: 'DC', requestsPerSecond: 1 },
      { code: '0', flags: '-', requestsPerSecond: 7 },
      { code: '14', flags: '-', requestsPerSecond: 2 },
    ])
  })

  it('keeps protocols on edges of their own', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 1), request('a', 'b', 2, { protocol: 'grpc', grpcStatus: '0' })],
      tcp: [tcp('a', 'b', 300, { sentBytesPerSecond: 100, connectionsPerSecond: 0.5 })],
    })
    expect(graph.edges.map((edge) => edge.protocol)).toEqual(['grpc', 'http', 'tcp'])
    expect(edgeOf(graph, '/a', '/b', 'tcp')).toMatchObject({
      requestsPerSecond: null,
      errorRatio: null,
      clientErrorRatio: null,
      receivedBytesPerSecond: 300,
      sentBytesPerSecond: 100,
      connectionsPerSecond: 0.5,
      latencyMs: null,
    })
    expect(edgeOf(graph, '/a', '/b').sentBytesPerSecond).toBeNull()
  })

  it('drops what is no rate', () => {
    const graph = graphOf({ requests: [request('a', 'b', Number.NaN), request('a', 'c', -1)] })
    expect(graph).toMatchObject({ nodes: [], edges: [] })
  })
})

describe('identity', () => {
  it('makes all callers without identity one node', () => {
    const half = { ...NOBODY, cluster: 'east', namespace: 'shop' }
    const graph = graphOf({
      requests: [
        request(NOBODY, 'b', 1, { reporter: 'destination' }),
        request(half, 'b', 2, { reporter: 'destination' }),
        request(NOBODY, 'c', 4, { reporter: 'destination' }),
      ],
    })
    expect(ids(graph.nodes)).toEqual([
      'east/shop/workload/b',
      'east/shop/workload/c',
      'unknown/unknown/unknown/unknown',
    ])
    expect(edgeOf(graph, 'unknown', '/b').requestsPerSecond).toBe(3)
    expect(nodeNamed(graph, 'unknown')).toMatchObject({
      kind: 'unknown',
      roles: ['root'],
      health: { status: 'unknown', reasons: [] },
    })
  })

  it('ends at the service when no workload answered', () => {
    const graph = graphOf({ requests: [request('a', callee(null, 'b'), 1)] })
    expect(nodeNamed(graph, 'service/b')).toMatchObject({ kind: 'service', service: 'b', workload: null })
  })

  it('keeps an unknown destination apart from the unknown source', () => {
    const graph = graphOf({
      requests: [request('a', callee(null, null), 1), request(NOBODY, 'a', 1, { reporter: 'destination' })],
    })
    expect(graph.nodes.filter((node) => node.kind === 'unknown')).toHaveLength(2)
  })

  it.each([
    ['PassthroughCluster', 'PassthroughCluster', 'passthrough'],
    ['PassthroughClusterIpv6', 'PassthroughCluster', 'passthrough'],
    ['BlackHoleCluster', 'BlackHoleCluster', 'blackHole'],
    ['BlackHoleClusterIpv4', 'BlackHoleCluster', 'blackHole'],
  ])('draws %s as the external node %s', (name, shown, role) => {
    const to = { ...NOBODY, service: { namespace: null, name, host: 'some.host' } }
    const graph = graphOf({ requests: [request('a', to, 1)] })
    expect(nodeNamed(graph, shown)).toMatchObject({
      id: `east/unknown/external/${shown}`,
      kind: 'external',
      name: shown,
      roles: [role],
      mesh: null,
    })
  })

  it('takes inbound passthrough for what it is: no service', () => {
    const to = {
      ...callee('b', null),
      service: { namespace: 'shop', name: 'InboundPassthroughCluster', host: null },
    }
    const graph = graphOf({ requests: [request('a', to, 1)] }, { serviceNodes: true })
    expect(ids(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
  })

  it('draws hosts of service entries as external nodes, with and without Kubernetes', () => {
    const entry = config('ServiceEntry', 'shop/apis', { hosts: ['*.example.com', 'legacy-db'] })
    const requests = [
      request('a', callee(null, 'api.example.com'), 1),
      request('a', callee(null, 'legacy-db'), 1),
      request('a', callee(null, 'other.org'), 1),
    ]
    const alone = graphOf({ requests })
    expect(nodeNamed(alone, 'api.example.com')).toMatchObject({ kind: 'external', roles: ['serviceEntry'] })
    const informed = graphOf({ requests, inventories: [inventory({ config: [entry] })] })
    expect(nodeNamed(informed, 'api.example.com').roles).toEqual(['serviceEntry'])
    expect(nodeNamed(informed, 'legacy-db')).toMatchObject({ kind: 'external', roles: ['serviceEntry'] })
    expect(nodeNamed(informed, 'other.org')).toMatchObject({ kind: 'external', roles: [] })
  })

  it('drops pods in transition: a bare address for a service and no workload', () => {
    const to = (name: string): TrafficDestination => ({
      ...NOBODY,
      service: { namespace: 'shop', name, host: name },
    })
    const graph = graphOf({ requests: [request('a', to('10.1.2.3'), 1), request('a', to('10.1.2.3:80'), 1)] })
    expect(graph.edges).toEqual([])
  })

  it('goes to the egress gateway workload when only its service is named', () => {
    const host = 'istio-egressgateway.istio-system.svc.cluster.local'
    const to = { ...NOBODY, cluster: 'east', service: { namespace: 'istio-system', name: host, host } }
    const gateway = 'istio-system/istio-egressgateway'
    const graph = graphOf({
      requests: [request('a', to, 3), request(gateway, callee(null, 'api.example.com'), 3)],
    })
    expect(ids(graph.edges)).toEqual([
      'east/istio-system/workload/istio-egressgateway>east/shop/external/api.example.com#http',
      'east/shop/workload/a>east/istio-system/workload/istio-egressgateway#http',
    ])
    expect(nodeNamed(graph, 'egressgateway').roles).toEqual(['gateway'])
  })

  it('keeps two workloads of one name in different namespaces and clusters apart', () => {
    const graph = graphOf({
      requests: [request('a', 'shop/b', 1), request('a', 'other/b', 2), request('a', 'west:shop/b', 4)],
    })
    expect(graph.edges.map((edge) => [edge.target, edge.requestsPerSecond])).toEqual([
      ['east/other/workload/b', 2],
      ['east/shop/workload/b', 1],
      ['west/shop/workload/b', 4],
    ])
  })

  it('places series without cluster in the default cluster', () => {
    const plain = { ...caller('a'), cluster: null }
    const graph = graphOf({
      requests: [request(plain, { ...callee('b'), cluster: null }, 1)],
      defaultCluster: 'home',
    })
    expect(ids(graph.nodes)).toEqual(['home/shop/workload/a', 'home/shop/workload/b'])
  })

  it('takes an unknown destination cluster for the caller’s', () => {
    const to = { ...callee('b'), cluster: null }
    const graph = graphOf({ requests: [request('west:shop/a', to, 1)] })
    expect(nodeNamed(graph, '/b').cluster).toBe('west')
  })

  it('but for the one where the workload is seen, so both reporters stay one pair', () => {
    const graph = graphOf({
      requests: [
        request('west:shop/a', { ...callee('b'), cluster: null }, 5),
        request('west:shop/a', 'east:shop/b', 5, { reporter: 'destination' }),
      ],
    })
    expect(ids(graph.edges)).toEqual(['west/shop/workload/a>east/shop/workload/b#http'])
    expect(graph.edges[0]?.requestsPerSecond).toBe(5)
  })

  it('counts latest and unknown revisions as no version', () => {
    const from = { ...caller('a'), version: 'latest' }
    const graph = graphOf({ requests: [request(from, 'b-v1', 1)] }, { graphType: 'versionedApp' })
    expect(ids(graph.nodes)).toEqual(['east/shop/app/a', 'east/shop/app/b/v1'])
  })
})

describe('mutual TLS', () => {
  const told = (requestsPerSecond: number, mutualTls: boolean, target = 'b-v1') =>
    request('a', target, requestsPerSecond, { reporter: 'destination', mutualTls })

  it('comes from the called side though rates come from the caller', () => {
    const graph = graphOf({ requests: [request('a', 'b-v1', 100), told(6, true), told(2, false)] })
    expect(edgeOf(graph, '/a', '/b-v1')).toMatchObject({ requestsPerSecond: 100, mtlsRatio: 0.75 })
  })

  it('is summed over every series that folds into an edge', () => {
    const requests = [
      request('a', 'b-v1', 9),
      request('a', 'b-v2', 1),
      told(9, true, 'b-v1'),
      told(1, false, 'b-v2'),
    ]
    expect(edgeOf(graphOf({ requests }, { graphType: 'app' }), '/a', '/b').mtlsRatio).toBe(0.9)
  })

  it('is null when only the caller spoke, 0 when all was plain', () => {
    expect(edgeOf(graphOf({ requests: [request('a', 'b-v1', 9)] }), '/a', '/b-v1').mtlsRatio).toBeNull()
    const plain = graphOf({ requests: [request('a', 'b-v1', 9), told(9, false)] })
    expect(edgeOf(plain, '/a', '/b-v1').mtlsRatio).toBe(0)
  })

  it('comes from the waypoint where the workload has no proxy of its own', () => {
    const requests = [request('a', 'b', 4, { reporter: 'waypoint', mutualTls: true })]
    expect(edgeOf(graphOf({ requests }), '/a', '/b').mtlsRatio).toBe(1)
  })

  it('of TCP is weighed by bytes', () => {
    const graph = graphOf({
      tcp: [
        tcp('a', 'b', 400),
        tcp('a', 'b', 300, { reporter: 'destination', mutualTls: true }),
        tcp('a', 'b', 100, { reporter: 'destination', mutualTls: false }),
      ],
    })
    expect(edgeOf(graph, '/a', '/b', 'tcp').mtlsRatio).toBe(0.75)
  })
})

describe('node proxies (L4)', () => {
  const l4 = { layer: 'l4' as const }

  it('gives the bytes of requests the waypoint reports, and no edge of its own', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 10, { reporter: 'waypoint' })],
      tcp: [
        // a to the waypoint, the waypoint to b, each reported by both node proxies
        tcp('a', callee('waypoint', 'b'), 1000, { ...l4, sentBytesPerSecond: 5000 }),
        tcp('a', callee('waypoint', 'b'), 1001, { ...l4, reporter: 'destination', mutualTls: true }),
        tcp('waypoint', 'b', 900, l4),
        tcp('waypoint', 'b', 900, { ...l4, reporter: 'destination', mutualTls: true }),
      ],
    })
    expect(ids(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
    expect(graph.edges[0]).toMatchObject({
      requestsPerSecond: 10,
      receivedBytesPerSecond: 1000,
      sentBytesPerSecond: 5000,
      // told by the node proxy, since the waypoint here does not
      mtlsRatio: 1,
    })
  })

  it('shares the bytes out among what the waypoint made of them', () => {
    const graph = graphOf({
      requests: [
        request('a', callee('b-v1', 'b'), 9, { reporter: 'waypoint' }),
        request('a', callee('b-v2', 'b'), 1, { reporter: 'waypoint' }),
      ],
      tcp: [tcp('a', callee('waypoint', 'b'), 1000, l4)],
    })
    expect(edgeOf(graph, '/a', '/b-v1').receivedBytesPerSecond).toBe(900)
    expect(edgeOf(graph, '/a', '/b-v2').receivedBytesPerSecond).toBe(100)
  })

  it('finds what the waypoint routed on to other services than the one asked for', () => {
    const graph = graphOf({
      requests: [
        request('a', callee('b-v1', 'b-v1'), 3, { reporter: 'waypoint' }),
        request('a', callee('b-v2', 'b-v2'), 1, { reporter: 'waypoint' }),
        request('a', callee('c', 'c'), 1, { reporter: 'waypoint' }),
      ],
      tcp: [tcp('a', callee('waypoint', 'b'), 400, l4), tcp('a', callee('waypoint', 'c'), 70, l4)],
    })
    expect(graph.edges.map((edge) => edge.receivedBytesPerSecond)).toEqual([300, 100, 70])
  })

  it('gives the bytes of a gateway that calls into ambient without a waypoint', () => {
    const graph = graphOf({
      requests: [request('istio-system/istio-ingressgateway', 'b', 5)],
      tcp: [
        tcp('istio-system/istio-ingressgateway', 'b', 700, {
          ...l4,
          reporter: 'destination',
          mutualTls: true,
        }),
      ],
    })
    expect(ids(graph.edges)).toHaveLength(1)
    expect(graph.edges[0]).toMatchObject({ receivedBytesPerSecond: 700, mtlsRatio: 1 })
  })

  it('is an edge where no L7 proxy saw the traffic, counted once', () => {
    const graph = graphOf({
      tcp: [
        tcp('a', 'b', 300, { ...l4, connectionsPerSecond: 1 }),
        tcp('a', 'b', 299, { ...l4, reporter: 'destination', mutualTls: true, connectionsPerSecond: 1 }),
      ],
    })
    expect(edgeOf(graph, '/a', '/b', 'tcp')).toMatchObject({
      receivedBytesPerSecond: 300,
      connectionsPerSecond: 1,
      mtlsRatio: 1,
    })
  })

  it('is not added to TCP an L7 proxy counted', () => {
    const graph = graphOf({
      tcp: [tcp('a', 'b', 300, { reporter: 'waypoint' }), tcp('a', 'b', 300, l4)],
    })
    expect(edgeOf(graph, '/a', '/b', 'tcp').receivedBytesPerSecond).toBe(300)
  })

  it('shows a waypoint only for traffic nobody explains', () => {
    const graph = graphOf({
      tcp: [tcp('a', callee('waypoint', 'db'), 50, l4), tcp('waypoint', 'db', 50, l4)],
    })
    expect(ids(graph.edges)).toEqual([
      'east/shop/workload/a>east/shop/workload/waypoint#tcp',
      'east/shop/workload/waypoint>east/shop/workload/db#tcp',
    ])
    expect(nodeNamed(graph, 'waypoint').roles).toEqual(['waypoint'])
  })

  it('leaves TCP of another service between the same workloads alone', () => {
    const graph = graphOf({
      requests: [request('a', callee('b', 'b'), 5, { reporter: 'waypoint' })],
      tcp: [tcp('a', callee('b', 'b-db'), 80, l4)],
    })
    expect(graph.edges.map((edge) => edge.protocol)).toEqual(['http', 'tcp'])
    expect(edgeOf(graph, '/a', '/b').receivedBytesPerSecond).toBeNull()
  })
})
