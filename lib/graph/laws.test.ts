/** What holds for any telemetry whatsoever. */
import fc from '@/tests/support/chance'
import { describe, expect, it, vi } from 'vitest'
import { input, inventory, podOf, service, view, workload } from '@/tests/support/graph/samples'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import type {
  LatencySample,
  RequestSample,
  TcpSample,
  TrafficDestination,
  TrafficSource,
} from '@/lib/mesh/traffic'
import { createEndTables, type EndTables } from './build/end-tables'
import { buildTopology } from './build'
import { applyPatch, diffGraph } from './diff'
import { withLatency } from './latency'
import { projectGraph } from './project'
import type { Graph, GraphType, Topology } from './types'

// many cases each; a busy machine takes its time
vi.setConfig({ testTimeout: 60_000 })

const GRAPH_TYPES: readonly GraphType[] = ['workload', 'app', 'versionedApp', 'service']

// few names, so that ends meet
const end: fc.Arbitrary<TrafficSource> = fc
  .tuple(
    fc.constantFrom('east', 'west', null),
    fc.constantFrom('shop', 'pay'),
    fc.constantFrom('a', 'b-v1', 'b-v2', 'waypoint', 'istio-ingressgateway', null),
    fc.constantFrom('v1', 'v2', 'latest', null),
  )
  .map(([cluster, namespace, name, version]) => ({
    cluster,
    namespace: name === null ? null : namespace,
    workload: name,
    app: name === null ? null : (name.split('-v')[0] ?? name),
    version: name === null ? null : version,
  }))

const named = fc.constantFrom(
  'a',
  'b',
  'b-admin',
  'api.example.com',
  'PassthroughCluster',
  'BlackHoleCluster',
  '10.0.0.1',
)

const destination: fc.Arbitrary<TrafficDestination> = fc
  .tuple(end, fc.option(fc.tuple(fc.constantFrom('shop', 'pay', null), named)))
  .map(([at, asked]) => ({
    ...at,
    service: asked && { namespace: asked[0], name: asked[1], host: asked[1] },
  }))

const rate = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 1e4, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.001, 1 / 3, 0.1) },
)
const measured = {
  reporter: fc.constantFrom('source' as const, 'destination' as const, 'waypoint' as const),
  source: end,
  destination,
}
const requestSample: fc.Arbitrary<RequestSample> = fc.record({
  ...measured,
  layer: fc.constant('l7' as const),
  protocol: fc.constantFrom('http' as const, 'grpc' as const),
  responseCode: fc.constantFrom('200', '404', '503', '0'),
  grpcStatus: fc.constantFrom('0', '14', '', null),
  flags: fc.constantFrom('-', 'UH', 'UF,URX', 'DC', ''),
  mutualTls: fc.constantFrom(true, false, null),
  requestsPerSecond: rate,
})
const tcpSample: fc.Arbitrary<TcpSample> = fc.record({
  ...measured,
  layer: fc.constantFrom('l4' as const, 'l7' as const),
  flags: fc.constantFrom('-', 'UF', 'DENY'),
  mutualTls: fc.constantFrom(true, false, null),
  sentBytesPerSecond: rate,
  receivedBytesPerSecond: rate,
  connectionsPerSecond: rate,
})
const latencySample: fc.Arbitrary<LatencySample> = fc
  .tuple(
    fc.record({
      ...measured,
      layer: fc.constant('l7' as const),
      protocol: fc.constantFrom('http' as const, 'grpc' as const),
    }),
    fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 4, maxLength: 4 }),
    fc.constantFrom([1, 10, 100, Infinity], [5, 10, 50, Infinity]),
  )
  .map(([sample, steps, bounds]) => {
    let perSecond = 0
    return { ...sample, buckets: bounds.map((le, i) => ({ le, perSecond: (perSecond += steps[i] ?? 0) })) }
  })

const telemetry = fc.record({
  requests: fc.array(requestSample, { maxLength: 25 }),
  tcp: fc.array(tcpSample, { maxLength: 10 }),
  latency: fc.array(latencySample, { maxLength: 12 }),
  withKubernetes: fc.boolean(),
})
type Telemetry = typeof telemetry extends fc.Arbitrary<infer T> ? T : never

const viewOf = fc.record({
  graphType: fc.constantFrom(...GRAPH_TYPES),
  serviceNodes: fc.boolean(),
  idle: fc.boolean(),
  namespaces: fc.constantFrom(null, ['shop'], ['east/pay'], []),
  clusters: fc.constantFrom(null, ['west']),
})

const inventories = [
  inventory({
    workloads: [workload('a'), workload('b-v1'), workload('pay/idle')],
    pods: [podOf(workload('a')), podOf(workload('b-v1'), { hasSidecar: false, isAmbient: true })],
    services: [service('b'), service('pay/lost')],
  }),
]

function topologyOf(parts: Telemetry, tables?: EndTables): Topology {
  const { requests, tcp, latency, withKubernetes } = parts
  const all = input({ requests, tcp, inventories: withKubernetes ? inventories : [] })
  const topology = buildTopology(all, tables)
  return withLatency(topology, { latency, means: [] })
}

/** Requests per second on edges that leave a real caller: what services in between pass on is counted there. */
function totalOf(graph: Graph, injected: (id: string) => boolean): number {
  return graph.edges
    .filter((edge) => !injected(edge.source))
    .reduce((sum, edge) => sum + (edge.requestsPerSecond ?? 0), 0)
}

