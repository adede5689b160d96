import { describe, expect, it } from 'vitest'
import { graphOf, idsOf } from '@/tests/support/graph/graphs'
import {
  callee,
  caller,
  config,
  edgeOf,
  inventory,
  NOBODY,
  nodeNamed,
  request,
} from '@/tests/support/graph/samples'
import type { TrafficDestination } from '@/lib/mesh/traffic'

describe('identity', () => {
  it('makes all callers without identity one node', () => {
    const half = { ...NOBODY, cluster: 'east', namespace: 'shop' }
    const graph = graphOf({
      requests: [
        request(NOBODY, 'b', 1, { reporter: 'destination' }),
        request(half, 'b', 2, { reporter: 'destination' }),
        request(NOBODY, 'c', 4, { reporter: 'destination' }),
      ],
    })
    expect(idsOf(graph.nodes)).toEqual([
      'east/shop/workload/b',
      'east/shop/workload/c',
      'unknown/unknown/unknown/unknown',
    ])
    expect(edgeOf(graph, 'unknown', '/b').requestsPerSecond).toBe(3)
    expect(nodeNamed(graph, 'unknown')).toMatchObject({
      kind: 'unknown',
      roles: ['root'],
      health: { status: 'unknown', reasons: [] },
    })
  })

  it('ends at the service when no workload answered', () => {
    const graph = graphOf({ requests: [request('a', callee(null, 'b'), 1)] })
    expect(nodeNamed(graph, 'service/b')).toMatchObject({ kind: 'service', service: 'b', workload: null })
  })

  it('keeps an unknown destination apart from the unknown source', () => {
    const graph = graphOf({
      requests: [request('a', callee(null, null), 1), request(NOBODY, 'a', 1, { reporter: 'destination' })],
    })
    expect(graph.nodes.filter((node) => node.kind === 'unknown')).toHaveLength(2)
  })

  it.each([
    ['PassthroughCluster', 'PassthroughCluster', 'passthrough'],
    ['PassthroughClusterIpv6', 'PassthroughCluster', 'passthrough'],
    ['BlackHoleCluster', 'BlackHoleCluster', 'blackHole'],
    ['BlackHoleClusterIpv4', 'BlackHoleCluster', 'blackHole'],
  ])('draws %s as the external node %s', (name, shown, role) => {
    const to = { ...NOBODY, service: { namespace: null, name, host: 'some.host' } }
    const graph = graphOf({ requests: [request('a', to, 1)] })
    expect(nodeNamed(graph, shown)).toMatchObject({
      id: `east/unknown/external/${shown}`,
      kind: 'external',
      name: shown,
      roles: [role],
      mesh: null,
    })
  })

  it('takes inbound passthrough for what it is: no service', () => {
    const to = {
      ...callee('b', null),
      service: { namespace: 'shop', name: 'InboundPassthroughCluster', host: null },
    }
    const graph = graphOf({ requests: [request('a', to, 1)] }, { serviceNodes: true })
    expect(idsOf(graph.edges)).toEqual(['east/shop/workload/a>east/shop/workload/b#http'])
  })

  it('draws hosts of service entries as external nodes, with and without Kubernetes', () => {
    const entry = config('ServiceEntry', 'shop/apis', { hosts: ['*.example.com', 'legacy-db'] })
    const requests = [
      request('a', callee(null, 'api.example.com'), 1),
      request('a', callee(null, 'legacy-db'), 1),
      request('a', callee(null, 'other.org'), 1),
    ]
    const alone = graphOf({ requests })
    expect(nodeNamed(alone, 'api.example.com')).toMatchObject({ kind: 'external', roles: ['serviceEntry'] })
    const informed = graphOf({ requests, inventories: [inventory({ config: [entry] })] })
    expect(nodeNamed(informed, 'api.example.com').roles).toEqual(['serviceEntry'])
    expect(nodeNamed(informed, 'legacy-db')).toMatchObject({ kind: 'external', roles: ['serviceEntry'] })
    expect(nodeNamed(informed, 'other.org')).toMatchObject({ kind: 'external', roles: [] })
  })

  it('drops pods in transition: a bare address for a service and no workload', () => {
    const to = (name: string): TrafficDestination => ({
      ...NOBODY,
      service: { namespace: 'shop', name, host: name },
    })
    const graph = graphOf({ requests: [request('a', to('10.1.2.3'), 1), request('a', to('10.1.2.3:80'), 1)] })
    expect(graph.edges).toEqual([])
  })

  it('goes to the egress gateway workload when only its service is named', () => {
    const host = 'istio-egressgateway.istio-system.svc.cluster.local'
    const to = { ...NOBODY, cluster: 'east', service: { namespace: 'istio-system', name: host, host } }
    const gateway = 'istio-system/istio-egressgateway'
    const graph = graphOf({
      requests: [request('a', to, 3), request(gateway, callee(null, 'api.example.com'), 3)],
    })
    expect(idsOf(graph.edges)).toEqual([
      'east/istio-system/workload/istio-egressgateway>east/shop/external/api.example.com#http',
      'east/shop/workload/a>east/istio-system/workload/istio-egressgateway#http',
    ])
    expect(nodeNamed(graph, 'egressgateway').roles).toEqual(['gateway'])
  })

  it('but not to a gateway workload nobody has seen', () => {
    const graph = graphOf({ requests: [request('a', callee(null, 'istio-egressgateway'), 3)] })
    expect(nodeNamed(graph, 'egressgateway').kind).toBe('service')
  })

  it('knows a pod of a headless service by its service', () => {
    const host = 'db-0.db.shop.svc.cluster.local'
    const to = { ...callee('db'), service: { namespace: 'shop', name: host, host } }
    const graph = graphOf({ requests: [request('a', to, 3)] }, { graphType: 'service' })
    expect(idsOf(graph.nodes)).toEqual(['east/shop/service/db', 'east/shop/workload/a'])
  })

  it('keeps two workloads of one name in different namespaces and clusters apart', () => {
    const graph = graphOf({
      requests: [request('a', 'shop/b', 1), request('a', 'other/b', 2), request('a', 'west:shop/b', 4)],
    })
    expect(graph.edges.map((edge) => [edge.target, edge.requestsPerSecond])).toEqual([
      ['east/other/workload/b', 2],
      ['east/shop/workload/b', 1],
      ['west/shop/workload/b', 4],
    ])
  })

  it('places series without cluster in the default cluster', () => {
    const plain = { ...caller('a'), cluster: null }
    const graph = graphOf({
      requests: [request(plain, { ...callee('b'), cluster: null }, 1)],
      defaultCluster: 'home',
    })
    expect(idsOf(graph.nodes)).toEqual(['home/shop/workload/a', 'home/shop/workload/b'])
  })

  it('takes an unknown destination cluster for the caller’s', () => {
    const to = { ...callee('b'), cluster: null }
    const graph = graphOf({ requests: [request('west:shop/a', to, 1)] })
    expect(nodeNamed(graph, '/b').cluster).toBe('west')
  })

  it('but for the one where the workload is seen, so both reporters stay one pair', () => {
    const graph = graphOf({
      requests: [
        request('west:shop/a', { ...callee('b'), cluster: null }, 5),
        request('west:shop/a', 'east:shop/b', 5, { reporter: 'destination' }),
      ],
    })
    expect(idsOf(graph.edges)).toEqual(['west/shop/workload/a>east/shop/workload/b#http'])
    expect(graph.edges[0]?.requestsPerSecond).toBe(5)
  })

  it('counts latest and unknown revisions as no version', () => {
    const from = { ...caller('a'), version: 'latest' }
    const graph = graphOf({ requests: [request(from, 'b-v1', 1)] }, { graphType: 'versionedApp' })
    expect(idsOf(graph.nodes)).toEqual(['east/shop/app/a', 'east/shop/app/b/v1'])
  })
})
