import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { config, inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import { storiesOfGateway, storyOfHost, storyOfService } from './effective-routing'
import type { RequestStory, StoryStage } from './story'

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

/** Lines of one step; deeper ones are set in, warnings marked. */
function told(story: RequestStory, stage: StoryStage): string[] {
  const step = story.steps.find((each) => each.stage === stage)
  return (step?.lines ?? []).map(
    ({ text, depth, tone }) => `${'  '.repeat(depth)}${tone === 'warning' ? '! ' : ''}${text}`,
  )
}

const reviews = (objects: ConfigObject[], more: Parameters<typeof inventory>[0] = {}) =>
  storyOfService(indexOf(objects, more), 'shop', 'reviews')

const to = (subset?: string, weight?: number, host = 'reviews') => ({
  destination: { host, ...(subset === undefined ? {} : { subset }) },
  ...(weight === undefined ? {} : { weight }),
})
const virtualService = (http: unknown, more: object = {}, name = 'shop/reviews') =>
  config('VirtualService', name, { hosts: ['reviews'], http, ...more })
const subsets = (names: string[], more: object = {}) =>
  config('DestinationRule', 'shop/reviews', {
    host: 'reviews',
    subsets: names.map((name) => ({ name, labels: { version: name } })),
    ...more,
  })

const NO_TIMEOUT = '  waited for without limit (no timeout)'
const NO_RETRIES =
  '  failures to connect are tried again, up to 2 times, and 503 where the request was not sent (Istio’s default)'

describe('which rule takes a request', () => {
  it.each<[string, ConfigObject[], string[]]>([
    [
      'nothing says anything',
      [],
      ['no rule speaks for this host: each request goes to one of its ready pods'],
    ],
    [
      'weights over subsets',
      [virtualService([{ route: [to('v1', 90), to('v2', 10)] }]), subsets(['v1', 'v2'])],
      [
        'rule 1: every request',
        '  90 % sent to reviews, subset v1 (pods with version=v1): reviews-v1',
        '  10 % sent to reviews, subset v2 (pods with version=v2): reviews-v2',
        NO_TIMEOUT,
        NO_RETRIES,
      ],
    ],
    [
      'a subset nobody defines, and a rest that no rule takes',
      [virtualService([{ name: 'api', match: [{ uri: { prefix: '/api' } }], route: [to('v9')] }])],
      [
        'rule 1 (api): path starts with /api',
        '  sent to reviews, subset v9',
        '    ! no destination rule of reviews.shop.svc.cluster.local has a subset v9: answered 503 (no such cluster, NC)',
        NO_TIMEOUT,
        NO_RETRIES,
        '! anything else is answered 404 (no route matched, NR)',
      ],
    ],
    [
      'faults before all else, timeout, retries and mirror after',
      [
        virtualService([
          {
            fault: {
              delay: { fixedDelay: '7s', percentage: { value: 20 } },
              abort: { httpStatus: 503, percentage: { value: 0.5 } },
            },
            rewrite: { uri: '/v2' },
            headers: { request: { set: { 'x-tenant': 'a' }, remove: ['cookie'] } },
            timeout: '1500ms',
            retries: { attempts: 3, perTryTimeout: '0.5s', retryOn: '5xx,reset' },
            mirror: { host: 'reviews', subset: 'v2' },
            mirrorPercentage: { value: 5 },
            route: [to('v1')],
          },
        ]),
        subsets(['v1', 'v2']),
      ],
      [
        'rule 1: every request',
        '  ! 20 % of them are held for 7 s on purpose (fault injection)',
        '  ! 0.5 % of them are answered 503 on purpose (fault injection), sent nowhere',
        '  rewritten: path to /v2',
        '  request headers: x-tenant set and cookie removed',
        '  sent to reviews, subset v1 (pods with version=v1): reviews-v1',
        '  given up after 1.5 s with 504, all tries together (timeout)',
        '  tried again up to 3 times, each try at most 500 ms, on 5xx, reset (retries)',
        '  5 % copied to reviews, subset v2 (pods with version=v2): reviews-v2; answers to copies are thrown away (mirror)',
      ],
    ],
    [
      'a rule behind one that takes everything',
      [virtualService([{ route: [to()] }, { match: [{ uri: { exact: '/x' } }], route: [to()] }])],
      [
        'rule 1: every request',
        '  sent to reviews: reviews-v1 and reviews-v2',
        NO_TIMEOUT,
        NO_RETRIES,
        '! rule 2: path is /x – never reached, rule 1 takes every request',
      ],
    ],
    [
      'a redirect, and an answer of the proxy itself',
      [
        virtualService([
          { match: [{ uri: { exact: '/old' } }], redirect: { uri: '/new', redirectCode: 302 } },
          { directResponse: { status: 418 } },
        ]),
      ],
      [
        'rule 1: path is /old',
        '  answered with a redirect (302 to /new)',
        'rule 2: every request',
        '  answered 418 by the proxy itself, sent nowhere',
      ],
    ],
    [
      'a delegate in its place',
      [
        virtualService([
          { match: [{ uri: { prefix: '/api' } }], delegate: { name: 'api', namespace: 'team' } },
          { route: [to()], retries: { attempts: 0 } },
        ]),
        config('VirtualService', 'team/api', {
          http: [
            {
              match: [{ method: { exact: 'POST' } }],
              route: [to(undefined, undefined, 'reviews.shop.svc.cluster.local')],
            },
          ],
        }),
      ],
      [
        'rule 1.1: path starts with /api, of these method is POST',
        '  goes on with virtual service team/api (delegate)',
        '  sent to reviews in shop: reviews-v1 and reviews-v2',
        NO_TIMEOUT,
        NO_RETRIES,
        'rule 2: every request',
        '  sent to reviews: reviews-v1 and reviews-v2',
        NO_TIMEOUT,
        '  tried once: retries are off',
      ],
    ],
    [
      'a delegate that is not there',
      [virtualService([{ delegate: { name: 'gone' } }])],
      [
        'rule 1: every request',
        '  ! virtual service shop/gone does not exist, so the rule has no effect',
        '! anything else is answered 404 (no route matched, NR)',
      ],
    ],
    [
      'a delegate that is not for this namespace, and one with a timeout of the rule that names it',
      [
        virtualService([
          { delegate: { name: 'own', namespace: 'team' } },
          { delegate: { name: 'api', namespace: 'team' }, timeout: '3s' },
        ]),
        config('VirtualService', 'team/own', { exportTo: ['.'], http: [{ route: [to()] }] }),
        config('VirtualService', 'team/api', {
          http: [{ route: [to(undefined, undefined, 'reviews.shop.svc.cluster.local')] }],
        }),
      ],
      [
        'rule 1: every request',
        '  ! virtual service team/own is not exported to shop, so the rule has no effect',
        'rule 2.1: every request',
        '  goes on with virtual service team/api (delegate)',
        '  sent to reviews in shop: reviews-v1 and reviews-v2',
        '  given up after 3 s with 504, all tries together (timeout)',
        NO_RETRIES,
      ],
    ],
    [
      'rules for gateways alone do not count among callers of the mesh',
      [
        virtualService(
          [{ match: [{ uri: { prefix: '/' }, gateways: ['front'] }], route: [to()] }, { route: [to('v1')] }],
          { gateways: ['mesh', 'front'] },
        ),
        subsets(['v1']),
      ],
      [
        'rule 2: every request',
        '  sent to reviews, subset v1 (pods with version=v1): reviews-v1',
        NO_TIMEOUT,
        NO_RETRIES,
      ],
    ],
    [
      'to a service that does not exist',
      [virtualService([{ route: [to(undefined, undefined, 'ratings')] }])],
      [
        'rule 1: every request',
        '  sent to ratings',
        '    ! there is no service ratings in shop: answered 503 (no such cluster, NC)',
        NO_TIMEOUT,
        NO_RETRIES,
      ],
    ],
    [
      'an HTTPRoute on the service',
      [
        config('HTTPRoute', 'shop/reviews', {
          parentRefs: [{ kind: 'Service', group: '', name: 'reviews' }],
          rules: [
            {
              matches: [{ path: { type: 'Exact', value: '/a' } }],
              backendRefs: [
                { name: 'reviews', port: 80, weight: 3 },
                { name: 'gone', port: 80 },
              ],
              timeouts: { request: '2s' },
            },
          ],
        }),
      ],
      [
        'HTTPRoute shop/reviews; of several matches the most specific counts',
        'rule 1: path is /a',
        '  75 % sent to reviews port 80: reviews-v1 and reviews-v2',
        '  25 % sent to gone port 80',
        '    ! there is no service gone in shop: answered 503 (no such cluster, NC)',
        '  given up after 2 s, all tries together (timeout)',
      ],
    ],
  ])('%s', (_name, objects, want) => {
    expect(told(reviews(objects), 'route')).toEqual(want)
  })

  it('takes the narrower of two virtual services, else the older, and says which has no effect', () => {
    const all = virtualService([{ route: [to('v1')] }], { hosts: ['*.shop.svc.cluster.local'] }, 'shop/all')
    const own = virtualService([{ route: [to('v2')] }], {}, 'shop/own')
    const lines = told(reviews([all, own, subsets(['v1', 'v2'])]), 'route')
    expect(lines[1]).toContain('subset v2')
    expect(lines.at(-1)).toBe(
      '! virtual service shop/all speaks for this host too and has no effect: shop/own is more specific',
    )
  })
})

describe('the other steps', () => {
  it('tells what a destination rule does, with its defaults', () => {
    const rule = subsets(['v1'], {
      trafficPolicy: {
        loadBalancer: { simple: 'ROUND_ROBIN' },
        connectionPool: {
          http: { http1MaxPendingRequests: 1 },
          tcp: { maxConnections: 5, connectTimeout: '2s' },
        },
        outlierDetection: { consecutive5xxErrors: 3 },
        tls: { mode: 'ISTIO_MUTUAL' },
      },
    })
    expect(told(reviews([rule]), 'destination')).toEqual([
      'destination rule shop/reviews',
      '  pods take turns (round robin)',
      '  at most 5 connections and 1 waiting request from one proxy; more are answered 503 (circuit breaker, UO)',
      '  connecting is given up after 2 s',
      '  a pod with 3 5xx in a row is left out for 30 s and longer each time, looked at every 10 s, at most 10 % of the pods (outlier detection)',
      '  in the mesh’s mutual TLS always',
      '  subset v1 is pods with version=v1',
    ])
    expect(told(reviews([]), 'destination').at(-1)).toContain('auto mTLS')
  })

  it.each<[string, object, string]>([
    [
      '5xx and gateway errors',
      { consecutiveGatewayErrors: 3 },
      'a pod with 5 5xx or 3 gateway errors in a row',
    ],
    [
      'gateway errors alone',
      { consecutive5xxErrors: 0, consecutiveGatewayErrors: 4 },
      'a pod with 4 gateway errors in a row',
    ],
    ['nothing', { consecutive5xxErrors: 0 }, 'no pod is left out for answering with errors'],
  ])('%s leave a pod out', (_name, outlierDetection, words) => {
    const lines = told(reviews([subsets([], { trafficPolicy: { outlierDetection } })]), 'destination')
    expect(lines[1]?.trim().startsWith(words)).toBe(true)
  })

  it('TLS settings without a mode switch it off', () => {
    const lines = told(reviews([subsets([], { trafficPolicy: { tls: {} } })]), 'destination')
    expect(lines[1]).toBe('  in plain text, whatever the pod takes (TLS off)')
  })

  it('tells who does not have the host in scope', () => {
    const closed = config('Sidecar', 'cart/default', { egress: [{ hosts: ['./*', 'istio-system/*'] }] })
    const open = config('Sidecar', 'web/default', { egress: [{ hosts: ['shop/*'] }] })
    const lines = told(reviews([closed, open]), 'scope')
    expect(lines[0]).toBe(
      '! callers in cart (Sidecar cart/default) do not have it in scope: their requests go out as to a stranger, past the rules below (PassthroughCluster)',
    )
    expect(lines[1]).toBe('all other proxies know it')
    expect(told(reviews([open]), 'scope')[0]).toBe('every proxy of the mesh knows this host')
  })

  it('judges authorization in its order: DENY, then ALLOW, then the rest', () => {
    const allow = config('AuthorizationPolicy', 'shop/allow', {
      selector: { matchLabels: { app: 'reviews' } },
      rules: [
        {
          from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'], notNamespaces: ['test'] } }],
          to: [{ operation: { methods: ['GET'], paths: ['/reviews/*'] } }],
          when: [{ key: 'request.headers[x-a]', values: ['1'] }],
        },
      ],
    })
    const deny = config('AuthorizationPolicy', 'shop/deny', {
      action: 'DENY',
      rules: [{ from: [{ source: { namespaces: ['bad'] } }] }],
    })
    const lines = told(reviews([allow, deny]), 'access')
    expect(lines.slice(1)).toEqual([
      'shop/deny refuses with 403 (holds for all of namespace shop):',
      '  caller’s namespace is bad',
      'shop/allow allows (selects it by app=reviews):',
      '  caller is cluster.local/ns/shop/sa/web and caller’s namespace is not test, and method is GET and path is /reviews/*, and request.headers[x-a] is 1',
      'whatever none of these allows is refused with 403 (RBAC: access denied)',
    ])
  })

  it('says so when a policy of allowing allows nothing, and when nobody stands behind a service', () => {
    const none = config('AuthorizationPolicy', 'shop/none', {})
    expect(told(reviews([none]), 'access')).toContain(
      '! shop/none allows nothing: it has no rule (holds for all of namespace shop)',
    )
    expect(told(reviews([], { workloads: [], pods: [] }), 'access')).toEqual([
      '! no workload stands behind it: answered 503 (no healthy endpoint, UH)',
    ])
  })

  it('tells how requests come in through a gateway', () => {
    const front = virtualService(
      [{ match: [{ uri: { prefix: '/r' } }], route: [to(undefined, 25), to(undefined, 75, 'ratings')] }],
      { hosts: ['shop.example'], gateways: ['front'] },
      'shop/front',
    )
    expect(told(reviews([front]), 'entry')[0]).toBe(
      'through gateway shop/front, host shop.example: rule 1 of shop/front sends path starts with /r here (25 % of them)',
    )
  })

  it('tells the story of a gateway’s own proxy', () => {
    const proxy = { ...workload('front'), podLabels: { istio: 'front' } }
    const gateway = config('Gateway', 'shop/front', {
      selector: { istio: 'front' },
      servers: [
        {
          port: { number: 443, protocol: 'HTTPS' },
          tls: { mode: 'SIMPLE', credentialName: 'cert' },
          hosts: ['*'],
        },
      ],
    })
    const index = indexOf([gateway, virtualService([{ route: [to()] }], { gateways: ['front'] }, 'shop/vs')])
    const [story, ...others] = storiesOfGateway(index, proxy)
    expect(others).toEqual([])
    expect(story && told(story, 'scope')).toEqual(['port 443 HTTPS, TLS SIMPLE with secret cert, host *'])
    expect(story && told(story, 'route')[0]).toBe('for host reviews: virtual service shop/vs')
  })

  it('tells of an outside host who makes it known', () => {
    const entry = config('ServiceEntry', 'shop/api', { hosts: ['api.example'], location: 'MESH_EXTERNAL' })
    expect(told(storyOfHost(indexOf([entry]), 'shop', 'api.example'), 'scope')[0]).toBe(
      'service entry shop/api makes it known',
    )
  })
})
