import { describe, expect, it } from 'vitest'
import { createMetricStore, type MetricStore } from '@/lib/demo/prometheus/metric-store'
import { lastSampleAt, sampleValue } from '@/lib/demo/prometheus/series'
import { exposition } from '@/lib/demo/prometheus/exposition'
import { matcherOf } from '@/lib/demo/prometheus/promql/syntax/matcher'

const values = (store: MetricStore, name: string, labels: Record<string, string> = {}) => {
  const matchers = [
    matcherOf('__name__', '=', name),
    ...Object.entries(labels).map(([label, value]) => matcherOf(label, '=', value)),
  ]
  return store.select(matchers).map((series) => {
    const samples: (number | null)[] = []
    for (let i = store.ring.oldest; i < store.ring.count; i++) {
      samples.push(lastSampleAt(series, i) === i ? sampleValue(store.ring, series, i) : null)
    }
    return samples
  })
}

describe('createMetricStore', () => {
  it('keeps each scrape of a counter', () => {
    const store = createMetricStore()
    const requests = store.counter('requests_total', { code: '200' })
    requests.add(2)
    store.scrape(1000)
    requests.add(3)
    store.scrape(2000)
    expect(values(store, 'requests_total')).toEqual([[2, 5]])
  })

  it('is one series whatever the order of its labels, and however often it is asked for', () => {
    const store = createMetricStore()
    store.counter('requests_total', { a: '1', b: '2' }).add(1)
    store.counter('requests_total', { b: '2', a: '1' }).add(1)
    store.counter('requests_total', { b: '2', a: '1', c: '' }).add(1)
    store.scrape(1000)
    expect(values(store, 'requests_total')).toEqual([[3]])
  })

  it('has no samples of a series before its birth', () => {
    const store = createMetricStore()
    store.gauge('up', { pod: 'a' }).set(1)
    store.scrape(1000)
    store.gauge('up', { pod: 'b' }).set(1)
    store.scrape(2000)
    expect(values(store, 'up')).toEqual([
      [1, 1],
      [null, 1],
    ])
  })

  it('forgets the oldest samples beyond its capacity', () => {
    const store = createMetricStore({ capacity: 3 })
    const gauge = store.gauge('g', {})
    for (let i = 1; i <= 5; i++) {
      gauge.set(i)
      store.scrape(i * 1000)
    }
    expect(values(store, 'g')).toEqual([[3, 4, 5]])
    expect(store.ring.timeAt(store.ring.oldest)).toBe(3000)
  })

  it('ends a removed series and starts it again from zero, with the gap kept', () => {
    const store = createMetricStore()
    store.counter('c', { pod: 'a' }).add(5)
    store.scrape(1000)
    expect(store.remove((labels) => labels.values.includes('a'))).toBe(1)
    store.scrape(2000)
    store.counter('c', { pod: 'a' }).add(1)
    store.scrape(3000)
    expect(values(store, 'c')).toEqual([[5, null, 1]])
    const [series] = store.select([matcherOf('__name__', '=', 'c')])
    expect([0, 1, 2].map((i) => series && lastSampleAt(series, i))).toEqual([0, 0, 2])
  })

  it('refuses scrapes that do not rise and counters that fall', () => {
    const store = createMetricStore()
    store.scrape(1000)
    expect(() => store.scrape(1000)).toThrow(RangeError)
    expect(() => store.counter('c', {}).add(-1)).toThrow(RangeError)
  })

  it('writes a histogram as cumulative buckets, sum and count', () => {
    const store = createMetricStore()
    const histogram = store.histogram('latency', { pod: 'a' }, [0.5, 1, 10])
    histogram.observe(0.5)
    histogram.observe(5, 2)
    histogram.observe(50)
    histogram.addBucketCounts([1, 0, 0, 2], 100)
    store.scrape(1000)
    const bucket = (le: string) => values(store, 'latency_bucket', { le })
    expect([bucket('0.5'), bucket('1'), bucket('10'), bucket('+Inf')]).toEqual([[[2]], [[2]], [[4]], [[7]]])
    expect(values(store, 'latency_count')).toEqual([[7]])
    expect(values(store, 'latency_sum')).toEqual([[160.5]])
  })

  it('records what rules make of a scrape, at their own pace, until they say it ended', () => {
    const store = createMetricStore()
    store.scrape(1000)
    const series = store.record('app:rate', store.labelSets.intern({ app: 'a' }), 1)
    store.scrape(2000)
    store.scrape(3000)
    store.record('app:rate', { names: ['app'], values: ['a'], id: -1 }, 3)
    store.scrape(4000)
    store.scrape(5000)
    series.recorded?.end(4)
    expect(values(store, 'app:rate')).toEqual([[1, null, 3, null, null]])
    expect([0, 1, 2, 3, 4].map((i) => lastSampleAt(series, i))).toEqual([0, 0, 2, 2, -1])
    store.record('app:rate', series.labels, 5)
    expect(lastSampleAt(series, 4)).toBe(4)
  })

  it('does not let rules and proxies write the same series', () => {
    const store = createMetricStore()
    store.counter('c', {})
    store.scrape(1000)
    store.record('r', store.labelSets.intern({}), 1)
    expect(() => store.record('c', store.labelSets.intern({}), 1)).toThrow(RangeError)
    expect(() => store.counter('r', {})).toThrow(RangeError)
  })

  it('selects by every kind of matcher, an absent label being empty, and sees later series', () => {
    const store = createMetricStore()
    const names = () =>
      store
        .select([matcherOf('__name__', '=~', 'a|b|c'), matcherOf('x', '!~', '2.*'), matcherOf('y', '=', '')])
        .map(({ metric, labels }) => metric + labels.values.join())
    store.gauge('a', { x: '1' })
    store.gauge('b', { x: '22' })
    store.gauge('b', { x: '1', y: '1' })
    store.gauge('d', {})
    expect(names()).toEqual(['a1'])
    store.gauge('c', {})
    expect(names()).toEqual(['a1', 'c'])
  })
})

describe('exposition', () => {
  it('is text format with types, escapes and the time of the last scrape', () => {
    const store = createMetricStore({ help: { c_total: 'Line one.\nBack\\slash.' } })
    store.counter('c_total', { path: 'a"b\\c\nd' }).add(1.5)
    store.histogram('h', {}, [1]).observe(2)
    store.scrape(5000)
    store.gauge('later', {}).set(1)
    expect([...exposition(store)].join('')).toBe(
      [
        '# HELP c_total Line one.\\nBack\\\\slash.',
        '# TYPE c_total counter',
        'c_total{path="a\\"b\\\\c\\nd"} 1.5 5000',
        '# HELP h h of the embedded mesh.',
        '# TYPE h histogram',
        'h_bucket{le="1"} 0 5000',
        'h_bucket{le="+Inf"} 1 5000',
        'h_sum 2 5000',
        'h_count 1 5000',
        '',
      ].join('\n'),
    )
  })
})
