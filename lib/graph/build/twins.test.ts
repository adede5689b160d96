import { describe, expect, it } from 'vitest'
import { graphOf, idsOf } from '@/tests/support/graph/graphs'
import { callee, edgeOf, nodeNamed, request, tcp } from '@/tests/support/graph/samples'

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
    expect(idsOf(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
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
    expect(idsOf(graph.edges)).toHaveLength(1)
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
    expect(idsOf(graph.edges)).toEqual([
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
