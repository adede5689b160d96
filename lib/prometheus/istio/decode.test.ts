import { describe, expect, it } from 'vitest'
import { REQUEST_LABELS } from '@/tests/support/prometheus/request-labels'
import { decodeLatency, decodeMeanLatency, decodeRequests, decodeTcp } from './decode'

const LABELS = {
  ...REQUEST_LABELS,
  reporter: 'destination',
  response_code: '200',
  response_flags: '-',
  connection_security_policy: 'mutual_tls',
}
const row = (labels: Record<string, string | undefined>, value: number | null = 1) => ({
  labels: Object.fromEntries(
    Object.entries({ ...LABELS, ...labels }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  ),
  value,
})

describe('requests', () => {
  it('carry both ends, outcome and security', () => {
    expect(decodeRequests([row({}, 2.5)])).toEqual([
      {
        reporter: 'destination',
        layer: 'l7',
        source: {
          cluster: 'east',
          namespace: 'shop',
          workload: 'frontend-v1',
          app: 'frontend',
          version: 'v1',
        },
        destination: {
          cluster: 'east',
          namespace: 'shop',
          workload: 'cart-v1',
          app: 'cart',
          version: 'v1',
          service: { namespace: 'shop', name: 'cart', host: 'cart.shop.svc.cluster.local' },
        },
        protocol: 'http',
        responseCode: '200',
        grpcStatus: null,
        flags: '-',
        mutualTls: true,
        requestsPerSecond: 2.5,
      },
    ])
  })

  it('say null where a proxy knows nothing', () => {
    const [sample] = decodeRequests([
      row({
        source_workload: 'unknown',
        source_cluster: undefined,
        destination_workload: 'unknown',
        destination_service_name: 'unknown',
        destination_service: 'unknown',
        connection_security_policy: 'unknown',
      }),
    ])
    expect(sample?.source.workload).toBeNull()
    expect(sample?.source.cluster).toBeNull()
    expect(sample?.destination.workload).toBeNull()
    expect(sample?.destination.service).toBeNull()
    expect(sample?.mutualTls).toBeNull()
  })

  it('name a service by its host where the short name is missing', () => {
    const [sample] = decodeRequests([row({ destination_service_name: 'unknown' })])
    expect(sample?.destination.service?.name).toBe('cart.shop.svc.cluster.local')
  })

  it.each([
    ['grpc', '14', '14'],
    ['grpc', '', null],
    ['grpc', undefined, null],
    ['http', '0', null],
  ])('%s with status %s has gRPC status %s', (protocol, status, expected) => {
    const [sample] = decodeRequests([row({ request_protocol: protocol, grpc_response_status: status })])
    expect(sample?.grpcStatus).toBe(expected)
  })

  it('without a number or a known reporter are dropped', () => {
    expect(decodeRequests([row({}, null), row({ reporter: 'elsewhere' }), row({}, Infinity)])).toEqual([])
  })

  it('share one object per end', () => {
    const [a, b] = decodeRequests([row({}), row({ response_code: '500' })])
    expect(a?.source).toBe(b?.source)
    expect(a?.destination).toBe(b?.destination)
  })
})

describe('TCP', () => {
  it('joins bytes and connections, counted from the server', () => {
    const [sample, ...others] = decodeTcp({
      received: [row({ app: 'ratings' }, 100)],
      sent: [row({ app: 'ratings' }, 300)],
      opened: [row({ app: 'ratings' }, 0.5)],
    })
    expect(others).toEqual([])
    expect(sample).toMatchObject({
      layer: 'l7',
      receivedBytesPerSecond: 100,
      sentBytesPerSecond: 300,
      connectionsPerSecond: 0.5,
    })
  })

  it('knows the node proxy by its app', () => {
    const rows = { received: [row({ app: 'ztunnel' }, 1), row({ app: 'cart' }, 1)], sent: [], opened: [] }
    expect(decodeTcp(rows).map(({ layer }) => layer)).toEqual(['l4', 'l7'])
  })
})

describe('latency', () => {
  it('gathers the buckets of a pair in rising order', () => {
    const values = [
      { by: '+Inf', value: 3 },
      { by: '10', value: 2 },
      { by: '5', value: 1 },
    ]
    const samples = decodeLatency([{ labels: row({}).labels, values }])
    expect(samples).toHaveLength(1)
    expect(samples[0]?.buckets).toEqual([
      { le: 5, perSecond: 1 },
      { le: 10, perSecond: 2 },
      { le: Infinity, perSecond: 3 },
    ])
  })

  it('has no quantiles without the last bucket', () => {
    expect(decodeLatency([{ labels: row({}).labels, values: [{ by: '10', value: 2 }] }])).toEqual([])
  })

  it('joins sums and counts', () => {
    expect(decodeMeanLatency({ sum: [row({}, 500)], count: [row({}, 10)] })[0]).toMatchObject({
      sumMsPerSecond: 500,
      requestsPerSecond: 10,
    })
    expect(decodeMeanLatency({ sum: [], count: [row({}, 10)] })).toEqual([])
  })
})
