import { expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { ALERTING_RULE } from '@/tests/support/prometheus/alerting-rule'
import { readConfig } from '../../config/config'
import { createLog } from '../../log'
import { createUpstreams } from '../../upstreams'
import { getAlerts } from './get-alerts'

const NOW = Date.UTC(2026, 7, 20, 12)

const MESH = { namespaces: [], clusters: [] }

function upstreams() {
  const clock = manualClock(NOW)
  const log = createLog('error', () => undefined)
  return { clock, up: createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1' }), { clock, log }) }
}

it('waits for the rules of a slow Prometheus no longer than it is told', async () => {
  const { clock, up } = upstreams()
  up.prometheus.alertingRules = () => new Promise(() => undefined)
  const list = getAlerts(up, MESH, 4_000)
  list.catch(() => undefined)
  clock.advance(4_000)
  await expect(list).rejects.toThrow('no answer about its rules for 4 s; it is still asked')
  await up.close()
})

it.each([403, 404, 405, 501])(
  'says what is not known where the rules are refused with %i',
  async (status) => {
    const { up } = upstreams()
    const refused = new UpstreamError('prometheus', 'http', 'refused', { status })
    up.prometheus.alertingRules = () => Promise.reject(refused)
    const list = await getAlerts(up, MESH)
    await up.close()
    expect(list).toMatchObject({ rulesState: 'not-served', items: [], rules: [] })
    expect(list.notices.map(({ code }) => code)).toEqual(['rules-not-served'])
    expect(list.notices[0]?.message).toContain('ALERTMANAGER_URL')
  },
)

it.each([401, 500])('fails where the rules are answered with %i and nothing else tells', async (status) => {
  const { up } = upstreams()
  const failure = new UpstreamError('prometheus', 'http', 'failed', { status })
  up.prometheus.alertingRules = () => Promise.reject(failure)
  await expect(getAlerts(up, MESH)).rejects.toBe(failure)
  await up.close()
})

it('lists of thousands of alerting rules those that found something, and counts all', async () => {
  const { up } = upstreams()
  const found = { state: 'firing' as const, labels: {}, annotations: {}, activeAt: NOW, value: 1 }
  const rules = Array.from({ length: 2_000 }, (_, place) => ({
    ...ALERTING_RULE,
    name: `rule-${String(place).padStart(4, '0')}`,
    lastEvaluationAt: NOW,
    alerts: place === 1_999 ? [found] : [],
  }))
  up.prometheus.alertingRules = () => Promise.resolve(rules)
  const list = await getAlerts(up, MESH)
  await up.close()
  expect([list.rules.length, list.ruleCount]).toEqual([1_000, 2_000])
  expect(list.rules.at(-1)).toMatchObject({ name: 'rule-1999', state: 'firing' })
  expect(list.notices.map(({ code }) => code)).toEqual(['rules-cut'])
})
