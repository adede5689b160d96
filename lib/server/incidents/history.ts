import 'server-only'
import type { Since } from '@/lib/api/schemas/mesh/incidents'
import { findChangePoint } from '@/lib/incidents/change-point'
import { observedOf, type SeenIncident } from '@/lib/incidents/restrict'
import type { Evidence } from '@/lib/incidents/types'
import { isFailedConnection } from '@/lib/mesh/response-flags'
import {
  latencySeries,
  requestSeries,
  timesOf,
  type ChartGrid,
} from '@/lib/prometheus/istio/charts/chart-series'
import { chartQueries, type ChartEnd } from '@/lib/prometheus/istio/charts/charts'
import { attemptsQuery, connectionsQuery } from '@/lib/prometheus/istio/incidents'
import { formatNumber } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { SCRAPES_PER_WINDOW } from '../snapshots/grid'
import { chartEnd } from '../use-cases/charts/chart-end'
import type { Upstreams } from '../upstreams'

/** How far back the beginning is looked for: the second only for what is older than the first. */
const SPANS_SECONDS = [3_600, 21_600] as const
const POINTS = 120
const LEAST_RATE_SECONDS = 60
/** A smaller rise of the share of failures, or of P95, is noise. */
const LEAST_RATIO_RISE = 0.002
const LEAST_RATE_RISE = 0.01
const LEAST_LATENCY_RISE_MS = 20
/** The beginning of an incident does not move: it is asked again only now and then. */
const SINCE_FRESH_MS = 60_000
const ATTEMPTS_FRESH_MS = 30_000
/** A proxy that sees so many times what callers send is being retried. */
const LEAST_ATTEMPTS = 1.2

type Points = [number, number | null][]

/** When an incident began, from the series of the node that shows it; null where that cannot be told. Throws UpstreamError. */
export async function readSince(up: Upstreams, incident: SeenIncident, at: number): Promise<Since | null> {
  const top = observedOf(incident)
  if (!top || incident.symptom === 'replicas' || incident.symptom === 'no-route') return null
  const live = Math.floor(at / SINCE_FRESH_MS)
  return up.memory.get(`since ${incident.id} ${live}`, 10 * SINCE_FRESH_MS, async () => {
    const end = chartEnd('node', top.observedOn)
    const edges = incident.edges.filter((edge) => edge.target === top.observedOn)
    const about = {
      end,
      isTcp: edges.length > 0 && edges.every((edge) => edge.protocol === 'tcp'),
      isLatency: incident.symptom === 'latency',
      // what is blocked had another destination before: a share would have no past
      isRate: incident.symptom === 'blocked',
    }
    const leastRise = about.isLatency
      ? LEAST_LATENCY_RISE_MS
      : about.isRate
        ? LEAST_RATE_RISE
        : LEAST_RATIO_RISE
    for (const span of SPANS_SECONDS) {
      const { retentionSeconds } = await up.facts.get()
      const grid = await gridOf(up, at, Math.min(span, retentionSeconds ?? span))
      const change = findChangePoint(await readPoints(up, { ...about, grid }), leastRise)
      if (!change) return null
      const isLast = span === SPANS_SECONDS.at(-1) || (retentionSeconds ?? Infinity) <= span
      if (change.at === null && !isLast) continue
      return {
        at: change.at,
        from: change.from,
        toleranceSeconds: grid.stepSeconds,
        before: change.before,
        after: change.after,
      }
    }
    return null
  })
}

async function gridOf(up: Upstreams, at: number, spanSeconds: number): Promise<ChartGrid> {
  const { scrapeIntervalSeconds } = await up.facts.get()
  const stepSeconds = Math.max(
    scrapeIntervalSeconds,
    Math.ceil(spanSeconds / POINTS / scrapeIntervalSeconds) * scrapeIntervalSeconds,
  )
  const to = Math.floor(at / 1000) * 1000
  return { from: to - Math.floor(spanSeconds / stepSeconds) * stepSeconds * 1000, to, stepSeconds }
}

