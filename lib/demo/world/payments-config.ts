import type { Area } from './build/area'
import { principal } from './build/area'
import {
  authorizationPolicy,
  destinationRule,
  istioGateway,
  peerAuthentication,
  requestAuthentication,
  serviceEntry,
  sidecarConfig,
  telemetry,
  virtualService,
} from './build/config'

const NAMESPACE = 'payments'
const EGRESS = 'istio-egressgateway.istio-system.svc.cluster.local'

/** Policies and routes of the namespace `payments`; `host` is its public name, `bank` the outside host. */
export function paymentsConfig(host: string, bank: string): Area['objects'] {
  return [...security(), ...routing(host), ...egress(bank)]
}

function security(): Area['objects'] {
  return [
    peerAuthentication(NAMESPACE, 'default', { mtls: { mode: 'PERMISSIVE' } }, { ageDays: 44 }),
    peerAuthentication(
      NAMESPACE,
      'vault-proxy',
      {
        selector: { matchLabels: { app: 'vault-proxy' } },
        mtls: { mode: 'STRICT' },
        // the HSM bridge has no proxy and speaks its own TLS to this port
        portLevelMtls: { '8201': { mode: 'DISABLE' } },
      },
      { ageDays: 38 },
    ),
    destinationRule(NAMESPACE, 'ledger', {
      host: 'ledger.payments.svc.cluster.local',
      trafficPolicy: {
        tls: { mode: 'ISTIO_MUTUAL' },
        connectionPool: {
          tcp: { maxConnections: 200, connectTimeout: '2s' },
          http: { http1MaxPendingRequests: 100, maxRequestsPerConnection: 50 },
        },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: '10s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 50,
        },
      },
    }),
    destinationRule(NAMESPACE, 'mainframe-adapter', {
      host: 'mainframe-adapter.legacy.svc.cluster.local',
      trafficPolicy: { tls: { mode: 'DISABLE' } },
      exportTo: ['.'],
    }),
    authorizationPolicy(NAMESPACE, 'ledger-callers', {
      selector: { matchLabels: { app: 'ledger' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            {
              source: {
                principals: ['payments-api', 'settlement', 'reconciliation'].map((one) =>
                  principal(NAMESPACE, one),
                ),
              },
            },
          ],
          to: [{ operation: { methods: ['GET', 'POST'], paths: ['/entries*'] } }],
        },
        // reports are still read by a batch job without identity
        { to: [{ operation: { methods: ['GET'], paths: ['/reports/*'] } }] },
      ],
    }),
    authorizationPolicy(NAMESPACE, 'ledger-db-from-ledger', {
      selector: { matchLabels: { app: 'ledger-db' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            { source: { principals: ['ledger', 'reconciliation'].map((one) => principal(NAMESPACE, one)) } },
          ],
          to: [{ operation: { ports: ['5432'] } }],
        },
      ],
    }),
    authorizationPolicy(NAMESPACE, 'vault-proxy-callers', {
      selector: { matchLabels: { app: 'vault-proxy' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [principal(NAMESPACE, 'payments-api')] } }],
          to: [{ operation: { ports: ['8200'] } }],
        },
        { to: [{ operation: { ports: ['8201'] } }] },
      ],
    }),
    authorizationPolicy(NAMESPACE, 'fraud-check-internal', {
      selector: { matchLabels: { app: 'fraud-check' } },
      action: 'ALLOW',
      rules: [{ from: [{ source: { namespaces: [NAMESPACE] } }] }],
    }),
    authorizationPolicy(NAMESPACE, 'deny-admin', {
      // not for the whole namespace: on TCP ports Istio drops the paths and denies everything
      selector: { matchLabels: { app: 'payments-api' } },
      action: 'DENY',
      rules: [
        {
          from: [{ source: { notNamespaces: [NAMESPACE] } }],
          to: [{ operation: { paths: ['/admin', '/admin/*'] } }],
        },
      ],
    }),
    requestAuthentication(NAMESPACE, 'merchant-tokens', {
      selector: { matchLabels: { app: 'payments-api' } },
      jwtRules: [
        { issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/.well-known/jwks.json' },
      ],
    }),
  ]
}

function routing(host: string): Area['objects'] {
  return [
    istioGateway(NAMESPACE, 'payments-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: [host] }],
    }),
    virtualService(NAMESPACE, 'payments-ingress', {
      hosts: [host],
      gateways: ['payments-gateway'],
      http: [
        {
          match: [{ uri: { prefix: '/v1/' } }],
          route: [{ destination: { host: 'payments-api', port: { number: 80 } } }],
        },
      ],
    }),
    virtualService(NAMESPACE, 'payments-api', {
      hosts: ['payments-api.payments.svc.cluster.local'],
      http: [
        {
          route: [{ destination: { host: 'payments-api.payments.svc.cluster.local' } }],
          timeout: '5s',
          retries: { attempts: 1, perTryTimeout: '4s', retryOn: 'connect-failure,refused-stream' },
        },
      ],
    }),
    // the second model sees a copy of one call in five, and answers nobody
    virtualService(
      NAMESPACE,
      'fraud-check',
      {
        hosts: ['fraud-check'],
        http: [
          {
            route: [{ destination: { host: 'fraud-check', subset: 'v1' } }],
            mirror: { host: 'fraud-check', subset: 'v2' },
            mirrorPercentage: { value: 20 },
          },
        ],
      },
      { ageDays: 3 },
    ),
    destinationRule(NAMESPACE, 'fraud-check', {
      host: 'fraud-check',
      subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
    }),
    sidecarConfig(NAMESPACE, 'default', {
      egress: [{ hosts: ['./*', 'istio-system/*', 'legacy/*'] }],
    }),
    telemetry(NAMESPACE, 'payments-tracing', {
      tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 20 }],
    }),
  ]
}

/** HTTP to the egress gateway, which turns it into TLS for the bank. */
function egress(bank: string): Area['objects'] {
  return [
    serviceEntry(NAMESPACE, 'bank', {
      hosts: [bank],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 443, name: 'https', protocol: 'HTTPS' },
      ],
    }),
    istioGateway(NAMESPACE, 'bank-egress', {
      selector: { istio: 'egressgateway' },
      servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: [bank] }],
    }),
    virtualService(NAMESPACE, 'bank', {
      hosts: [bank],
      gateways: ['mesh', 'bank-egress'],
      http: [
        {
          match: [{ gateways: ['mesh'], port: 80 }],
          route: [{ destination: { host: EGRESS, port: { number: 80 } } }],
        },
        {
          match: [{ gateways: ['bank-egress'], port: 80 }],
          route: [{ destination: { host: bank, port: { number: 443 } } }],
        },
      ],
    }),
    destinationRule(NAMESPACE, 'bank', {
      host: bank,
      trafficPolicy: {
        portLevelSettings: [
          {
            port: { number: 443 },
            tls: {
              mode: 'SIMPLE',
              sni: bank,
              subjectAltNames: [bank],
              caCertificates: '/etc/ssl/certs/ca-certificates.crt',
            },
          },
        ],
      },
    }),
  ]
}
