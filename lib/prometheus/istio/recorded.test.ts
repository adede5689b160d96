import { describe, expect, it } from 'vitest'
import { labelValue } from '@/lib/demo/prometheus/label-set'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import { is, type Matcher } from '../promql'
import { RECORDED, recordedRate } from './recorded'

const MINUTE_MS = 60_000

interface Recorded {
  caller: string
  version: string
  /** minutes of ten in which there is a point */
  minutes: readonly number[]
}

const minutes = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)

/** Ten requests per second, four of them within 100 ms, wherever there is a point; what ten minutes of it come to. */
function overTenMinutes(all: readonly Recorded[], matchers: readonly Matcher[] = []) {
  const store = createMetricStore()
  for (const minute of minutes(0, 10)) {
    store.remove(() => true)
    for (const { caller, version } of all.filter((one) => one.minutes.includes(minute))) {
      const labels = { source_workload_namespace: caller, destination_canonical_revision: version }
      store.gauge(RECORDED.latencyBuckets, { ...labels, le: '100' }).set(4)
      store.gauge(RECORDED.latencyBuckets, { ...labels, le: '+Inf' }).set(10)
    }
    store.scrape(minute * MINUTE_MS)
  }
  const query = recordedRate('latencyBuckets', 600, matchers)
  // beside the grid: whether a range holds both its ends depends on the release of Prometheus
  const answer = createQueryEngine({ store }).instant(parsePromql(query), 10 * MINUTE_MS + 1_000)
  if (answer.type !== 'vector') throw new Error(`no vector but ${answer.type}`)
  return Object.fromEntries(
    answer.samples.map(({ row, value }) => [
      ['source_workload_namespace', 'destination_canonical_revision', 'le']
        .map((label) => labelValue(row.labels, label))
        .join(' '),
      value,
    ]),
  )
}

describe('recorded buckets over ten minutes, read from the points of the last eight', () => {
  const replaced: Recorded[] = [
    { caller: 'shop', version: 'v1', minutes: minutes(0, 8) },
    { caller: 'shop', version: 'v2', minutes: minutes(9, 10) },
    { caller: 'shop', version: 'other', minutes: minutes(0, 10) },
  ]

  it('weigh a version by the time in which it was there', () => {
    expect(overTenMinutes(replaced)).toEqual({
      'shop v1 100': 3,
      'shop v1 +Inf': 7.5,
      'shop v2 100': 1,
      'shop v2 +Inf': 2.5,
      'shop other 100': 4,
      'shop other +Inf': 10,
    })
  })

  it('are the same where only some bounds are asked for', () => {
    expect(overTenMinutes(replaced, [is('le', '100')])).toEqual({
      'shop v1 100': 3,
      'shop v2 100': 1,
      'shop other 100': 4,
    })
  })

  it('do not mind that groups of callers are recorded at paces of their own', () => {
    const slower: Recorded = { caller: 'zoo', version: 'v1', minutes: minutes(0, 10, 2) }
    expect(overTenMinutes([...replaced, slower])).toMatchObject({ 'zoo v1 +Inf': 10, 'shop v2 +Inf': 2.5 })
  })
})
