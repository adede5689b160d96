/** Questions of charts, asked of a store: whose requests they count. */
import { expect, it } from 'vitest'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import { chartQuery, type ChartEnd } from './charts'

const MINUTE_MS = 60_000

/** Requests per second that a chart of `end` shows, of callers that send one a second with these labels each. */
function shown(end: ChartEnd, callers: readonly Record<string, string>[]): number | undefined {
  const store = createMetricStore()
  const counters = callers.map((labels) =>
    store.counter('istio_requests_total', {
      reporter: 'source',
      source_cluster: 'east',
      destination_service_namespace: 'shop',
      destination_service_name: 'cart',
      ...labels,
    }),
  )
  for (let at = 0; at <= MINUTE_MS; at += 15_000) {
    store.scrape(at)
    for (const counter of counters) counter.add(15)
  }
  const query = chartQuery(
    'istio_requests_total',
    [],
    { destination: end },
    { windowSeconds: 60, defaultCluster: 'east' },
  )
  const answer = createQueryEngine({ store }).instant(parsePromql(query), MINUTE_MS)
  if (answer.type !== 'vector') throw new Error(`no vector but ${answer.type}`)
  return answer.samples[0]?.value
}

it('a service is that of its cluster, with what its callers there could send to nobody', () => {
  const cart = (cluster: string): ChartEnd => ({ kind: 'service', cluster, namespace: 'shop', name: 'cart' })
  const callers = [
    { source_workload: 'a', destination_cluster: 'east', destination_workload: 'cart-v1' },
    { source_workload: 'b', destination_cluster: 'west', destination_workload: 'cart-v1' },
    { source_workload: 'c', destination_cluster: 'west', destination_workload: 'cart-v1' },
    { source_workload: 'd', destination_cluster: 'unknown', destination_workload: 'unknown' },
  ]
  expect(shown(cart('east'), callers)).toBe(2)
  expect(shown(cart('west'), callers)).toBe(2)
  // a mesh that writes no clusters
  expect(shown(cart('east'), [{ source_workload: 'a', destination_workload: 'cart-v1' }])).toBe(1)
})
