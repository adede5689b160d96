import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { badgesOfService, badgesOfWorkload } from './badges'
import { dataPlaneOf, isOutOfMesh } from './data-plane'

const v1 = workload('reviews-v1')
const v2 = workload('reviews-v2')

function indexOf(objects: ConfigObject[], more: Parameters<typeof inventory>[0] = {}) {
  return indexInventory(
    inventory({
      workloads: [v1, v2],
      pods: [podOf(v1), podOf(v2)],
      services: [service('reviews')],
      config: objects,
      ...more,
    }),
  )
}

const to = (subset?: string, weight?: number, host = 'reviews') => ({
  destination: { host, ...(subset === undefined ? {} : { subset }) },
  ...(weight === undefined ? {} : { weight }),
})
const virtualService = (http: unknown, more: object = {}) =>
  config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http, ...more })
const route = (rules: unknown, parent = { kind: 'Service', group: '', name: 'reviews' }) =>
  config('HTTPRoute', 'shop/reviews', { parentRefs: [parent], rules })

describe('services', () => {
  it.each<[string, ConfigObject[], string[]]>([
    ['nothing', [], []],
    ['everything to one place', [virtualService([{ route: [to()] }])], []],
    ['to one subset', [virtualService([{ route: [to('v1')] }])], ['requestRouting']],
    [
      'a match',
      [virtualService([{ match: [{ headers: {} }], route: [to('v2')] }, { route: [to('v1')] }])],
      ['requestRouting'],
    ],
    ['weights', [virtualService([{ route: [to('v1', 90), to('v2', 10)] }])], ['trafficShifting']],
    [
      'abort',
      [virtualService([{ fault: { abort: { httpStatus: 500 } }, route: [to()] }])],
      ['faultInjection'],
    ],
    [
      'delay',
      [virtualService([{ fault: { delay: { fixedDelay: '2s' } }, route: [to()] }])],
      ['faultInjection'],
    ],
    ['an empty fault', [virtualService([{ fault: {}, route: [to()] }])], []],
    ['timeout', [virtualService([{ timeout: '2s', route: [to()] }])], ['requestTimeout']],
    ['a timeout switched off', [virtualService([{ timeout: '0s', route: [to()] }])], []],
    ['retries', [virtualService([{ retries: { attempts: 3 }, route: [to()] }])], ['retries']],
    ['retries switched off', [virtualService([{ retries: { attempts: 0 }, route: [to()] }])], []],
    ['mirror', [virtualService([{ mirror: { host: 'x' }, route: [to()] }])], ['mirroring']],
    [
      'mirrors',
      [virtualService([{ mirrors: [{ destination: { host: 'x' } }], route: [to()] }])],
      ['mirroring'],
    ],
    ['redirect', [virtualService([{ redirect: { uri: '/x' } }])], ['redirect']],
    [
      'tcp weights',
      [virtualService([], { tcp: [{ route: [to('v1', 50), to('v2', 50)] }] })],
      ['trafficShifting'],
    ],
    [
      'from a gateway, only rules that send here',
      [
        virtualService(
          [
            { match: [{}], timeout: '1s', route: [to()] },
            { fault: { abort: {} }, route: [to(undefined, undefined, 'ratings')] },
          ],
          { hosts: ['*'], gateways: ['gw'] },
        ),
      ],
      ['requestRouting', 'requestTimeout'],
    ],
    [
      'another host',
      [
        config('VirtualService', 'shop/x', {
          hosts: ['ratings'],
          http: [{ timeout: '1s', route: [to(undefined, undefined, 'ratings')] }],
        }),
      ],
      [],
    ],
    [
      'the same short name of another namespace',
      [
        config('VirtualService', 'other/reviews', {
          hosts: ['reviews'],
          http: [{ timeout: '1s', route: [to()] }],
        }),
      ],
      [],
    ],
    [
      'not exported here',
      [
        config('VirtualService', 'other/r', {
          hosts: ['reviews.shop.svc.cluster.local'],
          exportTo: ['.'],
          http: [{ timeout: '1s' }],
        }),
      ],
      [],
    ],
    [
      'broken',
      [
        virtualService('nonsense'),
        config('VirtualService', 'shop/ok', { hosts: ['reviews'], http: [{ timeout: '1s' }] }),
      ],
      ['requestTimeout'],
    ],
    [
      'Gateway API weights and filters',
      [
        route([
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            filters: [{ type: 'RequestMirror' }],
            timeouts: { request: '1s' },
            backendRefs: [
              { name: 'reviews-v1', weight: 9 },
              { name: 'reviews-v2', weight: 1 },
            ],
          },
        ]),
      ],
      ['trafficShifting', 'requestTimeout', 'mirroring'],
    ],
    ['Gateway API match', [route([{ matches: [{ headers: [] }] }])], ['requestRouting']],
    [
      'Gateway API backend behind a gateway',
      [
        route([{ retry: { attempts: 2 }, backendRefs: [{ name: 'reviews' }] }], {
          kind: 'Gateway',
          group: 'gateway.networking.k8s.io',
          name: 'gw',
        }),
      ],
      ['retries'],
    ],
  ])('%s', (_name, objects, want) => {
    expect(badgesOfService(indexOf(objects), 'shop', 'reviews')).toEqual(want)
  })

  it.each<[string, unknown, boolean]>([
    ['outlier ejection', { outlierDetection: { consecutive5xxErrors: 5 } }, true],
    ['a connection limit', { connectionPool: { tcp: { maxConnections: 1 } } }, true],
    ['a request limit', { connectionPool: { http: { http1MaxPendingRequests: 1 } } }, true],
    [
      'a limit on a port',
      { portLevelSettings: [{ connectionPool: { http: { http2MaxRequests: 1 } } }] },
      true,
    ],
    ['keep-alive', { connectionPool: { tcp: { tcpKeepalive: {} } } }, false],
    ['load balancing', { loadBalancer: { simple: 'RANDOM' } }, false],
  ])('%s breaks circuits: %s', (_name, trafficPolicy, breaks) => {
    const rule = config('DestinationRule', 'shop/reviews', { host: 'reviews', trafficPolicy })
    expect(badgesOfService(indexOf([rule]), 'shop', 'reviews')).toEqual(breaks ? ['circuitBreaker'] : [])
  })

  it('show when something behind them has no proxy, or is ambient', () => {
    const pods = [podOf(v1, { hasSidecar: false }), podOf(v2, { hasSidecar: false, isAmbient: true })]
    expect(badgesOfService(indexOf([], { pods }), 'shop', 'reviews')).toEqual(['missingSidecar', 'ambient'])
  })

  it('takes the destination rule with the most specific host', () => {
    const wide = config('DestinationRule', 'shop/wide', {
      host: '*.shop.svc.cluster.local',
      trafficPolicy: { outlierDetection: {} },
    })
    const own = config('DestinationRule', 'shop/own', { host: 'reviews' })
    expect(badgesOfService(indexOf([wide]), 'shop', 'reviews')).toEqual(['circuitBreaker'])
    expect(badgesOfService(indexOf([wide, own]), 'shop', 'reviews')).toEqual([])
  })
})

