import 'server-only'
import { WINDOWS, type Notice } from '@/lib/api/schemas/common'
import type { MetricAnswer, MetricSeries } from '@/lib/api/schemas/metrics'
import { LIMITS, type EdgeMetricsQuery, type NodeMetricsQuery } from '@/lib/api/schemas/requests'
import { parseNodeId } from '@/lib/mesh/identity'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { Series } from '@/lib/prometheus/decode'
import { byteSeries, latencySeries, requestSeries, type ChartGrid } from '@/lib/prometheus/istio/chart-series'
import {
  chartQueries,
  principalsQuery,
  type ChartEnd,
  type ChartEnds,
  type ChartQueries,
} from '@/lib/prometheus/istio/charts'
import { is } from '@/lib/prometheus/promql'
import { invalid, noticeOf } from '../errors'
import { gridInstant, SCRAPES_PER_WINDOW } from '../snapshots/grid'
import type { Upstreams } from '../upstreams'
import { createMembers } from './item-graphs'
import { checkInstant } from './resolve-time'

const REQUEST_CHARTS = ['requests', 'latency', 'requestBytes', 'responseBytes'] as const
const TCP_CHARTS = ['tcpSentBytes', 'tcpReceivedBytes'] as const
/** Rates over less are mostly noise: below 10 requests per second a minute is off by 6 %. */
const LEAST_RATE_SECONDS = 60
type Chart = keyof ChartQueries

/** Traffic into or out of a node over time: rates by outcome, errors, quantiles, bytes. */
export async function getNodeMetrics(
  up: Upstreams,
  query: NodeMetricsQuery,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const end = chartEnd(up, 'node', query.node)
  const ends: ChartEnds = query.direction === 'inbound' ? { destination: end } : { source: end }
  return readCharts(up, ends, query, [...REQUEST_CHARTS, ...TCP_CHARTS], null, signal)
}

/** Traffic of one edge over time, and the identities at its ends. */
export async function getEdgeMetrics(
  up: Upstreams,
  query: EdgeMetricsQuery,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const ends = {
    source: chartEnd(up, 'source', query.source),
    destination: chartEnd(up, 'target', query.target),
  }
  const charts = query.protocol === 'tcp' ? TCP_CHARTS : REQUEST_CHARTS
  return readCharts(up, ends, query, charts, query.protocol, signal)
}

async function readCharts(
  up: Upstreams,
  ends: ChartEnds,
  query: { window: keyof typeof WINDOWS; at?: number | undefined },
  charts: readonly Chart[],
  protocol: 'http' | 'grpc' | 'tcp' | null,
  signal: AbortSignal | undefined,
): Promise<MetricAnswer> {
  const facts = await up.facts.get()
  if (query.at !== undefined) checkInstant(query.at, facts, up.clock.now())
  const scrape = facts.scrapeIntervalSeconds
  const grid = chartGrid(
    query.at ?? gridInstant(up.clock.now(), scrape * 1000, up.config.refresh.lagMs),
    WINDOWS[query.window],
    scrape,
  )
  const options = {
    windowSeconds: Math.max(LEAST_RATE_SECONDS, scrape * SCRAPES_PER_WINDOW, grid.stepSeconds),
    scope: [
      ...up.config.prometheus.scope,
      ...(protocol === 'http' || protocol === 'grpc' ? [is('request_protocol', protocol)] : []),
    ],
    defaultCluster: up.config.defaultCluster,
  }
  const queries = chartQueries(ends, options)
  const asking = signal ? { signal } : {}
  const notices: Notice[] = []
  const failures: unknown[] = []
  const answers = new Map<Chart, Series[]>()
  await Promise.all(
    charts.map(async (chart) => {
      try {
        const { series } = await up.prometheus.range(queries[chart], { ...grid, ...asking })
        answers.set(chart, series)
      } catch (error) {
        if (!isUpstreamError(error)) throw error
        failures.push(error)
        notices.push(noticeOf(error, `The chart of ${chart} is missing.`))
      }
    }),
  )
  if (failures.length === charts.length) throw failures[0]
  return {
    ...grid,
    series: charts.flatMap((chart) => seriesOf(chart, answers.get(chart) ?? [], grid)),
    queries: Object.fromEntries(charts.map((chart) => [chart, queries[chart]])),
    principals:
      ends.source && ends.destination && protocol !== 'tcp'
        ? await readPrincipals(up, principalsQuery(ends, options), grid.to, notices, signal)
        : null,
    notices,
  }
}

function seriesOf(chart: Chart, rows: readonly Series[], grid: ChartGrid): MetricSeries[] {
  if (chart === 'requests') return requestSeries(rows, grid)
  if (chart === 'latency') return latencySeries(rows, grid)
  return byteSeries(chart, rows, grid)
}

async function readPrincipals(
  up: Upstreams,
  query: string,
  at: number,
  notices: Notice[],
  signal: AbortSignal | undefined,
): Promise<MetricAnswer['principals']> {
  try {
    const { samples } = await up.prometheus.instant(query, { time: at, ...(signal ? { signal } : {}) })
    return samples
      .flatMap(({ labels, value }) =>
        value === null || value === 0
          ? []
          : [
              {
                source: named(labels.source_principal),
                destination: named(labels.destination_principal),
                mutualTls:
                  labels.connection_security_policy === 'mutual_tls'
                    ? true
                    : labels.connection_security_policy === 'none'
                      ? false
                      : null,
                requestsPerSecond: value,
              },
            ],
      )
      .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond)
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    notices.push(noticeOf(error, 'Identities are missing.'))
    return null
  }
}

/** Steps on multiples of themselves, so that charts asked at different moments share their points. */
function chartGrid(to: number, windowSeconds: number, scrapeSeconds: number): ChartGrid {
  const wanted = Math.max(scrapeSeconds, windowSeconds / LIMITS.points)
  const stepSeconds = Math.ceil(wanted / scrapeSeconds) * scrapeSeconds
  const last = Math.floor(to / (stepSeconds * 1000)) * stepSeconds * 1000
  const steps = Math.floor(windowSeconds / stepSeconds)
  return { from: last - steps * stepSeconds * 1000, to: last, stepSeconds }
}

/** A node as the end of a chart. A service calls through the workloads behind it, which the newest snapshot knows. */
export function chartEnd(up: Upstreams, parameter: string, id: string): ChartEnd {
  const ref = parseNodeId(id)
  if (!ref) throw invalid(parameter, `${parameter} must be a node id.`)
  if (ref.kind !== 'service') return ref
  for (const line of up.snapshots.lines()) {
    const { snapshot } = line.state
    if (!snapshot) continue
    const workloads = createMembers(snapshot.topology)
      .workloadsOf(ref)
      .flatMap((member) => parseNodeId(member)?.name ?? [])
    if (workloads.length > 0) return { ...ref, workloads }
  }
  return { ...ref, workloads: [] }
}

function named(principal: string | undefined): string | null {
  return principal === undefined || principal === '' || principal === 'unknown' ? null : principal
}
