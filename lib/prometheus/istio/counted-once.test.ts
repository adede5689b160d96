/** The same rows asked three ways: an objective, a chart and the graph must count the same requests. */
import { describe, expect, it } from 'vitest'
import { outcomeOf } from '@/lib/mesh/outcome'
import { graphOf } from '@/tests/support/graph/graphs'
import { afterMinuteOf, type Ask } from '@/tests/support/prometheus/minute'
import { chartQuery, type ChartEnd, type ChartOptions } from './charts/charts'
import { decodeRequests } from './decode'
import {
  addCounts,
  objectiveLatencyQuery,
  objectiveRequestsQuery,
  type ObjectiveQueryOptions,
  type ServiceCounts,
} from './objectives'
import { namespaceErrorsQuery, namespaceRequestsQuery } from './overview'
import { trafficQueries } from './queries'

const UNKNOWN = 'unknown'

interface Row {
  by: 'source' | 'waypoint' | 'destination'
  from?: string
  /** the cluster of the caller, `east` unless said */
  cluster?: string
  to: string | null
  /** of what answered; nobody has none */
  toCluster?: string
  service?: string
  code?: string
  flags?: string
  perSecond: number
}

function labelsOf({ by, from = 'a', cluster = 'east', to, toCluster, service = 'cart', ...row }: Row) {
  return {
    reporter: by,
    source_cluster: from === UNKNOWN ? UNKNOWN : cluster,
    source_workload: from,
    source_workload_namespace: from === UNKNOWN ? UNKNOWN : 'shop',
    source_canonical_service: from,
    destination_cluster: to === null ? UNKNOWN : (toCluster ?? cluster),
    destination_workload: to ?? UNKNOWN,
    destination_workload_namespace: to === null ? UNKNOWN : 'shop',
    destination_canonical_service: to ?? UNKNOWN,
    destination_service_namespace: 'shop',
    destination_service_name: service,
    destination_service: `${service}.shop.svc.cluster.local`,
    request_protocol: 'http',
    response_code: row.code ?? '200',
    response_flags: row.flags ?? '-',
  }
}

const asker = (rows: readonly Row[]): Ask =>
  afterMinuteOf(
    rows.map((row) => ({
      metric: 'istio_requests_total',
      labels: labelsOf(row),
      perSecond: row.perSecond,
    })),
  )

function inOverview(ask: Ask, cluster: string): Figures {
  const sum = (query: string) =>
    ask(query)
      .filter(({ labels }) => {
        const { destination_cluster: to, source_cluster: from } = labels
        return (to === UNKNOWN ? from : to) === cluster
      })
      .reduce((total, { value }) => total + (value ?? 0), 0)
  return {
    total: sum(namespaceRequestsQuery({ windowSeconds: 60 })),
    bad: sum(namespaceErrorsQuery({ windowSeconds: 60 })),
  }
}

type Figures = { total: number; bad: number }
const OPTIONS: ChartOptions = { windowSeconds: 60, defaultCluster: 'east' }
const cart = (cluster: string): ChartEnd => ({ kind: 'service', cluster, namespace: 'shop', name: 'cart' })

function inChart(ask: Ask, end: ChartEnd, by: string[] = []): Figures {
  const query = chartQuery('istio_requests_total', [...by, 'response_code'], { destination: end }, OPTIONS)
  const figures = { total: 0, bad: 0 }
  for (const { labels, value } of ask(query)) {
    const responseCode = labels.response_code ?? ''
    figures.total += value ?? 0
    if (outcomeOf({ protocol: 'http', responseCode, grpcStatus: null }).isError) figures.bad += value ?? 0
  }
  return figures
}

function inObjective(ask: Ask, cluster: string, asked: Partial<ObjectiveQueryOptions> = {}): Figures {
  const counts = new Map<string, ServiceCounts>()
  const services = [{ namespace: 'shop', name: 'cart' }]
  const query = objectiveRequestsQuery({ windowSeconds: 60, services, ...asked })
  addCounts(counts, { requests: ask(query), latency: [] }, 1, 'east')
  const { total, bad } = counts.get(`${cluster}/shop/cart`) ?? { total: 0, bad: 0 }
  return { total, bad }
}

function inGraph(ask: Ask, cluster: string): Figures {
  const requests = decodeRequests(ask(trafficQueries({ windowSeconds: 60 }).requests))
  const graph = graphOf({ requests }, { graphType: 'service' })
  const http = graph.nodes.find(({ id }) => id === `${cluster}/shop/service/cart`)?.inbound.http
  const total = http?.requestsPerSecond ?? 0
  return { total, bad: total * (http?.errorRatio ?? 0) }
}

