/**
 * The embedded engine and Debian's Prometheus hold the same samples, because the latter scrapes the exposition of
 * the former; every expression must then get the same answer from both.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expositionHandler } from '@/lib/demo/prometheus/exposition'
import { prometheusHandler } from '@/lib/demo/prometheus/handler'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { heddleQueries } from '@/lib/prometheus/istio/queries'
import { STEPS, STEP_MS, writeStep } from '../../support/prometheus/made-up-metrics'
import { EMPTY, EXPRESSIONS, ORDERED, REFUSED } from '../../support/prometheus/promql-table'
import { serveLoopback, type Loopback } from '../../support/loopback'
import { compareAnswers, type Answer } from '../../support/prometheus/promql-answers'
import {
  isPrometheusLeftOut,
  scrapingConfig,
  startPrometheus,
  type PrometheusProcess,
} from '../../support/prometheus/prometheus-process'
import { until } from '../../support/until'

// a Prometheus takes samples of the last hour only, and its clock cannot be set
const firstMs = Math.floor(Date.now() / 60_000) * 60_000 - 15 * 60_000
const lastMs = firstMs + (STEPS - 1) * STEP_MS
const seconds = (ms: number) => String(ms / 1000)

const INSTANTS: readonly [string, number][] = [
  ['the last scrape', lastMs],
  ['between scrapes', firstMs + 72 * STEP_MS + 2300],
  ['early', firstMs + 10 * STEP_MS],
  ['at the edge of the lookback', lastMs + 300_000],
  ['past the lookback', lastMs + 300_001],
]
const FINE_RANGE = { start: seconds(firstMs - 20_000), end: seconds(lastMs + 20_000), step: '7' }
const RANGES: readonly [string, { start: string; end: string; step: string }][] = [
  ['fine range', FINE_RANGE],
  ['coarse range', { start: seconds(firstMs), end: seconds(lastMs + 330_000), step: '1m' }],
]

describe.skipIf(isPrometheusLeftOut)('the embedded Prometheus answers as a real one', () => {
  let server: Loopback
  let embedded: string
  let real: PrometheusProcess

  beforeAll(async () => {
    const store = createMetricStore({ capacity: 200 })
    const api = prometheusHandler({
      store,
      now: () => lastMs,
      scrapeIntervalSeconds: 5,
      retentionSeconds: 1000,
    })
    const exposition = expositionHandler({ store })
    server = await serveLoopback((req, res) =>
      req.url === '/metrics' ? exposition(req, res) : api(req, res),
    )
    embedded = server.url
    real = await startPrometheus({ config: scrapingConfig(`${embedded}/metrics`, 50) })
    for (let step = 0; step < STEPS; step++) {
      const atMs = firstMs + step * STEP_MS
      writeStep(store, step)
      store.scrape(atMs)
      await until(`scrape of step ${step}`, async () => {
        const { body } = await ask(real.url, 'query', { query: 'heartbeat', time: seconds(atMs) })
        return body.data?.result.some(({ value }) => value?.[1] === String(step)) || undefined
      })
    }
  })

  afterAll(async () => {
    await real?.stop()
    await server?.close()
  })

  async function ask(base: string, path: string, params: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${base}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(params),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }

  async function expectEqual(
    path: string,
    params: Record<string, string>,
    ordered: boolean,
  ): Promise<Answer> {
    const [ours, theirs] = await Promise.all([ask(embedded, path, params), ask(real.url, path, params)])
    expect(compareAnswers(ours, theirs, ordered), `${params.query} (${path})`).toBeNull()
    return theirs
  }

  it.each(EXPRESSIONS)('%s', async (query) => {
    let found = 0
    for (const [, atMs] of INSTANTS) {
      const answer = await expectEqual('query', { query, time: seconds(atMs) }, ORDERED.test(query))
      if (atMs === lastMs) expect(answer.status).toBe(200)
      found += answer.body.data?.result.length ?? 0
    }
    // strings and range vectors are refused by both
    for (const [, range] of RANGES) {
      const answer = await expectEqual('query_range', { query, ...range }, true)
      found += answer.body.data?.result.length ?? 0
    }
    expect(found === 0).toBe(EMPTY.has(query))
  })

  it.each(heddleQueries(120))("Heddle's $name", async ({ query }) => {
    const answer = await expectEqual('query', { query, time: seconds(lastMs) }, false)
    expect(answer.body.data?.result).not.toEqual([])
    for (const [, atMs] of INSTANTS) await expectEqual('query', { query, time: seconds(atMs) }, false)
    for (const [, range] of RANGES) await expectEqual('query_range', { query, ...range }, true)
  })

  it.each(REFUSED)('refuses %s', async (query) => {
    const answer = await expectEqual('query', { query, time: seconds(lastMs) }, false)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    await expectEqual('query_range', { query, ...FINE_RANGE }, true)
  })

  it.each([
    ['labels', {}],
    ['labels', { 'match[]': 'temperature' }],
    ['label/app/values', { 'match[]': '{app=~"a|b"}' }],
    ['label/__name__/values', { 'match[]': '{job="made-up"}' }],
    ['label/city/values', {}],
    ['label/nope/values', {}],
    ['label/a-b/values', {}],
    ['series', { 'match[]': '{__name__=~"requests_total|limit"}' }],
    ['series', {}],
    ['series', { 'match[]': 'rate(steady[1m])' }],
    ['metadata', { metric: 'requests_total' }],
    ['metadata', { metric: 'latency_ms' }],
    ['metadata', { limit: 'x' }],
    ['query', { query: 'steady', time: 'x' }],
    ['query', { query: 'steady', time: '2023-11-14T22:13:20.5Z' }],
    ['query', { query: 'steady', time: '1', timeout: 'x' }],
    ['query_range', { query: 'steady', start: '1', end: '2' }],
    ['query_range', { query: 'steady', start: '2', end: '1', step: '1' }],
    ['query_range', { query: 'steady', start: '1', end: '2', step: '0' }],
    ['query_range', { query: 'steady', start: '1', end: '11002', step: '1' }],
    ['query_range', { query: 'steady[1m]', start: '1', end: '2', step: '1' }],
  ] satisfies [string, Record<string, string>][])('%s with %o', async (path, params) => {
    const address = (base: string) => `${base}/api/v1/${path}?${new URLSearchParams(params)}`
    const [ours, theirs] = await Promise.all(
      [embedded, real.url].map(async (base) => {
        const response = await fetch(address(base))
        const body = (await response.json()) as { status: string; errorType?: string; data?: unknown }
        return { code: response.status, status: body.status, errorType: body.errorType, data: body.data }
      }),
    )
    expect(ours).toEqual(theirs)
  })
})
