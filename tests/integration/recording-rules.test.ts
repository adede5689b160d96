/** The rules we ship: valid, found, and giving the same graph as the raw series. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { LATENCY_LABELS, REQUEST_LABELS, TCP_LABELS } from '@/lib/prometheus/istio/labels'
import { RECORDED, RECORDED_EVALUATIONS } from '@/lib/prometheus/istio/recorded'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { openMetrics, requestSeries, tcpSeries, type End } from '../support/prometheus/istio-metrics'
import { manualClock } from '../support/heddle/manual-clock'
import {
  backfill,
  isPrometheusLeftOut,
  startPrometheus,
  type PrometheusProcess,
} from '../support/prometheus/prometheus-process'

const run = promisify(execFile)
const RULES = resolve('deploy/prometheus/heddle-rules.yaml')

// everything lies in the past: rules are evaluated over history, as promtool can
const LAST = Math.floor(Date.now() / 1000 / 3600) * 3600 - 3600
const FIRST = LAST - 1800
/** The rules are younger than what they record. */
const RULED = FIRST + 600

const shop = (workload: string): End => ({ namespace: 'shop', workload })
const zoo = (workload: string): End => ({ namespace: 'zoo', workload })
const SERIES = [
  ...requestSeries({
    from: shop('a-v1'),
    to: shop('b-v1'),
    reporter: 'source',
    perSecond: 8,
    latency: [[10, 8]],
  }),
  ...requestSeries({
    from: shop('a-v1'),
    to: shop('b-v1'),
    reporter: 'source',
    perSecond: 2,
    code: '503',
    flags: 'UH',
    latency: [[5, 2]],
  }),
  ...requestSeries({ from: shop('a-v1'), to: shop('b-v1'), reporter: 'destination', perSecond: 8 }),
  ...requestSeries({
    from: shop('a-v1'),
    to: shop('b-v2'),
    reporter: 'source',
    perSecond: 5,
    latency: [[50, 5]],
  }),
  // another group of bucket rules
  ...requestSeries({
    from: zoo('c-v1'),
    to: shop('b-v1'),
    reporter: 'source',
    protocol: 'grpc',
    grpc: '0',
    perSecond: 3,
    latency: [[250, 3]],
  }),
  ...tcpSeries({
    from: shop('b-v1'),
    to: shop('db-v1'),
    reporter: 'source',
    sentPerSecond: 300,
    receivedPerSecond: 100,
    openedPerSecond: 0.5,
  }),
]

