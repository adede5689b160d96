/** The Bookinfo sample, with ratings v2 on MongoDB. Topology: istio/istio samples/bookinfo. */
import type { CallSpec } from '@/lib/demo/model'
import type { Area, WorkloadPlan } from './build/area'
import { entries, principal, service, workload } from './build/area'
import { call, http, tcp } from './build/calls'
import {
  authorizationPolicy,
  destinationRule,
  istioGateway,
  peerAuthentication,
  virtualService,
} from './build/config'

const NAMESPACE = 'bookinfo'
const HOST = 'bookinfo.example.com'

export function bookinfo(): Area {
  return {
    namespaces: [{ name: NAMESPACE, labels: { 'istio-injection': 'enabled', team: 'books' } }],
    workloads: [
      productpage(),
      workload({
        namespace: NAMESPACE,
        app: 'details',
        version: 'v1',
        serviceAccount: 'bookinfo-details',
        replicas: 2,
        image: 'docker.io/istio/examples-bookinfo-details-v1:1.20.3',
        endpoints: [http('GET /details/0', { port: 9080, latencyMs: [2.2, 9], bytes: [410, 178] })],
      }),
      reviews('v1', 3, 34, []),
      reviews('v2', 1, 9, [call('bookinfo/ratings:9080', 'GET /ratings/0')]),
      reviews('v3', 1, 2, [call('bookinfo/ratings:9080', 'GET /ratings/0')]),
      ratings('v1', []),
      ratings('v2', [call('bookinfo/mongodb:27017', '')]),
      workload({
        namespace: NAMESPACE,
        app: 'mongodb',
        version: 'v1',
        serviceAccount: 'bookinfo-mongodb',
        image: 'docker.io/istio/examples-bookinfo-mongodb:1.20.3',
        endpoints: [tcp({ port: 27017, latencyMs: [0.9, 4], bytes: [310, 640] })],
      }),
    ],
    services: [
      service({
        namespace: NAMESPACE,
        name: 'productpage',
        ports: [[9080, 'http']],
        annotations: { 'heddle.io/slo-availability': '99.9', 'heddle.io/slo-latency': '95% < 250ms' },
      }),
      service({ namespace: NAMESPACE, name: 'details', ports: [[9080, 'http']] }),
      service({
        namespace: NAMESPACE,
        name: 'reviews',
        ports: [[9080, 'http']],
        annotations: {
          'heddle.io/slo-availability': '99.5',
          'heddle.io/slo-latency': '99% < 300ms',
          'heddle.io/slo-window': '7d',
        },
      }),
      service({ namespace: NAMESPACE, name: 'ratings', ports: [[9080, 'http']] }),
      service({ namespace: NAMESPACE, name: 'mongodb', ports: [[27017, 'tcp', 27017, 'mongo']] }),
    ],
    entries: [
      ...entries({
        id: 'bookinfo-readers',
        to: 'istio-system/istio-ingressgateway:80',
        host: HOST,
        rates: {
          'GET /productpage': 16,
          'GET /api/v1/products': 1.6,
          'GET /api/v1/products/0/reviews': 1.2,
          'POST /login': 0.6,
        },
        dayAmplitude: 0.35,
      }),
      ...entries({
        id: 'bookinfo-tester',
        to: 'istio-system/istio-ingressgateway:80',
        host: HOST,
        headers: { 'end-user': 'jason' },
        rates: { 'GET /productpage?u=test': 0.6 },
        dayAmplitude: 0.1,
      }),
    ],
    objects: config(),
  }
}

function productpage(): WorkloadPlan {
  const page = [
    call('bookinfo/details:9080', 'GET /details/0'),
    call('bookinfo/reviews:9080', 'GET /reviews/0'),
  ]
  return workload({
    namespace: NAMESPACE,
    app: 'productpage',
    version: 'v1',
    serviceAccount: 'bookinfo-productpage',
    replicas: 2,
    image: 'docker.io/istio/examples-bookinfo-productpage-v1:1.20.3',
    annotations: {
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9080',
      'prometheus.io/path': '/metrics',
    },
    endpoints: [
      http('GET /productpage', { port: 9080, latencyMs: [9, 38], bytes: [640, 5290], calls: page }),
      // signed in as the tester, whose name the page hands on
      http('GET /productpage?u=test', {
        port: 9080,
        latencyMs: [9, 38],
        bytes: [700, 5350],
        calls: page.map((one) => ({ ...one, headers: { 'end-user': 'jason' } })),
      }),
      http('GET /api/v1/products', {
        port: 9080,
        latencyMs: [3, 12],
        bytes: [480, 395],
        clientErrorRatio: 0.02,
      }),
      http('GET /api/v1/products/0/reviews', {
        port: 9080,
        latencyMs: [4, 15],
        bytes: [495, 610],
        calls: page.slice(1),
      }),
      http('POST /login', { port: 9080, latencyMs: [5, 22], bytes: [720, 240] }),
    ],
  })
}

