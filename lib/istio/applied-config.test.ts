import { describe, expect, it } from 'vitest'
import { config, inventory, service, workload } from '@/tests/support/graph/samples'
import { configFor, unreadConfig, type ConfigTarget } from './applied-config'

const world = inventory({
  workloads: [
    workload('reviews-v1'),
    workload('reviews-v2'),
    workload('ratings-v1'),
    workload('istio-system/istio-ingressgateway', { podLabels: { istio: 'ingressgateway' } }),
  ],
  services: [service('reviews'), service('ratings')],
  config: [
    config('VirtualService', 'shop/reviews', {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }],
    }),
    config('VirtualService', 'shop/edge', {
      hosts: ['shop.example.com'],
      gateways: ['istio-system/public'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }],
    }),
    config('DestinationRule', 'shop/reviews', { host: 'reviews' }),
    config('Gateway', 'istio-system/public', { selector: { istio: 'ingressgateway' }, servers: [] }),
    config('Sidecar', 'istio-system/default', {}),
    config('Sidecar', 'shop/default', {}),
    config('Sidecar', 'shop/reviews', { workloadSelector: { labels: { app: 'reviews' } } }),
    config('PeerAuthentication', 'istio-system/default', { mtls: { mode: 'STRICT' } }),
    config('PeerAuthentication', 'istio-system/selecting', { selector: { matchLabels: { app: 'reviews' } } }),
    config('PeerAuthentication', 'shop/a', {}, { creationTimestamp: '2026-01-01T00:00:00Z' }),
    config('PeerAuthentication', 'shop/b', {}, { creationTimestamp: '2026-02-01T00:00:00Z' }),
    config('AuthorizationPolicy', 'shop/v1', { selector: { matchLabels: { version: 'v1' } } }),
    config('AuthorizationPolicy', 'istio-system/reviews', { selector: { matchLabels: { app: 'reviews' } } }),
    config('AuthorizationPolicy', 'other/all', {}),
    config('RequestAuthentication', 'shop/jwt', { targetRefs: [{ kind: 'Service', name: 'reviews' }] }),
    config('Telemetry', 'istio-system/mesh', {}),
    config('ServiceEntry', 'shop/apis', { hosts: ['*.example.org'] }),
    config('HTTPRoute', 'shop/ratings', { parentRefs: [{ kind: 'Service', name: 'ratings' }], rules: [] }),
  ],
})

const listed = (target: ConfigTarget) =>
  configFor(target, world).map(({ kind, namespace, name, why }) => `${kind} ${namespace}/${name}: ${why}`)

describe('configFor', () => {
  it('a workload: routing of its services, its policies, and who lost', () => {
    expect(listed({ kind: 'workload', namespace: 'shop', name: 'reviews-v1' })).toEqual([
      'VirtualService shop/edge: routes some of its requests to reviews.shop.svc.cluster.local',
      'VirtualService shop/reviews: routes requests for reviews.shop.svc.cluster.local',
      'DestinationRule shop/reviews: sets the policy for reviews.shop.svc.cluster.local',
      'Gateway istio-system/public: lets in what virtual service edge routes',
      'Sidecar shop/reviews: selects it by app=reviews',
      'PeerAuthentication istio-system/default: holds for the whole mesh',
      'PeerAuthentication shop/a: holds for all of namespace shop',
      'PeerAuthentication shop/b: holds for all of namespace shop, but an older one counts',
      'AuthorizationPolicy istio-system/reviews: selects it by app=reviews',
      'AuthorizationPolicy shop/v1: selects it by version=v1',
      'RequestAuthentication shop/jwt: names service reviews as its target',
      'Telemetry istio-system/mesh: holds for the whole mesh',
    ])
  })

  it('an app: what holds for any of its workloads, once', () => {
    const app = listed({ kind: 'app', namespace: 'shop', name: 'reviews' })
    expect(app).toEqual(listed({ kind: 'workload', namespace: 'shop', name: 'reviews-v1' }))
  })

  it('a service: routing and what names it', () => {
    expect(listed({ kind: 'service', namespace: 'shop', name: 'ratings' })).toEqual([
      'HTTPRoute shop/ratings: routes requests for ratings.shop.svc.cluster.local',
    ])
    expect(listed({ kind: 'service', namespace: 'shop', name: 'reviews' })).toContain(
      'RequestAuthentication shop/jwt: names service reviews as its target',
    )
  })

  it('a gateway: what it serves', () => {
    expect(
      listed({ kind: 'workload', namespace: 'istio-system', name: 'istio-ingressgateway' }).slice(0, 2),
    ).toEqual([
      'VirtualService shop/edge: routes what gateway public lets in',
      'Gateway istio-system/public: is served by it (istio=ingressgateway)',
    ])
  })

  it('an external host: its service entry', () => {
    expect(listed({ kind: 'external', namespace: 'shop', name: 'api.example.org' })).toEqual([
      'ServiceEntry shop/apis: makes api.example.org known to the mesh',
    ])
  })

  it('nothing for what does not exist', () => {
    expect(listed({ kind: 'workload', namespace: 'shop', name: 'nobody' })).toEqual([])
  })
})

describe('kinds that may not be read', () => {
  const unread = [
    ...['Namespace', 'PeerAuthentication.security.istio.io', 'Service', 'VirtualService.networking.istio.io'],
  ]
  it.each([
    ['service', ['VirtualService']],
    ['workload', ['VirtualService', 'PeerAuthentication', 'Service']],
    ['app', ['VirtualService', 'PeerAuthentication', 'Service']],
  ] as const)('may hold more that applies to a %s', (kind, expected) => {
    expect(unreadConfig(kind, { ...world, unread })).toEqual(expected)
    expect(unreadConfig(kind, world)).toEqual([])
  })
})
