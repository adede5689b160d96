import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { edgeOf, inventory, nodeNamed, request, tcp, workload } from '@/tests/support/graph/samples'

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

  it('does not dwell on a version scaled to zero while another runs', () => {
    const none = { desired: 0, current: 0, available: 0 }
    const workloads = [workload('b-v1'), workload('b-v2', { replicas: none })]
    const graph = graphOf(
      { requests: [request('a', 'b-v1', 1)], inventories: [inventory({ workloads })] },
      { graphType: 'app' },
    )
    expect(nodeNamed(graph, 'app/b').health).toEqual({ status: 'healthy', reasons: [] })
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
