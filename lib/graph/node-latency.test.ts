import { describe, expect, it } from 'vitest'
import {
  callee,
  caller,
  input,
  latency,
  mean,
  NOBODY,
  request,
  tcp,
  view,
} from '@/tests/support/graph/samples'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { buildTopology } from './build'
import { withLatency } from './latency'
import { flowsOfNode, nodeQuantiles, withQuantiles } from './node-latency'
import { projectGraph } from './project'
import type { GraphType } from './types'

const waypoint = { reporter: 'waypoint' } as const
const called = { reporter: 'destination' } as const
// two versions, two names of one workload, a caller nobody knows, a waypoint, nobody behind a service, gRPC, TCP
const requests = [
  request('a-v1', 'reviews-v1', 90),
  request('a-v1', 'reviews-v1', 90, called),
  request('a-v1', 'reviews-v2', 10),
  request('b-v1', callee('reviews-v2', 'slow'), 5, { protocol: 'grpc', grpcStatus: '0' }),
  request(NOBODY, 'a-v1', 4, called),
  request('reviews-v1', callee(null, 'stock'), 2, { responseCode: '503', flags: 'UH' }),
  request('b-v1', 'd-v1', 6, waypoint),
  request('other/a-v1', 'other/reviews-v1', 7),
]
const buckets = [
  latency('a-v1', 'reviews-v1', [90, 90, 90, 90]),
  // not believed: the caller spoke
  latency('a-v1', 'reviews-v1', [0, 0, 0, 90], called),
  latency('a-v1', 'reviews-v2', [0, 0, 10, 10]),
  latency('b-v1', callee('reviews-v2', 'slow'), [0, 5, 5, 5], { protocol: 'grpc' }),
  latency(NOBODY, 'a-v1', [1, 2, 4, 4], called),
  latency('reviews-v1', callee(null, 'stock'), [2, 2, 2, 2]),
  latency('b-v1', 'd-v1', [0, 3, 6, 6], waypoint),
  latency('other/a-v1', 'other/reviews-v1', [7, 7, 7, 7]),
]
const bare = buildTopology(input({ requests, tcp: [tcp('a-v1', 'reviews-v1', 1_000)] }))

describe('quantiles of one node', () => {
  it.each(['workload', 'app', 'versionedApp', 'service'] as const)(
    'are those of the whole %s graph, for every node and edge',
    (graphType: GraphType) => {
      const of = view({ graphType })
      const whole = projectGraph(withLatency(bare, { latency: buckets, means: [] }), of, DEFAULT_HEALTH)
      const without = projectGraph(bare, of, DEFAULT_HEALTH)
      expect(whole.nodes.length).toBeGreaterThan(5)
      let timed = 0
      for (const node of without.nodes.filter(({ kind }) => kind !== 'unknown')) {
        const own = flowsOfNode(bare, of, node.id)
        const quantiles = nodeQuantiles(bare, of, node.id, own, buckets)
        const touching = without.edges.filter(({ source, target }) => [source, target].includes(node.id))
        const shown = withQuantiles(node, touching, quantiles)
        expect(shown.node).toEqual(whole.nodes.find(({ id }) => id === node.id))
        for (const edge of shown.edges) expect(edge).toEqual(whole.edges.find(({ id }) => id === edge.id))
        timed += quantiles.edges.size
      }
      // each edge was seen from both of its ends, but for the unknown caller
      expect(timed).toBe(2 * whole.edges.filter(({ latencyMs }) => latencyMs !== null).length - 1)
    },
  )

  it('stand beside a mean that was known before', () => {
    const means = withLatency(bare, { latency: [], means: [mean('b-v1', 'd-v1', 600, 6, waypoint)] })
    const { nodes, edges } = projectGraph(means, view(), DEFAULT_HEALTH)
    const node = nodes.find(({ name }) => name === 'd-v1')
    if (!node) throw new Error('no node d-v1')
    const own = flowsOfNode(means, view(), node.id)
    const shown = withQuantiles(node, edges, nodeQuantiles(means, view(), node.id, own, buckets))
    // half within 10 to 100 ms, half within 100 to 1000: the 99th of 100 is the 49th of 50
    expect(shown.node.inbound.http?.latencyMs).toEqual({ p50: 100, p90: 820, p95: 910, p99: 982, mean: 100 })
    expect(shown.edges.find(({ target }) => target === node.id)?.latencyMs?.p99).toBe(982)
    expect(shown.edges.filter(({ latencyMs }) => latencyMs !== null)).toHaveLength(1)
  })

  it('are asked by the names that telemetry has for the node', () => {
    const of = view({ graphType: 'service' })
    expect(flowsOfNode(bare, of, 'east/shop/service/reviews')).toEqual({
      flows: expect.any(Array),
      // what its workloads call is drawn from it
      callers: { workloads: ['reviews-v1'], apps: [] },
      called: { workloads: [], apps: [] },
      services: ['reviews'],
    })
    expect(flowsOfNode(bare, view({ graphType: 'app' }), 'east/shop/app/reviews')).toMatchObject({
      callers: { workloads: ['reviews-v1'], apps: [] },
      called: { workloads: ['reviews-v1', 'reviews-v2'], apps: [] },
      services: [],
    })
    const nameless = { ...caller('cart-v1'), workload: null }
    const apps = buildTopology(input({ requests: [request(nameless, 'reviews-v1', 1)] }))
    expect(flowsOfNode(apps, view({ graphType: 'app' }), 'east/shop/app/cart')).toMatchObject({
      flows: [0],
      callers: { workloads: [], apps: ['cart'] },
    })
    expect(flowsOfNode(bare, view(), 'east/shop/workload/nobody').flows).toEqual([])
  })
})
