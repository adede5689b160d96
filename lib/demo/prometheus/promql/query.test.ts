import { describe, expect, it } from 'vitest'
import { sortedPairs } from '@/lib/demo/prometheus/label-set'
import { createMetricStore, type MetricStore } from '@/lib/demo/prometheus/metric-store'
import { timeLimit } from '@/lib/demo/prometheus/promql/context'
import { PromqlExecutionError, PromqlTimeoutError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'

/** `name{label="value"}` and its samples, one each `stepMs` from `startMs`; `_` where there is none. */
function storeOf(lines: readonly string[], startMs = 0, stepMs = 10_000): MetricStore {
  const store = createMetricStore()
  const series = lines.map((line) => {
    const [, name = '', labels = '', samples = ''] = /^(\w+)(?:\{(.*?)\})? (.*)$/.exec(line) ?? []
    const pairs = [...labels.matchAll(/(\w+)="(.*?)"/g)].map(
      ([, label = '', value = '']) => [label, value] as const,
    )
    return { name, labels: Object.fromEntries(pairs), samples: samples.split(' ') }
  })
  const longest = Math.max(...series.map(({ samples }) => samples.length))
  for (let step = 0; step < longest; step++) {
    for (const { name, labels, samples } of series) {
      const sample = samples[step] ?? '_'
      const isSame = (set: { names: readonly string[]; values: readonly string[] }) =>
        JSON.stringify(sortedPairs('', { ...set, id: -1 })) === JSON.stringify(Object.entries(labels).sort())
      if (sample === '_') store.remove((set) => isSame(set))
      else store.gauge(name, labels).set(Number(sample))
    }
    store.scrape(startMs + step * stepMs)
  }
  return store
}

/** Answers as `labels → value`, or the value of a scalar. */
function ask(store: MetricStore, query: string, atSeconds: number): Record<string, number> | number {
  const result = createQueryEngine({ store }).instant(parsePromql(query), atSeconds * 1000)
  if (result.type === 'scalar') return result.value
  if (result.type !== 'vector') throw new Error(`unexpected ${result.type}`)
  return Object.fromEntries(
    result.samples.map(({ row, value }) => [
      sortedPairs(row.metric, row.labels)
        .map(([name, text]) => (name === '__name__' ? text : `${name}=${text}`))
        .join(),
      value,
    ]),
  )
}

const only = (value: number) => ({ '': value })

describe('instant selectors', () => {
  const store = storeOf(['a 1 2 3'])

  it.each([
    ['the newest sample at or before the instant', 19.999, { a: 2 }],
    ['the sample of the instant itself', 20, { a: 3 }],
    ['a sample as old as the lookback', 320, { a: 3 }],
    ['nothing older', 320.001, {}],
    ['nothing before the first', -0.001, {}],
  ])('find %s', (_, at, wanted) => {
    expect(ask(store, 'a', at)).toEqual(wanted)
  })

  it('stop at once where a rule stopped writing', () => {
    const recorded = createMetricStore()
    recorded.scrape(0)
    const series = recorded.record('r', recorded.labelSets.intern({}), 1)
    recorded.scrape(10_000)
    expect(ask(recorded, 'r', 10)).toEqual({ r: 1 })
    series.recorded?.end(1)
    expect(ask(recorded, 'r', 10)).toEqual({})
    expect(ask(recorded, 'r', 9)).toEqual({ r: 1 })
  })
})

describe('rate and increase', () => {
  // worked by hand from the rule of extrapolation
  it.each([
    ['covers its window when the samples do', 'a 0 10 20 30', 'increase(a[30s])', 30, 30],
    ['stretches by what is missing at the end', 'a 100 110 120 130', 'increase(a[30s])', 35, (20 * 30) / 20],
    [
      'stretches by half an interval when much is missing',
      'a 100 110 120 130',
      'increase(a[1m])',
      30,
      (30 * 35) / 30,
    ],
    ['does not stretch a counter below zero', 'a 1 11 21 31', 'increase(a[2m])', 30, (30 * 31) / 30],
    ['adds what was counted before a reset', 'a 1000 1010 5 15', 'increase(a[30s])', 30, 10 + 5 + 10],
    ['sees no increase in a counter born with its count', 'a _ _ 37 37', 'increase(a[1m])', 30, 0],
    ['is per second', 'a 0 10 20 30', 'rate(a[30s])', 30, 1],
    ['includes the left edge', 'a 0 10 20 30', 'count_over_time(a[30s])', 30, 4],
    ['leaves out what lies before it', 'a 0 10 20 30', 'count_over_time(a[29s])', 30, 3],
    ['uses the last two samples alone', 'a 0 10 20 50', 'irate(a[30s])', 30, 3],
    ['takes delta without resets', 'a 10 5 20 0', 'delta(a[30s])', 30, -10],
  ])('%s', (_, line, query, at, wanted) => {
    const answer = ask(storeOf([line]), query, at) as Record<string, number>
    expect(answer['']).toBeCloseTo(wanted, 9)
  })

  it('has no answer from one sample', () => {
    expect(ask(storeOf(['a 1 2 3']), 'rate(a[5s])', 20)).toEqual({})
  })

  it('counts only the samples of a series that came back', () => {
    expect(ask(storeOf(['a 1 2 _ _ 5 6']), 'count_over_time(a[1m])', 50)).toEqual(only(4))
  })
})

describe('histogram_quantile', () => {
  const buckets = ['b{le="1"} 10', 'b{le="2"} 30', 'b{le="+Inf"} 40']

  it.each([
    ['interpolates from zero in the first bucket', 0.125, buckets, 0.5],
    ['interpolates within a bucket', 0.5, buckets, 1.5],
    ['is the highest finite bound in the last', 0.9, buckets, 2],
    ['is below everything under 0', -1, buckets, -Infinity],
    ['is above everything over 1', 2, buckets, Infinity],
    ['has no answer without +Inf', 0.5, buckets.slice(0, 2), NaN],
    ['has no answer without observations', 0.5, ['b{le="1"} 0', 'b{le="+Inf"} 0'], NaN],
    ['raises a count that fell', 0.5, ['b{le="1"} 30', 'b{le="2"} 20', 'b{le="+Inf"} 40'], 20 / 30],
  ])('%s', (_, phi, lines, wanted) => {
    const answer = ask(storeOf(lines), `histogram_quantile(${phi}, b)`, 0) as Record<string, number>
    if (Number.isNaN(wanted)) expect(answer['']).toBeNaN()
    else expect(answer['']).toBeCloseTo(wanted, 12)
  })
})

describe('aggregations and matching', () => {
  const store = storeOf([
    'a{x="1",y="1"} 1',
    'a{x="1",y="2"} 2',
    'a{x="2",y="1"} 4',
    'info{x="1",team="red"} 1',
    'info{x="2",team="blue"} 1',
    'twin{x="2",y="1"} 1',
  ])

  it.each([
    ['sum by (x) (a)', { 'x=1': 3, 'x=2': 4 }],
    ['sum without (x) (a)', { 'y=1': 5, 'y=2': 2 }],
    ['sum by (nope) (a)', { '': 7 }],
    ['avg by (x) (a)', { 'x=1': 1.5, 'x=2': 4 }],
    ['topk(1, a)', { 'a,x=2,y=1': 4 }],
    ['count_values by (x) ("v", a)', { 'v=1,x=1': 1, 'v=2,x=1': 1, 'v=4,x=2': 1 }],
    [
      'a * on (x) group_left (team) info',
      { 'team=red,x=1,y=1': 1, 'team=red,x=1,y=2': 2, 'team=blue,x=2,y=1': 4 },
    ],
    ['a > 1 and on (x) info{team="red"}', { 'a,x=1,y=2': 2 }],
    ['a unless on (x) info{team="red"}', { 'a,x=2,y=1': 4 }],
    ['sum by (x) (a) / on (x) info', { 'x=1': 3, 'x=2': 4 }],
    ['a == bool 2', { 'x=1,y=1': 0, 'x=1,y=2': 1, 'x=2,y=1': 0 }],
    ['label_replace(a{x="2"}, "z", "$1-y", "x", "(.)")', { 'a,x=2,y=1,z=2-y': 4 }],
    ['scalar(a{x="2"})', 4],
    ['absent(a{x="3"})', { 'x=3': 1 }],
  ])('%s', (query, wanted) => {
    expect(ask(store, query, 0)).toEqual(wanted)
  })

  it.each([
    ['a * on (x) info', 'many-to-one matching must be explicit'],
    ['info * on (x) a', 'found duplicate series for the match group {x="1"} on the right hand-side'],
    ['{x="2",y="1"} + 1', 'same labelset'],
    ['rate({x="1",y!="2"}[1m])', null],
  ])('%s', (query, reason) => {
    if (reason === null) {
      expect(ask(store, query, 0)).toEqual({})
      return
    }
    expect(() => ask(store, query, 0)).toThrow(PromqlExecutionError)
    expect(() => ask(store, query, 0)).toThrow(reason)
  })

  it('gives the same groups whether or not it was asked before, and after new series', () => {
    const growing = storeOf(['a{x="1"} 1', 'a{x="2"} 2'])
    const engine = createQueryEngine({ store: growing })
    const query = parsePromql('sum by (y) (a) or sum by (x) (a)')
    const count = () => {
      const result = engine.instant(query, 20_000)
      return result.type === 'vector' ? result.samples.length : -1
    }
    expect([count(), count()]).toEqual([3, 3])
    growing.gauge('a', { x: '3', y: '1' }).set(3)
    growing.scrape(20_000)
    expect(count()).toBe(5)
  })
})

describe('ranges', () => {
  const store = storeOf(['a{x="2"} 1 2 3 4', 'a{x="1"} _ _ 5 6'])
  const engine = createQueryEngine({ store })

  it('has a point for each step that has one, in the order of labels', () => {
    const result = engine.range(parsePromql('a'), -10_000, 30_000, 10_000)
    expect(
      result.type === 'matrix' && result.series.map(({ points }) => points.map((p) => [p.atMs, p.value])),
    ).toEqual([
      [
        [20_000, 5],
        [30_000, 6],
      ],
      [
        [0, 1],
        [10_000, 2],
        [20_000, 3],
        [30_000, 4],
      ],
    ])
  })

  it('aligns subqueries to their step', () => {
    const result = engine.range(parsePromql('count_over_time(a{x="2"}[20s:10s])'), 5000, 25_000, 10_000)
    expect(result.type === 'matrix' && result.series[0]?.points.map(({ value }) => value)).toEqual([1, 2, 2])
  })

  it('stops when its time is over', () => {
    let now = 0
    const checkTime = timeLimit(() => now++, 1)
    const query = parsePromql('sum(a) + sum(a) + sum(a)')
    expect(() => engine.range(query, 0, 30_000, 10_000, { checkTime })).toThrow(PromqlTimeoutError)
  })

  it('refuses more cells than memory is for', () => {
    const query = parsePromql('a[1m:1ms]')
    expect(() => engine.instant(parsePromql('count_over_time(a[20h:1ms])'), 20_000)).toThrow(
      'too many samples',
    )
    expect(engine.instant(query, 20_000).type).toBe('matrix')
  })
})
