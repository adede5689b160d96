/** First texts of new objects: each is accepted as it stands, does little, and says where to go on. */
import { serviceHost } from '@/lib/istio/hosts'

export interface TemplateInput {
  name: string
  namespace: string
  /** name of a service in that namespace; empty where the kind needs none */
  service: string
}

export interface Template {
  id: string
  title: string
  needsService: boolean
  /** `apiVersion kind` */
  type: readonly [string, string]
  /** the lines of the spec, without indentation of their own */
  spec: (input: TemplateInput & { host: string }) => string
}

const NETWORKING = 'networking.istio.io/v1'
const SECURITY = 'security.istio.io/v1'
const GATEWAY_API = 'gateway.networking.k8s.io/v1'

export const TEMPLATES: readonly Template[] = [
  {
    id: 'virtual-service',
    title: 'Virtual service',
    needsService: true,
    type: [NETWORKING, 'VirtualService'],
    spec: ({ host }) => `hosts:
  - ${host}
http:
  - route:
      - destination:
          host: ${host}`,
  },
  {
    id: 'destination-rule',
    title: 'Destination rule',
    needsService: true,
    type: [NETWORKING, 'DestinationRule'],
    spec: ({ host }) => `host: ${host}
trafficPolicy:
  outlierDetection:
    consecutive5xxErrors: 5
    baseEjectionTime: 30s
    maxEjectionPercent: 50`,
  },
  {
    id: 'gateway',
    title: 'Gateway (Istio)',
    needsService: false,
    type: [NETWORKING, 'Gateway'],
    spec: ({ name, namespace }) => `selector:
  istio: ingressgateway
servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
      - ${name}.${namespace}.example.com`,
  },
  {
    id: 'service-entry',
    title: 'Service entry: an outside host',
    needsService: false,
    type: [NETWORKING, 'ServiceEntry'],
    spec: ({ name }) => `hosts:
  - ${name}.example.com
location: MESH_EXTERNAL
resolution: DNS
ports:
  - number: 443
    name: tls
    protocol: TLS`,
  },
  {
    id: 'sidecar',
    title: 'Sidecar: what a namespace may call',
    needsService: false,
    type: [NETWORKING, 'Sidecar'],
    spec: () => `egress:
  - hosts:
      - ./*
      - istio-system/*`,
  },
  {
    id: 'peer-authentication',
    title: 'Peer authentication',
    needsService: false,
    type: [SECURITY, 'PeerAuthentication'],
    spec: () => `mtls:
  mode: PERMISSIVE`,
  },
  {
    id: 'authorization-policy',
    title: 'Authorization policy',
    needsService: false,
    type: [SECURITY, 'AuthorizationPolicy'],
    spec: ({ namespace }) => `action: ALLOW
rules:
  - from:
      - source:
          namespaces:
            - ${namespace}`,
  },
  {
    id: 'request-authentication',
    title: 'Request authentication',
    needsService: false,
    type: [SECURITY, 'RequestAuthentication'],
    spec: () => `jwtRules:
  - issuer: https://issuer.example.com
    jwksUri: https://issuer.example.com/.well-known/jwks.json`,
  },
  {
    id: 'telemetry',
    title: 'Telemetry',
    needsService: false,
    type: ['telemetry.istio.io/v1', 'Telemetry'],
    spec: () => `tracing:
  - randomSamplingPercentage: 1`,
  },
  {
    id: 'http-route',
    title: 'HTTP route (Gateway API)',
    needsService: true,
    type: [GATEWAY_API, 'HTTPRoute'],
    spec: ({ service }) => `parentRefs:
  - group: ""
    kind: Service
    name: ${service}
    port: 80
rules:
  - backendRefs:
      - name: ${service}
        port: 80`,
  },
  {
    id: 'k8s-gateway',
    title: 'Gateway (Gateway API)',
    needsService: false,
    type: [GATEWAY_API, 'Gateway'],
    spec: () => `gatewayClassName: istio
listeners:
  - name: http
    port: 80
    protocol: HTTP`,
  },
]

/** The YAML of a template filled in. */
export function templateText({ type: [apiVersion, kind], spec }: Template, input: TemplateInput): string {
  const host = serviceHost(input.service, input.namespace)
  const lines = spec({ ...input, host })
    .split('\n')
    .map((line) => `  ${line}`)
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${input.name}
  namespace: ${input.namespace}
spec:
${lines.join('\n')}
`
}
