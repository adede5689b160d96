/**
 * The ambient namespace. `stock-api` and `pricing-rules` sit behind a waypoint (requests are seen), `reorder`
 * and `stock-db` do not (bytes only). Versions of `stock-api` have services of their own, as HTTPRoute
 * weights need them.
 */
import type { Area, WorkloadPlan } from './build/area'
import { entries, principal, service, workload } from './build/area'
import { call, callGrpc, grpc, http, tcp } from './build/calls'
import { authorizationPolicy, peerAuthentication } from './build/config'
import { backendRef, ingressGateway, route, waypointGateway } from './build/gateway-api'
import { gatewayProxy } from './build/gateway-proxy'

const NAMESPACE = 'inventory'
const HOST = 'stock.example.com'
const WAYPOINT = 'waypoint'
const INGRESS = 'stock-gateway'

const STOCK_API = 'inventory/stock-api:80'
const STOCK_DB = 'inventory/stock-db:5432'

export function inventory(): Area {
  const waypoint = gatewayProxy(NAMESPACE, WAYPOINT, 'waypoint')
  const ingress = gatewayProxy(NAMESPACE, INGRESS, 'ingressGateway')
  return {
    namespaces: [{ name: NAMESPACE, labels: { 'istio.io/dataplane-mode': 'ambient', team: 'supply' } }],
    workloads: [
      waypoint.workload,
      ingress.workload,
      ambient({ app: 'handheld-scanner', replicas: 2, image: 'ghcr.io/example/handheld-scanner:1.4.0' }),
      stockApi('v1', 2, 30),
      stockApi('v2', 1, 5),
      ambient({
        app: 'pricing-rules',
        replicas: 2,
        image: 'ghcr.io/example/pricing-rules:5.0.3',
        endpoints: [
          grpc('inventory.PricingRules/Quote', { port: 9000, latencyMs: [2, 10], bytes: [240, 130] }),
        ],
      }),
      ambient({
        app: 'reorder',
        image: 'ghcr.io/example/reorder:0.8.2',
        endpoints: [
          http('POST /suggestions', {
            port: 8080,
            latencyMs: [6, 28],
            bytes: [520, 340],
            calls: [call(STOCK_DB, '')],
          }),
        ],
      }),
      ambient({
        app: 'stock-db',
        kind: 'StatefulSet',
        version: 'v16',
        image: 'docker.io/library/postgres:16.8',
        endpoints: [tcp({ port: 5432, latencyMs: [1.1, 6], bytes: [360, 1_150] })],
      }),
    ],
    services: [
      waypoint.service,
      ingress.service,
      service({
        namespace: NAMESPACE,
        name: 'stock-api',
        ports: [[80, 'http', 8080]],
        waypoint: WAYPOINT,
      }),
      ...['v1', 'v2'].map((version) =>
        service({
          namespace: NAMESPACE,
          name: `stock-api-${version}`,
          selector: { app: 'stock-api', version },
          ports: [[80, 'http', 8080]],
          waypoint: WAYPOINT,
          ageDays: 30,
        }),
      ),
      service({
        namespace: NAMESPACE,
        name: 'pricing-rules',
        ports: [[9000, 'grpc']],
        waypoint: WAYPOINT,
      }),
      service({ namespace: NAMESPACE, name: 'reorder', ports: [[8080, 'http']] }),
      service({ namespace: NAMESPACE, name: 'stock-db', ports: [[5432, 'tcp', 5432, 'tcp-postgres']] }),
    ],
    entries: [
      ...entries({
        id: 'scanners',
        from: 'inventory/handheld-scanner',
        to: STOCK_API,
        rates: { 'GET /stock/sku-1042': 4.5, 'POST /stock/adjust': 1.5 },
        dayAmplitude: 0.4,
      }),
      ...entries({
        id: 'scanner-reorders',
        from: 'inventory/handheld-scanner',
        to: 'inventory/reorder:8080',
        rates: { 'POST /suggestions': 0.8 },
        dayAmplitude: 0.4,
      }),
      ...entries({
        id: 'stock-partners',
        to: `${NAMESPACE}/${INGRESS}-istio:80`,
        host: HOST,
        rates: { 'GET /stock/sku-1042': 3.6 },
        dayAmplitude: 0.3,
      }),
    ],
    objects: [
      waypointGateway(NAMESPACE, WAYPOINT),
      ingressGateway(NAMESPACE, INGRESS, HOST),
      route(
        'HTTPRoute',
        NAMESPACE,
        'stock-api',
        { kind: 'Service', name: 'stock-api', port: 80 },
        {
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: '/' } }],
              backendRefs: [backendRef('stock-api-v1', 80, 9), backendRef('stock-api-v2', 80, 1)],
              timeouts: { request: '5s' },
            },
          ],
        },
      ),
      route(
        'GRPCRoute',
        NAMESPACE,
        'pricing-rules',
        { kind: 'Service', name: 'pricing-rules', port: 9000 },
        {
          rules: [
            {
              matches: [{ method: { type: 'Exact', service: 'inventory.PricingRules' } }],
              backendRefs: [backendRef('pricing-rules', 9000)],
            },
          ],
        },
      ),
      route(
        'HTTPRoute',
        NAMESPACE,
        'stock-ingress',
        { kind: 'Gateway', name: INGRESS },
        {
          hostnames: [HOST],
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: '/stock' }, method: 'GET' }],
              // what enters passes no waypoint, so the gateway needs the shares as well
              backendRefs: [backendRef('stock-api-v1', 80, 9), backendRef('stock-api-v2', 80, 1)],
            },
          ],
        },
        40,
      ),
      peerAuthentication(NAMESPACE, 'default', { mtls: { mode: 'STRICT' } }, { ageDays: 40 }),
      authorizationPolicy(NAMESPACE, 'stock-api-callers', {
        targetRefs: [{ group: '', kind: 'Service', name: 'stock-api' }],
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: [principal(NAMESPACE, 'handheld-scanner')] } }],
            to: [{ operation: { methods: ['GET', 'POST'] } }],
          },
          {
            from: [{ source: { principals: [principal(NAMESPACE, `${INGRESS}-istio`)] } }],
            to: [{ operation: { methods: ['GET'] } }],
          },
          {
            from: [{ source: { principals: [principal('boutique', 'checkoutservice')] } }],
            to: [{ operation: { methods: ['POST'], paths: ['/stock/reserve'] } }],
          },
        ],
      }),
      authorizationPolicy(NAMESPACE, 'stock-db-l4', {
        selector: { matchLabels: { app: 'stock-db' } },
        action: 'ALLOW',
        rules: [{ from: [{ source: { namespaces: [NAMESPACE] } }] }],
      }),
    ],
  }
}

