/** Questions of charts, asked of a store: whose requests they count. */
import { describe, expect, it } from 'vitest'
import { sortedPairs } from '@/lib/demo/prometheus/label-set'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import type { Sample } from '@/lib/prometheus/decode'
import {
  answeringWorkloadsQuery,
  chartQuery,
  countOfHosts,
  decodeAnsweringWorkloads,
  ofProtocol,
  type ChartEnd,
  type ChartOptions,
} from './charts'
import { attemptsQuery } from '../incidents'

const MINUTE_MS = 60_000

/** Requests per second that a chart of `end` shows, of callers that send one a second with these labels each. */
function shown(
  end: ChartEnd,
  callers: readonly Record<string, string>[],
  options: Partial<ChartOptions> = {},
): number | undefined {
  const query = chartQuery(
    'istio_requests_total',
    [],
    { destination: end },
    { windowSeconds: 60, defaultCluster: 'east', ...options },
  )
  return answers(query, callers)[0]?.value ?? undefined
}

function answers(query: string, callers: readonly Record<string, string>[]) {
  const store = createMetricStore()
  const counters = callers.map((labels) =>
    store.counter('istio_requests_total', {
      reporter: 'source',
      source_cluster: 'east',
      destination_service_namespace: 'shop',
      destination_service_name: 'cart',
      ...labels,
    }),
  )
  for (let at = 0; at <= MINUTE_MS; at += 15_000) {
    store.scrape(at)
    for (const counter of counters) counter.add(15)
  }
  const answer = createQueryEngine({ store }).instant(parsePromql(query), MINUTE_MS)
  if (answer.type !== 'vector') throw new Error(`no vector but ${answer.type}`)
  return answer.samples.map(({ row, value }): Sample => ({
    labels: Object.fromEntries(sortedPairs(row.metric, row.labels)),
    value,
  }))
}

it('a service is that of its cluster, with what its callers there could send to nobody', () => {
  const cart = (cluster: string): ChartEnd => ({ kind: 'service', cluster, namespace: 'shop', name: 'cart' })
  const callers = [
    { source_workload: 'a', destination_cluster: 'east', destination_workload: 'cart-v1' },
    { source_workload: 'b', destination_cluster: 'west', destination_workload: 'cart-v1' },
    { source_workload: 'c', destination_cluster: 'west', destination_workload: 'cart-v1' },
    { source_workload: 'd', destination_cluster: 'unknown', destination_workload: 'unknown' },
  ]
  expect(shown(cart('east'), callers)).toBe(2)
  expect(shown(cart('west'), callers)).toBe(2)
  // a mesh that writes no clusters
  expect(shown(cart('east'), [{ source_workload: 'a', destination_workload: 'cart-v1' }])).toBe(1)
})

const OPTIONS = { windowSeconds: 60, defaultCluster: 'east' }

it('a service is not given what its workloads are asked as another, whatever the called side names', () => {
  const old: ChartEnd = { kind: 'service', cluster: 'east', namespace: 'shop', name: 'old' }
  const two = {
    source_workload_namespace: 'shop',
    destination_cluster: 'east',
    destination_workload_namespace: 'shop',
    destination_workload: 'two-v1',
  }
  const called = { ...two, reporter: 'destination', destination_service_name: 'old' }
  const callers = [
    // asks for the other service, and the called side names the oldest
    { ...two, source_workload: 'a', destination_service_name: 'new' },
    { ...called, source_workload: 'a' },
    { ...two, source_workload: 'b', destination_service_name: 'old' },
    { ...called, source_workload: 'b' },
    // its metrics are missing
    { ...called, source_workload: 'c' },
  ]
  const behind = { ...old, workloads: ['two-v1'] }
  expect(shown(behind, callers)).toBe(2)
  expect(shown({ ...behind, name: 'new' }, callers)).toBe(1)
  const only = [{ label: 'source_workload', op: '=', value: 'a' } as const]
  expect(shown(behind, callers, { only })).toBeUndefined()
  // who stands behind it is not known
  expect(shown(old, callers)).toBe(3)
})

