import { expect, it } from 'vitest'
import type { AlertingRule } from '@/lib/prometheus/alerting-rules'
import type { Series } from '@/lib/prometheus/decode'
import { ruleId } from '../../alerts/rules'
import type { Upstreams } from '../../upstreams'
import { getAlertSeries } from './get-alert-series'

const NOW = Date.UTC(2026, 7, 20, 12)

function ruleWith(expression: string): AlertingRule {
  return {
    name: 'Rule',
    group: 'mesh',
    expression,
    forSeconds: 0,
    labels: {},
    annotations: {},
    health: 'ok',
    lastError: null,
    lastEvaluationAt: null,
    alerts: [],
  }
}

/** All that is read of it. */
function upstreamsWith(rule: AlertingRule, series: Series[]): Upstreams {
  const up = {
    prometheus: {
      alertingRules: () => Promise.resolve([rule]),
      range: () => Promise.resolve({ series, warnings: [] }),
    },
    memory: { get: (_key: string, _ms: number, ask: () => unknown) => ask() },
    clock: { now: () => NOW },
    config: { defaultCluster: 'east' },
  }
  return up as unknown as Upstreams
}

const line = (name: string, last: number, at = NOW): Series => ({ labels: { name }, points: [[at, last]] })

it.each([
  ['errors > 5', ['most', 'some', 'least', 'gone', 'gone too']],
  ['ready < 1', ['least', 'some', 'most', 'gone', 'gone too']],
])('shows of %s the worst lines first, and last those that have ended', async (expression, order) => {
  const rule = ruleWith(expression)
  const gone = [line('gone', -1, NOW - 1_800_000), line('gone too', 9, NOW - 1_800_000)]
  const up = upstreamsWith(rule, [...gone, line('some', 2), line('most', 3), line('least', 0)])
  const { series } = await getAlertSeries(up, { rule: ruleId(rule), window: '1h' })
  expect(series.map(({ labels }) => labels.name)).toEqual(order)
})
