import { describe, expect, it } from 'vitest'
import { createMetricStore } from '../prometheus/metric-store'
import { requestsByHost, statsText } from './stats'

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'front-1' } }

function measured() {
  const store = createMetricStore({ capacity: 4 })
  const count = (reporter: string, host: string, code: string, by: number, name = 'front-1') =>
    store
      .counter('istio_requests_total', {
        reporter,
        namespace: 'shop',
        pod: name,
        destination_service: host,
        response_code: code,
      })
      .add(by)
  count('source', 'cart.shop.svc.cluster.local', '200', 90)
  count('source', 'cart.shop.svc.cluster.local', '503', 9)
  count('source', 'cart.shop.svc.cluster.local', '0', 1)
  count('source', 'cart.shop.svc.cluster.local', '200', 500, 'front-2')
  count('destination', 'front.shop.svc.cluster.local', '404', 7)
  store.scrape(1_000)
  return store
}

describe('stats of a proxy', () => {
  const metrics = measured()
  const facts = {
    isLive: true,
    uptimeSeconds: 60,
    clusters: 12,
    listeners: 3,
    rejected: 2,
    sent: requestsByHost(metrics, pod, 'source'),
    received: requestsByHost(metrics, pod, 'destination'),
    portOf: () => 80,
    inboundPorts: [8080],
  }

  it('count what this pod sent and got, by the class of the answer', () => {
    const lines = statsText(facts, null).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'cluster.outbound|80||cart.shop.svc.cluster.local.upstream_rq_total: 100',
        'cluster.outbound|80||cart.shop.svc.cluster.local.upstream_rq_2xx: 90',
        'cluster.outbound|80||cart.shop.svc.cluster.local.upstream_rq_5xx: 9',
        'http.inbound_0.0.0.0_8080.downstream_rq_4xx: 7',
        'cluster_manager.active_clusters: 12',
        'listener_manager.total_listeners_active: 3',
        'listener_manager.lds.update_rejected: 2',
      ]),
    )
  })

  it('are filtered by a regular expression', () => {
    expect(statsText(facts, '_rq_[45]xx$|rq_4')).toBe('http.inbound_0.0.0.0_8080.downstream_rq_4xx: 7\n')
  })
})
