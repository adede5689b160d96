import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { expandTemplate } from '@/lib/demo/prometheus/rule-template'
import {
  alertsJson,
  createRules,
  rulesJson,
  type RuleGroupSpec,
  type RuleSpec,
} from '@/lib/demo/prometheus/rules'

function world(rules: RuleSpec[], interval?: string) {
  const store = createMetricStore()
  const engine = createQueryEngine({ store })
  const groups: RuleGroupSpec[] = [{ name: 'group', rules, ...(interval ? { interval } : {}) }]
  const evaluated = createRules({ store, engine, groups, defaultIntervalMs: 10_000, clock: () => 0 })
  const gauge = store.gauge('load', { app: 'a' })
  const step = (atMs: number, load: number) => {
    gauge.set(load)
    store.scrape(atMs)
    evaluated.evaluate(atMs)
  }
  const ask = (query: string, atMs: number) => {
    const result = engine.instant(parsePromql(query), atMs)
    return result.type === 'vector' ? result.samples.map(({ value }) => value) : []
  }
  return { rules: evaluated, step, ask }
}

describe('recording rules', () => {
  it('write what their expression answers, in order, with their labels over it', () => {
    const { step, ask } = world([
      { record: 'app:load:double', expr: 'load * 2', labels: { app: 'b', kind: 'x' } },
      { record: 'app:load:sum', expr: 'sum(app:load:double{app="b",kind="x"})' },
    ])
    step(0, 1)
    step(10_000, 4)
    expect(ask('app:load:sum', 10_000)).toEqual([8])
    expect(ask('app:load:double{app="a"}', 10_000)).toEqual([])
  })

  it('end when their expression has no answer any more', () => {
    const { step, ask } = world([{ record: 'high', expr: 'load > 5' }])
    step(0, 9)
    step(10_000, 1)
    expect(ask('high', 9999)).toEqual([9])
    expect(ask('high', 10_000)).toEqual([])
  })

  it('keep to the interval of their group, their last value standing in between', () => {
    const { step, ask, rules } = world([{ record: 'r', expr: 'load' }], '30s')
    for (let i = 0; i <= 4; i++) step(i * 10_000, i)
    expect([20_000, 30_000, 40_000].map((at) => ask('r', at))).toEqual([[0], [3], [3]])
    expect(rules.groups[0]?.lastEvaluationMs).toBe(30_000)
  })

  it('say why they fail and leave the others be', () => {
    const { step, ask, rules } = world([
      { record: 'bad', expr: 'load * on () group_left () {app="a"} + on () {__name__=~".+"}' },
      { record: 'load', expr: 'vector(1)', labels: { app: 'a' } },
      { record: 'good', expr: '1 + 1' },
    ])
    step(0, 1)
    step(10_000, 1)
    const answer = rulesJson(rules, 'record').groups[0]?.rules
    expect(answer?.map(({ health }) => health)).toEqual(['err', 'err', 'ok'])
    expect(answer?.[1]).toMatchObject({ lastError: expect.stringContaining('overwrite') })
    expect(ask('good', 10_000)).toEqual([2])
  })

  it('are refused by name when they are not PromQL', () => {
    expect(() => world([{ record: 'r', expr: 'sum(' }])).toThrow('rule r')
    expect(() => world([{ record: 'r', expr: 'load[5m]' }])).toThrow('rule r')
    expect(() => world([{ alert: 'A', expr: 'load', for: 'soon' }])).toThrow('A: not a duration: soon')
  })

  it('takes the file this project ships', () => {
    const { groups } = parse(readFileSync('deploy/prometheus/heddle-rules.yaml', 'utf8')) as {
      groups: RuleGroupSpec[]
    }
    const store = createMetricStore()
    const engine = createQueryEngine({ store })
    const rules = createRules({ store, engine, groups, defaultIntervalMs: 5000, clock: () => 0 })
    store.scrape(0)
    rules.evaluate(0)
    expect(
      rulesJson(rules, null).groups.flatMap(({ rules }) => rules.map(({ health }) => health)),
    ).not.toContain('err')
  })
})

describe('alerting rules', () => {
  const high: RuleSpec = {
    alert: 'HighLoad',
    expr: 'load > 5',
    for: '20s',
    labels: { severity: 'page' },
    annotations: { summary: '{{ $labels.app }} at {{ $value }}' },
  }

  it('are pending until they held for long enough, then firing, and gone when it is over', () => {
    const { rules, step, ask } = world([high])
    const state = () =>
      rulesJson(rules, 'alert').groups[0]?.rules.map((rule) => 'state' in rule && rule.state)
    step(0, 1)
    expect(state()).toEqual(['inactive'])
    step(10_000, 7)
    expect(state()).toEqual(['pending'])
    expect(ask('ALERTS{alertstate="pending"}', 10_000)).toEqual([1])
    step(20_000, 8)
    step(30_000, 9)
    expect(state()).toEqual(['firing'])
    expect(ask('ALERTS{alertstate="pending"}', 30_000)).toEqual([])
    expect(ask('ALERTS_FOR_STATE', 30_000)).toEqual([10])
    expect(alertsJson(rules)).toEqual({
      alerts: [
        {
          labels: { alertname: 'HighLoad', app: 'a', severity: 'page' },
          annotations: { summary: 'a at 9' },
          state: 'firing',
          activeAt: '1970-01-01T00:00:10.000Z',
          value: '9',
        },
      ],
    })
    step(40_000, 1)
    expect(alertsJson(rules)).toEqual({ alerts: [] })
    step(50_000, 9)
    expect(state()).toEqual(['pending'])
  })

  it('are told apart from recording rules', () => {
    const { rules } = world([high, { record: 'r', expr: 'load' }])
    const names = (type: string | null) => rulesJson(rules, type).groups[0]?.rules.map(({ name }) => name)
    expect([names('alert'), names('record'), names(null)]).toEqual([['HighLoad'], ['r'], ['HighLoad', 'r']])
  })
})

describe('expandTemplate', () => {
  it.each([
    ['{{ $labels.app }}/{{$labels.nope}}', 'a/'],
    ['{{ $value }}', '0.1234567'],
    ['{{ $value | humanizePercentage }}', '12.35%'],
    ['{{ printf "%.2f" $value }}', '0.12'],
    ['{{ range query "x" }}', '{{ range query "x" }}'],
  ])('%s', (text, wanted) => {
    expect(expandTemplate(text, { app: 'a' }, 0.1234567)).toBe(wanted)
  })

  it.each([
    [1_234_567, '1.235M'],
    [0.0042, '4.2m'],
    [12, '12'],
    [0, '0'],
  ])('humanizes %d', (value, wanted) => {
    expect(expandTemplate('{{ $value | humanize }}', {}, value)).toBe(wanted)
  })

  it.each([
    [0.25, '250ms'],
    [59.5, '59.5s'],
    [3661, '1h 1m 1s'],
    [90_000, '1d 1h 0m 0s'],
  ])('humanizes %d seconds', (value, wanted) => {
    expect(expandTemplate('{{ humanizeDuration $value }}', {}, value)).toBe(wanted)
  })
})
