/** A real Prometheus that scrapes the embedded mesh sees the mesh Heddle sees: every query of Heddle agrees. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createManualClock } from '@/lib/demo/clock'
import { expositionHandler } from '@/lib/demo/prometheus/exposition'
import { prometheusHandler } from '@/lib/demo/prometheus/handler'
import { createSimulation } from '@/lib/demo/simulation'
import { heddleQueries } from '@/lib/prometheus/istio/queries'
import { serveLoopback, type Loopback } from '../../support/loopback'
import { compareAnswers, type Answer } from '../../support/prometheus/promql-answers'
import {
  isPrometheusLeftOut,
  scrapingConfig,
  startPrometheus,
  type PrometheusProcess,
} from '../../support/prometheus/prometheus-process'
import { until } from '../../support/until'

const WINDOW_SECONDS = 60
const SCRAPES = 13
const STEP_MS = 5000
// a Prometheus takes samples of the last hour only, and its clock cannot be set
const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000
const lastMs = startMs + SCRAPES * STEP_MS

const MORE = [
  'count by (__name__) ({__name__=~"istio_.+"})',
  'sum by (reporter, response_code, response_flags) (rate(istio_requests_total[1m]))',
  'histogram_quantile(0.99, sum by (le, destination_service_name) (rate(istio_request_duration_milliseconds_bucket{reporter="source"}[1m])))',
  'sum(rate(istio_requests_total{response_code=~"5.."}[1m])) / sum(rate(istio_requests_total[1m]))',
  'topk(5, sum by (destination_workload) (rate(istio_requests_total{reporter="destination"}[1m])))',
  'sum by (source_workload) (irate(istio_tcp_sent_bytes_total[30s]))',
]

describe.skipIf(isPrometheusLeftOut)('a real Prometheus that scrapes the embedded mesh', () => {
  const clock = createManualClock(startMs)
  const simulation = createSimulation({ seed: 1, retentionSeconds: 600, startMs, clock })
  let server: Loopback
  let embedded: string
  let real: PrometheusProcess

  beforeAll(async () => {
    const store = simulation.metrics
    const text = expositionHandler({ store })
    const api = prometheusHandler({
      store,
      now: () => simulation.now(),
      scrapeIntervalSeconds: STEP_MS / 1000,
      retentionSeconds: 600,
    })
    server = await serveLoopback((req, res) => (req.url === '/metrics' ? text(req, res) : api(req, res)))
    embedded = server.url
    real = await startPrometheus({ config: scrapingConfig(`${embedded}/metrics`, 1000) })
    for (let atMs = startMs + STEP_MS; atMs <= lastMs; atMs += STEP_MS) {
      clock.set(atMs)
      simulation.moveTo(atMs)
      const query = 'max(timestamp(istio_requests_total))'
      await until(`scrape of ${atMs}`, async () => {
        const { body } = await ask(real.url, query, atMs)
        return body.data?.result.some(({ value }) => Number(value?.[1]) === atMs / 1000) || undefined
      })
    }
  })

  afterAll(async () => {
    await real?.stop()
    await server?.close()
  })

  async function ask(base: string, query: string, atMs: number): Promise<Answer> {
    const body = new URLSearchParams({ query, time: String(atMs / 1000) })
    const response = await fetch(`${base}/api/v1/query`, { method: 'POST', body })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }

  const queries = [...heddleQueries(WINDOW_SECONDS), ...MORE.map((query) => ({ name: query, query }))]

  it.each(queries)('agrees on $name', async ({ query }) => {
    const [ours, theirs] = await Promise.all([ask(embedded, query, lastMs), ask(real.url, query, lastMs)])
    expect(compareAnswers(ours, theirs, false)).toBeNull()
  })

  it('finds something to agree on', async () => {
    const answer = await ask(real.url, 'count(rate(istio_requests_total[1m]) > 0)', lastMs)
    expect(Number(answer.body.data?.result[0]?.value?.[1])).toBeGreaterThan(50)
  })
})
