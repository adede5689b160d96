import type { Area } from './build/area'
import { principal } from './build/area'
import {
  authorizationPolicy,
  destinationRule,
  istioGateway,
  peerAuthentication,
  serviceEntry,
  sidecarConfig,
  virtualService,
} from './build/config'

const NAMESPACE = 'boutique'

/** Policies and routes of the shop; `host` is its public name. */
export function boutiqueConfig(host: string): Area['objects'] {
  return [
    peerAuthentication(NAMESPACE, 'default', { mtls: { mode: 'STRICT' } }, { ageDays: 60 }),
    istioGateway(NAMESPACE, 'frontend-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: [host] }],
    }),
    virtualService(NAMESPACE, 'frontend-ingress', {
      hosts: [host],
      gateways: ['frontend-gateway'],
      http: [{ route: [{ destination: { host: 'frontend', port: { number: 80 } } }], timeout: '15s' }],
    }),
    virtualService(NAMESPACE, 'productcatalogservice', {
      hosts: ['productcatalogservice'],
      http: [
        {
          route: [{ destination: { host: 'productcatalogservice' } }],
          retries: { attempts: 2, perTryTimeout: '1s', retryOn: 'unavailable,reset,connect-failure' },
          timeout: '3s',
        },
      ],
    }),
    destinationRule(NAMESPACE, 'currencyservice', {
      host: 'currencyservice.boutique.svc.cluster.local',
      trafficPolicy: {
        loadBalancer: { simple: 'LEAST_REQUEST' },
        connectionPool: { http: { http2MaxRequests: 1000 } },
        outlierDetection: {
          consecutive5xxErrors: 7,
          interval: '15s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 34,
        },
      },
    }),
    serviceEntry(NAMESPACE, 'central-bank-rates', {
      hosts: ['rates.centralbank.example'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }],
      exportTo: ['.'],
    }),
    sidecarConfig(NAMESPACE, 'default', {
      egress: [{ hosts: ['./*', 'istio-system/*', 'payments/*', 'inventory/*'] }],
    }),
    authorizationPolicy(NAMESPACE, 'redis-from-cart', {
      selector: { matchLabels: { app: 'redis-cart' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [principal(NAMESPACE, 'cartservice')] } }],
          to: [{ operation: { ports: ['6379'] } }],
        },
      ],
    }),
  ]
}
