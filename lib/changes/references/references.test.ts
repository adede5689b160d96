import { describe, expect, it } from 'vitest'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { mentionsOf } from './mentions'
import { mentionedServices, referencesOf, type Reference } from './resolve'

const ISTIO = 'networking.istio.io/v1'
const GATEWAY_API = 'gateway.networking.k8s.io/v1'

const make = (apiVersion: string, kind: string, name: string, spec: unknown, namespace = 'shop') =>
  ({ apiVersion, kind, metadata: { name, namespace }, spec }) as ConfigObject

/** `why target` of each mention, as short as a table can hold. */
function said(object: ConfigObject): string[] {
  return mentionsOf(object).map(({ target, path, why }) => {
    const end =
      target.type === 'object'
        ? `${target.kind} ${target.namespace}/${target.name}`
        : target.type === 'host'
          ? target.host
          : target.type === 'subset'
            ? `${target.subset}@${target.host}`
            : `${target.namespace ?? '*'} ${JSON.stringify(target.labels)}`
    return `${path}: ${why} ${end}`
  })
}

describe('mentionsOf', () => {
  it.each<[string, ConfigObject, string[]]>([
    [
      'a virtual service: hosts, gateways, destinations, subsets, mirrors, delegates',
      make(ISTIO, 'VirtualService', 'web', {
        hosts: ['web'],
        gateways: ['mesh', 'edge', 'infra/public'],
        http: [
          {
            route: [{ destination: { host: 'web.shop.svc.cluster.local', subset: 'v2' } }],
            mirror: { host: 'shadow' },
          },
          { delegate: { name: 'rest', namespace: 'team' } },
        ],
      }),
      [
        'spec.hosts[0]: routes requests for web.shop.svc.cluster.local',
        'spec.gateways[1]: is bound to Gateway shop/edge',
        'spec.gateways[2]: is bound to Gateway infra/public',
        'spec.http[0].route[0].destination.host: sends requests to web.shop.svc.cluster.local',
        'spec.http[0].route[0].destination.subset: takes the subset from v2@web.shop.svc.cluster.local',
        'spec.http[0].mirror.host: mirrors requests to shadow.shop.svc.cluster.local',
        'spec.http[1].delegate.name: leaves routing to VirtualService team/rest',
      ],
    ],
    [
      'a gateway: proxies anywhere, and credentials by name',
      make(ISTIO, 'Gateway', 'edge', {
        selector: { istio: 'ingressgateway' },
        servers: [{ tls: { credentialName: 'cert' } }],
      }),
      [
        'spec.selector: is served by * {"istio":"ingressgateway"}',
        'spec.servers[0].tls.credentialName: takes its certificate from Secret /cert',
      ],
    ],
    [
      'a policy by selector',
      make('security.istio.io/v1', 'PeerAuthentication', 'strict', {
        selector: { matchLabels: { app: 'web' } },
      }),
      ['spec.selector.matchLabels: applies to shop {"app":"web"}'],
    ],
    [
      'a policy with a selector in the root namespace: pods anywhere',
      make(
        'security.istio.io/v1',
        'AuthorizationPolicy',
        'x',
        { selector: { matchLabels: { a: 'b' } } },
        'istio-system',
      ),
      ['spec.selector.matchLabels: applies to * {"a":"b"}'],
    ],
    [
      'telemetry with a selector in the root namespace: pods there',
      make(
        'telemetry.istio.io/v1',
        'Telemetry',
        'x',
        { selector: { matchLabels: { a: 'b' } } },
        'istio-system',
      ),
      ['spec.selector.matchLabels: applies to istio-system {"a":"b"}'],
    ],
    [
      'a policy without selector in the root namespace: everything',
      make('security.istio.io/v1', 'PeerAuthentication', 'default', {}, 'istio-system'),
      ['spec: applies to * {}'],
    ],
    [
      'a policy by target, and the callers it names',
      make('security.istio.io/v1', 'AuthorizationPolicy', 'allow', {
        targetRefs: [{ kind: 'Service', group: '', name: 'web' }],
        rules: [{ from: [{ source: { principals: ['cluster.local/ns/front/sa/page', '*'] } }] }],
      }),
      [
        'spec.rules[0].from[0].source.principals[0]: speaks of callers ServiceAccount front/page',
        'spec.targetRefs[0].name: applies to Service shop/web',
      ],
    ],
    [
      'a route of the Gateway API: presets of parents and backends',
      make(GATEWAY_API, 'HTTPRoute', 'web', {
        parentRefs: [{ name: 'edge', namespace: 'infra' }],
        rules: [
          {
            backendRefs: [{ name: 'web', port: 80 }],
            filters: [{ requestMirror: { backendRef: { name: 'shadow' } } }],
          },
        ],
      }),
      [
        'spec.parentRefs[0].name: is attached to Gateway infra/edge',
        'spec.rules[0].filters[0].requestMirror.backendRef.name: mirrors requests to Service shop/shadow',
        'spec.rules[0].backendRefs[0].name: sends requests to Service shop/web',
      ],
    ],
    [
      'a sidecar: hosts it names, not wildcards',
      make(ISTIO, 'Sidecar', 'default', { egress: [{ hosts: ['./*', 'team/api.team.svc.cluster.local'] }] }),
      [
        'spec.egress[0].hosts[1]: lets its workloads reach api.team.svc.cluster.local',
        'spec: applies to shop {}',
      ],
    ],
    ['nothing where types are wrong', make(ISTIO, 'VirtualService', 'web', { hosts: 'web', http: {} }), []],
  ])('%s', (_what, object, expected) => expect(said(object)).toEqual(expected))
})