function reviews(version: string, replicas: number, ageDays: number, calls: CallSpec[]): WorkloadPlan {
  return workload({
    namespace: NAMESPACE,
    app: 'reviews',
    version,
    serviceAccount: 'bookinfo-reviews',
    replicas,
    ageDays,
    tracer: 'java',
    image: `docker.io/istio/examples-bookinfo-reviews-${version}:1.20.3`,
    endpoints: [
      http('GET /reviews/0', {
        port: 9080,
        latencyMs: version === 'v1' ? [5, 24] : [7, 32],
        bytes: [430, version === 'v1' ? 295 : 379],
        calls,
      }),
    ],
  })
}

function ratings(version: string, calls: CallSpec[]): WorkloadPlan {
  return workload({
    namespace: NAMESPACE,
    app: 'ratings',
    version,
    serviceAccount: version === 'v1' ? 'bookinfo-ratings' : `bookinfo-ratings-${version}`,
    image: `docker.io/istio/examples-bookinfo-ratings-${version}:1.20.3`,
    endpoints: [http('GET /ratings/0', { port: 9080, latencyMs: [1.6, 7], bytes: [395, 48], calls })],
  })
}

function config(): Area['objects'] {
  const productpageRoute = [{ destination: { host: 'productpage', port: { number: 9080 } } }]
  return [
    peerAuthentication(NAMESPACE, 'default', { mtls: { mode: 'STRICT' } }, { ageDays: 60 }),
    istioGateway(NAMESPACE, 'bookinfo-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: [HOST] }],
    }),
    virtualService(NAMESPACE, 'bookinfo', {
      hosts: [HOST],
      gateways: ['bookinfo-gateway'],
      http: [
        {
          match: [
            { uri: { exact: '/productpage' } },
            { uri: { prefix: '/static' } },
            { uri: { exact: '/login' } },
            { uri: { exact: '/logout' } },
            { uri: { prefix: '/api/v1/products' } },
          ],
          route: productpageRoute,
        },
      ],
    }),
    virtualService(
      NAMESPACE,
      'reviews',
      {
        hosts: ['reviews'],
        http: [
          {
            name: 'testers',
            match: [{ headers: { 'end-user': { exact: 'jason' } } }],
            route: [{ destination: { host: 'reviews', subset: 'v2' } }],
          },
          {
            name: 'everyone',
            route: [
              { destination: { host: 'reviews', subset: 'v1' }, weight: 80 },
              { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
              { destination: { host: 'reviews', subset: 'v3' }, weight: 10 },
            ],
            timeout: '10s',
          },
        ],
      },
      { ageDays: 9 },
    ),
    destinationRule(NAMESPACE, 'reviews', {
      host: 'reviews',
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 100 }, http: { http1MaxPendingRequests: 50 } },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: '10s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 50,
        },
      },
      subsets: ['v1', 'v2', 'v3'].map((version) => ({ name: version, labels: { version } })),
    }),
    virtualService(
      NAMESPACE,
      'ratings',
      {
        hosts: ['ratings'],
        http: [
          {
            route: [
              { destination: { host: 'ratings', subset: 'v1' }, weight: 70 },
              { destination: { host: 'ratings', subset: 'v2' }, weight: 30 },
            ],
            retries: { attempts: 2, perTryTimeout: '2s', retryOn: 'gateway-error,connect-failure,reset' },
          },
        ],
      },
      { ageDays: 16 },
    ),
    destinationRule(NAMESPACE, 'ratings', {
      host: 'ratings',
      subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
    }),
    destinationRule(NAMESPACE, 'details', {
      host: 'details',
      trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
    }),
    authorizationPolicy(NAMESPACE, 'mongodb-from-ratings', {
      selector: { matchLabels: { app: 'mongodb' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [principal(NAMESPACE, 'bookinfo-ratings-v2')] } }],
          to: [{ operation: { ports: ['27017'] } }],
        },
      ],
    }),
    authorizationPolicy(NAMESPACE, 'productpage-viewer', {
      selector: { matchLabels: { app: 'productpage' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            { source: { principals: [principal('istio-system', 'istio-ingressgateway-service-account')] } },
          ],
          to: [{ operation: { methods: ['GET', 'POST'] } }],
        },
      ],
    }),
  ]
}
