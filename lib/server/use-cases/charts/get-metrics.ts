import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { MetricAnswer, MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import { LIMITS } from '@/lib/api/schemas/parameters'
import {
  COMPARISONS,
  type DrawnIn,
  type EdgeMetricsQuery,
  type NamespaceMetricsQuery,
  type NodeMetricsQuery,
} from '@/lib/api/schemas/requests'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { Series } from '@/lib/prometheus/decode'
import { busiestGroups, byGroup, groupRule, type GroupRule } from '@/lib/prometheus/istio/charts/chart-groups'
import {
  byteSeries,
  heatmapOf,
  latencySeries,
  remainder,
  requestSeries,
  type ChartGrid,
} from '@/lib/prometheus/istio/charts/chart-series'
import {
  chartQueries,
  chartQuery,
  ofProtocol,
  principalsQuery,
  type ChartEnd,
  type ChartEnds,
  type ChartOptions,
  type ChartQueries,
} from '@/lib/prometheus/istio/charts/charts'
import { DETAIL_CHARTS, type DetailChart } from '@/lib/prometheus/istio/charts/detail-charts'
import { formatWindow } from '@/lib/units/window'
import { noticeOf } from '../../errors'
import type { Upstreams } from '../../upstreams'
import { createAsker, type Asker } from './ask'
import { drawnEnd } from './chart-end'
import { chartTime, type ChartTime } from './chart-grid'

const REQUEST_CHARTS = ['requests', 'latency', 'requestBytes', 'responseBytes'] as const
const TCP_CHARTS = ['tcpSentBytes', 'tcpReceivedBytes'] as const
type Chart = keyof ChartQueries

/** The busiest groups are those of the whole chart, yet not of more than a day: that would read too much at once. */
const RANKED_SECONDS = 86_400
/** Rows of these are what the others are taken from. */
const ADDS_UP: readonly MetricSeries['metric'][] = [
  'requests',
  'errors',
  'requestBytes',
  'responseBytes',
  'requestMessages',
  'responseMessages',
  'tcpSentBytes',
  'tcpReceivedBytes',
  'tcpOpened',
  'tcpClosed',
]
export const OTHERS = 'others'

/** Traffic into or out of a node over time: rates by outcome, errors, quantiles, sizes; whole or by group. */
export async function getNodeMetrics(
  up: Upstreams,
  query: NodeMetricsQuery,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const time = await chartTime(up, query)
  const side = query.direction === 'inbound' ? 'called' : 'calling'
  const named = { side, parameter: 'node', id: query.node, drawn: query } as const
  const end = await drawnEnd(up, named, await spanOf(up, time))
  return trafficOf(up, end, query, time, signal)
}

/** All the time a chart shows. */
async function spanOf(up: Upstreams, { grid }: ChartTime) {
  return { at: grid.to, options: await optionsOf(up, (grid.to - grid.from) / 1000, grid) }
}

async function optionsOf(up: Upstreams, windowSeconds: number, { to }: ChartGrid): Promise<ChartOptions> {
  const { prometheus, defaultCluster } = up.config
  return {
    windowSeconds,
    scope: prometheus.scope,
    defaultCluster,
    withHosts: await up.facts.areServicesHosts(to),
  }
}

/** The same of all services, or all workloads as callers, of a namespace. */
export async function getNamespaceMetrics(
  up: Upstreams,
  query: NamespaceMetricsQuery,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const { cluster, namespace } = query
  const end: ChartEnd = { kind: 'namespace', cluster, namespace, name: namespace }
  return trafficOf(up, end, query, await chartTime(up, query), signal)
}

async function trafficOf(
  up: Upstreams,
  end: ChartEnd,
  query: Omit<NodeMetricsQuery, 'node' | keyof DrawnIn>,
  { grid, rateSeconds, facts }: ChartTime,
  signal: AbortSignal | undefined,
): Promise<MetricAnswer> {
  const ends: ChartEnds = query.direction === 'inbound' ? { destination: end } : { source: end }
  const options: ChartOptions = { ...(await optionsOf(up, rateSeconds, grid)), ...reporterOf(query) }
  const ask = createAsker(up, grid, signal)
  const charts = query.charts.map((name) => DETAIL_CHARTS[name])
  const { groupBy, direction } = query
  const grouped = groupBy === 'none' ? null : { by: groupBy, direction }
  const drawn: Drawn = grouped
    ? await groupedCharts(ask, charts, grouped, ends, options, grid)
    : await wholeCharts(ask, charts, ends, options, grid)
  const offsetSeconds = COMPARISONS[query.compare]
  const earlier =
    offsetSeconds === 0 ? null : await wholeCharts(ask, charts, ends, { ...options, offsetSeconds }, grid)
  ask.settle()
  const { retentionSeconds } = facts
  const first = grid.from - offsetSeconds * 1000
  if (offsetSeconds > 0 && retentionSeconds !== null && first < up.clock.now() - retentionSeconds * 1000) {
    ask.notices.push({
      code: 'compare-beyond-retention',
      message: `Prometheus keeps ${formatWindow(retentionSeconds)}: some or all of the earlier lines are missing.`,
      upstream: 'prometheus',
    })
  }
  const withHeatmap = query.charts.includes('heatmap')
  return {
    ...grid,
    rateSeconds,
    series: drawn.series,
    earlier: earlier && { offsetSeconds, series: earlier.series, queries: earlier.queries },
    groups: drawn.groups,
    heatmap: withHeatmap ? heatmapOf(drawn.rows.get('latencyBuckets') ?? [], grid) : null,
    queries: drawn.queries,
    principals: null,
    notices: ask.notices,
  }
}

/** Traffic of one edge over time, and the identities at its ends. */
export async function getEdgeMetrics(
  up: Upstreams,
  query: EdgeMetricsQuery,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const time = await chartTime(up, query)
  const { grid, rateSeconds } = time
  const span = await spanOf(up, time)
  const drawn = query
  const [source, destination] = await Promise.all([
    drawnEnd(up, { side: 'calling', parameter: 'source', id: query.source, drawn }, span),
    drawnEnd(up, { side: 'called', parameter: 'target', id: query.target, drawn }, span),
  ])
  const ends = { source, destination }
  const { protocol } = query
  const charts: readonly Chart[] = protocol === 'tcp' ? TCP_CHARTS : REQUEST_CHARTS
  const { scope = [], ...rest } = await optionsOf(up, rateSeconds, grid)
  const options: ChartOptions = { ...rest, scope: [...scope, ...ofProtocol(protocol)] }
  const queries = chartQueries(ends, options)
  const ask = createAsker(up, grid, signal)
  const answers = await Promise.all(charts.map((chart) => ask.range(chart, queries[chart])))
  ask.settle()
  return {
    ...grid,
    rateSeconds,
    series: charts.flatMap((chart, place) => seriesOf(chart, answers[place] ?? [], grid)),
    earlier: null,
    groups: null,
    heatmap: null,
    queries: Object.fromEntries(charts.map((chart) => [chart, queries[chart]])),
    principals: await readPrincipals(
      up,
      principalsQuery(ends, options, protocol === 'tcp' ? 'bytes' : 'requests'),
      protocol === 'tcp' ? 'bytesPerSecond' : 'requestsPerSecond',
      grid.to,
      ask.notices,
      signal,
    ),
    notices: ask.notices,
  }
}

/** A pod is the reporter's own: of what comes in, the called side's; of what goes out, the caller's. */
function reporterOf({
  reporter,
  groupBy,
  direction,
}: Pick<NodeMetricsQuery, 'reporter' | 'groupBy' | 'direction'>): Pick<ChartOptions, 'reporter'> {
  if (reporter !== 'once') return { reporter }
  if (groupBy !== 'pod') return {}
  return { reporter: direction === 'inbound' ? 'destination' : 'source' }
}

interface Drawn {
  series: MetricSeries[]
  /** by question */
  rows: Map<string, Series[]>
  queries: Record<string, string>
  groups: MetricAnswer['groups']
}

async function wholeCharts(
  ask: Asker,
  charts: readonly DetailChart[],
  ends: ChartEnds,
  options: ChartOptions,
  grid: ChartGrid,
): Promise<Drawn> {
  const questions = new Map(charts.flatMap(({ questions: own }) => own.map((one) => [one.id, one] as const)))
  const queries: Record<string, string> = {}
  const rows = new Map<string, Series[]>()
  await Promise.all(
    [...questions.values()].map(async ({ id, metric, by }) => {
      const text = chartQuery(metric, by, ends, options)
      queries[id] = text
      rows.set(id, await ask.range(id, text))
    }),
  )
  const series = charts.flatMap((chart) => chart.whole((id) => rows.get(id) ?? [], grid))
  return { series, rows, queries, groups: null }
}

async function groupedCharts(
  ask: Asker,
  charts: readonly DetailChart[],
  { by, direction }: { by: Exclude<NodeMetricsQuery['groupBy'], 'none'>; direction: 'inbound' | 'outbound' },
  ends: ChartEnds,
  options: ChartOptions,
  grid: ChartGrid,
): Promise<Drawn> {
  const groups = { by, labels: [] as string[], shown: [] as string[], more: 0 }
  const drawn: Drawn = { series: [], rows: new Map(), queries: {}, groups }
  const ranked = { ...options, windowSeconds: Math.min(RANKED_SECONDS, (grid.to - grid.from) / 1000) }
  for (const chart of charts) {
    const rule = groupRule(by, direction, chart.isTcp)
    const whole = chartQuery(chart.rankedBy, rule.labels, ends, ranked)
    const [top, count] = await Promise.all([
      ask.instant('the busiest', `topk(${LIMITS.groups}, ${whole})`),
      ask.instant('the number of lines', `count(${whole} > 0)`),
    ])
    const { shown, more, only } = busiestGroups(rule, top, count, LIMITS.groups)
    groups.labels = [...rule.labels]
    groups.shown = [...new Set([...groups.shown, ...shown])]
    groups.more = Math.max(groups.more, more)
    if (shown.length === 0) continue
    const chosen = { rule, shown, more, only }
    drawn.series.push(...(await chartOfGroups(ask, chart, chosen, { ends, options, grid }, drawn.queries)))
  }
  return drawn
}

async function chartOfGroups(
  ask: Asker,
  chart: DetailChart,
  { rule, shown, more, only }: { rule: GroupRule; shown: string[]; more: number; only: ChartOptions['only'] },
  { ends, options, grid }: { ends: ChartEnds; options: ChartOptions; grid: ChartGrid },
  queries: Record<string, string>,
): Promise<MetricSeries[]> {
  const rows = new Map<string, Series[]>()
  const narrowed = { ...options, ...(only ? { only } : {}) }
  await Promise.all(
    chart.questions.map(async ({ id, metric, by }) => {
      const text = chartQuery(metric, [...new Set([...rule.labels, ...by])], ends, narrowed)
      queries[id] = text
      rows.set(id, await ask.range(id, text))
    }),
  )
  const of = new Map([...rows].map(([id, found]) => [id, new Map(byGroup(rule, shown, found))]))
  const series = shown.flatMap((group) =>
    chart.ofGroup((id) => of.get(id)?.get(group) ?? [], grid).map((one): MetricSeries => ({ ...one, group })),
  )
  if (more === 0) return series
  return [...series, ...(await others(ask, chart, series, { ends, options, grid }))]
}

/** What has no line of its own, as one: the whole less what is shown. */
async function others(
  ask: Asker,
  chart: DetailChart,
  series: readonly MetricSeries[],
  { ends, options, grid }: { ends: ChartEnds; options: ChartOptions; grid: ChartGrid },
): Promise<MetricSeries[]> {
  const rows = new Map<string, Series[]>()
  const countable = chart.questions.filter(({ by }) => !by.includes('le'))
  await Promise.all(
    countable.map(async ({ id, metric, by }) => {
      rows.set(id, await ask.range(id, chartQuery(metric, by, ends, options)))
    }),
  )
  return chart
    .ofGroup((id) => rows.get(id) ?? [], grid)
    .filter((whole) => ADDS_UP.includes(whole.metric))
    .map((whole) => ({
      ...remainder(
        whole,
        series.filter(({ metric, name }) => metric === whole.metric && name === whole.name),
      ),
      group: OTHERS,
    }))
}

function seriesOf(chart: Chart, rows: readonly Series[], grid: ChartGrid): MetricSeries[] {
  if (chart === 'requests') return requestSeries(rows, grid)
  if (chart === 'latency') return latencySeries(rows, grid)
  return byteSeries(chart, rows, grid)
}

async function readPrincipals(
  up: Upstreams,
  query: string,
  unit: 'requestsPerSecond' | 'bytesPerSecond',
  at: number,
  notices: Notice[],
  signal: AbortSignal | undefined,
): Promise<MetricAnswer['principals']> {
  try {
    const { samples } = await up.prometheus.instant(query, { time: at, ...(signal ? { signal } : {}) })
    return [...samples]
      .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
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
                requestsPerSecond: null,
                bytesPerSecond: null,
                [unit]: value,
              },
            ],
      )
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    notices.push(noticeOf(error, 'Identities are missing.'))
    return null
  }
}

function named(principal: string | undefined): string | null {
  return principal === undefined || principal === '' || principal === 'unknown' ? null : principal
}
