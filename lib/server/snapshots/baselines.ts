import 'server-only'
import { setImmediate } from 'node:timers/promises'
import { projectGraph } from '@/lib/graph/project'
import type { GraphNode, GraphType, Topology } from '@/lib/graph/types'
import { wholeView } from '@/lib/graph/whole-view'
import type { HealthConfig, LatencyBaseline } from '@/lib/health/types'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { errorFacts } from '../log'
import type { Snapshot } from './snapshot'
import { takeLatency, takeRates, type Taker } from './take'

/** What latency is compared with: the same window this much earlier, long enough ago to lie before an incident. */
const AGO_MS = 30 * 60_000
/** The past is looked at anew this often. */
const GRID_MS = 10 * 60_000
/** Longer windows would overlap with what they are compared with. */
const LONGEST_WINDOW_SECONDS = 1800
/** Where quantiles take longer than this, asking them twice is too dear. */
const LONGEST_LATENCY_MS = 2_000
const KEPT = 8

export type BaselineMap = ReadonlyMap<string, LatencyBaseline>

export interface Baselines {
  /** P95 of some time ago by node id, of all graph types; empty until it was measured */
  of(snapshot: Snapshot): BaselineMap
  /** ends when `of` has the last word on a moment */
  ready(snapshot: Snapshot): Promise<void>
}

const EMPTY: BaselineMap = new Map()
const GRAPH_TYPES: readonly GraphType[] = ['workload', 'app', 'versionedApp', 'service']

/** The usual latency of every node, measured beside the snapshots and shared by all views. */
export function createBaselines(taker: Taker, health: HealthConfig): Baselines {
  const kept = new Map<string, { map: BaselineMap; done: Promise<void> }>()

  async function measure(windowSeconds: number, at: number): Promise<BaselineMap> {
    const taken = await takeRates(taker, windowSeconds, at, null)
    const { snapshot } = await takeLatency(taker, taken, null, new Set())
    return baselineOf(snapshot.topology, health)
  }

  function entryOf(snapshot: Snapshot) {
    const { latencyMs, windowSeconds } = snapshot
    const isAffordable = latencyMs !== null && latencyMs <= LONGEST_LATENCY_MS
    if (!health.latency || windowSeconds > LONGEST_WINDOW_SECONDS) return null
    const at = Math.floor(snapshot.at / GRID_MS) * GRID_MS - AGO_MS
    const key = `${windowSeconds}@${at}`
    const known = kept.get(key)
    if (known || !isAffordable) return known ?? null
    const entry: { map: BaselineMap; done: Promise<void> } = { map: EMPTY, done: Promise.resolve() }
    entry.done = measure(windowSeconds, at).then(
      (map) => {
        entry.map = map
      },
      (error: unknown) => {
        // without a past there is nothing to compare with; the next grid step asks again
        if (!isUpstreamError(error)) taker.log.write('error', 'baseline failed', errorFacts(error))
      },
    )
    kept.set(key, entry)
    const oldest = kept.keys().next()
    if (kept.size > KEPT && !oldest.done) kept.delete(oldest.value)
    return entry
  }

  return {
    of: (snapshot) => entryOf(snapshot)?.map ?? EMPTY,
    ready: async (snapshot) => entryOf(snapshot)?.done,
  }
}

/** Node ids of different graph types differ by kind, so one map serves all. */
async function baselineOf(topology: Topology, health: HealthConfig): Promise<BaselineMap> {
  const minRequests = health.latency?.minRequests ?? 0
  const baselines = new Map<string, LatencyBaseline>()
  for (const graphType of GRAPH_TYPES) {
    // a large mesh takes a while: requests come in between
    await setImmediate()
    const { nodes } = projectGraph(topology, { ...wholeView(graphType), idle: false }, health)
    for (const node of nodes) {
      const p95Ms = p95Of(node, minRequests / topology.windowSeconds)
      if (p95Ms !== null) baselines.set(node.id, { p95Ms })
    }
  }
  return baselines
}

/** The slower of the two protocols: what is compared with it holds both. */
function p95Of({ inbound }: GraphNode, leastPerSecond: number): number | null {
  const measured = [inbound.http, inbound.grpc].flatMap((traffic) =>
    traffic && traffic.requestsPerSecond >= leastPerSecond ? (traffic.latencyMs?.p95 ?? []) : [],
  )
  return measured.length === 0 ? null : Math.max(...measured)
}
