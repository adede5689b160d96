import 'server-only'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { buildTopology } from '@/lib/graph/build'
import type { EndTables } from '@/lib/graph/build/end-tables'
import { withLatency } from '@/lib/graph/latency'
import type { Topology } from '@/lib/graph/types'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { PrometheusClient } from '@/lib/prometheus/client'
import type { RecordedName } from '@/lib/prometheus/istio/recorded'
import { canUseRecorded, type QueryOptions } from '@/lib/prometheus/istio/queries'
import type { Clock } from '../clock'
import type { Config } from '../config/config'
import type { Log } from '../log'
import type { OwnMetrics } from '../own-metrics'
import { rulesToRead, type FactsSource } from './facts'
import { refreshStepMs } from './grid'
import {
  planLatency,
  readLatency,
  silentCallersOf,
  type Latency,
  type LatencyPlan,
  type PlanInput,
} from './latency'
import { readRates, type Rates } from './rates'
import { findDoubling, findLateness, findYouth } from './silence'
import type { Snapshot } from './snapshot'

/** What taking a snapshot needs. */
export interface Taker {
  prometheus: PrometheusClient
  facts: FactsSource
  /** objects of all clusters as they are now; waits a moment for those that are just being read */
  inventories: () => Promise<readonly ClusterInventory[]>
  /** who talks to whom, kept from one snapshot to the next */
  tables: EndTables
  scope: Config['prometheus']['scope']
  latencyBudgetMs: number
  refresh: Config['refresh']
  defaultCluster: string
  clock: Clock
  log: Log
  metrics: OwnMetrics
  /** told of every snapshot and revision */
  onTaken: (snapshot: Snapshot) => void
}

/** What a graph of 1,000 services, once it is written, takes to reach its readers. */
const READERS_FIRST_MS = 30

/** What the next snapshot tells may wait so long. */
const SOON_MS = 60_000

export interface TakenRates {
  snapshot: Snapshot
  /** without quantiles of an earlier snapshot */
  topology: Topology
  options: QueryOptions & { at: number }
  rates: Rates
  /** whose quantiles the snapshot shows until its own are there */
  before: TakenLatency | null
}

export interface TakenLatency extends Latency {
  takenAt: number
  tookMs: number
  /** what the rates before it took */
  requestsMs: number
  /** what the buckets of the whole mesh took, and the rates before them; null: they were never asked */
  buckets: PlanInput['lastBuckets']
  covers: (namespace: string) => boolean
}

/**
 * Traffic of the whole mesh at one instant as a snapshot. Quantiles of the snapshot before stay on it until its
 * own arrive, so that figures do not blink. Throws UpstreamError('prometheus', …).
 */
export async function takeRates(
  taker: Taker,
  windowSeconds: number,
  at: number,
  before: TakenLatency | null,
  { isLive = false }: { isLive?: boolean } = {},
): Promise<TakenRates> {
  const recorded = rulesToRead(await taker.facts.get())
  const options = { windowSeconds, at, scope: taker.scope, recorded }
  const timer = taker.metrics.snapshots.startTimer({ part: 'rates' })
  let rates: Rates
  let inventories: readonly ClusterInventory[]
  try {
    ;[rates, inventories] = await Promise.all([
      readRates(taker.prometheus, { ...options, isLive }),
      taker.inventories(),
    ])
  } catch (error) {
    timer({ outcome: 'failed' })
    throw error
  }
  timer({ outcome: 'ok' })
  const buildTimer = taker.metrics.build.startTimer()
  const topology = buildTopology(
    {
      at,
      windowSeconds,
      requests: rates.requests,
      tcp: rates.tcp,
      inventories,
      defaultCluster: taker.defaultCluster,
      isMeasured: rates.isMeasured,
    },
    taker.tables,
  )
  const snapshot: Snapshot = {
    at,
    windowSeconds,
    revision: 0,
    takenAt: taker.clock.now(),
    topology: before ? withLatency(topology, before) : topology,
    latencyMs: null,
    isRecorded: rates.isRecorded,
    notices: before ? [...rates.notices, ...before.notices] : rates.notices,
  }
  buildTimer()
  // rules that tell no requests of a moment have recorded no latency of it either
  const isMissed = canUseRecorded(options, ['requests']) && !rates.isRecorded
  const sound = isMissed ? { ...options, recorded: new Set<RecordedName>() } : options
  return { snapshot, topology, options: sound, rates, before }
}