function optionsOf(up: Upstreams, windowSeconds: number) {
  return { windowSeconds, scope: up.config.prometheus.scope, defaultCluster: up.config.defaultCluster }
}

async function readPoints(
  up: Upstreams,
  about: { end: ChartEnd; grid: ChartGrid; isTcp: boolean; isLatency: boolean; isRate: boolean },
): Promise<Points> {
  const { end, grid } = about
  const { scrapeIntervalSeconds } = await up.facts.get()
  const window = Math.max(LEAST_RATE_SECONDS, scrapeIntervalSeconds * SCRAPES_PER_WINDOW)
  const options = optionsOf(up, window)
  if (about.isTcp) {
    const { series } = await up.prometheus.range(connectionsQuery(end, options), grid)
    const failed = series.filter(({ labels }) => isFailedConnection(labels.response_flags ?? '-'))
    return about.isRate ? rateOf(sums(failed), grid) : ratioOf(sums(failed), sums(series), grid)
  }
  const queries = chartQueries({ destination: end }, options)
  if (about.isLatency) {
    const { series } = await up.prometheus.range(queries.latency, grid)
    return latencySeries(series, grid).find(({ name }) => name === 'p95')?.points ?? []
  }
  const { series } = await up.prometheus.range(queries.requests, grid)
  const errors = requestSeries(series, grid).find(({ metric }) => metric === 'errors')
  const failed = new Map(errors?.points ?? [])
  return about.isRate ? rateOf(failed, grid) : ratioOf(failed, sums(series), grid)
}

function sums(
  rows: readonly { points: readonly (readonly [number, number | null])[] }[],
): Map<number, number> {
  const total = new Map<number, number>()
  for (const { points } of rows) {
    for (const [at, value] of points) if (value !== null) total.set(at, (total.get(at) ?? 0) + value)
  }
  return total
}

/** Failures per second at each step; none were measured where there is no series. */
function rateOf(failed: ReadonlyMap<number, number | null>, grid: ChartGrid): Points {
  return timesOf(grid).map((at) => [at, failed.get(at) ?? 0])
}

/** Share of failures at each step; null where nothing was carried. */
function ratioOf(
  failed: ReadonlyMap<number, number | null>,
  all: ReadonlyMap<number, number>,
  grid: ChartGrid,
): Points {
  return timesOf(grid).map((at) => {
    const carried = all.get(at) ?? 0
    return [at, carried > 0 ? (failed.get(at) ?? 0) / carried : null]
  })
}

/** How often each request is tried, where retries multiply what the suspect receives; null where they do not. */
export async function readAttempts(
  up: Upstreams,
  incident: SeenIncident,
  snapshot: { at: number; windowSeconds: number },
): Promise<Evidence | null> {
  const [top] = incident.suspects
  if (!top || (top.kind !== 'workload' && top.kind !== 'service') || top.id !== top.observedOn) return null
  if (incident.symptom !== 'errors' && incident.symptom !== 'latency') return null
  const key = `attempts ${top.id} ${snapshot.windowSeconds} ${Math.floor(snapshot.at / ATTEMPTS_FRESH_MS)}`
  return up.memory.get(key, 2 * ATTEMPTS_FRESH_MS, async () => {
    const query = attemptsQuery(chartEnd('node', top.id), optionsOf(up, snapshot.windowSeconds))
    const { samples } = await up.prometheus.instant(query, { time: snapshot.at })
    const of = (reporter: string) => samples.find(({ labels }) => labels.reporter === reporter)?.value ?? 0
    const sent = of('source')
    const received = of('destination')
    if (!(sent > 0) || received / sent < LEAST_ATTEMPTS) return null
    return {
      code: 'retries-multiply',
      message:
        `Callers send ${formatRate(sent)}, its own proxy receives ${formatRate(received)}: ` +
        `each request is tried ${formatNumber(received / sent)} times`,
      value: received / sent,
      unit: 'ratio' as const,
    }
  })
}
