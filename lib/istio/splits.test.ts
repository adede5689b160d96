import { describe, expect, it } from 'vitest'
import { config, inventory, service, workload } from '@/tests/support/graph/samples'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { findSplits, gatewayWorkloads, splitId } from './splits'

const workloads = [
  workload('reviews-v1'),
  workload('reviews-v2'),
  workload('edge', { podLabels: { istio: 'edge' } }),
]
const services = [service('reviews'), service('ratings-v1'), service('ratings-v2')]
const subsets = config('DestinationRule', 'shop/reviews', {
  host: 'reviews',
  subsets: [
    { name: 'v1', labels: { version: 'v1' } },
    { name: 'all', labels: {} },
  ],
})

function splitsOf(...objects: ConfigObject[]) {
  return findSplits(indexInventory(inventory({ workloads, services, config: [subsets, ...objects] })))
}

const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight === undefined ? {} : { weight }),
})
const http = (...rules: object[]) =>
  config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http: rules })
const route = (kind: string, backendRefs: object[], rule: object = {}) => ({
  ...config(kind, 'shop/ratings', {
    parentRefs: [{ group: '', kind: 'Service', name: 'ratings' }],
    rules: [{ ...rule, backendRefs }],
  }),
  apiVersion: 'gateway.networking.k8s.io/v1',
})
const shares = (objects: ConfigObject) =>
  splitsOf(objects).map((split) => split.backends.map((backend) => backend.configuredShare))

describe('findSplits', () => {
  it.each<[string, ConfigObject, number[][]]>([
    ['weights that sum to 100', http({ route: [to('v1', 90), to('v2', 10)] }), [[0.9, 0.1]]],
    ['weights are relative', http({ route: [to('v1', 3), to('v2', 1)] }), [[0.75, 0.25]]],
    ['an absent weight among several is none', http({ route: [to('v1', 7), to('v2')] }), [[1, 0]]],
    ['a lone destination takes all, whatever its weight', http({ route: [to('v1', 0)] }), [[1]]],
    ['all zero send nothing', http({ route: [to('v1', 0), to('v2', 0)] }), [[0, 0]]],
    ['a negative weight is none', http({ route: [to('v1', -5), to('v2', 5)] }), [[0, 1]]],
    [
      'a lone destination without subset or weight shifts nothing',
      http({ route: [{ destination: { host: 'reviews' } }] }),
      [],
    ],
    ['a rule without destinations is none', http({ redirect: { uri: '/' } }), []],
    [
      'absent is 1 in the Gateway API',
      route('HTTPRoute', [{ name: 'ratings-v1' }, { name: 'ratings-v2', weight: 3 }]),
      [[0.25, 0.75]],
    ],
    [
      '0 is none there',
      route('GRPCRoute', [{ name: 'ratings-v1', weight: 0 }, { name: 'ratings-v2' }]),
      [[0, 1]],
    ],
    [
      'connections are split too',
      route('TCPRoute', [
        { name: 'ratings-v1', weight: 1 },
        { name: 'ratings-v2', weight: 1 },
      ]),
      [[0.5, 0.5]],
    ],
    [
      'a backend that is no service is not ours to show',
      route('HTTPRoute', [
        { name: 'a' },
        { name: 'pool', group: 'inference.networking.k8s.io', kind: 'InferencePool' },
      ]),
      [],
    ],
  ])('%s', (_name, object, want) => {
    expect(shares(object)).toEqual(want)
  })

  it('finds rules of every protocol with their place in the object', () => {
    const object = config('VirtualService', 'shop/reviews', {
      hosts: ['reviews'],
      http: [{ redirect: {} }, { name: 'all', route: [to('v1', 1), to('v2', 1)] }],
      tcp: [{ match: [{ port: 9000 }], route: [to('v1', 1), to('v2', 1)] }],
      tls: [{ match: [{ sniHosts: ['a.example', 'b.example'] }], route: [to('v1', 1), to('v2', 1)] }],
    })
    expect(splitsOf(object).map((split) => [splitId(split), split.route.name, split.match])).toEqual([
      ['east/shop/VirtualService/reviews#spec.http[1].route', 'all', 'every request'],
      ['east/shop/VirtualService/reviews#spec.tls[0].route', null, 'server name a.example, b.example'],
      ['east/shop/VirtualService/reviews#spec.tcp[0].route', null, 'port 9000'],
    ])
  })

  it('resolves a subset to its labels, workloads and version', () => {
    const [split] = splitsOf(http({ route: [to('v1', 1), to('all', 1), to('gone', 1)] }))
    expect(split?.backends).toMatchObject([
      {
        name: 'v1',
        host: 'reviews.shop.svc.cluster.local',
        labels: { version: 'v1' },
        version: 'v1',
        workloads: ['reviews-v1'],
      },
      { name: 'all', labels: {}, version: null, workloads: ['reviews-v1', 'reviews-v2'] },
      { name: 'gone', labels: null, version: null, workloads: [] },
    ])
  })

  it('leaves hosts outside without workloads', () => {
    const [split] = splitsOf(http({ route: [{ destination: { host: 'api.example.com' }, weight: 5 }] }))
    expect(split?.backends[0]).toMatchObject({ name: 'api.example.com', workloads: null, configuredShare: 1 })
  })

  it('says who obeys: proxies, gateways, or what a rule narrows it to', () => {
    const object = config('VirtualService', 'shop/reviews', {
      hosts: ['reviews'],
      gateways: ['mesh', 'edge', 'other/edge'],
      http: [
        { route: [to('v1', 1)] },
        { match: [{ gateways: ['edge'] }], route: [to('v1', 1)] },
        { match: [{ gateways: ['edge'] }, { uri: { prefix: '/' } }], route: [to('v1', 1)] },
      ],
    })
    expect(splitsOf(object).map((split) => split.callers)).toEqual([
      { mesh: true, gateways: ['shop/edge', 'other/edge'] },
      { mesh: false, gateways: ['shop/edge'] },
      { mesh: true, gateways: ['shop/edge', 'other/edge'] },
    ])
    expect(splitsOf(http({ route: [to('v1', 1)] }))[0]?.callers).toEqual({ mesh: true, gateways: [] })
  })

  it('knows the workloads that serve a gateway', () => {
    const gateway = config('Gateway', 'infra/edge', { selector: { istio: 'edge' }, servers: [] })
    const index = indexInventory(inventory({ workloads, config: [gateway] }))
    expect(gatewayWorkloads(index, ['infra/edge'])).toEqual(['shop/edge'])
    expect(gatewayWorkloads(index, ['shop/edge'])).toEqual([])
  })
})
