import { describe, expect, it } from 'vitest'
import { call, object, run, smallWorld, virtualService, workload } from './testing/small-world'

/** A loader asks `shop/front`; versions v1 and v2 stand behind it. */
function shop(objects: ReturnType<typeof object>[] = [], entry: object = {}) {
  return smallWorld({
    workloads: [workload('shop/loader'), workload('shop/front-v1'), workload('shop/front-v2')],
    services: { 'shop/front': 'http' },
    entries: [{ from: 'shop/loader', to: 'shop/front', ...entry }],
    objects,
  })
}

const subsets = object('DestinationRule shop/front', {
  host: 'front',
  subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
})

const to = (subset: string, weight?: number) => ({ destination: { host: 'front', subset }, weight })

function split(weights: [number, number]) {
  return virtualService('shop/front', {
    hosts: ['front'],
    http: [{ route: [to('v1', weights[0]), to('v2', weights[1])] }],
  })
}

describe('routing', () => {
  it('spreads over the pods of all versions without a route', () => {
    const { measured } = run(shop())
    const v1 = measured.requests({ destination_workload: 'front-v1' })
    expect(measured.requests()).toBeGreaterThan(9_000)
    expect(v1 / measured.requests()).toBeCloseTo(0.5, 1)
  })

  it('takes weights as relative numbers and follows a change', () => {
    const { measured, config, more } = run(shop([subsets, split([9, 1])]))
    const share = () => measured.requests({ destination_workload: 'front-v2' }) / measured.requests()
    expect(share()).toBeGreaterThan(0.085)
    expect(share()).toBeLessThan(0.115)
    config.put(split([0, 100]))
    const v1 = measured.requests({ destination_workload: 'front-v1' })
    more(50)
    expect(measured.requests({ destination_workload: 'front-v1' })).toBe(v1)
  })

  it('keeps what a caller sends equal to what its callees get', () => {
    const { measured } = run(shop([subsets, split([70, 30])]))
    for (const destination_workload of ['front-v1', 'front-v2']) {
      expect(measured.requests({ reporter: 'destination', destination_workload })).toBe(
        measured.requests({ destination_workload }),
      )
    }
  })

  it('routes by header, path and source labels, the first rule that matches', () => {
    const rules = virtualService('shop/front', {
      hosts: ['front'],
      http: [
        { match: [{ headers: { 'End-User': { exact: 'jason' } } }], route: [to('v2')] },
        { match: [{ uri: { prefix: '/beta' }, sourceLabels: { app: 'loader' } }], route: [to('v2')] },
        { route: [to('v1')] },
      ],
    })
    const only = (entry: object) => run(shop([subsets, rules], entry)).measured
    const workloads = (entry: object) => only(entry).values('istio_requests_total', 'destination_workload')
    expect(workloads({})).toEqual(['front-v1'])
    expect(workloads({ headers: { 'end-user': 'jason' } })).toEqual(['front-v2'])
    expect(workloads({ path: '/beta/x' })).toEqual(['front-v2'])
  })

  it('answers 404 NR when no rule matches, and nothing flows on', () => {
    const rules = virtualService('shop/front', {
      hosts: ['front'],
      http: [{ match: [{ uri: { exact: '/other' } }], route: [to('v1')] }],
    })
    const { measured } = run(shop([subsets, rules]))
    expect(measured.requests({ response_code: '404', response_flags: 'NR' })).toBe(measured.requests())
    expect(measured.requests({ reporter: 'destination' })).toBe(0)
  })

  it('answers 503 NC for a subset that no rule defines, 503 UH for one without pods', () => {
    const rules = virtualService('shop/front', { hosts: ['front'], http: [{ route: [to('v9')] }] })
    expect(
      run(shop([rules])).measured.values('istio_requests_total', 'response_flags', { response_code: '503' }),
    ).toEqual(['NC'])
    const empty = object('DestinationRule shop/front', {
      host: 'front',
      subsets: [{ name: 'v9', labels: { version: 'v9' } }],
    })
    expect(
      run(shop([rules, empty])).measured.values('istio_requests_total', 'response_flags', {
        response_code: '503',
      }),
    ).toEqual(['UH'])
  })

  it('does not see a rule that is not exported to the caller', () => {
    const hidden = virtualService('other/front', {
      hosts: ['front.shop.svc.cluster.local'],
      exportTo: ['.'],
      http: [{ directResponse: { status: 418 } }],
    })
    expect(run(shop([hidden])).measured.values('istio_requests_total', 'response_code')).toEqual(['200'])
  })

  it('answers redirects and direct responses itself', () => {
    const rules = (action: object) => virtualService('shop/front', { hosts: ['front'], http: [action] })
    const codes = (action: object) =>
      run(shop([rules(action)])).measured.values('istio_requests_total', 'response_code')
    expect(codes({ redirect: { uri: '/x', redirectCode: 308 } })).toEqual(['308'])
    expect(codes({ directResponse: { status: 503 } })).toEqual(['503'])
  })

  it('copies traffic to a mirror, whose answers nobody waits for', () => {
    const rules = virtualService('shop/front', {
      hosts: ['front'],
      http: [{ route: [to('v1')], mirror: { host: 'front', subset: 'v2' }, mirrorPercentage: { value: 50 } }],
    })
    const { measured } = run(shop([subsets, rules]))
    const sent = measured.requests()
    const copies = measured.requests({ reporter: 'destination', destination_workload: 'front-v2' })
    expect(measured.requests({ destination_workload: 'front-v2' })).toBe(0)
    expect(measured.requests({ reporter: 'destination', destination_workload: 'front-v1' })).toBe(sent)
    expect(copies / sent).toBeGreaterThan(0.45)
    expect(copies / sent).toBeLessThan(0.55)
  })

  it('splices in the routes of a delegate', () => {
    const root = virtualService('shop/front', {
      hosts: ['front'],
      http: [{ match: [{ uri: { prefix: '/' } }], delegate: { name: 'inner', namespace: 'shop' } }],
    })
    const inner = virtualService('shop/inner', { http: [{ route: [to('v2')] }] })
    expect(
      run(shop([subsets, root, inner])).measured.values('istio_requests_total', 'destination_workload'),
    ).toEqual(['front-v2'])
  })

  it('splits TCP by weight', () => {
    const world = smallWorld({
      workloads: [
        workload('shop/loader'),
        workload('shop/db-v1', { protocol: 'tcp' }),
        workload('shop/db-v2', { protocol: 'tcp' }),
      ],
      services: { 'shop/db': 'tcp' },
      entries: [{ from: 'shop/loader', to: 'shop/db', method: '', path: '' }],
      objects: [
        object('DestinationRule shop/db', {
          host: 'db',
          subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
        }),
        virtualService('shop/db', {
          hosts: ['db'],
          tcp: [
            {
              match: [{ port: 80 }],
              route: [
                { destination: { host: 'db', subset: 'v1' }, weight: 75 },
                { destination: { host: 'db', subset: 'v2' }, weight: 25 },
              ],
            },
          ],
        }),
      ],
    })
    const { measured } = run(world)
    const bytes = (labels: object) =>
      measured.sum('istio_tcp_received_bytes_total', { reporter: 'source', ...labels })
    expect(bytes({ destination_workload: 'db-v2' }) / bytes({})).toBeCloseTo(0.25, 1)
    expect(measured.sum('istio_tcp_connections_opened_total', { reporter: 'source' })).toBeGreaterThan(100)
    expect(measured.sum('istio_requests_total')).toBe(0)
  })
})

