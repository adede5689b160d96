/**
 * The traffic of the embedded mesh. At every tick requests flow from the entries through the call graph as
 * the configuration stands: in numbers, not one by one, so that a mesh of a thousand services ticks in
 * milliseconds. Numbers are drawn (Poisson at the entries, multinomial over the outcomes), so they waver as
 * real traffic does, and what a caller sends is what its callees get.
 */
import { createRandom, hashText } from '@/lib/statistics/random'
import type { Random } from '@/lib/statistics/random'
import { isFailed } from '@/lib/demo/jaeger/span-json'
import type { ConfigReader, MetricWriter, SimulatedSpan, World } from '@/lib/demo/model'
import { createChangeDetector, readMesh } from './config/mesh-state'
import type { MeshState } from './config/mesh-state'
import type { WorkloadFault } from './flow/answers'
import { Feedback } from './flow/feedback'
import { routeGraph, settleGraph } from './flow/flow-graph'
import type { FlowEntry, FlowGraph, RoutedGraph } from './flow/flow-graph'
import type { Outcome, Plan } from './flow/outcome'
import { createUnrest, dayFactor } from './load'
import { Recorder } from './report/recorder'
import { sampleTrace } from './report/trace-sampler'

export type { WorkloadFault } from './flow/answers'

export interface EngineOptions {
  world: World
  config: ConfigReader
  metrics: MetricWriter
  onTrace?: (spans: SimulatedSpan[]) => void
  seed?: number
  /** single requests that are traced, on average; 0 for none */
  tracesPerMinute?: number
  /** so many times more traces of failed requests are kept, as a collector does that decides at the end; 1 */
  failedTraceFactor?: number
  /** size histograms and gRPC messages too; by default in worlds of up to 300 services */
  withSizes?: boolean
}

export interface Engine {
  /** Lets the traffic of this time flow into the metrics; instants in epoch milliseconds. */
  tick(fromMs: number, toMs: number): void
  /** What a scenario does to workloads, by `cluster/namespace/name`; replaces what it did before. */
  setFaults(scenario: string, faults: ReadonlyMap<string, WorkloadFault>): void
  clearFaults(scenario: string): void
  /** Factor on what the entries send; 1 is normal, 0 is silence. */
  setLoad(factor: number): void
  setTracesPerMinute(rate: number): void
  /** Requests that the proxy of a workload has handled since this was last asked. */
  takeHandled(workloadId: string): number
  /** The mesh as last read, for what else is measured of it. */
  mesh(): MeshState
  /** The arithmetic behind the current tick, for tests. */
  flow(): FlowGraph
}

export function createEngine(options: EngineOptions): Engine {
  return new FlowEngine(options)
}

const LARGE_WORLD = 300

class FlowEngine implements Engine {
  private readonly world: World
  private readonly config: ConfigReader
  private readonly seed: number
  private readonly onTrace: (spans: SimulatedSpan[]) => void
  private readonly recorder: Recorder
  private readonly hasChanged: () => boolean
  private readonly feedback = new Feedback()
  private readonly unrest: ((atMs: number) => number)[]
  private readonly faults = new Map<string, ReadonlyMap<string, WorkloadFault>>()
  private tracesPerMinute: number
  private readonly failedTraceFactor: number
  private load = 1
  private state: { mesh: MeshState; routed: RoutedGraph } | null = null
  private graph: FlowGraph | null = null
  /** requests that came to a node and were not worked on yet */
  private arrivals = new Float64Array(0)

  constructor(options: EngineOptions) {
    this.world = options.world
    this.config = options.config
    this.seed = options.seed ?? options.world.seed
    this.unrest = options.world.entries.map((entry) => createUnrest(this.seed, entry.id))
    this.onTrace = options.onTrace ?? (() => {})
    this.tracesPerMinute = options.onTrace === undefined ? 0 : (options.tracesPerMinute ?? 6)
    this.failedTraceFactor = options.failedTraceFactor ?? 1
    this.recorder = new Recorder({
      metrics: options.metrics,
      withSizes: options.withSizes ?? options.world.services.length <= LARGE_WORLD,
    })
    this.hasChanged = createChangeDetector(options.config)
  }

  takeHandled(workloadId: string): number {
    return this.recorder.takeHandled(workloadId)
  }

  mesh(): MeshState {
    return this.current().mesh
  }

  flow(): FlowGraph {
    const { routed } = this.current()
    if (this.graph === null) {
      this.recorder.forget()
      this.graph = settleGraph(routed, {
        faultOf: (id) => this.faultOf(id),
        stateOf: (key) => this.feedback.stateOf(key),
      })
    }
    return this.graph
  }

  setFaults(scenario: string, faults: ReadonlyMap<string, WorkloadFault>): void {
    this.faults.set(scenario, faults)
    this.graph = null
  }

  clearFaults(scenario: string): void {
    if (this.faults.delete(scenario)) this.graph = null
  }

  setLoad(factor: number): void {
    this.load = factor
  }

  setTracesPerMinute(rate: number): void {
    this.tracesPerMinute = rate
  }