describe('a service whose name, or whose namespace, was dropped from the labels', () => {
  const cart: ChartEnd = { kind: 'service', cluster: 'east', namespace: 'shop', name: 'cart' }
  const host = { destination_service: 'cart.shop.svc.cluster.local', destination_workload: 'cart-v1' }
  const nameless = { destination_service_name: '', destination_service_namespace: '' }
  const callers = [
    { source_workload: 'a', ...host },
    { source_workload: 'b', ...host, ...nameless },
    { source_workload: 'c', ...host, destination_service_namespace: '' },
    { source_workload: 'd', ...host, ...nameless, destination_service: 'cart.shop2.svc.cluster.local' },
    { source_workload: 'e', ...host, ...nameless, destination_service: 'my-cart.shop.svc.cluster.local' },
    { source_workload: 'f', ...host, ...nameless, destination_cluster: 'west' },
  ]

  it('is asked for by its host', () => {
    expect(shown(cart, callers)).toBe(1)
    expect(shown(cart, callers, { withHosts: true })).toBe(3)
    const namespace: ChartEnd = { kind: 'namespace', cluster: 'east', namespace: 'shop', name: 'shop' }
    expect(shown(namespace, callers, { withHosts: true })).toBe(4)
  })

  it('is known by what the series lack', () => {
    expect(answers(countOfHosts([]), callers)[0]?.value).toBe(5)
    expect(answers(countOfHosts([]), [{ source_workload: 'a', ...host }])).toEqual([])
    // nobody, who has no host either
    expect(answers(countOfHosts([]), [{ ...nameless, destination_service: 'unknown' }])).toEqual([])
  })
})

it('what does not tell its protocol is HTTP, as in the graph', () => {
  const end: ChartEnd = { kind: 'workload', cluster: 'east', namespace: 'shop', name: 'cart-v1' }
  const callers = ['http', 'grpc', ''].map((request_protocol) => ({
    destination_workload_namespace: 'shop',
    destination_workload: 'cart-v1',
    request_protocol,
  }))
  expect(shown(end, callers, { scope: ofProtocol('http') })).toBe(2)
  expect(shown(end, callers, { scope: ofProtocol('grpc') })).toBe(1)
})

describe('ends nobody knows', () => {
  const end = (name: string): ChartEnd => ({
    kind: 'unknown',
    cluster: 'unknown',
    namespace: 'unknown',
    name,
  })
  const reached = {
    source_workload: 'a',
    destination_cluster: 'unknown',
    destination_workload: 'unknown',
    destination_canonical_service: 'unknown',
    destination_service_namespace: 'unknown',
  }
  const nowhere = { ...reached, destination_service_name: 'unknown', destination_service: 'unknown' }
  const ghost = { ...reached, destination_service_name: 'cart', destination_service: 'cart.shop.svc' }
  const host = { ...reached, destination_service_name: 'unknown', destination_service: 'api.example.com' }
  const blocked = { ...reached, destination_service_name: 'BlackHoleCluster', destination_service: 'a.org' }
  const byAddress = { ...reached, destination_service_name: 'InboundPassthroughCluster' }

  it('are called only by what names neither workload, app, service nor host', () => {
    expect(shown(end('unknown-destination'), [nowhere, ghost, host, blocked])).toBe(1)
    expect(shown(end('unknown-destination'), [byAddress, ghost])).toBe(1)
  })

  it('are not called where they stand for callers, and call nobody where they are called', () => {
    expect(shown(end('unknown'), [nowhere, ghost])).toBeUndefined()
    const query = chartQuery('istio_requests_total', [], { source: end('unknown-destination') }, OPTIONS)
    expect(answers(query, [{ reporter: 'destination', source_workload: 'unknown' }])).toEqual([])
  })

  it('leave callers to their app where that is known', () => {
    const query = chartQuery('istio_requests_total', [], { source: end('unknown') }, OPTIONS)
    const nobody = { reporter: 'destination', source_workload: 'unknown', destination_workload: 'cart-v1' }
    const app = { ...nobody, source_canonical_service: 'billing' }
    const sums = answers(query, [{ ...nobody, source_canonical_service: 'unknown' }, app])
    expect(sums.map(({ value }) => value)).toEqual([1])
  })
})

