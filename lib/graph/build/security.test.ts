import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { edgeOf, request, tcp } from '@/tests/support/graph/samples'

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

  it('is told by one reporter, the called side before the waypoint', () => {
    const requests = [
      request('a', 'b', 4, { reporter: 'waypoint', mutualTls: true }),
      request('a', 'b', 1, { reporter: 'destination', mutualTls: true }),
      request('a', 'b', 3, { reporter: 'destination', mutualTls: false }),
    ]
    expect(edgeOf(graphOf({ requests }), '/a', '/b').mtlsRatio).toBe(0.25)
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