/** A caller with a sidecar sees the waypoint, the waypoint sees who answers. */
const throughWaypoint = (seen: string | null): Row[] => [
  { by: 'source', to: seen, perSecond: 10 },
  { by: 'source', to: seen, code: '503', perSecond: 2 },
  { by: 'waypoint', to: 'cart-v1', perSecond: 6 },
  { by: 'waypoint', to: 'cart-v2', perSecond: 4 },
  { by: 'waypoint', to: null, code: '503', flags: 'UH', perSecond: 2 },
]

const CASES: [string, Row[], { east: Figures; west?: Figures }][] = [
  ['a caller through a waypoint it sees', throughWaypoint('waypoint'), { east: { total: 12, bad: 2 } }],
  ['a caller through a waypoint it does not', throughWaypoint(null), { east: { total: 12, bad: 2 } }],
  [
    'a waypoint that cannot be reached and has nobody to hand on to',
    [...throughWaypoint('waypoint'), { by: 'source', to: null, code: '503', flags: 'UF,URX', perSecond: 3 }],
    { east: { total: 15, bad: 5 } },
  ],
  [
    'a waypoint before a workload with a proxy of its own',
    [
      { by: 'waypoint', to: 'cart-v1', perSecond: 10 },
      { by: 'destination', from: 'waypoint', to: 'cart-v1', perSecond: 10 },
      { by: 'destination', from: UNKNOWN, to: 'cart-v1', perSecond: 1 },
    ],
    { east: { total: 11, bad: 0 } },
  ],
  [
    'a caller both sides report, one without a proxy and one whose metrics are missing',
    [
      { by: 'source', to: 'cart-v1', perSecond: 10 },
      { by: 'source', to: null, code: '503', flags: 'UH', perSecond: 1 },
      { by: 'destination', to: 'cart-v1', perSecond: 10 },
      { by: 'destination', from: UNKNOWN, to: 'cart-v1', perSecond: 2 },
      { by: 'destination', from: 'silent', to: 'cart-v1', code: '500', perSecond: 4 },
    ],
    { east: { total: 17, bad: 5 } },
  ],
  [
    'a caller that is gone, its series silent',
    [
      { by: 'source', to: 'cart-v1', perSecond: 0 },
      { by: 'destination', to: 'cart-v1', perSecond: 7 },
    ],
    { east: { total: 7, bad: 0 } },
  ],
  [
    'two clusters with a service of the name, some of whose requests reach nobody',
    [
      { by: 'source', to: 'cart-v1', perSecond: 10 },
      { by: 'source', to: null, code: '503', flags: 'UH', perSecond: 1 },
      { by: 'source', cluster: 'west', to: 'cart-v1', perSecond: 20 },
      { by: 'source', cluster: 'west', to: null, code: '503', flags: 'UH', perSecond: 3 },
      { by: 'source', cluster: 'west', from: 'b', to: 'cart-v1', toCluster: 'east', perSecond: 5 },
    ],
    { east: { total: 16, bad: 1 }, west: { total: 23, bad: 3 } },
  ],
]

describe.each(CASES)('%s', (_, rows, expected) => {
  const ask = asker(rows)

  it.each(Object.entries(expected))('is the same everywhere: %s', (cluster, { total, bad }) => {
    const close = { total: expect.closeTo(total, 6), bad: expect.closeTo(bad, 6) }
    expect(inGraph(ask, cluster)).toEqual(close)
    expect(inObjective(ask, cluster)).toEqual(close)
    expect(inChart(ask, cart(cluster))).toEqual(close)
    expect(inChart(ask, cart(cluster), ['destination_workload'])).toEqual(close)
    // of callers whose metrics are missing the overview asks nothing: that would read all that called sides counted
    if (!rows.some(({ by, from }) => by === 'destination' && from !== UNKNOWN && from !== 'waypoint')) {
      expect(inOverview(ask, cluster)).toEqual(close)
    }
    expect(inChart(ask, { kind: 'namespace', cluster, namespace: 'shop', name: 'shop' })).toEqual(close)
  })
})

it('names who answered behind a waypoint, and nobody twice', () => {
  const query = chartQuery(
    'istio_requests_total',
    ['destination_workload'],
    { source: { kind: 'workload', cluster: 'east', namespace: 'shop', name: 'a' } },
    OPTIONS,
  )
  const shown = asker(throughWaypoint('waypoint'))(query).map(({ labels, value }) => [
    labels.destination_workload,
    value,
  ])
  expect(shown.sort()).toEqual([
    ['cart-v1', 6],
    ['cart-v2', 4],
    ['unknown', 2],
  ])
})

