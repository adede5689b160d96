/** Answers of the metrics API as the charts of a detail page: whole, in groups, beside an earlier time. Pure. */
import type { ChartLine, ChartRow, ChartShape, ChartUnit } from '@/components/metrics/chart-shapes'
import {
  chartShapes,
  extremes,
  isMeasured,
  QUANTILE_LOOKS,
  quantileName,
  rowsOf,
} from '@/components/metrics/chart-shapes'
import {
  asLine,
  beforeLines,
  failedShare,
  histogramLine,
  histogramLines,
  together,
} from '@/components/metrics/copied-query'
import type { MetricAnswer, MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import { formatWindow } from '@/lib/units/window'
import { formatCount } from '@/lib/units/number'

type Answer = Pick<MetricAnswer, 'series' | 'queries' | 'earlier' | 'groups'>

/** Which line of a histogram stands for a group: all four of eight groups would be 32 lines. */
export const QUANTILES = ['p50', 'p90', 'p95', 'p99', 'average'] as const
export type Quantile = (typeof QUANTILES)[number]

/** All charts that an answer has something for. */
export function detailShapes(answer: Answer, quantile: Quantile): ChartShape[] {
  return answer.groups ? groupedShapes(answer, quantile) : wholeShapes(answer)
}

const SIZES = ['requestSize', 'responseSize'] as const

interface Kind {
  metric: MetricSeries['metric']
  title: string
  unit: ChartUnit
  questions: readonly string[]
  /** names of the lines of each question, where one line is one question */
  lines?: readonly string[]
}

const TITLES: Partial<Record<MetricSeries['metric'], string>> = {
  requests: 'Requests',
  errors: 'Errors',
  latency: 'Duration',
  requestSize: 'Size of requests',
  responseSize: 'Size of answers',
  requestBytes: 'Bytes received',
  responseBytes: 'Bytes sent back',
  requestMessages: 'gRPC messages to it',
  responseMessages: 'gRPC messages back',
  tcpReceivedBytes: 'TCP bytes received',
  tcpSentBytes: 'TCP bytes sent back',
  tcpOpened: 'Connections opened',
  tcpClosed: 'Connections closed',
}

function wholeShapes(answer: Answer): ChartShape[] {
  const charts = chartShapes(answer).map((chart) =>
    chart.id === 'latency' ? { ...chart, title: 'Duration' } : chart,
  )
  const of = (...metrics: MetricSeries['metric'][]) =>
    answer.series.filter((series) => metrics.includes(series.metric) && isMeasured(series))
  for (const metric of SIZES) {
    const series = of(metric)
    if (series.length === 0) continue
    const chart = lineChart(metric, TITLES[metric] ?? metric, 'bytes', series, [])
    charts.push({ ...chart, queries: histogramLines(chart.lines, histogramOf(answer, metric)) })
  }
  const messages = of('requestMessages', 'responseMessages')
  if (messages.length > 0) {
    charts.push(lineChart('messages', 'gRPC messages', 'messages/s', messages, namedLines(answer, messages)))
  }
  const connections = of('tcpOpened', 'tcpClosed')
  if (connections.length > 0) {
    const queries = namedLines(answer, connections)
    charts.push(lineChart('connections', 'TCP connections', 'connections/s', connections, queries))
  }
  return answer.earlier ? charts.map((chart) => withEarlier(chart, answer)) : charts
}

const EARLIER_LOOK = { colour: 'var(--hd-text-3)', dash: '2 4', isApart: true } as const
/** Quantiles that are set beside their past: the usual and the worst. */
const COMPARED: readonly string[] = ['p50', 'p99']

/** The same chart with what was before as dashed lines of their own. */
function withEarlier(chart: ChartShape, { earlier }: Answer): ChartShape {
  if (!earlier) return chart
  const before = wholeShapes({ ...earlier, earlier: null, groups: null }).find(({ id }) => id === chart.id)
  if (!before) return chart
  const ago = `${formatWindow(earlier.offsetSeconds)} before`
  const added = before.isStacked
    ? [{ key: 'earlier all', name: `all, ${ago}`, of: before.lines.map(({ key }) => key) }]
    : before.lines
        .filter(({ key }) => !/^p\d+$|^average$/.test(key) || COMPARED.includes(key))
        .map(({ key, name }) => ({ key: `earlier ${key}`, name: `${name}, ${ago}`, of: [key] }))
  const past = new Map(before.rows.map((row) => [row.at, row]))
  const rows = chart.rows.map((row): ChartRow => {
    const then = past.get(row.at)
    const values = added.map(({ key, of }) => [key, then ? sumOf(then, of) : null] as const)
    return { ...row, ...Object.fromEntries(values) }
  })
  const lines = added.map(({ key, name }): ChartLine => ({
    key,
    name,
    ...EARLIER_LOOK,
    ...extremes(rows, key),
  }))
  const shown = lines.filter(({ max }) => max !== null)
  const [then] = before.queries
  const pastLines =
    then === undefined || shown.length === 0
      ? undefined
      : before.isStacked
        ? asLine(`all, ${ago}`, `sum(${then})`)
        : beforeLines(then, ago)
  return {
    ...chart,
    rows,
    lines: [...chart.lines, ...shown],
    queries: together([...chart.queries, pastLines]),
  }
}

function sumOf(row: ChartRow, keys: readonly string[]): number | null {
  const values = keys.map((key) => row[key] ?? null).filter((value) => value !== null)
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0)
}

