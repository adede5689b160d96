import { describe, expect, it } from 'vitest'
import {
  input,
  inventory,
  latency,
  mean,
  request,
  service,
  tcp,
  workload,
} from '@/tests/support/graph/samples'
import { buildTopology } from '@/lib/graph/build'
import { withLatency } from '@/lib/graph/latency'
import { measure } from './measure'

const world = inventory({ services: [service('reviews')] })
const requests = [request('a', 'reviews-v1', 9), request('b', 'reviews-v2', 1)]
const topology = buildTopology(input({ inventories: [world], requests }))
const fast = latency('a', 'reviews-v1', [9, 9, 9, 9])

describe('what checks compare configuration with', () => {
  it('has the latency of a service over all that was asked of it', () => {
    const timed = withLatency(topology, {
      latency: [fast, latency('b', 'reviews-v2', [0, 0, 1, 1])],
      means: [],
    })
    // of 100 requests ten take 100 to 1000 ms, the 99th is the ninth of those
    expect(measure(timed, world).latencies).toEqual([
      { namespace: 'shop', service: 'reviews', p99Ms: 910, requests: 10 * topology.windowSeconds },
    ])
  })

  it('has none of a service of which only some callers were asked for buckets', () => {
    const means = [mean('a', 'reviews-v1', 45, 9), mean('b', 'reviews-v2', 500, 1)]
    expect(measure(withLatency(topology, { latency: [fast], means }), world).latencies).toEqual([])
  })

  it('has the hosts that workloads call, of those that are no gateways', () => {
    const workloads = [
      workload('a', { podLabels: { app: 'a' } }),
      workload('edge', { podLabels: { istio: 'ingressgateway' } }),
    ]
    const own = inventory({ services: [service('reviews'), service('ratings')], workloads })
    const called = [
      request('a', 'reviews-v1', 9),
      request('a', 'ratings-v1', 1),
      request('a', 'details-v1', 0.0001),
      request('edge', 'reviews-v1', 5),
      request('gone', 'reviews-v1', 5),
    ]
    // of a connection that is older than the window
    const bytes = [tcp('a', 'db-v1', 200)]
    const seen = buildTopology(input({ inventories: [own], requests: called, tcp: bytes }))
    const host = (name: string) => ({ namespace: 'shop', host: `${name}.shop.svc.cluster.local` })
    expect(measure(seen, own).outgoing).toEqual([
      {
        namespace: 'shop',
        workload: 'a',
        labels: { app: 'a' },
        hosts: ['db', 'ratings', 'reviews'].map(host),
      },
    ])
  })
})
