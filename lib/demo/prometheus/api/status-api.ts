import { itemAt } from '@/lib/demo/item-at'
import { formatDuration } from '@/lib/demo/prometheus/promql/syntax/literals'
import type { MetricStore } from '@/lib/demo/prometheus/metric-store'

export interface ServerFacts {
  store: MetricStore
  startedMs: number
  scrapeIntervalSeconds: number
  retentionSeconds: number
  /** where the text exposition is served, when it is known */
  scrapeUrl: string
}

/** Prometheus's version and the language this engine answers in. */
export const EMULATED_VERSION = '2.42.0'

export function buildInfo() {
  return {
    version: EMULATED_VERSION,
    revision: 'heddle-embedded-mesh',
    branch: 'HEAD',
    buildUser: 'heddle',
    buildDate: '',
    goVersion: `node ${process.version}`,
  }
}

export function runtimeInfo({ store, startedMs, retentionSeconds }: ServerFacts) {
  return {
    startTime: new Date(startedMs).toISOString(),
    CWD: '/',
    reloadConfigSuccess: true,
    lastConfigTime: new Date(startedMs).toISOString(),
    corruptionCount: 0,
    goroutineCount: 1,
    GOMAXPROCS: 1,
    GOGC: '',
    GODEBUG: '',
    storageRetention: formatDuration(retentionSeconds * 1000),
    timeSeriesCount: store.series.length,
  }
}

export function configYaml({ scrapeIntervalSeconds, scrapeUrl }: ServerFacts): string {
  const interval = formatDuration(scrapeIntervalSeconds * 1000)
  const { host, pathname, protocol } = new URL(scrapeUrl)
  return [
    'global:',
    `  scrape_interval: ${interval}`,
    `  scrape_timeout: ${interval}`,
    `  evaluation_interval: ${interval}`,
    'scrape_configs:',
    '- job_name: embedded-mesh',
    '  honor_labels: true',
    '  honor_timestamps: true',
    `  scrape_interval: ${interval}`,
    `  scrape_timeout: ${interval}`,
    `  metrics_path: ${pathname}`,
    `  scheme: ${protocol.slice(0, -1)}`,
    '  static_configs:',
    '  - targets:',
    `    - ${host}`,
    '',
  ].join('\n')
}

export function flags({ retentionSeconds }: ServerFacts) {
  return {
    'query.lookback-delta': '5m',
    'query.max-concurrency': '20',
    'query.max-samples': '50000000',
    'query.timeout': '2m',
    'storage.tsdb.retention.time': formatDuration(retentionSeconds * 1000),
    'web.enable-admin-api': 'false',
    'web.enable-lifecycle': 'false',
  }
}

/** How many values are listed, as in Prometheus. */
const LISTED = 10

export function tsdbStatus({ store }: ServerFacts) {
  const byMetric = new Map<string, number>()
  const byPair = new Map<string, number>()
  const valuesOf = new Map<string, Set<string>>()
  for (const { metric, labels } of store.series) {
    byMetric.set(metric, (byMetric.get(metric) ?? 0) + 1)
    labels.names.forEach((name, at) => {
      const value = itemAt(labels.values, at)
      const pair = `${name}=${value}`
      byPair.set(pair, (byPair.get(pair) ?? 0) + 1)
      let values = valuesOf.get(name)
      if (!values) valuesOf.set(name, (values = new Set()))
      values.add(value)
    })
  }
  const largest = (counts: Iterable<readonly [string, number]>) =>
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, LISTED)
      .map(([name, value]) => ({ name, value }))
  const { ring } = store
  const labels = [...valuesOf]
  return {
    headStats: {
      numSeries: store.series.length,
      numLabelPairs: byPair.size + byMetric.size,
      chunkCount: store.series.length,
      minTime: ring.count > 0 ? ring.timeAt(ring.oldest) : 0,
      maxTime: ring.count > 0 ? ring.timeAt(ring.count - 1) : 0,
    },
    seriesCountByMetricName: largest(byMetric),
    labelValueCountByLabelName: largest(labels.map(([name, values]) => [name, values.size] as const)),
    memoryInBytesByLabelName: largest(
      labels.map(
        ([name, values]) => [name, [...values].reduce((sum, { length }) => sum + length, 0)] as const,
      ),
    ),
    seriesCountByLabelValuePair: largest(byPair),
  }
}

/** One target: the exposition of the embedded mesh. */
export function targets(facts: ServerFacts, state: string | null) {
  const { ring } = facts.store
  const { host, pathname, protocol } = new URL(facts.scrapeUrl)
  const lastMs = ring.count > 0 ? ring.timeAt(ring.count - 1) : facts.startedMs
  const interval = formatDuration(facts.scrapeIntervalSeconds * 1000)
  const active = {
    discoveredLabels: {
      __address__: host,
      __metrics_path__: pathname,
      __scheme__: protocol.slice(0, -1),
      __scrape_interval__: interval,
      __scrape_timeout__: interval,
      job: 'embedded-mesh',
    },
    labels: { instance: host, job: 'embedded-mesh' },
    scrapePool: 'embedded-mesh',
    scrapeUrl: facts.scrapeUrl,
    globalUrl: facts.scrapeUrl,
    lastError: '',
    lastScrape: new Date(lastMs).toISOString(),
    lastScrapeDuration: 0,
    health: ring.count > 0 ? 'up' : 'unknown',
    scrapeInterval: interval,
    scrapeTimeout: interval,
  }
  return { activeTargets: state === 'dropped' ? [] : [active], droppedTargets: [] }
}
