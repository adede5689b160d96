import { describe, expect, it } from 'vitest'
import {
  callee,
  config,
  input,
  inventory,
  latency,
  mean,
  NOBODY,
  request,
  service,
  tcp,
  workload,
} from '@/tests/support/graph/samples'
import { findSplits } from '@/lib/istio/splits'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { buildTopology } from '../build'
import { withLatency } from '../latency'
import type { TopologyInput } from '../types'
import { observeSplits } from './split-traffic'

const subsets = config('DestinationRule', 'shop/reviews', {
  host: 'reviews',
  subsets: ['v1', 'v2'].map((name) => ({ name, labels: { version: name } })),
})
const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight })
const rule = { route: [to('v1', 50), to('v2', 50)] }
const http = (...rules: object[]) =>
  config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http: rules })

function observe(
  objects: ConfigObject[],
  parts: Partial<TopologyInput>,
  timed: Parameters<typeof withLatency>[1]['latency'] = [],
  means: Parameters<typeof withLatency>[1]['means'] = [],
) {
  const world = inventory({
    workloads: ['reviews-v1', 'reviews-v2', 'a', 'shop/istio-ingressgateway'].map((name) => workload(name)),
    services: [service('reviews')],
    config: [subsets, ...objects],
  })
  const topology = buildTopology(input({ inventories: [world], ...parts }))
  const splits = findSplits(indexInventory(world))
  return observeSplits(withLatency(topology, { latency: timed, means }), splits, splits)
}
const sharesOf = (traffic: ReturnType<typeof observe>) =>
  traffic.map(({ backends }) => backends.map((backend) => backend.observedShare))

describe('observeSplits', () => {
  it('tells share, rate, errors and latency of each destination', () => {
    const traffic = observe(
      [http(rule)],
      {
        requests: [
          request('a', 'reviews-v1', 9),
          request('a', 'reviews-v2', 2),
          request('a', 'reviews-v2', 1, { responseCode: '503' }),
        ],
      },
      [latency('a', 'reviews-v1', [9, 9, 9, 9])],
    )
    expect(traffic).toMatchObject([
      {
        observedOver: 'route',
        elsewhereShare: 0,
        backends: [
          { observedShare: 0.75, requestsPerSecond: 9, errorRatio: 0, latencyMs: { p50: 5 } },
          { observedShare: 0.25, requestsPerSecond: 3, errorRatio: 0.333333333, latencyMs: null },
        ],
      },
    ])
  })

  it('counts no buckets of a version of which only some callers were asked for them', () => {
    const [split] = observe(
      [http(rule)],
      { requests: [request('a', 'reviews-v1', 9), request('b', 'reviews-v1', 1)] },
      [latency('a', 'reviews-v1', [9, 9, 9, 9])],
      [mean('a', 'reviews-v1', 45, 9), mean('b', 'reviews-v1', 500, 1)],
    )
    expect(split?.backends[0]).toMatchObject({
      requestsPerSecond: 10,
      latencyMs: { p95: null, mean: 54.5 },
      counted: { requests: 1_200, histogram: null },
    })
  })

  it('knows no share without traffic', () => {
    expect(sharesOf(observe([http(rule)], {}))).toEqual([[null, null]])
    expect(observe([http(rule)], {})[0]?.elsewhereShare).toBeNull()
  })

  it('counts what nobody answered', () => {
    const requests = [
      request('a', 'reviews-v1', 3),
      request('a', callee(null, 'reviews'), 1, { responseCode: '503', flags: 'UH' }),
    ]
    const traffic = observe([http(rule)], { requests })
    expect(sharesOf(traffic)).toEqual([[0.75, 0]])
    expect(traffic[0]?.elsewhereShare).toBe(0.25)
  })

  it('leaves out what is mirrored, but not callers whose own metrics are missing', () => {
    const called = { reporter: 'destination' } as const
    const mirrored = [
      request('a', 'reviews-v1', 9),
      request('a', 'reviews-v1', 9, called),
      request('a', 'reviews-v3', 9, called),
      request('silent', 'reviews-v2', 3, called),
    ]
    const [split] = observe([http(rule)], { requests: mirrored })
    expect(split?.backends.map(({ observedShare }) => observedShare)).toEqual([0.75, 0.25])
    expect(split?.elsewhereShare).toBe(0)
    // a caller that could not name some of those who answered
    const unnamed = [request('a', callee(null, 'reviews'), 8), request('a', 'reviews-v2', 4, called)]
    expect(sharesOf(observe([http(rule)], { requests: unnamed }))).toEqual([[0, 0.5]])
  })

  it('leaves out callers that obey no route: without a proxy, or through a gateway', () => {
    const requests = [
      request('a', 'reviews-v1', 1),
      request(NOBODY, 'reviews-v2', 9, { reporter: 'destination' }),
      request('istio-ingressgateway', 'reviews-v2', 9),
    ]
    expect(sharesOf(observe([http(rule)], { requests }))).toEqual([[1, 0]])
  })

  it('says so when several rules send to one service', () => {
    const testers = { match: [{ headers: { user: { exact: 'x' } } }], route: [to('v2', 1)] }
    const traffic = observe([http(testers, rule)], { requests: [request('a', 'reviews-v1', 4)] })
    expect(traffic.map((each) => each.observedOver)).toEqual(['service', 'service'])
    expect(sharesOf(traffic)).toEqual([[0], [1, 0]])
  })

  it('cannot tell a destination named twice', () => {
    const twice = http({ route: [to('v1', 1), to('v1', 1), to('v2', 2)] })
    const requests = [request('a', 'reviews-v1', 1), request('a', 'reviews-v2', 1)]
    expect(sharesOf(observe([twice], { requests }))).toEqual([[null, null, 0.5]])
  })

  it('splits connections by those opened, by bytes where none were', () => {
    const object = config('VirtualService', 'shop/reviews', { hosts: ['reviews'], tcp: [rule] })
    const opened = (to: string, connectionsPerSecond: number, bytes: number) =>
      tcp('a', to, bytes, { connectionsPerSecond })
    const byConnections = observe([object], {
      tcp: [opened('reviews-v1', 3, 10), opened('reviews-v2', 1, 990)],
    })
    expect(sharesOf(byConnections)).toEqual([[0.75, 0.25]])
    expect(byConnections[0]?.backends[0]).toMatchObject({ requestsPerSecond: null, connectionsPerSecond: 3 })
    const byBytes = observe([object], { tcp: [opened('reviews-v1', 0, 10), opened('reviews-v2', 0, 990)] })
    expect(sharesOf(byBytes)).toEqual([[0.01, 0.99]])
  })

  it('sums the traffic of a service once, however many rules, callers and codes it has', () => {
    const many = Array.from({ length: 400 }, (_, n) => ({ match: [{ uri: { exact: `/${n}` } }], ...rule }))
    const requests = Array.from({ length: 4_000 }, (_, n) =>
      request(`caller-${n}`, n % 4 === 0 ? 'reviews-v2' : 'reviews-v1', 1, { responseCode: `${1_000 + n}` }),
    )
    const traffic = observe([http(...many)], { requests })
    expect(traffic).toHaveLength(400)
    for (const each of sharesOf(traffic)) expect(each).toEqual([0.75, 0.25])
    // in squares of what there is, this would take minutes
  })
})