/** The snapshot with quantiles of another, which came while its traffic was on its way. */
export function withQuantilesOf(taken: TakenRates, latency: TakenLatency): Snapshot {
  return {
    ...taken.snapshot,
    revision: taken.snapshot.revision + 1,
    topology: withLatency(taken.topology, latency),
    notices: [...taken.rates.notices, ...latency.notices],
  }
}

/** The snapshot with its own quantiles, or with the notice that says why some are missing. */
export async function takeLatency(
  taker: Taker,
  taken: TakenRates,
  before: TakenLatency | null,
  inView: ReadonlySet<string>,
  { isPast = false }: { isPast?: boolean } = {},
): Promise<{ snapshot: Snapshot; latency: TakenLatency }> {
  // whoever waits for the traffic goes first, its graph is made and written in this very turn: planning looks at
  // every row, and the question keeps Prometheus busy
  await setImmediate()
  await setTimeout(READERS_FIRST_MS)
  const plan = planLatency({
    options: taken.options,
    topology: taken.topology,
    requestsMs: taken.rates.requestsMs,
    lastBuckets: before?.buckets ?? null,
    budgetMs: taker.latencyBudgetMs,
    inView,
  })
  const timer = taker.metrics.snapshots.startTimer({ part: `latency-${plan.kind}` })
  const startedAt = taker.clock.now()
  // not with the first: somebody waits for it; unless the next comes long after, or never
  const hasFlows = taken.topology.flows.length > 0
  const isToCheck = before !== null && hasFlows
  const { windowSeconds } = taken.options
  const stepMs = refreshStepMs(windowSeconds, taker.facts.current().scrapeIntervalSeconds)
  const isSoonTaken = !isPast && stepMs <= SOON_MS
  const isToCheckAtOnce = isToCheck || (hasFlows && !isSoonTaken)
  const [read, ...told] = await Promise.all([
    readLatency(
      taker.prometheus,
      taken.options,
      plan,
      taker.latencyBudgetMs,
      silentCallersOf(taken.topology, taken.rates.requests),
    ),
    isToCheck ? findLateness(taker.facts, taken.options) : null,
    isToCheckAtOnce ? findYouth(taker.facts, taken.options) : null,
    isToCheckAtOnce ? findDoubling(taker.facts, taken.options.at) : null,
  ])
  const tookMs = taker.clock.now() - startedAt
  timer({ outcome: read.notices.length > 0 && plan.kind === 'whole' ? 'failed' : 'ok' })
  const asked = plan.kind === 'namespaces' ? new Set(plan.namespaces) : null
  const latency: TakenLatency = {
    ...read,
    notices: [taken.rates.oneSided(), ...told].filter((notice) => notice !== null).concat(read.notices),
    takenAt: taker.clock.now(),
    tookMs,
    requestsMs: taken.rates.requestsMs,
    buckets: bucketsAfter(plan, { bucketsMs: tookMs, requestsMs: taken.rates.requestsMs }, before),
    // means for all is all that can be had: asking again for another namespace may bring more
    covers: (namespace) => plan.kind === 'whole' || (asked?.has(namespace) ?? false),
  }
  const snapshot: Snapshot = {
    ...taken.snapshot,
    revision: taken.snapshot.revision + 1,
    latencyMs: plan.kind === 'whole' ? tookMs : null,
    topology: withLatency(taken.topology, latency),
    notices: [...taken.rates.notices, ...latency.notices],
  }
  return { snapshot, latency }
}

/** What mesh-wide buckets cost. A bad moment is forgotten little by little, so that they are tried again. */
function bucketsAfter(
  plan: LatencyPlan,
  now: NonNullable<TakenLatency['buckets']>,
  before: TakenLatency | null,
): TakenLatency['buckets'] {
  if (plan.kind === 'whole') return plan.isRecorded ? null : now
  return before?.buckets ? { ...before.buckets, bucketsMs: before.buckets.bucketsMs * 0.9 } : null
}
