import { describe, expect, it } from 'vitest'
import { callee, edgeOf, input, latency, mean, nodeNamed, request, view } from '@/tests/support/graph/samples'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { buildTopology } from './build'
import { withLatency } from './latency'
import { figuresOfPlaces } from './namespace-figures'
import { projectGraph } from './project'
import type { GraphView, TopologyInput } from './types'

function graphOf(
  parts: Partial<TopologyInput>,
  samples: Partial<Parameters<typeof withLatency>[1]>,
  of: Partial<GraphView> = {},
) {
  const topology = withLatency(buildTopology(input(parts)), { latency: [], means: [], ...samples })
  return projectGraph(topology, view(of), DEFAULT_HEALTH)
}

// reviews-v1 answers 90 requests within 10 ms, reviews-v2 10 between 100 ms and 1 s
const requests = [request('a', 'reviews-v1', 90), request('a', 'reviews-v2', 10)]
const buckets = [latency('a', 'reviews-v1', [90, 90, 90, 90]), latency('a', 'reviews-v2', [0, 0, 10, 10])]

describe('latency', () => {
  it('is null before it is fetched', () => {
    expect(edgeOf(graphOf({ requests }, {}), '/a', '/reviews-v1').latencyMs).toBeNull()
  })

  it('is of one workload in the workload graph', () => {
    const graph = graphOf({ requests }, { latency: buckets })
    // all inside 0 to 10 ms
    expect(edgeOf(graph, '/a', '/reviews-v1').latencyMs).toEqual({ p50: 5, p90: 9, p95: 9.5, p99: 9.9 })
    // all inside 100 to 1000 ms
    expect(edgeOf(graph, '/a', '/reviews-v2').latencyMs).toEqual({ p50: 550, p90: 910, p95: 955, p99: 991 })
  })

  it('is of all versions merged in the app graph, not the first nor an average', () => {
    const graph = graphOf({ requests }, { latency: buckets }, { graphType: 'app' })
    // 99th of 100: 9th of the 10 slow ones; 95th: 5th of them; 50th: among the 90 fast ones
    expect(edgeOf(graph, '/a', 'app/reviews').latencyMs).toEqual({
      p50: 5.556,
      p90: 10,
      p95: 550,
      p99: 910,
    })
    expect(nodeNamed(graph, 'app/reviews').inbound.http?.latencyMs?.p99).toBe(910)
    expect(nodeNamed(graph, 'app/a').outbound.http?.latencyMs?.p99).toBe(910)
  })

  it('applied again to a later snapshot reads the same, whatever views summed up of it in between', () => {
    const samples = { latency: buckets, means: [] }
    const first = withLatency(buildTopology(input({ requests })), samples)
    projectGraph(first, view({ graphType: 'app' }), DEFAULT_HEALTH)
    const later = graphOf({ requests }, { latency: buckets })
    expect(edgeOf(later, '/a', '/reviews-v1').latencyMs).toEqual({ p50: 5, p90: 9, p95: 9.5, p99: 9.9 })
    expect(edgeOf(later, '/a', '/reviews-v2').latencyMs).toEqual({ p50: 550, p90: 910, p95: 955, p99: 991 })
  })

  it('has no quantiles of a node of which only some callers were asked for buckets', () => {
    const two = [request('a', 'reviews-v1', 90), request('b', 'reviews-v1', 10)]
    const means = [mean('a', 'reviews-v1', 450, 90), mean('b', 'reviews-v1', 5000, 10)]
    const graph = graphOf(
      { requests: two },
      { latency: [latency('a', 'reviews-v1', [90, 90, 90, 90])], means },
    )
    expect(nodeNamed(graph, '/reviews-v1').inbound.http?.latencyMs).toEqual({
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      // 5450 ms a second over 100 requests, not the 5 ms of the faster caller
      mean: 54.5,
    })
    // the pair that was asked about has its own
    expect(edgeOf(graph, '/a', '/reviews-v1').latencyMs).toEqual({
      p50: 5,
      p90: 9,
      p95: 9.5,
      p99: 9.9,
      mean: 5,
    })
    expect(
      figuresOfPlaces(
        withLatency(buildTopology(input({ requests: two })), {
          latency: [latency('a', 'reviews-v1', [90, 90, 90, 90])],
          means,
        }),
      ).get('east/shop')?.p99Ms,
    ).toBeNull()
  })

  it('is there on edges into and out of service nodes', () => {
    const graph = graphOf({ requests }, { latency: buckets }, { serviceNodes: true })
    expect(edgeOf(graph, '/a', 'service/reviews').latencyMs?.p99).toBe(910)
    expect(edgeOf(graph, 'service/reviews', '/reviews-v2').latencyMs?.p99).toBe(991)
  })

  it('of requests others have counted too is taken as far as they were kept', () => {
    // of 110 requests the caller could not place, the workload's own proxy counted the 90 that went well
    const open = callee(null, 'b')
    const graph = graphOf(
      {
        requests: [
          request('a', open, 90),
          request('a', open, 20, { responseCode: '503' }),
          request('a', 'b', 90, { reporter: 'destination' }),
        ],
      },
      {
        latency: [
          latency('a', open, [90, 90, 110, 110]),
          latency('a', 'b', [90, 90, 90, 90], { reporter: 'destination' }),
        ],
        means: [mean('a', open, 1100, 110)],
      },
    )
    expect(edgeOf(graph, '/a', 'service/b')).toMatchObject({
      requestsPerSecond: 20,
      latencyMs: { mean: 10 },
    })
    // 20/110 of what the caller timed: 106.4 of 110 within 10 ms; all of it would make 180 of 200
    expect(nodeNamed(graph, 'workload/a').outbound.http?.latencyMs?.p95).toBeCloseTo(9.825, 2)
  })

  it('is of the reporter whose rates were taken', () => {
    const both = [...requests, request('a', 'reviews-v1', 80, { reporter: 'destination' })]
    const other = latency('a', 'reviews-v1', [0, 0, 0, 90], { reporter: 'destination' })
    const graph = graphOf({ requests: both }, { latency: [...buckets, other] })
    expect(edgeOf(graph, '/a', '/reviews-v1').latencyMs?.p99).toBe(9.9)
  })

  it('counts only the share of a caller’s requests that nobody else reports', () => {
    // 10 answered by who knows whom; of 6 the workload's own proxy tells: 4 stay with the caller
    const open = callee(null, 'b')
    const traffic = [request('a', open, 10), request('a', 'b', 6, { reporter: 'destination' })]
    const series = [
      latency('a', open, [10, 10, 10, 10]),
      latency('a', 'b', [0, 0, 6, 6], { reporter: 'destination' }),
    ]
    const graph = graphOf({ requests: traffic }, { latency: series }, { graphType: 'service' })
    // the 5th of 10 is the first of the 6 slow ones
    expect(edgeOf(graph, '/a', 'service/b').latencyMs?.p50).toBe(250)
  })

  it('sums several series of one flow', () => {
    const series = [latency('a', 'reviews-v1', [45, 45, 45, 45]), latency('a', 'reviews-v1', [0, 45, 45, 45])]
    const graph = graphOf({ requests }, { latency: series })
    expect(edgeOf(graph, '/a', '/reviews-v1').latencyMs?.p99).toBeCloseTo(10 + 90 * (44.1 / 45), 3)
  })

  it('ignores pairs without traffic and histograms without +Inf', () => {
    const broken = { ...latency('a', 'reviews-v1', [1, 1, 1, 1]), buckets: [{ le: 10, perSecond: 1 }] }
    const graph = graphOf({ requests }, { latency: [latency('x', 'y', [1, 1, 1, 1]), broken] })
    expect(graph.edges).toHaveLength(2)
    expect(edgeOf(graph, '/a', '/reviews-v1').latencyMs).toBeNull()
  })

  it('is null when nothing was observed', () => {
    const graph = graphOf({ requests }, { latency: [latency('a', 'reviews-v1', [0, 0, 0, 0])] })
    expect(edgeOf(graph, '/a', '/reviews-v1').latencyMs).toBeNull()
  })

  it('is the mean where buckets were too dear, weighted by requests', () => {
    const means = [mean('a', 'reviews-v1', 90 * 4, 90), mean('a', 'reviews-v2', 10 * 500, 10)]
    const graph = graphOf({ requests }, { means }, { graphType: 'app' })
    expect(edgeOf(graph, '/a', 'app/reviews').latencyMs).toEqual({
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      mean: 53.6,
    })
  })

  it('leaves the topology it was given as it was', () => {
    const topology = buildTopology(input({ requests }))
    withLatency(topology, { latency: buckets, means: [] })
    expect(topology.flows.every((flow) => flow.histogram === null)).toBe(true)
  })
})

describe('latency in health', () => {
  it('degrades a node whose P95 left its own past behind', () => {
    const topology = withLatency(buildTopology(input({ requests })), { latency: buckets, means: [] })
    const id = 'east/shop/workload/reviews-v2'
    const slow = projectGraph(topology, view(), DEFAULT_HEALTH, new Map([[id, { p95Ms: 120 }]]))
    expect(nodeNamed(slow, 'reviews-v2').health).toMatchObject({
      status: 'degraded',
      reasons: [{ code: 'latency-high', value: 955, threshold: 240 }],
    })
    const usual = projectGraph(topology, view(), DEFAULT_HEALTH, new Map([[id, { p95Ms: 900 }]]))
    expect(nodeNamed(usual, 'reviews-v2').health.status).toBe('healthy')
  })
})
