import { expect, it } from 'vitest'
import { manualClock } from '@/tests/support/manual-clock'
import { readConfig } from '../config/config'
import { createLog } from '../log'
import { createUpstreams } from '../upstreams'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { HOUR } from '@/lib/slo/burn'
import { measure } from './measure'

it('tells how fast a budget burns now where Prometheus cannot answer for the past', async () => {
  const up = createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1' }), {
    clock: manualClock(Date.UTC(2026, 7, 20, 12, 30)),
    log: createLog('error', () => undefined),
  })
  const facts = { retentionSeconds: null, recorded: new Set() }
  Object.assign(up.facts, { current: () => facts, get: () => Promise.resolve(facts) })
  up.prometheus.range = () => Promise.reject(new UpstreamError('prometheus', 'query', 'too many samples'))
  const labels = { destination_service_namespace: 'shop', destination_service_name: 'cart' }
  up.prometheus.instant = () =>
    Promise.resolve({
      samples: [
        { labels: { ...labels, response_code: '200' }, value: 9 },
        { labels: { ...labels, response_code: '500' }, value: 1 },
      ],
      warnings: [],
    })
  const objective = {
    kind: 'availability',
    target: 0.99,
    thresholdMs: null,
    windowSeconds: 72 * HOUR,
  } as const
  const cluster = up.config.defaultCluster
  const measured = await measure(up, [{ cluster, namespace: 'shop', name: 'cart', objective }])
  await up.close()
  const hour = measured.over(HOUR).counts.get(`${cluster}/shop/cart`)
  expect(hour && hour.bad / hour.total).toBeCloseTo(0.1)
  expect(measured.over(72 * HOUR).knownSeconds).toBe(0)
  expect([measured.failure?.message, measured.missingHours]).toEqual(['too many samples', 72])
})
