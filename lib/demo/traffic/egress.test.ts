import { describe, expect, it } from 'vitest'
import type { ExternalSpec, KubernetesObject } from '@/lib/demo/model'
import { object, run, smallWorld, virtualService, workload } from './testing/small-world'

const bank: ExternalSpec = {
  host: 'api.bank.example',
  port: 80,
  protocol: 'http',
  registered: false,
  latencyMs: { median: 40, p99: 90 },
  errorRatio: 0,
}

function outside(objects: KubernetesObject[], protocol: 'http' | 'https' = 'http') {
  const port = protocol === 'http' ? 80 : 443
  return smallWorld({
    workloads: [
      workload('shop/loader'),
      workload('istio-system/egress', { role: 'egressGateway', endpoints: [], labels: { app: 'egress' } }),
    ],
    services: { 'istio-system/egress': 'http' },
    externals: [{ ...bank, protocol, port }],
    entries: [
      { from: 'shop/loader', to: bank.host, port, ...(protocol === 'https' ? { method: '', path: '' } : {}) },
    ],
    objects,
  })
}

const onlyRegistered: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'istio-system', name: 'istio' },
  data: { mesh: 'outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n' },
}
const entry = object('ServiceEntry shop/bank', {
  hosts: [bank.host],
  ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
  location: 'MESH_EXTERNAL',
  resolution: 'DNS',
})
const service = 'destination_service_name'

describe('hosts outside', () => {
  it('are reached through the PassthroughCluster when nobody registered them', () => {
    const { measured } = run(outside([]))
    expect(measured.values('istio_requests_total', service)).toEqual(['PassthroughCluster'])
    expect(measured.values('istio_requests_total', 'response_code')).toEqual(['200'])
    expect(measured.meanMs()).toBeGreaterThan(35)
    const tls = run(outside([], 'https')).measured
    expect(tls.values('istio_tcp_sent_bytes_total', service)).toEqual(['PassthroughCluster'])
  })

  it('end in the BlackHoleCluster under REGISTRY_ONLY: 502, or a connection without an endpoint', () => {
    const { measured } = run(outside([onlyRegistered]))
    expect(measured.values('istio_requests_total', service)).toEqual(['BlackHoleCluster'])
    expect(measured.values('istio_requests_total', 'response_code')).toEqual(['502'])
    const tls = run(outside([onlyRegistered], 'https')).measured
    expect(tls.values('istio_tcp_connections_opened_total', 'response_flags')).toEqual(['UH'])
    expect(tls.sum('istio_tcp_sent_bytes_total')).toBe(0)
  })

  it('are let out again by a ServiceEntry, under their own name', () => {
    const { measured } = run(outside([onlyRegistered, entry]))
    expect(measured.values('istio_requests_total', service)).toEqual([bank.host])
    expect(measured.values('istio_requests_total', 'destination_service_namespace')).toEqual(['shop'])
    expect(measured.values('istio_requests_total', 'response_code')).toEqual(['200'])
  })

  it('are hidden from a namespace whose Sidecar does not import them', () => {
    const sidecar = object('Sidecar shop/default', {
      egress: [{ hosts: ['istio-system/*'] }],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    })
    expect(run(outside([entry, sidecar])).measured.values('istio_requests_total', service)).toEqual([
      'BlackHoleCluster',
    ])
  })

  it('go through the egress gateway where a route sends them', () => {
    const gateway = object('Gateway shop/egress', {
      selector: { app: 'egress' },
      servers: [{ port: { number: 80, protocol: 'HTTP' }, hosts: [bank.host] }],
    })
    const route = virtualService('shop/bank', {
      hosts: [bank.host],
      gateways: ['mesh', 'egress'],
      http: [
        {
          match: [{ gateways: ['mesh'] }],
          route: [{ destination: { host: 'egress.istio-system.svc.cluster.local', port: { number: 80 } } }],
        },
        { match: [{ gateways: ['egress'] }], route: [{ destination: { host: bank.host } }] },
      ],
    })
    const { measured } = run(outside([entry, gateway, route]))
    const first = measured.requests({ source_workload: 'loader', destination_workload: 'egress' })
    expect(first).toBeGreaterThan(9_000)
    expect(measured.requests({ source_workload: 'egress', [service]: bank.host })).toBe(first)
  })
})
