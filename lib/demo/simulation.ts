/** One world with everything that is measured and traced of it, moved on scrape by scrape. */
import { setImmediate } from 'node:timers/promises'
import { gridBefore } from './clock'
import type { DemoClock } from './clock'
import { reconcileWorkloads } from './kubernetes/controller'
import { ObjectStore } from './kubernetes/object-store'
import type { TraceStore } from './jaeger/trace-store'
import { createTraceStore } from './jaeger/trace-store'
import type { World } from './model'
import { createMetricStore } from './prometheus/metric-store'
import type { MetricStore } from './prometheus/metric-store'
import { createQueryEngine } from './prometheus/promql/query'
import type { QueryEngine } from './prometheus/promql/query'
import { createRules } from './prometheus/rules'
import type { Rules } from './prometheus/rules'
import { readAlertGroups } from './alerts'
import { METRIC_HELP } from './traffic/report/help'
import { createControlPlane } from './traffic/report/control-plane'
import { createEngine } from './traffic/engine'
import type { Engine } from './traffic/engine'
import { createScheduler } from './schedule'
import { createWorld } from './world/create-world'

export const LARGE_SERVICES = 300
const KEPT_TRACES = 2_000
/** Failed requests are rare, and what traces are most wanted of. */
const FAILED_TRACE_FACTOR = 4
/** Rules are evaluated over so much of the history. */
const NOTICED_MS = 10 * 60_000
/** While history is filled other work gets its turn after so long. */
const SLICE_MS = 40

export interface SimulationOptions {
  seed: number
  /** a synthetic mesh of so many services; absent: the hand-made one */
  services?: number
  scrapeIntervalSeconds?: number
  /** history that is kept, seconds */
  retentionSeconds: number
  /** instant at which the world begins to be watched: the oldest history */
  startMs: number
  /** what the clock says once the world is live; before that, time is where history has come to */
  clock: DemoClock
  /** revision the object store begins with: beyond that of the store it replaces */
  firstRevision?: number
}

export interface Simulation {
  world: World
  store: ObjectStore
  metrics: MetricStore
  traces: TraceStore
  engine: Engine
  queryEngine: QueryEngine
  rules: Rules
  scrapeIntervalMs: number
  retentionSeconds: number
  /** the instant up to which everything has happened, epoch milliseconds */
  simulatedMs(): number
  /** the time of day in this world: the clock's once it is live */
  now(): number
  /** From here on the clock tells the time. */
  goLive(): void
  /** While held, time passes and nothing is scraped. */
  holdScrapes(isHeld: boolean): void
  /** Lets time pass to an instant, scrape by scrape on the grid; what is less than a scrape stays open. */
  moveTo(atMs: number): void
  /** Leaves out the time up to an instant, after a long sleep. */
  skipTo(atMs: number): void
  /** The same as `moveTo` in slices, so that others get their turn; `onProgress` with 0..1. */
  fillTo(atMs: number, onProgress?: (share: number) => void): Promise<void>
}

export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, services, retentionSeconds, startMs } = options
  const intervalSeconds =
    options.scrapeIntervalSeconds ?? (services !== undefined && services > LARGE_SERVICES ? 15 : 5)
  const scrapeIntervalMs = intervalSeconds * 1000
  let now = gridBefore(startMs, scrapeIntervalMs)
  let isLive = false
  let isHeld = false
  const time = () => (isLive ? Math.max(now, options.clock.now()) : now)
  const world = createWorld({ seed, services, now })
  const store = new ObjectStore(world.objects, { now: time, firstRevision: options.firstRevision })
  const schedule = createScheduler(world, store)
  schedule(now)
  reconcileWorkloads(store, now)
  const metrics = createMetricStore({
    capacity: Math.ceil(retentionSeconds / intervalSeconds) + 1,
    help: METRIC_HELP,
  })
  const traces = createTraceStore({ capacity: KEPT_TRACES })
  const engine = createEngine({
    world,
    config: store,
    metrics,
    seed,
    onTrace: (spans) => traces.add(spans),
    failedTraceFactor: FAILED_TRACE_FACTOR,
  })
  const controlPlane = createControlPlane({
    metrics,
    config: store,
    seed,
    handled: (id) => engine.takeHandled(id),
  })

  const queryEngine = createQueryEngine({ store: metrics, defaultStepMs: scrapeIntervalMs })
  const rules = createRules({
    store: metrics,
    engine: queryEngine,
    groups: readAlertGroups(),
    defaultIntervalMs: 60_000,
    clock: () => performance.now(),
  })

  // an incident that began a while before the start has been noticed; for a large world it would cost too long
  const isLarge = services !== undefined && services > LARGE_SERVICES
  const rulesFrom = isLarge ? Infinity : options.clock.now() - NOTICED_MS

  const step = () => {
    const next = now + scrapeIntervalMs
    engine.tick(now, next)
    controlPlane.measure(engine.mesh(), now, next)
    now = next
    if (!isHeld) metrics.scrape(next)
    if (isLive || next > rulesFrom) rules.evaluate(next)
    schedule(time())
    reconcileWorkloads(store, time())
  }

  return {
    world,
    store,
    metrics,
    traces,
    engine,
    queryEngine,
    rules,
    scrapeIntervalMs,
    retentionSeconds,
    simulatedMs: () => now,
    now: time,
    goLive: () => {
      isLive = true
    },
    holdScrapes(held) {
      isHeld = held
    },
    moveTo(atMs) {
      while (now + scrapeIntervalMs <= atMs) step()
    },
    skipTo(atMs) {
      now = Math.max(now, gridBefore(atMs, scrapeIntervalMs) - scrapeIntervalMs)
    },
    async fillTo(atMs, onProgress) {
      const from = now
      let slice = performance.now()
      while (now + scrapeIntervalMs <= atMs) {
        step()
        if (performance.now() - slice < SLICE_MS) continue
        onProgress?.((now - from) / (atMs - from))
        await setImmediate()
        slice = performance.now()
      }
      onProgress?.(1)
    },
  }
}