describe('referencesOf', () => {
  const web = make(ISTIO, 'VirtualService', 'web', {
    hosts: ['web'],
    gateways: ['edge'],
    http: [
      {
        route: [
          { destination: { host: 'web', subset: 'v1' } },
          { destination: { host: 'web', subset: 'v9' } },
        ],
      },
    ],
  })
  const rule = make(ISTIO, 'DestinationRule', 'web', {
    host: 'web',
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  })
  const edge = make(ISTIO, 'Gateway', 'edge', { selector: { istio: 'gone' } })
  const inventory: ClusterInventory = {
    cluster: 'east',
    namespaces: [],
    workloads: [],
    pods: [],
    serviceAccounts: [],
    meshConfig: null,
    rootNamespace: 'istio-system',
    config: [web, rule, edge],
    services: [
      {
        cluster: 'east',
        namespace: 'shop',
        name: 'web',
        labels: {},
        annotations: {},
        type: 'ClusterIP',
        selector: { app: 'web' },
        ports: [],
        createdAt: null,
      },
    ],
  }
  const short = ({ why, object, text, exists }: Reference) =>
    [why, object ? `${object.kind} ${object.name}` : null, text, exists].join(' | ')

  it('finds both ways, names each other end once with all its fields, and marks what is missing', () => {
    const { to, from } = referencesOf(web, inventory)
    expect(to.map(short)).toEqual([
      'routes requests for | Service web |  | true',
      'is bound to | Gateway edge |  | true',
      'sends requests to | Service web |  | true',
      'takes the subset from | DestinationRule web | subset v1 | true',
      'takes the subset from |  | subset v9 of web.shop.svc.cluster.local | false',
    ])
    expect(to[2]?.paths).toEqual([
      'spec.http[0].route[0].destination.host',
      'spec.http[0].route[1].destination.host',
    ])
    expect(from).toEqual([])
    expect(referencesOf(rule, inventory).from.map(short)).toEqual([
      'takes the subset from | VirtualService web | subset v1 | true',
    ])
    expect(referencesOf(edge, inventory).from.map(short)).toEqual([
      'is bound to | VirtualService web |  | true',
    ])
  })

  it('says of a selector that selects nothing that nothing is there', () => {
    expect(referencesOf(edge, inventory).to.map(short)).toEqual([
      'is served by |  | workloads with istio=gone in all namespaces | false',
    ])
  })

  it.each([
    [
      'DestinationRule.networking.istio.io',
      'takes the subset from |  | subset v9 of web.shop.svc.cluster.local',
    ],
    ['Gateway.networking.istio.io', 'is bound to | Gateway gone | '],
    ['Service', 'sends requests to |  | lost.shop.svc.cluster.local'],
    ['Deployment.apps', 'is served by |  | workloads with istio=gone in all namespaces'],
  ])('does not say that what is of a kind that may not be read does not exist: %s', (kind, end) => {
    const route = {
      route: [{ destination: { host: 'web', subset: 'v9' } }, { destination: { host: 'lost' } }],
    }
    const bound = make(ISTIO, 'VirtualService', 'bound', { hosts: [], gateways: ['gone'], http: [route] })
    const told = (unread: string[]) =>
      [bound, edge].flatMap((one) => referencesOf(one, { ...inventory, unread }).to.map(short))
    expect(told([])).toContain(`${end} | false`)
    expect(told([kind])).toContain(`${end} | `)
  })

  it('knows which services objects speak of', () => {
    expect([...mentionedServices(inventory)]).toEqual(['shop/web'])
  })

  it('finds what points to a service that is read from the API server', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } }
    expect(referencesOf(service, inventory).from.map(short)).toEqual([
      'routes requests for | VirtualService web |  | true',
      'sends requests to | VirtualService web |  | true',
      'sets the policy for | DestinationRule web |  | true',
    ])
  })
  // looked for in every rule, each subset costs minutes: then this one times out
  it('reads what a mesh of thousands of services mentions', () => {
    const config = Array.from({ length: 3_000 }, (_, n) => {
      const to = (subset: string) => ({ destination: { host: `s${n}`, subset } })
      return [
        make(ISTIO, 'VirtualService', `s${n}`, { hosts: [`s${n}`], http: [{ route: [to('v1'), to('v2')] }] }),
        make(ISTIO, 'DestinationRule', `s${n}`, { host: `s${n}`, subsets: [{ name: 'v1' }, { name: 'v2' }] }),
      ]
    }).flat()
    const services = Array.from({ length: 3_000 }, (_, n) => ({
      namespace: 'shop',
      name: `s${n}`,
      selector: {},
    }))
    const many = { ...inventory, services, config } as unknown as ClusterInventory
    expect(mentionedServices(many).size).toBe(3_000)
    const { from } = referencesOf(config[1] as ConfigObject, many)
    expect(from.map(({ why, object }) => [why, object?.name])).toEqual([
      ['takes the subset from', 's0'],
      ['takes the subset from', 's0'],
    ])
  })
})