type AmbientDraft = Omit<Parameters<typeof workload>[0], 'namespace' | 'dataPlane' | 'name'>

/** Named by the app alone, but for several versions of one app. */
function ambient(draft: AmbientDraft & { name?: string }): WorkloadPlan {
  return workload({ name: draft.app, version: 'v1', ...draft, namespace: NAMESPACE, dataPlane: 'ambient' })
}

function stockApi(version: string, replicas: number, ageDays: number): WorkloadPlan {
  const database = call(STOCK_DB, '')
  return ambient({
    app: 'stock-api',
    name: `stock-api-${version}`,
    version,
    replicas,
    ageDays,
    image: `ghcr.io/example/stock-api:${version === 'v1' ? '2.7.4' : '3.0.0'}`,
    endpoints: [
      http('GET /stock/sku-1042', {
        port: 8080,
        latencyMs: [4, 18],
        bytes: [390, 560],
        clientErrorRatio: 0.02,
        calls: [callGrpc('inventory/pricing-rules:9000', 'inventory.PricingRules/Quote'), database],
      }),
      http('POST /stock/adjust', { port: 8080, latencyMs: [6, 26], bytes: [480, 150], calls: [database] }),
      http('POST /stock/reserve', {
        port: 8080,
        latencyMs: [5, 22],
        bytes: [510, 180],
        calls: [database, call('inventory/reorder:8080', 'POST /suggestions', 0.2, { required: false })],
      }),
    ],
  })
}
