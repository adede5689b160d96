/** The same rows asked of the graph and of a chart: bytes that an L7 proxy counted as requests are no TCP of their own. */
import { describe, expect, it } from 'vitest'
import { graphOf } from '@/tests/support/graph/graphs'
import { afterMinuteOf, type Ask } from '@/tests/support/prometheus/minute'
import { chartQuery, type ChartEnd, type ChartEnds } from './charts'
import { decodeRequests, decodeTcp } from '../decode'
import { trafficQueries } from '../queries'

const SENT = 'istio_tcp_sent_bytes_total'

interface Row {
  metric?: string
  by: 'source' | 'waypoint' | 'destination'
  app?: string
  from?: string
  to: string
  service?: string
  perSecond: number
}

const requests = (row: Omit<Row, 'metric'>): Row => ({ metric: 'istio_requests_total', ...row })
/** Bytes that node proxies counted, by the side they were counted on. */
const bytes = (row: Omit<Row, 'metric' | 'app'>): Row => ({ metric: SENT, app: 'ztunnel', ...row })

function labelsOf({ by, app = 'other', from = 'scanner', to, service = 'stock' }: Row) {
  return {
    app,
    reporter: by,
    source_cluster: 'east',
    source_workload: from,
    source_workload_namespace: 'shop',
    source_canonical_service: from,
    destination_cluster: 'east',
    destination_workload: to,
    destination_workload_namespace: 'shop',
    destination_canonical_service: to,
    destination_service_namespace: 'shop',
    destination_service_name: service,
    destination_service: `${service}.shop.svc.cluster.local`,
    response_flags: '-',
  }
}

const OF_REQUESTS = { request_protocol: 'http', response_code: '200' }

const asker = (rows: readonly Row[]): Ask =>
  afterMinuteOf(
    rows.map((row) => ({
      metric: row.metric ?? SENT,
      labels: { ...labelsOf(row), ...(row.metric === SENT ? {} : OF_REQUESTS) },
      perSecond: row.perSecond,
    })),
  )

function inChart(ask: Ask, ends: ChartEnds, by: string[] = []): number {
  const query = chartQuery(SENT, by, ends, { windowSeconds: 60, defaultCluster: 'east' })
  return ask(query).reduce((sum, { value }) => sum + (value ?? 0), 0)
}

function inGraph(ask: Ask, name: string, direction: 'inbound' | 'outbound'): number {
  const queries = trafficQueries({ windowSeconds: 60 })
  const graph = graphOf({
    requests: decodeRequests(ask(queries.requests)),
    tcp: decodeTcp({
      received: ask(queries.tcpReceived),
      sent: ask(queries.tcpSent),
      opened: ask(queries.tcpOpened),
    }),
  })
  const node = graph.nodes.find(({ id }) => id === `east/shop/workload/${name}`)
  return node?.[direction].tcp?.sentBytesPerSecond ?? 0
}

const workload = (name: string): ChartEnd => ({ kind: 'workload', cluster: 'east', namespace: 'shop', name })
const stock: ChartEnd = { kind: 'service', cluster: 'east', namespace: 'shop', name: 'stock' }

/** What the node proxies of caller, waypoint and workload count of requests through a waypoint, and of bytes beside. */
const THROUGH_WAYPOINT = [
  requests({ by: 'waypoint', to: 'stock-v1', perSecond: 5 }),
  bytes({ by: 'source', to: 'waypoint', perSecond: 1000 }),
  bytes({ by: 'destination', from: 'waypoint', to: 'stock-v1', perSecond: 990 }),
]
const TO_DATABASE = (['source', 'destination'] as const).map((by) =>
  bytes({ by, to: 'db', service: 'db', perSecond: 70 }),
)

const CASES: [string, Row[], { scanner: number; stock: number }][] = [
  ['requests through a waypoint', THROUGH_WAYPOINT, { scanner: 0, stock: 0 }],
  ['the same beside bytes to a database', [...THROUGH_WAYPOINT, ...TO_DATABASE], { scanner: 70, stock: 0 }],
  [
    'a waypoint that routes on to another service',
    [
      requests({ by: 'waypoint', to: 'stock-v1', service: 'stock-v1', perSecond: 5 }),
      bytes({ by: 'source', to: 'waypoint', service: 'front', perSecond: 1000 }),
      bytes({ by: 'destination', from: 'waypoint', to: 'stock-v1', service: 'stock-v1', perSecond: 990 }),
    ],
    { scanner: 0, stock: 0 },
  ],
  [
    'a gateway that knows who answers, the node proxy at the far end as well',
    [
      requests({ by: 'source', to: 'stock-v1', perSecond: 5 }),
      bytes({ by: 'destination', to: 'stock-v1', perSecond: 500 }),
    ],
    { scanner: 0, stock: 0 },
  ],
  [
    'bytes that no L7 proxy saw',
    (['source', 'destination'] as const).map((by) => bytes({ by, to: 'stock-v1', perSecond: 70 })),
    { scanner: 70, stock: 70 },
  ],
  [
    'bytes and requests that sidecars counted of the same two workloads',
    [
      requests({ by: 'source', to: 'stock-v1', perSecond: 5 }),
      { metric: SENT, by: 'source', to: 'stock-v1', perSecond: 70 },
      { metric: SENT, by: 'destination', to: 'stock-v1', perSecond: 71 },
    ],
    { scanner: 70, stock: 70 },
  ],
]

describe.each(CASES)('%s', (_, rows, expected) => {
  const ask = asker(rows)

  it('is the same in graph and charts', () => {
    const sent = expect.closeTo(expected.scanner, 6)
    const received = expect.closeTo(expected.stock, 6)
    expect(inGraph(ask, 'scanner', 'outbound')).toEqual(sent)
    expect(inChart(ask, { source: workload('scanner') })).toEqual(sent)
    expect(inChart(ask, { source: workload('scanner') }, ['destination_workload'])).toEqual(sent)
    expect(inGraph(ask, 'stock-v1', 'inbound')).toEqual(received)
    expect(inChart(ask, { destination: workload('stock-v1') })).toEqual(received)
    expect(inChart(ask, { destination: stock })).toEqual(received)
  })
})
