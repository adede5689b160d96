/** The worlds under the real engine: what configuration and calls come to when they meet. */
import { describe, expect, it } from 'vitest'
import type { ConfigReader, MetricWriter, World } from '@/lib/demo/model'
import { createEngine } from '@/lib/demo/traffic/engine'
import { createWorld } from './create-world'

const START = Date.UTC(2026, 0, 5, 9)
const SECONDS = 1200

interface Row {
  name: string
  labels: Record<string, string>
  value: number
}

function configOf(world: World): ConfigReader {
  return {
    revision: 1,
    list: (kind, namespace) =>
      world.objects.filter(
        (o) => o.kind === kind && (namespace === undefined || o.metadata.namespace === namespace),
      ),
  }
}

/** Counters after twenty minutes of traffic. */
function run(world: World, seconds = SECONDS): Row[] {
  const rows: Row[] = []
  const metrics: MetricWriter = {
    counter(name, labels) {
      const row = { name, labels, value: 0 }
      rows.push(row)
      return { add: (by) => void (row.value += by) }
    },
    gauge: () => ({ set: () => {} }),
    histogram: () => ({ observe: () => {}, addBucketCounts: () => {} }),
    scrape: () => {},
  }
  const engine = createEngine({ world, config: configOf(world), metrics })
  for (let at = 0; at < seconds; at += 15) engine.tick(START + at * 1000, START + (at + 15) * 1000)
  return rows.filter(({ value }) => value > 0)
}

const total = (rows: readonly Row[], labels: Record<string, string>) =>
  rows
    .filter(
      (row) =>
        row.name === 'istio_requests_total' &&
        Object.entries(labels).every(([key, value]) => row.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0)

describe('the hand-made world under traffic', () => {
  const rows = run(createWorld())

  it('answers nothing with 5xx, a gRPC error or a response flag, and at most a few 404s', () => {
    for (const { name, labels } of rows) {
      expect(labels.response_flags ?? '-', `${name} ${JSON.stringify(labels)}`).toBe('-')
      if (name !== 'istio_requests_total') continue
      expect(['200', '404']).toContain(labels.response_code)
      expect(['', '0', undefined]).toContain(labels.grpc_response_status)
    }
    for (const { labels } of rows.filter((row) => row.labels.response_code === '404')) {
      const pair = {
        reporter: labels.reporter ?? '',
        source_workload: labels.source_workload ?? '',
        destination_workload: labels.destination_workload ?? '',
      }
      expect(total(rows, { ...pair, response_code: '404' }) / total(rows, pair)).toBeLessThan(0.08)
    }
  })

  it.each([
    ['productpage-v1', 'reviews', { 'reviews-v1': 0.773, 'reviews-v2': 0.13, 'reviews-v3': 0.097 }],
    ['reviews-v2', 'ratings', { 'ratings-v1': 0.7, 'ratings-v2': 0.3 }],
  ])('splits what %s sends to %s by the weights', (source, service, shares) => {
    const from = { reporter: 'source', source_workload: source, destination_canonical_service: service }
    for (const [workload, share] of Object.entries(shares)) {
      const observed = total(rows, { ...from, destination_workload: workload }) / total(rows, from)
      expect(Math.abs(observed - share)).toBeLessThan(0.03)
    }
  })

  it('splits behind the waypoint and at the Gateway API gateway nine to one', () => {
    for (const source of ['handheld-scanner', 'stock-gateway-istio']) {
      const from = { source_workload: source, destination_canonical_service: 'stock-api' }
      const reporter = source === 'handheld-scanner' ? 'waypoint' : 'source'
      const share = total(rows, { ...from, reporter, destination_workload: 'stock-api-v2' })
      expect(Math.abs(share / total(rows, { ...from, reporter }) - 0.1)).toBeLessThan(0.03)
    }
  })

  it('carries most requests to the currency service, and a quarter of them to the other cluster', () => {
    const perService = new Map<string, number>()
    for (const { name, labels, value } of rows) {
      if (name !== 'istio_requests_total' || labels.reporter !== 'source') continue
      const service = `${labels.destination_service_name}`
      perService.set(service, (perService.get(service) ?? 0) + value)
    }
    const [busiest] = [...perService].sort(([, a], [, b]) => b - a)
    expect(busiest?.[0]).toBe('currencyservice')
    const to = { reporter: 'source', source_cluster: 'east', destination_service_name: 'currencyservice' }
    expect(total(rows, { ...to, destination_cluster: 'west' }) / total(rows, to)).toBeCloseTo(0.25, 1)
  })

  it('shows callers without a proxy as unknown and plain, and everything else as mutual', () => {
    const plain = rows.filter(({ labels }) => labels.connection_security_policy === 'none')
    const called = new Set(plain.map(({ labels }) => labels.destination_workload))
    expect([...called].sort()).toEqual(
      ['istio-ingressgateway', 'ledger', 'payments-api', 'stock-gateway-istio', 'vault-proxy'].filter(
        (name) => called.has(name),
      ),
    )
    expect(called).toContain('payments-api')
    expect(called).toContain('ledger')
    for (const { labels } of plain) expect(labels.source_workload).toBe('unknown')
  })

  it('leaves through the egress gateway, the passthrough cluster and a ServiceEntry', () => {
    const names = new Set(rows.map(({ labels }) => labels.destination_service_name))
    expect(names).toContain('PassthroughCluster')
    expect(names).toContain('rates.centralbank.example')
    expect(
      total(rows, {
        source_workload: 'istio-egressgateway',
        destination_service_name: 'api.bank.example',
        response_code: '200',
      }),
    ).toBeGreaterThan(1000)
  })
})

describe('a synthetic world under traffic', () => {
  it('answers everything, and lets requests over every edge the world plans', () => {
    const world = createWorld({ services: 200, seed: 2 })
    const rows = run(world, 600)
    const failed = rows.filter(
      ({ labels }) => (labels.response_flags ?? '-') !== '-' || /^[05]/.test(labels.response_code ?? '2'),
    )
    expect(failed).toEqual([])
    const edges = new Set(
      rows
        .filter(({ labels }) => labels.reporter === 'source')
        .map(
          ({ labels }) =>
            `${labels.source_workload_namespace}/${labels.source_workload}>${labels.destination_workload_namespace}/${labels.destination_workload}`,
        ),
    )
    expect(edges.size / 200).toBeGreaterThan(3.2)
  })
})
