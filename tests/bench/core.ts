/**
 * How long the pure core takes for a mesh of 1,000 services: from decoded samples to a graph.
 * Run: node --import tsx tests/bench/core.ts
 */
import { performance } from 'node:perf_hooks'
import { buildTopology } from '@/lib/graph/build'
import { applyPatch, diffGraph } from '@/lib/graph/diff'
import { withLatency } from '@/lib/graph/latency'
import { projectGraph } from '@/lib/graph/project'
import type { GraphType, GraphView, TopologyInput } from '@/lib/graph/types'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { LatencySample, RequestSample, TrafficSource } from '@/lib/mesh/traffic'
import { config as object, inventory, podOf, service, workload } from '@/tests/support/graph/samples'

const SERVICES = 1000
const EDGES = 3500
const ROWS = 17_600
/** built and projected, latency included */
const BUDGET_MS = 250
const RUNS = 9

const BOUNDS = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]
const LE = [...BOUNDS, 300_000, 600_000, 1_800_000, 3_600_000, Infinity]

/** Deterministic noise: the bench must measure the same work on every run. */
function createNoise(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function end(index: number, version: number): TrafficSource {
  const name = `service-${index}`
  return {
    cluster: null,
    namespace: `ns-${index % 50}`,
    workload: `${name}-v${version}`,
    app: name,
    version: `v${version}`,
  }
}

interface Pair {
  source: TrafficSource
  destination: RequestSample['destination']
}

function makePairs(noise: () => number): Pair[] {
  const pairs: Pair[] = []
  for (let edge = 0; edge < EDGES; edge++) {
    const from = Math.floor(noise() * SERVICES)
    // hubs: a few services are called by many
    const to = Math.floor(noise() ** 2 * SERVICES)
    const target = end(to, 1 + (edge % 2))
    const name = `service-${to}`
    pairs.push({
      source: end(from, 1),
      destination: {
        ...target,
        service: { namespace: target.namespace, name, host: `${name}.${target.namespace}.svc.cluster.local` },
      },
    })
  }
  return pairs
}

function makeRequests(pairs: readonly Pair[], noise: () => number): RequestSample[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const pair = pairs[row % pairs.length] as Pair
    const isDestination = row % 2 === 1
    const code = row % 23 === 0 ? '503' : row % 31 === 0 ? '404' : '200'
    return {
      source: pair.source,
      destination: pair.destination,
      reporter: isDestination ? 'destination' : 'source',
      layer: 'l7',
      protocol: 'http',
      responseCode: code,
      grpcStatus: null,
      flags: code === '503' ? 'UF,URX' : '-',
      mutualTls: isDestination ? true : null,
      requestsPerSecond: noise() * 100,
    }
  })
}

function makeLatency(pairs: readonly Pair[], noise: () => number): LatencySample[] {
  return pairs.map((pair) => {
    let perSecond = 0
    return {
      source: { ...pair.source },
      destination: { ...pair.destination },
      reporter: 'source',
      layer: 'l7',
      protocol: 'http',
      buckets: LE.map((le) => ({ le, perSecond: (perSecond += noise() * 5) })),
    }
  })
}

/** Two versions, three pods each; every other service has a virtual service and a destination rule. */
function makeInventory(): ClusterInventory {
  const services = Array.from({ length: SERVICES }, (_, index) => ({ index, name: `service-${index}` }))
  const workloads = services.flatMap(({ index, name }) =>
    [1, 2].map((version) =>
      workload(`ns-${index % 50}/${name}-v${version}`, { podLabels: { app: name, version: `v${version}` } }),
    ),
  )
  const config = services
    .filter(({ index }) => index % 2 === 0)
    .flatMap(({ index, name }) => {
      const destinations = [1, 2].map((version) => ({
        destination: { host: name, subset: `v${version}` },
        weight: 50,
      }))
      const subsets = [1, 2].map((version) => ({ name: `v${version}`, labels: { version: `v${version}` } }))
      const at = `ns-${index % 50}/${name}`
      return [
        object('VirtualService', at, { hosts: [name], http: [{ route: destinations, timeout: '2s' }] }),
        object('DestinationRule', at, { host: name, subsets, trafficPolicy: { outlierDetection: {} } }),
      ]
    })
  return inventory({
    workloads,
    pods: workloads.flatMap((owner) =>
      [1, 2, 3].map((pod) => podOf(owner, { name: `${owner.name}-${pod}` })),
    ),
    services: services.map(({ index, name }) =>
      service(`ns-${index % 50}/${name}`, { selector: { app: name } }),
    ),
    config: [...config, object('PeerAuthentication', 'istio-system/default', { mtls: { mode: 'STRICT' } })],
  })
}

