import 'server-only'
import { createAlertmanagerClient, type AlertmanagerClient } from '@/lib/alertmanager/client'
import { createEndTables } from '@/lib/graph/build/end-tables'
import { createInventorySource, type InventorySource } from '@/lib/kubernetes/watching/watch'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { UpstreamName } from '@/lib/mesh/upstream-error'
import { createPrometheusClient, type PrometheusClient } from '@/lib/prometheus/client'
import { podDirectory, type PodDirectory } from '@/lib/trace/nodes/node-of-span'
import type { TraceStore } from '@/lib/trace/store'
import { createElsewhere, type Elsewhere } from './changes/elsewhere'
import { systemClock, within, type Clock } from './clock'
import { readConfig, type Config } from './config/config'
import { createTracing } from './tracing'
import { createDemoControl, type DemoControl } from './demo-control'
import { createMemory, type Memory } from './incidents/memory'
import { createHub, type LiveHub } from './live/hub'
import type { OpenStreams } from './live/stream'
import { createLiveFindings, type LiveFindings } from './findings/live-findings'
import { createLog, type Log } from './log'
import { createSealer, type Sealer } from './session/seal'
import { createOwnMetrics, type OwnMetrics } from './own-metrics'
import { createProbe, type Reach } from './probe'
import { createBaselines, type Baselines } from './snapshots/baselines'
import { createFacts, type FactsSource } from './snapshots/facts'
import { outdatedNotices } from './snapshots/objects'
import { createProjector, type Projector } from './snapshots/projection'
import { createSnapshots, type Snapshots } from './snapshots/snapshots'
import type { Taker } from './snapshots/take'

/** How long after the start snapshots wait for objects that are just being read. */
const INVENTORY_PATIENCE_MS = 3_000

/** Everything of this process that outlives a request. */
export interface Upstreams {
  config: Config
  clock: Clock
  log: Log
  metrics: OwnMetrics
  prometheus: PrometheusClient
  facts: FactsSource
  /** the tracing store, whichever is configured */
  traces: TraceStore | null
  alertmanager: AlertmanagerClient | null
  /** one per cluster whose objects are read */
  inventories: readonly InventorySource[]
  /** what is wrong with the objects of each cluster */
  findings: LiveFindings
  /** of session cookies */
  sealer: Sealer
  /** changes made with other tools */
  elsewhere: Elsewhere
  snapshots: Snapshots
  baselines: Baselines
  projector: Projector
  /** answers that hold for a while, for all viewers */
  memory: Memory
  hub: LiveHub
  streams: OpenStreams
  demo: DemoControl | null
  probes: {
    prometheus: () => Promise<Reach>
    traces: (() => Promise<Reach>) | null
    alertmanager: (() => Promise<Reach>) | null
  }
  /** when an upstream last answered, epoch milliseconds */
  answeredAt: Map<UpstreamName, number>
  close(): Promise<void>
}

export interface UpstreamsOptions {
  clock?: Clock
  log?: Log
}

