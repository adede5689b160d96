import { describe, expect, it } from 'vitest'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { findSilence } from './silence'

const MINUTE = 60_000

/** What is said two hours in, of a metric that was scraped up to so many minutes before. */
async function saidOf(metric: string, minutesAgo: number) {
  const store = createMetricStore()
  const counter = store.counter(metric, { source_workload: 'a', destination_workload: 'b' })
  for (let minute = 0; minute <= 120 - minutesAgo; minute += 1) {
    counter.add(1)
    store.scrape(minute * MINUTE)
  }
  const engine = createQueryEngine({ store })
  const prometheus = {
    instant: (query: string, { time }: { time: number }) => {
      const result = engine.instant(parsePromql(query), time)
      const samples =
        result.type === 'vector' ? result.samples.map(({ value }) => ({ labels: {}, value })) : []
      return Promise.resolve({ samples, warnings: [] })
    },
  } as unknown as PrometheusClient
  return (await findSilence(prometheus, { windowSeconds: 120, at: 120 * MINUTE }))?.code ?? null
}

describe('a mesh of which there is no rate', () => {
  it.each([
    ['was scraped and is not now', 'istio_requests_total', 10, 'prometheus-not-measured'],
    [
      'was scraped and is not now, and speaks TCP alone',
      'istio_tcp_connections_opened_total',
      10,
      'prometheus-not-measured',
    ],
    ['was never scraped within the hour', 'istio_requests_total', 70, null],
    ['is none of Istio', 'http_requests_total', 10, null],
  ])('%s', async (_what, metric, minutesAgo, code) => {
    expect(await saidOf(metric, minutesAgo)).toBe(code)
  })
})