describe.skipIf(isPrometheusLeftOut)('the recording rules', () => {
  let folder: string
  let prometheus: PrometheusProcess
  let up: Upstreams

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-rules-'))
    await backfill(folder, openMetrics(SERIES, FIRST, LAST))
    const first = await startPrometheus({ config: 'global: {}', dataDirectory: folder })
    await run('promtool', [
      'tsdb',
      'create-blocks-from',
      'rules',
      `--url=${first.url}`,
      `--start=${RULED}`,
      `--end=${LAST}`,
      '--eval-interval=30s',
      `--output-dir=${folder}`,
      RULES,
    ])
    await first.stop()
    prometheus = await startPrometheus({
      config: 'global: { scrape_interval: 15s }',
      dataDirectory: folder,
    })
    const config = readConfig({ PROMETHEUS_URL: prometheus.url, LOG_LEVEL: 'silent' })
    // the present is the end of the history, so that the recorded series are current
    up = createUpstreams(config, { clock: manualClock((LAST + 6) * 1000) })
  })

  afterAll(async () => {
    setUpstreams(null)
    await up?.close()
    await prometheus?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('pass promtool', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', RULES])
    expect(stdout).toContain('SUCCESS')
  })

  it('record by the labels Heddle asks the raw series for', async () => {
    const rules = (parse(await readFile(RULES, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules)
    const names = new Set(rules.map((rule) => rule.record))
    expect([...names].sort()).toEqual([...Object.values(RECORDED), RECORDED_EVALUATIONS].sort())
    for (const { record, expr } of rules) {
      if (record === RECORDED_EVALUATIONS) continue
      const grouped = /sum by \(([^)]*)\)/
        .exec(expr)?.[1]
        ?.split(',')
        .map((label) => label.trim())
      expect(grouped, record).toEqual([...labelsOf(record)])
    }
  })

  it.each(['2m', '5m', '10m'])('give the same graph over %s as the raw series', async (window) => {
    const recorded = await graph(window)
    const raw = await rawGraph(window)
    expect(recorded.nodes.map((node) => node.id)).toEqual(raw.nodes.map((node) => node.id))
    expect(recorded.edges).toHaveLength(4)
    for (const [index, edge] of recorded.edges.entries()) {
      const twin = raw.edges[index]
      expect(edge.id).toBe(twin?.id)
      expect(edge.requestsPerSecond ?? 0).toBeCloseTo(twin?.requestsPerSecond ?? 0, 6)
      expect(edge.errorRatio ?? -1).toBeCloseTo(twin?.errorRatio ?? -1, 6)
      expect(edge.sentBytesPerSecond ?? -1).toBeCloseTo(twin?.sentBytesPerSecond ?? -1, 3)
      for (const quantile of ['p50', 'p90', 'p95', 'p99'] as const) {
        expect(edge.latencyMs?.[quantile] ?? -1).toBeCloseTo(twin?.latencyMs?.[quantile] ?? -1, 6)
      }
    }
  })

  it('are found and asked instead of the raw series', async () => {
    const { facts, snapshots } = up
    // sums and counts are not among the series written above
    expect([...(await facts.get()).recorded].sort()).toEqual([
      'latencyBuckets',
      'requests',
      'tcpOpened',
      'tcpReceived',
      'tcpSent',
    ])
    const moment = await snapshots.past(120, LAST * 1000).traffic
    expect(moment.isRecorded).toBe(true)
  })

  it('leave a window they cannot serve to the raw series', async () => {
    const moment = await up.snapshots.past(60, LAST * 1000).traffic
    expect(moment.isRecorded).toBe(false)
    expect(moment.topology.flows.length).toBeGreaterThan(0)
  })

  it('younger than a moment leave it to the raw series, bytes and quantiles as well', async () => {
    const before = RULED - 60
    const recorded = await graph('2m', { at: before })
    expect(recorded.edges).toHaveLength(4)
    expect(recorded).toEqual(await rawGraph('2m', before))
    expect((await up.snapshots.past(120, before * 1000).traffic).isRecorded).toBe(false)
  })

  async function graph(window: string, { using = up, at = LAST } = {}): Promise<Graph> {
    setUpstreams(using)
    const url = `http://heddle.test/api/v1/graph?window=${window}&at=${at}`
    return Graph.parse(await (await getGraphRoute(new Request(url))).json())
  }

  async function rawGraph(window: string, at = LAST): Promise<Graph> {
    const config = readConfig({ PROMETHEUS_URL: prometheus.url, LOG_LEVEL: 'silent' })
    // in a present without recorded points the rules are not found
    const other = createUpstreams(config, { clock: manualClock((LAST + 3000) * 1000) })
    try {
      expect((await other.facts.get()).recorded.size).toBe(0)
      return await graph(window, { using: other, at })
    } finally {
      await other.close()
    }
  }
})

interface RuleFile {
  groups: { rules: { record: string; expr: string }[] }[]
}

function labelsOf(record: string): readonly string[] {
  if (record === RECORDED.requests) return REQUEST_LABELS
  if (record === RECORDED.latencyBuckets) return ['le', ...LATENCY_LABELS]
  if (record === RECORDED.latencySum || record === RECORDED.latencyCount) return LATENCY_LABELS
  return TCP_LABELS
}
