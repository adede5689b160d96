import 'server-only'
import { WINDOWS, type Notice } from '@/lib/api/schemas/common'
import { LIMITS } from '@/lib/api/schemas/parameters'
import { type SplitWatchQuery } from '@/lib/api/schemas/requests'
import type { SplitWatch } from '@/lib/api/schemas/config/splits'
import { judgeWatch } from '@/lib/graph/observed/convergence'
import { splitsThatShare } from '@/lib/graph/observed/split-traffic'
import { podsBehind } from '@/lib/istio/split/baseline'
import { indexRules, shadowOf } from '@/lib/istio/split/shadow'
import { findRouteRules, findSplits, gatewayWorkloads, splitId, type Split } from '@/lib/istio/splits'
import { dataPlaneOf } from '@/lib/istio/data-plane'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { isGateway } from '@/lib/mesh/labels'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import {
  splitHistory,
  splitQueries,
  type SplitCaller,
  type SplitHistory,
} from '@/lib/prometheus/istio/split-series'
import { noticeOf, notFound, Refusal } from '../errors'
import { currentAccess, withoutHidden } from '../session/access'
import { gridInstant, SCRAPES_PER_WINDOW } from '../snapshots/grid'
import { currentInventories, type Upstreams } from '../upstreams'
import { checkInstant } from '../use-cases/resolve-time'
import { hiddenBackends } from './hidden-backends'

/** Short, so that a change shows soon; long enough for several scrapes. */
const LEAST_RATE_SECONDS = 60
const MOST_SERIES = 200
const MOST_CALLERS = 50

/**
 * One split over time, and whether its traffic has come to the configured shares or what keeps it from them.
 * Throws Refusal('not-found') when there is no such split, Refusal('forbidden') where it leads to what the viewer may not
 * see, UpstreamError when Prometheus does not answer.
 */
export async function watchSplit(
  up: Upstreams,
  query: SplitWatchQuery,
  signal?: AbortSignal,
): Promise<SplitWatch> {
  const { split, index, isShared } = findSplit(up, query.split)
  const access = await currentAccess(up)
  if (hiddenBackends(access, split).includes(true)) {
    throw new Refusal(
      'forbidden',
      'This route leads to a namespace you may not see: how its traffic converges is for those who may see all of its destinations.',
      { code: 'namespace-forbidden' },
    )
  }
  const facts = await up.facts.get()
  const now = up.clock.now()
  if (query.at !== undefined) checkInstant(query.at, facts, now)
  const scrape = facts.scrapeIntervalSeconds
  const newest = query.at ?? gridInstant(now, scrape * 1000, up.config.refresh.lagMs)
  const stepSeconds = Math.ceil(Math.max(scrape, WINDOWS[query.window] / LIMITS.points) / scrape) * scrape
  const to = Math.floor(newest / (stepSeconds * 1000)) * stepSeconds * 1000
  const from = to - Math.floor(WINDOWS[query.window] / stepSeconds) * stepSeconds * 1000
  const grid = { from, to, stepSeconds }
  const rateSeconds = Math.max(LEAST_RATE_SECONDS, scrape * SCRAPES_PER_WINDOW)
  const queries = splitQueries(split, {
    windowSeconds: rateSeconds,
    scope: up.config.prometheus.scope,
    defaultCluster: up.config.defaultCluster,
  })
  const notices: Notice[] = []
  const ask = { ...grid, ...(signal ? { signal } : {}) }
  const [requests, latency] = await Promise.all([
    up.prometheus.range(queries.requests, ask).then(({ series }) => series),
    queries.latency === null
      ? []
      : up.prometheus.range(queries.latency, ask).then(
          ({ series }) => series,
          (error: unknown) => {
            if (!isUpstreamError(error)) throw error
            notices.push(noticeOf(error, 'Latency is missing.'))
            return []
          },
        ),
  ])
  const history = splitHistory(
    split,
    { requests, latency },
    { grid, defaultCluster: up.config.defaultCluster, obeys: obeysOf(index, split) },
  )
  return {
    id: query.split,
    from,
    to,
    stepSeconds,
    rateSeconds,
    backends: split.backends.map((backend, place) => ({
      name: backend.name,
      version: backend.version,
      configuredShare: backend.configuredShare,
      ...(history.backends[place] ?? NOTHING),
    })),
    callers: history.callers.slice(0, MOST_CALLERS).map((caller) => {
      const sum = caller.rates.reduce((total, rate) => total + rate, 0)
      return {
        name: `${caller.namespace}/${caller.workload}`,
        requestsPerSecond: sum,
        shares: caller.rates.map((rate) => rate / sum),
      }
    }),
    verdict: withoutHidden(
      up,
      access,
      split.cluster,
      verdictOf(split, index, {
        history,
        rateSeconds,
        isShared,
        elapsedSeconds: query.since === undefined ? null : Math.max(0, (to - query.since) / 1000),
      }),
    ),
    queries: {
      requests: queries.requests,
      ...(queries.latency === null ? {} : { latency: queries.latency }),
    },
    series: history.series.slice(0, MOST_SERIES),
    notices,
  }
}

const NOTHING = { share: [], requestsPerSecond: [], errorRatio: [], p50: [], p95: [], p99: [] }

function findSplit(up: Upstreams, id: string): { split: Split; index: InventoryIndex; isShared: boolean } {
  for (const inventory of currentInventories(up.inventories)) {
    const index = indexInventory(inventory)
    const all = findSplits(index)
    const split = all.find((one) => splitId(one) === id)
    if (split) return { split, index, isShared: splitsThatShare(all).has(split) }
  }
  throw notFound(
    `There is no weighted route ${id}: its object may have been changed or deleted.`,
    'split-not-found',
  )
}

function verdictOf(
  split: Split,
  index: InventoryIndex,
  seen: { history: SplitHistory; rateSeconds: number; isShared: boolean; elapsedSeconds: number | null },
): SplitWatch['verdict'] {
  const { history, rateSeconds } = seen
  const counted = (rate: number) => Math.round(rate * rateSeconds)
  return judgeWatch({
    backends: split.backends.map((backend, place) => ({
      name: backend.name,
      configuredShare: backend.configuredShare,
      requests: counted(history.last.rates[place] ?? 0),
      pods: podsBehind(index, backend),
      isSubsetDefined: backend.subset === null ? null : backend.labels !== null,
    })),
    callers: history.callers.map((caller) => ({
      name: `${caller.namespace}/${caller.workload}`,
      requests: caller.rates.map(counted),
    })),
    elsewhere: counted(history.last.elsewhere),
    shadow: shadowOf(split, indexRules(findRouteRules(index)))?.why ?? null,
    isShared: seen.isShared,
    elapsedSeconds: seen.elapsedSeconds,
    windowSeconds: rateSeconds,
    unit: split.route.protocol === 'http' ? 'requests' : 'connections',
  })
}

/** Whose requests obey a split: proxied workloads, or the gateways it is bound to, of its own cluster. */
function obeysOf(index: InventoryIndex, split: Split): (caller: SplitCaller) => boolean {
  const gateways = new Set(gatewayWorkloads(index, split.callers.gateways))
  return ({ cluster, namespace, workload }) => {
    if (cluster !== split.cluster) return false
    const known = index.workloads.get(`${namespace}/${workload}`)
    const labels = known ? { ...known.labels, ...known.podLabels } : null
    if (isGateway(workload, labels)) return gateways.has(`${namespace}/${workload}`)
    return split.callers.mesh && (!known || dataPlaneOf(known, index) !== 'none')
  }
}