/** Told apart by hue and by dash; lightness is one that stands out from both themes' surfaces. */
const GROUP_HUES = [270, 55, 175, 330, 130, 20, 230, 300]
const GROUP_DASHES = ['', '', '', '', '6 3', '6 3', '2 3', '2 3']

function groupLook(place: number): Pick<ChartLine, 'colour' | 'dash'> {
  const dash = GROUP_DASHES[place % GROUP_DASHES.length]
  return {
    colour: `oklch(0.62 0.15 ${GROUP_HUES[place % GROUP_HUES.length]})`,
    ...(dash ? { dash } : {}),
  }
}

const STACKED: readonly MetricSeries['metric'][] = ['requests']
function groupedShapes(answer: Answer, quantile: Quantile): ChartShape[] {
  const names = answer.groups?.shown ?? []
  const order = [...names, 'others']
  return (Object.keys(TITLES) as MetricSeries['metric'][]).flatMap((metric) => {
    const own = answer.series.filter((series) => series.metric === metric && isMeasured(series))
    const isHistogram = own.some(({ name }) => name === 'p99')
    const series = isHistogram ? own.filter(({ name }) => name === quantile) : own
    if (series.length === 0) return []
    // each outcome by itself succeeds or fails as a whole
    if (metric === 'errors') {
      return answer.groups?.by === 'code' ? [] : [errorShares(answer, series, order)]
    }
    const renamed = series
      .map((one) => ({ ...one, name: one.group ?? one.name }))
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    const title = isHistogram ? `${TITLES[metric]}, ${quantileName(quantile)}` : (TITLES[metric] ?? metric)
    return [
      groupChart(answer, {
        id: metric,
        title,
        unit: renamed[0]?.unit ?? 'count',
        isStacked: STACKED.includes(metric),
        series: renamed,
        order,
        queries: together([groupedQuery(answer, metric, isHistogram ? quantile : null)]),
      }),
    ]
  })
}

/** Share of failed requests of each group. */
function errorShares(answer: Answer, errors: readonly MetricSeries[], order: readonly string[]): ChartShape {
  const { requests } = answer.queries
  const shares = errors.map((failed): MetricSeries => {
    const all = answer.series.find((one) => one.metric === 'requests' && one.group === failed.group)
    return {
      ...failed,
      name: failed.group ?? failed.name,
      points: failed.points.map(([at, value], index) => {
        const total = all?.points[index]?.[1] ?? null
        return [at, value === null || total === null || total === 0 ? null : Math.min(1, value / total)]
      }),
    }
  })
  return groupChart(answer, {
    id: 'errors',
    title: 'Errors',
    unit: 'ratio',
    isStacked: false,
    series: shares.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    order,
    queries: together([requests && failedShare(requests, answer.groups?.labels)]),
  })
}

/** One expression for the lines of a grouped chart; its series bear the labels that tell the groups apart. */
function groupedQuery(
  answer: Answer,
  metric: MetricSeries['metric'],
  quantile: Quantile | null,
): string | undefined {
  if (quantile !== null) return histogramLine(quantile, histogramOf(answer, metric))
  const query = answer.queries[metric]
  return query && `sum by (${answer.groups?.labels.join(', ')}) (${query})`
}

function groupChart(
  { groups }: Answer,
  chart: Omit<ChartShape, 'rows' | 'lines'> & { series: readonly MetricSeries[]; order: readonly string[] },
): ChartShape {
  const { series, order, ...rest } = chart
  const rows = rowsOf(series).map((row) => (rest.isStacked ? filled(row, series) : row))
  const lines = series.map(({ name }): ChartLine => {
    const more = groups?.more ?? 0
    const isRest = name === 'others'
    return {
      key: name,
      name: isRest ? `and ${formatCount(more)} more` : name,
      ...(isRest ? { colour: 'var(--hd-idle)' } : groupLook(order.indexOf(name))),
      ...extremes(rows, name),
    }
  })
  return { ...rest, rows, lines }
}