describe('workloads', () => {
  it('carry what holds for the services in front of them', () => {
    const index = indexOf([virtualService([{ timeout: '1s', route: [to('v1', 90), to('v2', 10)] }])])
    expect(badgesOfWorkload(index, v1)).toEqual(['trafficShifting', 'requestTimeout'])
  })

  it('carry the circuit breaker of their own subset only', () => {
    const rule = config('DestinationRule', 'shop/reviews', {
      host: 'reviews',
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { outlierDetection: {} } },
      ],
    })
    const index = indexOf([rule])
    expect(badgesOfWorkload(index, v1)).toEqual([])
    expect(badgesOfWorkload(index, v2)).toEqual(['circuitBreaker'])
  })

  it.each([
    [{ hasSidecar: true, isAmbient: false }, 'sidecar', []],
    [{ hasSidecar: false, isAmbient: true }, 'ambient', ['ambient']],
    [{ hasSidecar: false, isAmbient: false }, 'none', ['missingSidecar']],
  ] as const)('%o is %s with badges %o', (pod, plane, badges) => {
    const index = indexOf([], { pods: [podOf(v1, pod)] })
    expect(dataPlaneOf(v1, index)).toBe(plane)
    expect(badgesOfWorkload(index, v1)).toEqual(badges)
  })

  it('of the control plane miss nothing', () => {
    const istiod = workload('istio-system/istiod')
    const index = indexOf([], { workloads: [istiod], pods: [podOf(istiod, { hasSidecar: false })] })
    expect(isOutOfMesh(istiod, index)).toBe(false)
  })

  it.each([
    [{ 'istio-injection': 'enabled' }, {}, 'sidecar'],
    [{ 'istio.io/rev': 'canary' }, {}, 'sidecar'],
    [{ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }, {}, 'none'],
    [{ 'istio-injection': 'enabled' }, { 'sidecar.istio.io/inject': 'false' }, 'none'],
    [{}, { 'sidecar.istio.io/inject': 'true' }, 'sidecar'],
    [{ 'istio.io/dataplane-mode': 'ambient' }, {}, 'ambient'],
    [{ 'istio.io/dataplane-mode': 'ambient' }, { 'istio.io/dataplane-mode': 'none' }, 'none'],
    [{}, {}, 'none'],
  ])('without pods follow labels: namespace %o, pod %o: %s', (labels, podLabels, plane) => {
    const quiet = workload('quiet', { podLabels: podLabels as Record<string, string> })
    const namespaces = [
      { cluster: 'east', name: 'shop', labels: labels as Record<string, string>, annotations: {} },
    ]
    expect(dataPlaneOf(quiet, indexOf([], { namespaces, workloads: [quiet], pods: [] }))).toBe(plane)
  })
})