it('an outside host is that of its cluster and namespace', () => {
  const host = (cluster: string, namespace: string, name: string): ChartEnd => {
    return { kind: 'external', cluster, namespace, name }
  }
  const to = (name: string, cluster: string, namespace: string) => ({
    source_workload: `${cluster}-${namespace}`,
    source_cluster: cluster,
    destination_cluster: 'unknown',
    destination_workload: 'unknown',
    destination_service_name: name,
    destination_service_namespace: namespace,
  })
  const rows = [
    to('api.example.com', 'east', 'shop'),
    to('api.example.com', 'east', 'bank'),
    to('api.example.com', 'west', 'shop'),
    to('PassthroughCluster', 'east', 'unknown'),
    to('PassthroughClusterIpv6', 'east', 'unknown'),
    to('PassthroughCluster', 'west', 'unknown'),
  ]
  expect(shown(host('east', 'shop', 'api.example.com'), rows)).toBe(1)
  expect(shown(host('west', 'shop', 'api.example.com'), rows)).toBe(1)
  expect(shown(host('east', 'unknown', 'PassthroughCluster'), rows)).toBe(2)
  expect(shown(host('west', 'unknown', 'PassthroughCluster'), rows)).toBe(1)
})

describe('a service that stands for a part of what it is asked', () => {
  const cart: ChartEnd = { kind: 'service', cluster: 'east', namespace: 'shop', name: 'cart' }
  const nobody = {
    source_workload: 'a',
    source_cluster: 'east',
    destination_cluster: 'unknown',
    destination_workload: 'unknown',
    destination_canonical_service: 'unknown',
    response_code: '503',
    response_flags: 'UH',
  }
  const to = (name: string, more = {}) => ({
    source_workload: 'a',
    destination_cluster: 'east',
    destination_workload: name,
    destination_canonical_service: 'cart',
    ...more,
  })
  const rows = [to('cart-v1'), to('cart-v2'), to('cart-v2', { source_workload: 'b' }), nobody]

  it('has what no workload answered, as graphs of workloads draw it', () => {
    expect(shown(cart, rows)).toBe(4)
    expect(shown({ ...cart, part: 'unanswered' }, rows)).toBe(1)
    expect(shown({ ...cart, part: 'unanswered' }, rows.slice(0, 3))).toBeUndefined()
  })

  it('has what a waypoint had nobody to hand on to, and not what its caller sent to the waypoint', () => {
    const ofWaypoint = { ...nobody, reporter: 'waypoint' }
    const behind = [to('waypoint'), to('cart-v1', { reporter: 'waypoint' }), ofWaypoint]
    expect(shown({ ...cart, part: 'unanswered' }, behind)).toBe(1)
    expect(shown({ ...cart, part: 'unanswered' }, [...behind, nobody])).toBe(2)
  })

  it('hands on to each workload what that one answered', () => {
    const source: ChartEnd = { ...cart, part: 'answered' }
    const whole = chartQuery('istio_requests_total', [], { source }, OPTIONS)
    const v2: ChartEnd = { kind: 'workload', cluster: 'east', namespace: 'shop', name: 'cart-v2' }
    const inShop = rows.map((row) => ({ ...row, destination_workload_namespace: 'shop' }))
    const query = chartQuery('istio_requests_total', [], { source, destination: v2 }, OPTIONS)
    expect(answers(query, inShop).map(({ value }) => value)).toEqual([2])
    expect(answers(whole, rows).map(({ value }) => value)).toEqual([3])
  })
})

it('finds the workloads that answered for a service, without the waypoint before them', () => {
  const service: ChartEnd = { kind: 'service', cluster: 'east', namespace: 'shop', name: 'cart' }
  const to = (name: string, more = {}) => ({
    source_workload: 'a',
    destination_cluster: 'east',
    destination_workload: name,
    ...more,
  })
  const rows = answers(answeringWorkloadsQuery(service, OPTIONS), [
    to('cart-v2'),
    to('cart-v1'),
    to('cart-v1', { reporter: 'destination' }),
    to('waypoint'),
    to('unknown'),
    to('other', { destination_service_name: 'other' }),
    to('far', { destination_cluster: 'west' }),
  ])
  expect(decodeAnsweringWorkloads(rows)).toEqual(['cart-v1', 'cart-v2'])
})

it('a caller whose metrics are missing is no attempt of those that report', () => {
  const cart: ChartEnd = { kind: 'workload', cluster: 'east', namespace: 'shop', name: 'cart-v1' }
  const from = (name: string, reporter: string) => ({
    reporter,
    source_workload: name,
    destination_cluster: 'east',
    destination_workload: 'cart-v1',
    destination_workload_namespace: 'shop',
  })
  const rows = answers(attemptsQuery(cart, OPTIONS), [
    from('web', 'source'),
    from('web', 'destination'),
    from('silent', 'destination'),
    from('unknown', 'destination'),
  ])
  expect(rows.map(({ labels, value }) => [labels.reporter, value]).sort()).toEqual([
    ['destination', 1],
    ['source', 1],
  ])
})
