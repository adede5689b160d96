import { describe, expect, it } from 'vitest'
import { graphOf, idsOf } from '@/tests/support/graph/graphs'
import { callee, caller, edgeOf, nodeNamed, request, tcp } from '@/tests/support/graph/samples'

describe('one reporter per pair', () => {
  it('counts a request once when both proxies report it', () => {
    const graph = graphOf({
      requests: [request('a', 'b', 10), request('a', 'b', 10, { reporter: 'destination' })],
    })
    expect(idsOf(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
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
    expect(idsOf(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
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
    // b answers for two services; of those who ask for the second no caller reports
    const graph = graphOf(
      {
        requests: [
          request('a', callee('b', 'b'), 4),
          request('c', callee('b', 'b-admin'), 1, { reporter: 'destination' }),
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
    expect(idsOf(graph.edges)).toEqual(['east/shop/app/a>east/shop/app/b#http'])
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
    expect(idsOf(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
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
    expect(idsOf(graph.edges)).toEqual([
      'east/shop/workload/a>east/shop/workload/b-v1#http',
      'east/shop/workload/a>east/shop/workload/b-v2#http',
    ])
    expect(graph.nodes.map((node) => node.name)).not.toContain('waypoint')
  })

  it('counts once what the waypoint had nobody to hand on to', () => {
    // the caller sees the waypoint's 503 as an answer like any other
    const toWaypoint = callee('waypoint', 'b')
    const refused = { responseCode: '503', flags: 'UH', reporter: 'waypoint' as const }
    const all = graphOf({
      requests: [request('a', toWaypoint, 10, { responseCode: '503' }), request('a', open, 10, refused)],
    })
    expect(idsOf(all.edges)).toEqual(['east/shop/workload/a>east/shop/service/b#http'])
    expect(nodeNamed(all, 'workload/a').outbound.http).toMatchObject({ requestsPerSecond: 10, errorRatio: 1 })

    const some = graphOf({
      requests: [
        request('a', toWaypoint, 8),
        request('a', toWaypoint, 2, { responseCode: '503' }),
        request('a', 'b', 8, { reporter: 'waypoint' }),
        request('a', open, 2, refused),
      ],
    })
    expect(nodeNamed(some, 'workload/a').outbound.http).toMatchObject({
      requestsPerSecond: 10,
      errorRatio: 0.2,
    })
    expect(edgeOf(some, '/a', 'service/b').responses).toEqual([
      { code: '503', flags: 'UH', requestsPerSecond: 2 },
    ])
  })
})

describe('one workload behind several services', () => {
  it('is asked once, whatever name its own proxy gives the service', () => {
    const graph = graphOf({
      requests: [
        request('a', callee('b', 'b-primary'), 10),
        request('a', callee('b', 'b'), 10, { reporter: 'destination' }),
        request('c', callee('b', 'b'), 3, { reporter: 'destination' }),
      ],
    })
    expect(edgeOf(graph, '/a', '/b').requestsPerSecond).toBe(10)
    expect(edgeOf(graph, '/c', '/b').requestsPerSecond).toBe(3)
  })

  it('is asked by each of its names the caller uses', () => {
    const graph = graphOf({
      requests: [request('a', callee('b', 'b-primary'), 10), request('a', callee('b', 'b'), 4)],
    })
    expect(edgeOf(graph, '/a', '/b').requestsPerSecond).toBe(14)
  })
})

describe('a waypoint that some callers cannot reach and that has nobody to hand on to', () => {
  const open = callee(null, 'b')
  const unreachable = { responseCode: '503', flags: 'UF' }
  const refused = { responseCode: '503', flags: 'UH', reporter: 'waypoint' as const }

  it.each([
    ['callers name the waypoint', callee('waypoint', 'b')],
    ['callers name nobody', open],
  ])('loses no failure: %s', (_, seen) => {
    const requests = [
      request('a', seen, 95),
      request('a', seen, 5, { responseCode: '503' }),
      request('a', open, 5, unreachable),
      request('a', 'b', 95, { reporter: 'waypoint' }),
      request('a', open, 5, refused),
    ]
    for (const rows of [requests, [...requests].reverse()]) {
      const graph = graphOf({ requests: rows })
      expect(nodeNamed(graph, 'workload/a').outbound.http?.requestsPerSecond).toBeCloseTo(105, 6)
      expect(edgeOf(graph, '/a', 'service/b').responses).toEqual([
        { code: '503', flags: 'UF', requestsPerSecond: 5 },
        { code: '503', flags: 'UH', requestsPerSecond: 5 },
      ])
    }
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
    expect(idsOf(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
  })

  it('believes the called side where the waypoint itself counted nothing', () => {
    const graph = graphOf({
      requests: [
        request('a', 'b', 0, { reporter: 'waypoint' }),
        request('waypoint', 'b', 10, { reporter: 'destination', mutualTls: true }),
      ],
    })
    expect(edgeOf(graph, '/waypoint', 'workload/b').requestsPerSecond).toBe(10)
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