/** Makes clients, caches and feeds from a configuration. Reaches the network in the background only. */
export function createUpstreams(config: Config, options: UpstreamsOptions = {}): Upstreams {
  const clock = options.clock ?? systemClock
  const log = options.log ?? createLog(config.logLevel)
  const metrics = createOwnMetrics()
  const answeredAt: Upstreams['answeredAt'] = new Map()
  const onDone: NonNullable<Parameters<typeof createPrometheusClient>[0]['onDone']> = (outcome) => {
    metrics.upstream(outcome)
    if (outcome.outcome === 'ok') answeredAt.set(outcome.upstream, clock.now())
  }
  const prometheus = createPrometheusClient({ ...config.prometheus, onDone })
  const facts = createFacts(prometheus, {
    scrapeIntervalSeconds: config.prometheus.scrapeIntervalSeconds,
    scope: config.prometheus.scope,
    usesRecordingRules: config.prometheus.usesRecordingRules,
    clock,
  })
  const inventories = config.clusters.map((cluster) =>
    createInventorySource({
      kubeconfig: cluster.kubeconfig ?? 'in-cluster',
      cluster: cluster.name,
      now: clock.now,
    }),
  )
  const elsewhere = createElsewhere(inventories, clock)
  const isWatched = Promise.all(inventories.map(firstAnswer))
  const patientUntil = clock.now() + INVENTORY_PATIENCE_MS
  const podsOf = createPodDirectory(inventories)
  const tracing = createTracing(config, {
    context: () => ({ pods: podsOf(), defaultCluster: config.defaultCluster }),
    onDone,
  })
  const alertmanager = config.alertmanager
    ? createAlertmanagerClient({ ...config.alertmanager, onDone })
    : null
  const taker: Taker = {
    prometheus,
    facts,
    inventories: async () => {
      // later a cluster that does not answer holds nothing up: its objects join when they come
      const patience = patientUntil - clock.now()
      if (patience > 0) await within(clock, patience, isWatched)
      return currentInventories(inventories)
    },
    scope: config.prometheus.scope,
    tables: createEndTables(),
    latencyBudgetMs: config.prometheus.latencyBudgetMs,
    refresh: config.refresh,
    defaultCluster: config.defaultCluster,
    clock,
    log,
    metrics,
    onTaken({ topology, windowSeconds }) {
      const what = { ends: topology.ends, services: topology.services, flows: topology.flows }
      for (const [name, list] of Object.entries(what)) {
        metrics.size.set({ what: `${name}_${windowSeconds}s` }, list.length)
      }
    },
  }
  const streams: OpenStreams = new Set()
  const snapshots = createSnapshots(taker)
  const baselines = createBaselines(taker, config.health)
  const projector = createProjector(config.health, baselines, metrics)
  return {
    config,
    clock,
    log,
    metrics,
    prometheus,
    facts,
    traces: tracing?.store ?? null,
    alertmanager,
    inventories,
    findings: createLiveFindings(inventories, clock),
    elsewhere,
    sealer: createSealer(config.auth.sessionKey),
    snapshots,
    baselines,
    projector,
    memory: createMemory(clock),
    hub: createHub(snapshots, projector, metrics, () => outdatedNotices({ inventories })),
    streams,
    demo: config.demoControlUrl === null ? null : createDemoControl(config.demoControlUrl),
    probes: {
      prometheus: createProbe(clock, () => prometheus.reach()),
      traces: tracing && createProbe(clock, () => tracing.store.services()),
      alertmanager: alertmanager && createProbe(clock, () => alertmanager.status()),
    },
    answeredAt,
    async close() {
      for (const end of [...streams]) end()
      elsewhere.close()
      snapshots.close()
      await Promise.all([
        ...inventories.map((source) => source.stop()),
        prometheus.close(),
        tracing?.close(),
        alertmanager?.close(),
      ])
    },
  }
}

/** Objects of all clusters that have been read. */
export function currentInventories(inventories: readonly InventorySource[]): ClusterInventory[] {
  return inventories.flatMap((source) => source.current().inventory ?? [])
}

/** The pods of all clusters by name, made anew only when one of the inventories changed. */
function createPodDirectory(inventories: readonly InventorySource[]): () => PodDirectory | null {
  let known: { of: ClusterInventory[]; directory: PodDirectory } | null = null
  return () => {
    const current = currentInventories(inventories)
    if (current.length === 0) return null
    const isSame =
      known?.of.length === current.length && known.of.every((one, index) => one === current[index])
    if (!known || !isSame) {
      known = { of: current, directory: podDirectory(current.flatMap((one) => one.pods)) }
    }
    return known.directory
  }
}

function firstAnswer(source: InventorySource): Promise<void> {
  if (source.current().ready) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = source.subscribe(() => {
      if (!source.current().ready) return
      stop()
      resolve()
    })
  })
}

// routes are bundled apart: what must exist once per process hangs on the one object they share
const shared = globalThis as typeof globalThis & { heddleUpstreams?: Upstreams }

/** The upstreams of this process, made at first use. Throws ConfigError. */
export function upstreams(): Upstreams {
  shared.heddleUpstreams ??= createUpstreams(readConfig(process.env))
  return shared.heddleUpstreams
}

/** Puts other upstreams in the place of the process's own; null lets the next use make them from the environment. */
export function setUpstreams(replacement: Upstreams | null): void {
  if (replacement) shared.heddleUpstreams = replacement
  else delete shared.heddleUpstreams
}