describe('Gateway API routes in the mesh', () => {
  const parent = { kind: 'Service', group: '', name: 'front', port: 80 }
  const twoServices = (rules: object[]) =>
    smallWorld({
      workloads: [
        workload('shop/loader'),
        workload('shop/front-v1', { labels: { app: 'front', track: 'a' } }),
        workload('shop/front-v2', { labels: { app: 'canary' } }),
      ],
      services: { 'shop/front': 'http', 'shop/canary': 'http' },
      entries: [{ from: 'shop/loader', to: 'shop/front' }],
      objects: [object('HTTPRoute shop/front', { parentRefs: [parent], rules })],
    })

  it('splits by relative weights', () => {
    const { measured } = run(
      twoServices([
        {
          backendRefs: [
            { name: 'front', port: 80, weight: 3 },
            { name: 'canary', port: 80, weight: 1 },
          ],
        },
      ]),
    )
    expect(measured.requests({ destination_service_name: 'canary' }) / measured.requests()).toBeCloseTo(
      0.25,
      1,
    )
  })

  it('answers 500 for a service of another namespace until a ReferenceGrant there lets it be used', () => {
    const rules = [{ backendRefs: [{ name: 'front', namespace: 'other', port: 80 }] }]
    const world = (...grants: object[]) =>
      smallWorld({
        workloads: [workload('shop/loader'), workload('shop/front-v1'), workload('other/front-v1')],
        services: { 'shop/front': 'http', 'other/front': 'http' },
        entries: [{ from: 'shop/loader', to: 'shop/front' }],
        objects: [
          object('HTTPRoute shop/front', { parentRefs: [parent], rules }),
          ...grants.map((spec) => object('ReferenceGrant other/grant', spec)),
        ],
      })
    const from = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }]
    const codes = (...grants: object[]) =>
      run(world(...grants)).measured.values('istio_requests_total', 'response_code')
    expect(codes()).toEqual(['500'])
    expect(codes({ from, to: [{ group: '', kind: 'Service', name: 'another' }] })).toEqual(['500'])
    expect(codes({ from, to: [{ group: '', kind: 'Service' }] })).toEqual(['200'])
  })

  it('prefers the more specific match, and answers 404 when none matches', () => {
    const rules = [
      { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'front', port: 80 }] },
      { matches: [{ path: { type: 'Exact', value: '/' } }], backendRefs: [{ name: 'canary', port: 80 }] },
    ]
    expect(
      run(twoServices(rules)).measured.values('istio_requests_total', 'destination_service_name'),
    ).toEqual(['canary'])
    const other = [{ matches: [{ path: { value: '/else' } }], backendRefs: [{ name: 'front', port: 80 }] }]
    expect(run(twoServices(other)).measured.values('istio_requests_total', 'response_flags')).toEqual(['NR'])
  })

  it('answers 500 for a backend that does not exist', () => {
    const rules = [{ backendRefs: [{ name: 'nowhere', port: 80 }] }]
    expect(run(twoServices(rules)).measured.values('istio_requests_total', 'response_code')).toEqual(['500'])
  })

  it('mirrors, and cuts at its timeout', () => {
    const rules = [
      {
        backendRefs: [{ name: 'front', port: 80 }],
        filters: [
          { type: 'RequestMirror', requestMirror: { backendRef: { name: 'canary', port: 80 }, percent: 10 } },
        ],
        timeouts: { request: '1ms' },
      },
    ]
    const { measured } = run(twoServices(rules))
    expect(
      measured.requests({ response_code: '504', response_flags: 'UT' }) / measured.requests(),
    ).toBeGreaterThan(0.9)
    const copies = measured.requests({ reporter: 'destination', destination_service_name: 'canary' })
    expect(copies / measured.requests()).toBeCloseTo(0.1, 1)
  })

  it('routes gRPC by method', () => {
    const world = smallWorld({
      workloads: [
        workload('shop/loader'),
        workload('shop/front-v1', { protocol: 'grpc' }),
        workload('shop/other', { protocol: 'grpc' }),
      ],
      services: { 'shop/front': 'grpc', 'shop/other': 'grpc' },
      entries: [{ from: 'shop/loader', to: 'shop/front', method: 'POST', path: '/shop.Shop/Get' }],
      objects: [
        object('GRPCRoute shop/front', {
          parentRefs: [parent],
          rules: [
            {
              matches: [{ method: { service: 'shop.Shop', method: 'Get' } }],
              backendRefs: [{ name: 'other', port: 80 }],
            },
          ],
        }),
      ],
    })
    const { measured } = run(world)
    expect(measured.values('istio_requests_total', 'destination_workload')).toEqual(['other'])
    expect(measured.values('istio_requests_total', 'grpc_response_status')).toEqual(['0'])
  })
})

