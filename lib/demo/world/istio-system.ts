import { stringify } from 'yaml'
import type { Area, ObjectDraft } from './build/area'
import { HOME_CLUSTER, ROOT_NAMESPACE, TRUST_DOMAIN, service, workload } from './build/area'
import { ISTIO_VERSION, PROXY_IMAGE } from './build/gateway-proxy'
import { peerAuthentication, telemetry } from './build/config'
import { gatewayClasses } from './build/gateway-api'

/** Control plane, ingress and egress gateway, node proxies, and what holds for the whole mesh. */
export function istioSystem(): Area {
  const namespace = ROOT_NAMESPACE
  return {
    namespaces: [{ name: namespace, labels: { 'topology.istio.io/network': 'network-east' } }],
    workloads: [
      workload({
        namespace,
        app: 'istiod',
        serviceAccount: 'istiod',
        replicas: 2,
        dataPlane: 'none',
        role: 'istiod',
        labels: { istio: 'pilot', 'istio.io/rev': 'default', 'sidecar.istio.io/inject': 'false' },
        image: `docker.io/istio/pilot:${ISTIO_VERSION}`,
        annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15014' },
        extraPorts: [
          { name: 'http-debug', port: 8080 },
          { name: 'grpc-xds', port: 15010 },
          { name: 'tls-xds', port: 15012 },
          { name: 'https-webhooks', port: 15017 },
          { name: 'http-monitoring', port: 15014 },
        ],
        ageDays: 34,
      }),
      gatewayWorkload('ingressgateway', 'ingressGateway', 2),
      gatewayWorkload('egressgateway', 'egressGateway', 2),
      workload({
        namespace,
        app: 'ztunnel',
        kind: 'DaemonSet',
        replicas: 3,
        dataPlane: 'none',
        role: 'ztunnel',
        labels: { 'istio.io/dataplane-mode': 'none', 'sidecar.istio.io/inject': 'false' },
        image: `docker.io/istio/ztunnel:${ISTIO_VERSION}-distroless`,
        annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15020' },
        extraPorts: [{ name: 'ztunnel-stats', port: 15020 }],
        ageDays: 34,
      }),
      workload({
        namespace,
        name: 'istio-cni-node',
        app: 'istio-cni-node',
        kind: 'DaemonSet',
        serviceAccount: 'istio-cni',
        replicas: 3,
        dataPlane: 'none',
        labels: { 'k8s-app': 'istio-cni-node', 'sidecar.istio.io/inject': 'false' },
        image: `docker.io/istio/install-cni:${ISTIO_VERSION}-distroless`,
        ageDays: 34,
      }),
    ],
    services: [
      service({
        namespace,
        name: 'istiod',
        selector: { app: 'istiod', istio: 'pilot' },
        ports: [
          [15010, 'grpc', 15010, 'grpc-xds'],
          [15012, 'tcp', 15012, 'https-dns'],
          [443, 'tcp', 15017, 'https-webhook'],
          [15014, 'http', 15014, 'http-monitoring'],
        ],
        ageDays: 90,
      }),
      service({
        namespace,
        name: 'istio-ingressgateway',
        selector: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
        type: 'LoadBalancer',
        ports: [
          [15021, 'http', 15021, 'status-port'],
          [80, 'http', 8080, 'http2'],
          [443, 'tcp', 8443, 'https'],
        ],
        ageDays: 90,
      }),
      service({
        namespace,
        name: 'istio-egressgateway',
        selector: { app: 'istio-egressgateway', istio: 'egressgateway' },
        ports: [
          [80, 'http', 8080, 'http2'],
          [443, 'tcp', 8443, 'https'],
        ],
        ageDays: 90,
      }),
    ],
    entries: [],
    objects: [
      meshConfigMap(),
      ...gatewayClasses(),
      peerAuthentication(namespace, 'default', { mtls: { mode: 'STRICT' } }, { ageDays: 80 }),
      telemetry(
        namespace,
        'mesh-default',
        {
          tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 5 }],
          accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 400' } }],
        },
        { ageDays: 80 },
      ),
    ],
  }
}

function gatewayWorkload(
  kind: 'ingressgateway' | 'egressgateway',
  role: 'ingressGateway' | 'egressGateway',
  replicas: number,
) {
  const name = `istio-${kind}`
  return workload({
    namespace: ROOT_NAMESPACE,
    app: name,
    serviceAccount: `${name}-service-account`,
    replicas,
    role,
    labels: { istio: kind, 'sidecar.istio.io/inject': 'true', 'topology.istio.io/network': 'network-east' },
    annotations: {
      'inject.istio.io/templates': 'gateway',
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '15020',
    },
    image: PROXY_IMAGE,
    extraPorts: [
      { name: 'http2', port: 8080 },
      { name: 'https', port: 8443 },
      { name: 'status-port', port: 15021 },
    ],
    ageDays: 34,
  })
}

/** Mesh-wide settings; keys: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ */
function meshConfigMap(): ObjectDraft {
  const mesh = {
    accessLogFile: '/dev/stdout',
    accessLogEncoding: 'JSON',
    defaultConfig: {
      discoveryAddress: 'istiod.istio-system.svc:15012',
      holdApplicationUntilProxyStarts: true,
      proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'true' },
      proxyStatsMatcher: { inclusionRegexps: ['.*outlier_detection.*', '.*circuit_breakers.*'] },
    },
    defaultProviders: { metrics: ['prometheus'] },
    enableAutoMtls: true,
    enablePrometheusMerge: true,
    extensionProviders: [
      { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
      {
        name: 'jaeger',
        opentelemetry: { service: 'jaeger-collector.observability.svc.cluster.local', port: 4317 },
      },
    ],
    outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
    rootNamespace: ROOT_NAMESPACE,
    trustDomain: TRUST_DOMAIN,
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: ROOT_NAMESPACE,
    name: 'istio',
    labels: { 'istio.io/rev': 'default', release: 'istio' },
    ageDays: 90,
    body: () => ({
      data: {
        mesh: stringify(mesh, { sortMapEntries: true }),
        meshNetworks: stringify({
          networks: {
            'network-east': {
              endpoints: [{ fromRegistry: HOME_CLUSTER }],
              gateways: [{ address: '203.0.113.20', port: 15443 }],
            },
          },
        }),
      },
    }),
  }
}