describe('for any telemetry', () => {
  it('totals survive projection, whatever the graph type', () => {
    fc.assert(
      fc.property(telemetry, (parts) => {
        const topology = topologyOf(parts)
        const want = topology.flows.reduce((sum, flow) => sum + flow.requestsPerSecond, 0)
        for (const graphType of GRAPH_TYPES) {
          for (const serviceNodes of [false, true]) {
            const graph = projectGraph(topology, view({ graphType, serviceNodes }), DEFAULT_HEALTH)
            const isBetween = (id: string) =>
              serviceNodes && graphType !== 'service' && id.split('/')[2] === 'service'
            const isExternalBetween = (id: string) =>
              serviceNodes && graphType !== 'service' && id.split('/')[2] === 'external'
            const total = totalOf(graph, (id) => isBetween(id) || isExternalBetween(id))
            expect(Math.abs(total - want)).toBeLessThan(1e-6)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('the order of rows does not matter, to the last bit', () => {
    const shuffled = fc.tuple(telemetry, viewOf, fc.infiniteStream(fc.nat()))
    fc.assert(
      fc.property(shuffled, ([parts, of, random]) => {
        const mix = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, at: random.next().value as number }))
            .sort((x, y) => x.at - y.at)
            .map(({ item }) => item)
        const other = {
          ...parts,
          requests: mix(parts.requests),
          tcp: mix(parts.tcp),
          latency: mix(parts.latency),
        }
        const graph = projectGraph(topologyOf(parts), view(of), DEFAULT_HEALTH)
        expect(projectGraph(topologyOf(other), view(of), DEFAULT_HEALTH)).toEqual(graph)
      }),
      { numRuns: 80 },
    )
  })

  it('is the same when built after others, with what they left', () => {
    // some samples come again with other figures, some do not, and new ones join
    const followers = fc.array(
      fc.record({ keeps: fc.array(fc.boolean(), { minLength: 35, maxLength: 35 }), also: telemetry }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(telemetry, followers, fc.boolean(), viewOf, (first, later, keepsAll, of) => {
        const tables = createEndTables()
        topologyOf(first, tables)
        for (const { keeps, also } of later) {
          const parts: Telemetry = {
            ...first,
            requests: first.requests
              .filter((_, index) => keepsAll || keeps[index])
              .map((sample) => ({ ...sample, requestsPerSecond: sample.requestsPerSecond * 2 })),
            tcp: first.tcp.filter((_, index) => keepsAll || keeps[index + 25]),
            latency: [...first.latency, ...also.latency],
          }
          if (!keepsAll) parts.requests.push(...also.requests.slice(0, 2))
          const graph = projectGraph(topologyOf(parts, tables), view(of), DEFAULT_HEALTH)
          expect(graph).toEqual(projectGraph(topologyOf(parts), view(of), DEFAULT_HEALTH))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('every edge has both ends; ids are unique and sorted; nothing is NaN; the wire loses nothing', () => {
    const cases = fc.tuple(telemetry, viewOf, fc.option(fc.nat()), fc.nat({ max: 3 }))
    fc.assert(
      fc.property(cases, ([parts, of, pick, hops]) => {
        const topology = topologyOf(parts)
        const all = projectGraph(topology, view(of), DEFAULT_HEALTH)
        const focus = pick === null ? null : (all.nodes[pick % Math.max(all.nodes.length, 1)]?.id ?? 'none')
        const graph = projectGraph(topology, view({ ...of, focus, hops }), DEFAULT_HEALTH)
        const ids = new Set(graph.nodes.map((node) => node.id))
        for (const edge of graph.edges) {
          expect(ids.has(edge.source) && ids.has(edge.target)).toBe(true)
          for (const ratio of [edge.errorRatio, edge.clientErrorRatio, edge.share, edge.mtlsRatio]) {
            if (ratio !== null) expect(ratio >= 0 && ratio <= 1).toBe(true)
          }
        }
        for (const list of [graph.nodes, graph.edges]) {
          const order = list.map((item) => item.id)
          expect(order).toEqual([...new Set(order)].sort())
        }
        expectFinite(graph)
        expect(JSON.parse(JSON.stringify(graph))).toEqual(graph)
      }),
      { numRuns: 80 },
    )
  })

  it('no pair of ends ever counts more than one of its reporters', () => {
    fc.assert(
      fc.property(telemetry, (parts) => {
        const topology = topologyOf({ ...parts, tcp: [], latency: [] })
        const most = new Map<string, number>()
        let bound = 0
        const byReporter = new Map<string, number>()
        for (const sample of parts.requests) {
          const found = topology.findFlow({ ...sample })
          const pair = JSON.stringify([sample.source, sample.destination])
          const key = `${pair} ${sample.reporter}`
          byReporter.set(key, (byReporter.get(key) ?? 0) + sample.requestsPerSecond)
          most.set(pair, Math.max(most.get(pair) ?? 0, byReporter.get(key) ?? 0))
          if (found) expect(found.share).toBeGreaterThanOrEqual(0)
        }
        for (const value of most.values()) bound += value
        const total = topology.flows.reduce((sum, flow) => sum + flow.requestsPerSecond, 0)
        expect(total).toBeLessThanOrEqual(bound + 1e-6)
      }),
    )
  })

  it('a patch leads from any graph to any other of the same view', () => {
    fc.assert(
      fc.property(telemetry, telemetry, viewOf, (one, two, of) => {
        const before = projectGraph(topologyOf(one), view(of), DEFAULT_HEALTH)
        const after = projectGraph(topologyOf(two), view(of), DEFAULT_HEALTH)
        expect(applyPatch(before, diffGraph(before, after))).toEqual(after)
      }),
      { numRuns: 40 },
    )
  })
})

function expectFinite(value: unknown, path = 'graph'): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`${path} is ${value}`)
  } else if (value === undefined) {
    throw new Error(`${path} is undefined`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) expectFinite(item, `${path}.${key}`)
  }
}
