import { sortedPairs } from '@/lib/demo/prometheus/label-set'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import type { Sample } from '@/lib/prometheus/decode'

const MINUTE_MS = 60_000

export interface Counted {
  metric: string
  labels: Record<string, string>
  perSecond: number
}

export type Ask = (query: string) => Sample[]

/** Answers of a store that has seen a minute of these counters, at the end of it. */
export function afterMinuteOf(counted: readonly Counted[]): Ask {
  const store = createMetricStore()
  const counters = counted.map(({ metric, labels, perSecond }) => ({
    counter: store.counter(metric, labels),
    perSecond,
  }))
  for (let at = 0; at <= MINUTE_MS; at += 15_000) {
    store.scrape(at)
    for (const { counter, perSecond } of counters) counter.add(15 * perSecond)
  }
  const engine = createQueryEngine({ store })
  return (query) => {
    const answer = engine.instant(parsePromql(query), MINUTE_MS)
    if (answer.type !== 'vector') throw new Error(`no vector but ${answer.type}`)
    return answer.samples.map(({ row, value }) => ({
      labels: Object.fromEntries(sortedPairs(row.metric, row.labels)),
      value,
    }))
  }
}