  tick(fromMs: number, toMs: number): void {
    const seconds = (toMs - fromMs) / 1000
    if (!(seconds > 0)) throw new RangeError(`a tick from ${fromMs} to ${toMs} has no length`)
    const graph = this.flow()
    // by the instant, not by what was drawn before: the same moment looks the same after a restart
    const random = createRandom(hashText(`${this.seed}/${fromMs}`))
    for (const entry of graph.entries) {
      const count = random.poisson(this.rateOf(entry, (fromMs + toMs) / 2) * seconds)
      if (count > 0) this.run(graph, entry.plan, count, random)
    }
    for (const index of graph.order) {
      const arrived = this.arrivals[index] ?? 0
      const node = graph.nodes[index]
      if (arrived === 0 || node === undefined) continue
      this.arrivals[index] = 0
      for (const [at, plan] of node.plans.entries()) {
        const perRequest = node.endpoint.calls[at]?.perRequest ?? 0
        const count = repeated(random.binomial(arrived, node.reaching[at] ?? 1), perRequest, random)
        if (count > 0) this.run(graph, plan, count, random)
      }
    }
    this.trace(graph, fromMs, toMs, random.fork('traces'))
    if (this.feedback.learn(toMs - fromMs)) this.graph = null
  }

  /** Mean rate of an entry at an instant, requests per second. */
  private rateOf(entry: FlowEntry, atMs: number): number {
    const { spec } = entry
    const wavers = this.unrest[entry.index]?.(atMs) ?? 1
    return this.load * spec.requestsPerSecond * dayFactor(atMs, spec.dayAmplitude) * wavers
  }

  private run(graph: FlowGraph, plan: Plan, count: number, random: Random): void {
    this.deal(graph, plan, plan.outcomes, count, true, random)
    const { retried } = plan
    if (retried.perCall > 0) {
      const tries = repeated(count, retried.perCall, random)
      if (tries > 0) this.deal(graph, plan, retried.outcomes, tries, false, random)
    }
    for (const mirror of plan.mirrors) {
      const copies = random.binomial(count, mirror.ratio)
      if (copies > 0) this.deal(graph, plan, mirror.outcomes, copies, false, random)
    }
  }

  /** Deals `count` calls out to outcomes, and sends on what reached somebody. */
  private deal(
    graph: FlowGraph,
    plan: Plan,
    outcomes: readonly Outcome[],
    count: number,
    isFirst: boolean,
    random: Random,
  ): void {
    let left = count
    let ratioLeft = 1
    for (const [index, outcome] of outcomes.entries()) {
      if (left === 0) break
      const isLast = index === outcomes.length - 1
      const drawn = isLast ? left : random.binomial(left, Math.min(1, outcome.ratio / ratioLeft))
      left -= drawn
      ratioLeft = Math.max(1e-12, ratioLeft - outcome.ratio)
      if (drawn === 0) continue
      this.recorder.record(plan.call, outcome, drawn, isFirst, random)
      this.feedback.note(plan.call.client, outcome.branch, outcome, drawn)
      const { member } = outcome
      if (!outcome.reaches || member === null) continue
      if (member.next !== null) this.run(graph, graph.planOf(member.next), drawn, random)
      else if (typeof member.node === 'number') {
        this.arrivals[member.node] = (this.arrivals[member.node] ?? 0) + drawn
      }
    }
  }

  private trace(graph: FlowGraph, fromMs: number, toMs: number, random: Random): void {
    if (this.tracesPerMinute <= 0 || this.load === 0 || graph.entries.length === 0) return
    const factor = this.failedTraceFactor
    const wanted = random.poisson((factor * this.tracesPerMinute * (toMs - fromMs)) / 60_000)
    // rare requests are worth seeing too
    const weights = graph.entries.map((entry) => Math.sqrt(entry.spec.requestsPerSecond))
    for (let sampled = 0; sampled < wanted; sampled++) {
      const entry = graph.entries[random.pickIndex(weights)]
      if (entry === undefined) return
      const startMs = fromMs + random.next() * (toMs - fromMs)
      const spans = sampleTrace(graph, (id) => this.faultOf(id), entry, startMs, random)
      const isKept = factor === 1 || spans.some(isFailed) || random.chance(1 / factor)
      if (isKept && spans.length > 0) this.onTrace(spans)
    }
  }

  private current(): { mesh: MeshState; routed: RoutedGraph } {
    // asked first, so that the first reading counts as seen
    const hasChanged = this.hasChanged()
    if (this.state === null || hasChanged) {
      const mesh = readMesh(this.world, this.config)
      const routed = routeGraph(this.world, mesh)
      this.recorder.useRegistry(mesh.registry)
      this.state = { mesh, routed }
      this.graph = null
      if (this.arrivals.length !== routed.nodes.length) {
        this.arrivals = new Float64Array(routed.nodes.length)
      }
    }
    return this.state
  }

  private faultOf(id: string): WorkloadFault | undefined {
    let found: WorkloadFault | undefined
    for (const faults of this.faults.values()) {
      const own = faults.get(id)
      if (own === undefined) continue
      found =
        found === undefined
          ? own
          : {
              latencyFactor: (found.latencyFactor ?? 1) * (own.latencyFactor ?? 1),
              errorRatio: Math.min(1, (found.errorRatio ?? 0) + (own.errorRatio ?? 0)),
              errorStatus: own.errorStatus ?? found.errorStatus,
            }
    }
    return found
  }
}

/** So many times per case on average: the whole part always, the rest by chance. */
function repeated(cases: number, mean: number, random: Random): number {
  const whole = Math.floor(mean)
  return cases * whole + random.binomial(cases, mean - whole)
}