/** Of what a caller sends twice only the called side tells; its answers reach nobody. */
describe('a mirror', () => {
  const ask = asker([
    { by: 'source', to: 'cart-v1', perSecond: 10 },
    { by: 'source', to: null, code: '503', flags: 'UH', perSecond: 1 },
    { by: 'destination', to: 'cart-v1', perSecond: 10 },
    { by: 'destination', to: 'cart-v2', code: '500', perSecond: 2 },
  ])

  it('is in the chart of its service, whole and by workload, as in the graph', () => {
    const drawn = { total: expect.closeTo(13, 6), bad: expect.closeTo(3, 6) }
    expect(inGraph(ask, 'east')).toEqual(drawn)
    expect(inChart(ask, cart('east'))).toEqual(drawn)
    expect(inChart(ask, cart('east'), ['destination_workload'])).toEqual(drawn)
  })

  it('spends nothing of a budget', () => {
    expect(inObjective(ask, 'east')).toEqual({ total: expect.closeTo(11, 6), bad: expect.closeTo(1, 6) })
  })

  it('is not taken for what a caller that cannot name the workload or its cluster has told of', () => {
    for (const unnamed of [{ to: null }, { to: 'cart-v2', toCluster: UNKNOWN }]) {
      const rows: Row[] = [
        { by: 'source', to: 'cart-v1', perSecond: 10 },
        { by: 'source', ...unnamed, perSecond: 5 },
        { by: 'destination', to: 'cart-v1', perSecond: 10 },
        { by: 'destination', to: 'cart-v2', perSecond: 5 },
      ]
      const drawn = { total: expect.closeTo(15, 6), bad: 0 }
      expect(inGraph(asker(rows), 'east')).toEqual(drawn)
      expect(inChart(asker(rows), cart('east'))).toEqual(drawn)
    }
  })
})

/** The called side names the oldest service of its pods, whichever of them was asked for. */
describe('two services before the same pods', () => {
  const rows: Row[] = [
    { by: 'source', from: 'a', to: 'cart-v1', service: 'canary', perSecond: 5 },
    { by: 'source', from: 'a', to: 'cart-v1', service: 'canary', code: '500', perSecond: 1 },
    { by: 'destination', from: 'a', to: 'cart-v1', perSecond: 5 },
    { by: 'destination', from: 'a', to: 'cart-v1', code: '500', perSecond: 1 },
    { by: 'source', from: 'b', to: 'cart-v1', perSecond: 2 },
    { by: 'destination', from: 'b', to: 'cart-v1', perSecond: 2 },
    { by: 'destination', from: 'silent', to: 'cart-v1', code: '503', perSecond: 0.5 },
    { by: 'destination', from: UNKNOWN, to: 'cart-v1', perSecond: 0.5 },
  ]
  const named = (name: string) => ({ namespace: 'shop', name })
  const expected = { total: expect.closeTo(3, 6), bad: expect.closeTo(0.5, 6) }

  it('share nothing in the objective of the oldest, as in graph and chart', () => {
    const ask = asker(rows)
    expect(inGraph(ask, 'east')).toEqual(expected)
    expect(inChart(ask, { ...cart('east'), workloads: ['cart-v1'] })).toEqual(expected)
    expect(inObjective(ask, 'east', { beside: [named('canary')] })).toEqual(expected)
    expect(inObjective(ask, 'east', { services: [named('canary'), named('cart')] })).toEqual(expected)
  })

  it('share none of its latency, of which one bound tells that there was a request', () => {
    const metric = 'istio_request_duration_milliseconds_bucket'
    const ask = afterMinuteOf(
      rows.flatMap((row) =>
        ['100', '+Inf'].map((le) => ({
          metric,
          labels: { ...labelsOf(row), le },
          // none of the callers that are told of twice is in time
          perSecond: le === '100' && row.by === 'source' ? 0 : row.perSecond,
        })),
      ),
    )
    const question = { windowSeconds: 60, services: [named('cart')], beside: [named('canary')] }
    const counts = new Map<string, ServiceCounts>()
    const latency = ask(objectiveLatencyQuery(question, ['100', '+Inf']))
    addCounts(counts, { requests: [], latency }, 1, 'east')
    expect(counts.get('east/shop/cart')?.byBound).toEqual(
      new Map([
        ['100', expect.closeTo(1, 6)],
        ['+Inf', expect.closeTo(3, 6)],
      ]),
    )
  })

  it('cost more only where there are such', () => {
    const question = { windowSeconds: 60, services: [named('cart')] }
    const alone = objectiveRequestsQuery(question)
    expect(objectiveRequestsQuery({ ...question, beside: [] })).toBe(alone)
    const read = (query: string) => query.split('rate(').length
    expect(read(objectiveRequestsQuery({ ...question, beside: [named('canary')] }))).toBe(read(alone))
  })
})