const views: [string, Partial<GraphView> & { graphType: GraphType }][] = [
  ['workload', { graphType: 'workload' }],
  ['app', { graphType: 'app' }],
  ['versionedApp + service nodes', { graphType: 'versionedApp', serviceNodes: true }],
  ['service', { graphType: 'service' }],
]
const EVERYTHING: GraphView = {
  graphType: 'workload',
  namespaces: null,
  clusters: null,
  serviceNodes: false,
  idle: false,
  focus: null,
  hops: 1,
}

interface Cost {
  /** on the clock */
  ms: number
  /** of the processor, all threads; on a busy machine the fairer figure */
  cpuMs: number
}

function time<T>(work: () => T): { cost: Cost; result: T } {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = work()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { cost: { ms, cpuMs: (user + system) / 1000 }, result }
}

function sum(...costs: readonly Cost[]): Cost {
  return {
    ms: costs.reduce((total, cost) => total + cost.ms, 0),
    cpuMs: costs.reduce((total, cost) => total + cost.cpuMs, 0),
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const noise = createNoise(7)
const pairs = makePairs(noise)
const input: TopologyInput = {
  at: 0,
  windowSeconds: 120,
  // through JSON, as rows arrive: every text is one of its own
  requests: JSON.parse(JSON.stringify(makeRequests(pairs, noise))) as RequestSample[],
  tcp: [],
  inventories: [],
  defaultCluster: 'east',
}
const latency = makeLatency(pairs, noise)
const kubernetes = makeInventory()
console.log(
  `${SERVICES} services, ${pairs.length} edges, ${ROWS} request rows, ${latency.length * LE.length} buckets; Node ${process.version}`,
)

const lines: Record<string, Record<string, number>> = {}
function note(name: string, costs: readonly Cost[]): void {
  const walls = costs.map((cost) => cost.ms)
  lines[name] = {
    'first ms': Math.round(walls[0] ?? 0),
    'median ms': Math.round(median(walls)),
    'best ms': Math.round(Math.min(...walls)),
    'median cpu ms': Math.round(median(costs.map((cost) => cost.cpuMs))),
  }
}

const builds: Cost[] = []
const attaches: Cost[] = []
const projections = new Map(views.map(([name]) => [name, [] as Cost[]]))
const whole: Cost[] = []
const informed: Cost[] = []
const filtered: Cost[] = []
const diffs: Cost[] = []
for (let run = 0; run < RUNS; run++) {
  const built = time(() => buildTopology(input))
  const attached = time(() => withLatency(built.result, { latency, means: [] }))
  builds.push(built.cost)
  attaches.push(attached.cost)
  for (const [name, view] of views) {
    const { cost } = time(() => projectGraph(attached.result, { ...EVERYTHING, ...view }, DEFAULT_HEALTH))
    projections.get(name)?.push(cost)
    if (name === 'workload') whole.push(sum(built.cost, attached.cost, cost))
  }
  // a copy, as a watch would give it: what is kept by identity has to be made again
  const objects = { ...kubernetes }
  const known = withLatency(buildTopology({ ...input, inventories: [objects] }), { latency, means: [] })
  informed.push(time(() => projectGraph(known, { ...EVERYTHING, idle: true }, DEFAULT_HEALTH)).cost)
  const one = { ...EVERYTHING, namespaces: ['ns-7'] }
  filtered.push(time(() => projectGraph(attached.result, one, DEFAULT_HEALTH)).cost)
  const bare = projectGraph(built.result, EVERYTHING, DEFAULT_HEALTH)
  const full = projectGraph(attached.result, EVERYTHING, DEFAULT_HEALTH)
  diffs.push(time(() => applyPatch(bare, diffGraph(bare, full))).cost)
}
note('buildTopology', builds)
note('withLatency', attaches)
for (const [name, costs] of projections) note(`projectGraph ${name}`, costs)
note('projectGraph workload, with Kubernetes', informed)
note('build + latency + workload graph', whole)
note('projectGraph, same snapshot, one namespace', filtered)
note('diff + patch, all edges changed', diffs)
console.table(lines)

// on a quiet machine the clock says the same
const reached = median(whole.map((cost) => cost.cpuMs))
if (reached > BUDGET_MS) {
  console.error(`${Math.round(reached)} ms of processor time for a graph: over the budget of ${BUDGET_MS} ms`)
  process.exitCode = 1
}
