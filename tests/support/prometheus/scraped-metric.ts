import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import type { PrometheusClient } from '@/lib/prometheus/client'

/** The moment until which it was scraped, at most. */
export const SCRAPED_UNTIL = 120 * 60_000

/**
 * A Prometheus two hours in, with a metric that was scraped every `stepSeconds` up to so many seconds before, and for
 * `forSeconds` by then.
 */
export function scrapedMetric(
  metric: string,
  {
    agoSeconds,
    stepSeconds,
    forSeconds = Infinity,
  }: { agoSeconds: number; stepSeconds: number; forSeconds?: number },
) {
  const store = createMetricStore()
  const counter = store.counter(metric, { source_workload: 'a', destination_workload: 'b' })
  const times: number[] = []
  const last = SCRAPED_UNTIL - agoSeconds * 1000
  const first = Math.max(0, last - forSeconds * 1000)
  for (let at = last; at >= first; at -= stepSeconds * 1000) times.unshift(at)
  for (const at of times) {
    counter.add(1)
    store.scrape(at)
  }
  const engine = createQueryEngine({ store })
  return {
    instant: (query: string, { time }: { time: number }) => {
      const result = engine.instant(parsePromql(query), time)
      const samples =
        result.type === 'vector' ? result.samples.map(({ value }) => ({ labels: {}, value })) : []
      return Promise.resolve({ samples, warnings: [] })
    },
    range: (query: string, over: { from: number; to: number; stepSeconds: number }) => {
      const found = engine.range(parsePromql(query), over.from, over.to, over.stepSeconds * 1000)
      const lines = found.type === 'matrix' ? found.series : []
      const series = lines.map(({ points }) => ({
        labels: {},
        points: points.map(({ atMs, value }) => [atMs, value]),
      }))
      return Promise.resolve({ series, warnings: [] })
    },
  } as unknown as PrometheusClient
}
