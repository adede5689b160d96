/** Random objects of few names, so that they meet each other, for tests of laws. */
import fc from '@/tests/support/chance'
import type { ConfigObject } from '@/lib/mesh/inventory'

const namespace = fc.constantFrom('shop', 'books', 'istio-system')
const name = fc.constantFrom('a', 'b', 'c')
const version = fc.constantFrom('v1', 'v2')
const host = fc.constantFrom('a', 'b', 'c.books.svc.cluster.local', '*.example.com', 'api.example.com', '*')
const labels = fc.oneof(
  fc.record({ app: name }),
  fc.record({ app: name, version }),
  fc.record({ app: name, 'gateway.networking.k8s.io/gateway-name': fc.constant('gate') }),
  fc.constant({ istio: 'ingressgateway' }),
)
const subset = fc.option(version, { nil: undefined })
const port = fc.constantFrom(80, 8080, 443)
const protocol = fc.constantFrom('TCP', 'HTTP', 'HTTPS', 'TLS')
const tlsMode = fc.constantFrom('DISABLE', 'SIMPLE', 'ISTIO_MUTUAL')
const mtls = fc.record({ mode: fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET') })
const exportTo = fc.constantFrom(undefined, ['.'], ['*'], ['books'], ['nowhere'])
const short = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 2 })
const maybe = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: undefined })

const destination = fc.record({
  destination: fc.record({ host, subset, port: maybe(fc.record({ number: port })) }),
  weight: fc.constantFrom(undefined, 0, 50, 100),
})
const match = fc.record({ uri: fc.constantFrom({ prefix: '/' }, { prefix: '/a' }, { exact: '/a' }) })
const http = fc.record({
  match: maybe(short(match)),
  route: short(destination),
  timeout: fc.constantFrom(undefined, '1s', '5s'),
  retries: fc.constantFrom(undefined, { attempts: 3, perTryTimeout: '2s' }),
  mirror: maybe(fc.record({ host, subset })),
})
const trafficPolicy = fc.record({
  tls: maybe(fc.record({ mode: tlsMode })),
  outlierDetection: fc.constantFrom(undefined, { maxEjectionPercent: 100 }, { maxEjectionPercent: 10 }),
})
const selector = maybe(fc.record({ matchLabels: labels }))
const targetRefs = fc.constantFrom(undefined, [
  { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gate' },
])
const rule = fc.record({
  from: maybe(
    fc.constantFrom(
      [{ source: { namespaces: ['books'] } }],
      [{ source: { principals: ['cluster.local/ns/shop/sa/a', 'other.local/ns/shop/sa/b'] } }],
    ),
  ),
  to: maybe(fc.constantFrom([{ operation: { methods: ['GET', 'FETCH'], hosts: ['a', 'z'] } }])),
})
const parents = fc.constantFrom(
  [{ name: 'gate' }],
  [{ name: 'gate', namespace: 'shop' }],
  [{ group: '', kind: 'Service', name: 'a' }],
)
const ambient = fc.constantFrom<Record<string, string>>(
  {},
  { 'istio-injection': 'enabled' },
  { 'istio.io/dataplane-mode': 'ambient' },
  { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'gate' },
)

function of(
  apiVersion: string,
  kind: string,
  spec: fc.Arbitrary<unknown>,
  metadata: fc.Arbitrary<object> = fc.constant({}),
): fc.Arbitrary<ConfigObject> {
  return fc
    .record({ namespace, name, spec, metadata })
    .map(({ namespace: where, name: called, ...rest }) => ({
      apiVersion,
      kind,
      // stray undefined values would be no JSON
      ...(JSON.parse(JSON.stringify({ spec: rest.spec })) as object),
      metadata: { ...rest.metadata, namespace: where, name: called },
    }))
}

const ISTIO = 'networking.istio.io/v1'
const SECURITY = 'security.istio.io/v1'
const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const labelled = labels.map((each) => ({ labels: each }))

/** Any object of the kinds that checkers read most. */
export const anyObject: fc.Arbitrary<ConfigObject> = fc.oneof(
  fc.record({ namespace, ambient }).map(({ namespace: called, ambient: own }): ConfigObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: called, labels: own },
  })),
  of(
    'v1',
    'Service',
    fc.record({ selector: labels, ports: short(fc.record({ name: fc.constantFrom('http', 'x'), port })) }),
  ),
  of(
    'v1',
    'Pod',
    fc.record({
      containers: fc.constantFrom([{ name: 'app' }], [{ name: 'app' }, { name: 'istio-proxy', image: 'p' }]),
      serviceAccountName: name,
    }),
    labelled,
  ),
  of('v1', 'ServiceAccount', fc.constant({})),
  of(
    'apps/v1',
    'Deployment',
    labels.map((each) => ({
      template: { metadata: { labels: each }, spec: { containers: [{ ports: [{ containerPort: 80 }] }] } },
    })),
  ),
  of(
    ISTIO,
    'VirtualService',
    fc.record({
      hosts: short(host),
      gateways: fc.constantFrom(undefined, ['mesh'], ['a'], ['shop/a', 'mesh']),
      http: short(http),
      exportTo,
    }),
  ),
  of(
    ISTIO,
    'DestinationRule',
    fc.record({
      host,
      subsets: maybe(
        short(fc.record({ name: version, labels: maybe(labels), trafficPolicy: maybe(trafficPolicy) })),
      ),
      trafficPolicy: maybe(trafficPolicy),
      exportTo,
    }),
  ),
  of(
    ISTIO,
    'Gateway',
    fc.record({
      selector: labels,
      servers: short(
        fc.record({ hosts: short(host), port: fc.record({ number: port, name: name, protocol }) }),
      ),
    }),
  ),
  of(
    ISTIO,
    'ServiceEntry',
    fc.record({ hosts: short(host), ports: short(fc.record({ number: port, name, protocol })), exportTo }),
  ),
  of(
    ISTIO,
    'Sidecar',
    fc.record({
      workloadSelector: maybe(fc.record({ labels })),
      egress: fc.constantFrom([{ hosts: ['./*'] }], [{ hosts: ['books/nothing.books.svc.cluster.local'] }]),
    }),
  ),
  of(
    ISTIO,
    'WorkloadGroup',
    fc.record({ metadata: fc.record({ labels }), template: fc.record({ serviceAccount: name }) }),
  ),
  of(SECURITY, 'PeerAuthentication', fc.record({ selector, mtls })),
  of(SECURITY, 'RequestAuthentication', fc.record({ selector, targetRefs })),
  of(SECURITY, 'AuthorizationPolicy', fc.record({ selector, targetRefs, rules: maybe(short(rule)) })),
  of('telemetry.istio.io/v1', 'Telemetry', fc.record({ selector, targetRefs })),
  of(
    GATEWAY_API,
    'Gateway',
    fc.record({
      gatewayClassName: fc.constantFrom('istio', 'nginx'),
      listeners: short(fc.record({ name, port, protocol: fc.constantFrom('HTTP', 'TCP') })),
    }),
  ),
  of(
    GATEWAY_API,
    'HTTPRoute',
    fc.record({
      hostnames: maybe(short(fc.constantFrom('a.shop.svc.cluster.local', 'api.example.com'))),
      parentRefs: parents,
      rules: short(fc.record({ backendRefs: short(fc.record({ name, port, namespace: maybe(namespace) })) })),
    }),
  ),
  of(
    'gateway.networking.k8s.io/v1beta1',
    'ReferenceGrant',
    fc.record({
      from: fc.constant([{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }]),
      to: fc.constant([{ group: '', kind: 'Service' }]),
    }),
  ),
)