/** In a stack, what is absent where others were measured is zero: or the floors above would fall. */
function filled(row: ChartRow, series: readonly MetricSeries[]): ChartRow {
  if (series.every(({ name }) => row[name] === null)) return row
  return { ...row, ...Object.fromEntries(series.map(({ name }) => [name, row[name] ?? 0])) }
}

/** A chart of plain lines, those of a histogram in its looks. */
export function lineChart(
  id: string,
  title: string,
  unit: ChartUnit,
  series: readonly MetricSeries[],
  queries: string[],
): ChartShape {
  const rows = rowsOf(series)
  const lines = series.map(({ name }, place): ChartLine => ({
    key: name,
    name: quantileName(name),
    ...(QUANTILE_LOOKS[name] ?? groupLook(place)),
    ...extremes(rows, name),
  }))
  return { id, title, unit, isStacked: false, rows, lines, queries }
}

const CONTROL_PLANE: readonly Kind[] = [
  { metric: 'proxies', title: 'Proxies connected', unit: 'count', questions: ['proxies'] },
  { metric: 'pushTime', title: 'From change to proxy', unit: 'ms', questions: ['pushTime'] },
  { metric: 'pushes', title: 'Pushes', unit: 'events/s', questions: ['pushes'] },
  { metric: 'rejects', title: 'Pushes that proxies rejected', unit: 'events/s', questions: ['rejects'] },
  {
    metric: 'configEvents',
    title: 'Changes of configuration',
    unit: 'events/s',
    questions: ['configEvents'],
  },
  {
    metric: 'conflicts',
    title: 'Conflicts',
    unit: 'count',
    questions: ['inboundConflicts', 'noInstances'],
    lines: ['listeners in conflict', 'clusters without endpoints'],
  },
  {
    metric: 'certificates',
    title: 'Certificates',
    unit: 'events/s',
    questions: ['csr', 'issued'],
    lines: ['asked for', 'issued'],
  },
  { metric: 'cpu', title: 'Processor', unit: 'cores', questions: ['cpu'] },
  { metric: 'memory', title: 'Memory', unit: 'bytes', questions: ['memory'] },
  { metric: 'goroutines', title: 'Goroutines', unit: 'count', questions: ['goroutines'] },
]

/** Lines of those that have several, as a mesh without trouble gives them. */
const CONTROL_PLANE_LINES: Partial<Record<MetricSeries['metric'], number>> = {
  pushTime: 5,
  pushes: 4,
  configEvents: 4,
  conflicts: 2,
  certificates: 2,
}

/** Its charts before there are figures. */
export const CONTROL_PLANE_SKELETONS = CONTROL_PLANE.map(({ metric, title }) => ({
  title,
  lines: CONTROL_PLANE_LINES[metric] ?? 1,
}))

/** What istiod measures of itself, what matters to proxies first. */
export function controlPlaneShapes(answer: Answer): ChartShape[] {
  return CONTROL_PLANE.flatMap(({ metric, title, unit, questions, lines: names }) => {
    const series = answer.series.filter((one) => one.metric === metric && isMeasured(one))
    if (series.length === 0) return []
    const chart = lineChart(metric, title, unit, series, [])
    const queries =
      metric === 'pushTime'
        ? histogramLines(chart.lines, { buckets: answer.queries.pushTime, factor: 1000 })
        : together(
            questions.map((question, place) => {
              const query = answer.queries[question]
              const name = names?.[place]
              // the series of a question with many lines are named by their labels
              return query && name ? asLine(name, query) : query
            }),
          )
    return [{ ...chart, queries }]
  })
}

/** Lines that are each a question of their own, under the names they have on the chart. */
function namedLines({ queries }: Pick<Answer, 'queries'>, series: readonly MetricSeries[]): string[] {
  return together(
    series.map(({ metric, name }) => {
      const query = queries[metric]
      return query && asLine(name, query)
    }),
  )
}

function histogramOf({ queries }: Pick<Answer, 'queries'>, metric: MetricSeries['metric']) {
  return {
    buckets: queries[`${metric}Buckets`],
    sum: queries[`${metric}Sum`],
    count: queries[`${metric}Count`],
  }
}