describe('gateways', () => {
  const gatewayWorld = (objects: ReturnType<typeof object>[]) =>
    smallWorld({
      workloads: [
        workload('edge/gw', { role: 'ingressGateway', endpoints: [], labels: { app: 'gw', istio: 'gw' } }),
        workload('shop/front-v1', { calls: [call('shop/leaf')] }),
        workload('shop/leaf'),
      ],
      services: { 'edge/gw': 'http', 'shop/front': 'http', 'shop/leaf': 'http' },
      entries: [{ to: 'edge/gw', host: 'shop.example.com' }],
      objects,
    })
  const gateway = object('Gateway shop/public', {
    selector: { istio: 'gw' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'] }],
  })
  const route = virtualService('shop/public', {
    hosts: ['shop.example.com'],
    gateways: ['public'],
    http: [{ route: [{ destination: { host: 'front', port: { number: 80 } } }] }],
  })

  it('reports what enters as source, and nobody before it', () => {
    const { measured } = run(gatewayWorld([gateway, route]))
    expect(measured.values('istio_requests_total', 'source_workload')).toEqual(['front-v1', 'gw'])
    expect(measured.requests({ source_workload: 'gw', destination_workload: 'front-v1' })).toBe(
      measured.requests({ source_workload: 'front-v1', destination_workload: 'leaf' }),
    )
  })

  it('answers 404 NR for a host nobody routes', () => {
    expect(run(gatewayWorld([gateway])).measured.values('istio_requests_total', 'response_flags')).toEqual([
      'NR',
    ])
  })

  it('gets nothing on a port it does not listen on', () => {
    expect(run(gatewayWorld([])).measured.requests()).toBe(0)
  })
})

describe('what routes change of a request', () => {
  it('rewrites prefixes and headers before the next decision', () => {
    const world = smallWorld({
      workloads: [workload('shop/loader'), workload('shop/front-v1')],
      services: { 'shop/front': 'http' },
      entries: [{ from: 'shop/loader', to: 'shop/front', path: '/public/x' }],
      objects: [
        virtualService('shop/front', {
          hosts: ['front'],
          http: [
            {
              match: [{ uri: { prefix: '/public/' } }],
              rewrite: { uri: '/' },
              headers: { request: { set: { 'X-Tier': 'gold' } } },
              route: [{ destination: { host: 'front' } }],
            },
          ],
        }),
        object('AuthorizationPolicy shop/front', {
          rules: [
            {
              to: [{ operation: { paths: ['/x'] } }],
              when: [{ key: 'request.headers[x-tier]', values: ['gold'] }],
            },
          ],
        }),
      ],
    })
    expect(run(world).measured.values('istio_requests_total', 'response_code')).toEqual(['200'])
  })

  it('routes TLS by the server name', () => {
    const world = smallWorld({
      workloads: [workload('shop/loader'), workload('shop/proxy', { protocol: 'tcp' })],
      services: { 'shop/proxy': 'tcp' },
      externals: [
        {
          host: 'api.example',
          port: 443,
          protocol: 'https',
          registered: true,
          latencyMs: { median: 20, p99: 50 },
          errorRatio: 0,
        },
      ],
      entries: [{ from: 'shop/loader', to: 'api.example', port: 443, method: '', path: '' }],
      objects: [
        virtualService('shop/api', {
          hosts: ['api.example'],
          tls: [
            {
              match: [{ port: 443, sniHosts: ['api.example'] }],
              route: [{ destination: { host: 'proxy', port: { number: 80 } } }],
            },
          ],
        }),
      ],
    })
    expect(run(world).measured.values('istio_tcp_received_bytes_total', 'destination_workload')).toEqual([
      'proxy',
    ])
  })
})
