/** What listens inside the pods of the embedded mesh for those who operate it: Envoy's administration and istiod's debug pages. */
import { asNumber, asRecord, asRecords, asText, at } from '../kubernetes/json'
import { stableNumber, stableSuffix } from '../kubernetes/names'
import type { ConfigReader, KubernetesObject } from '../model'
import type { MetricStore } from '../prometheus/metric-store'
import { certificatePem, workloadCertificate } from './certificate'
import { refusalOf } from './refusal'
import type { Refusal } from './refusal'
import { requestsByHost, statsText } from './stats'
import {
  clustersOf,
  gatewayRoutes,
  listenersOf,
  servicePorts,
  sidecarRoutes,
  subsetsOf,
} from './envoy-config'

export interface PodAnswer {
  status: number
  contentType: string
  body: string
}

/** Answers an HTTP request to a port of a pod; undefined: nothing listens there. */
export type PodPorts = (
  pod: KubernetesObject,
  port: number,
  request: { method: string; path: string },
) => PodAnswer | undefined

export interface PodPortsOptions {
  store: ConfigReader
  metrics: MetricStore
  now: () => number
  version: string
}

const ENVOY_ADMIN = 15_000
const ISTIOD_DEBUG = 15_014
const AUTHORITY_MS = 10 * 365 * 86_400_000
const STATIC_CLUSTERS = ['prometheus_stats', 'agent', 'sds-grpc', 'xds-grpc']
const GATEWAY_LISTENERS = [{ port: 8080, route: 'http.8080' }]
const LOGGERS = [
  'admin',
  'client',
  'config',
  'connection',
  'filter',
  'http',
  'main',
  'pool',
  'rbac',
  'router',
  'upstream',
  'wasm',
]

const json = (body: unknown): PodAnswer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
const plain = (body: string, status = 200): PodAnswer => ({ status, contentType: 'text/plain', body })

export function podPorts(options: PodPortsOptions): PodPorts {
  const levels = new Map<string, string>()
  return (pod, port, { method, path }) => {
    const url = new URL(path, 'http://localhost')
    if (port === ISTIOD_DEBUG && isIstiod(pod)) {
      return url.pathname === '/debug/syncz' ? json(syncz(options, pod)) : plain('404 page not found\n', 404)
    }
    if (port !== ENVOY_ADMIN || !hasEnvoy(pod)) return undefined
    const key = `${pod.metadata.namespace}/${pod.metadata.name}`
    switch (url.pathname) {
      case '/server_info':
        return json(serverInfo(options, pod))
      case '/config_dump':
        return json(configDump(options, pod))
      case '/clusters':
        return json(clusterStatuses(options, pod))
      case '/stats':
        return plain(stats(options, pod, url.searchParams.get('filter')))
      case '/logging': {
        if (method !== 'POST') return plain('Method Not Allowed', 405)
        const level = url.searchParams.get('level')
        if (level !== null) levels.set(key, level)
        const now = levels.get(key) ?? 'warning'
        return plain(`active loggers:\n${LOGGERS.map((name) => `  ${name}: ${now}`).join('\n')}\n`)
      }
      default:
        return plain('invalid path. admin commands are: …', 404)
    }
  }
}

function containersOf(pod: KubernetesObject): string[] {
  const spec = asRecord(pod.spec)
  return [...asRecords(spec.containers), ...asRecords(spec.initContainers)].map((one) => asText(one.name))
}

function hasEnvoy(pod: KubernetesObject): boolean {
  return containersOf(pod).includes('istio-proxy') && pod.metadata.labels?.app !== 'ztunnel'
}

function isIstiod(pod: KubernetesObject): boolean {
  return pod.metadata.labels?.app === 'istiod'
}

function isGateway(pod: KubernetesObject): boolean {
  return containersOf(pod).every((name) => name === 'istio-proxy')
}

function startedMs(pod: KubernetesObject, now: number): number {
  return Date.parse(asText(asRecord(pod.status).startTime)) || now
}

function isReady(pod: KubernetesObject): boolean {
  return asRecords(asRecord(pod.status).conditions).some(
    (one) => one.type === 'Ready' && one.status === 'True',
  )
}

function serverInfo({ now, version }: PodPortsOptions, pod: KubernetesObject): object {
  const seconds = Math.max(1, Math.floor((now() - startedMs(pod, now())) / 1000))
  return {
    version: `${stableSuffix(version, 8)}/1.37.1-dev/Clean/RELEASE/BoringSSL`,
    state: isReady(pod) ? 'LIVE' : 'INITIALIZING',
    uptime_current_epoch: `${seconds}s`,
    uptime_all_epochs: `${seconds}s`,
    hot_restart_version: 'disabled',
    node: {
      id: `sidecar~x~${pod.metadata.name}.${pod.metadata.namespace}`,
      metadata: { ISTIO_VERSION: version },
    },
  }
}

/** Ports of the pod's own containers, which its proxy receives for. */
function inboundPorts(pod: KubernetesObject): number[] {
  if (isGateway(pod)) return []
  return asRecords(asRecord(pod.spec).containers)
    .filter((one) => one.name !== 'istio-proxy')
    .flatMap((one) => asRecords(one.ports).map((port) => asNumber(port.containerPort, 8080)))
}

function configDump(options: PodPortsOptions, pod: KubernetesObject): object {
  const { store, now } = options
  const ports = servicePorts(store)
  const inbound = inboundPorts(pod)
  const refusal = refusalOf(store, pod)
  const pushedAt = new Date(Math.max(startedMs(pod, now()), now() - 600_000)).toISOString()
  const entry = (rest: object) => ({ version_info: versionOf(store), ...rest, last_updated: pushedAt })
  const gateways = isGateway(pod) ? gatewaysOf(store, pod) : null
  const routes = gateways
    ? gatewayRoutes(store, new Set(gateways.flatMap((one) => one.names)), 'http.8080')
    : sidecarRoutes(store, ports)
  const admin = (type: string, rest: object) => ({
    '@type': `type.googleapis.com/envoy.admin.v3.${type}`,
    ...rest,
  })
  return {
    configs: [
      admin('BootstrapConfigDump', {
        bootstrap: { node: { id: pod.metadata.name } },
        last_updated: pushedAt,
      }),
      admin('ClustersConfigDump', {
        version_info: versionOf(store),
        static_clusters: STATIC_CLUSTERS.map((name) => ({
          cluster: { name, type: 'STATIC', connect_timeout: '1s' },
          last_updated: pushedAt,
        })),
        dynamic_active_clusters: clustersOf(store, ports, inbound).map((cluster) => entry({ cluster })),
      }),
      admin('ListenersConfigDump', {
        version_info: versionOf(store),
        dynamic_listeners: listenersOf(ports, inbound, gateways && GATEWAY_LISTENERS).map(
          ({ name, listener }) => ({
            name,
            active_state: entry({
              listener,
              ...(refusal ? { version_info: `v${refusal.revision}` } : {}),
            }),
            ...(refusal && name === 'virtualInbound'
              ? {
                  error_state: {
                    last_update_attempt: new Date(refusal.sinceMs).toISOString(),
                    details: refusal.details,
                    version_info: versionOf(store),
                  },
                }
              : {}),
          }),
        ),
      }),
      admin('RoutesConfigDump', {
        dynamic_route_configs: routes.map((route_config) => entry({ route_config })),
      }),
      admin('SecretsConfigDump', { dynamic_active_secrets: secretsOf(options, pod) }),
    ],
  }
}

/** Gateways of Istio whose selector takes the pod. */
function gatewaysOf(store: ConfigReader, pod: KubernetesObject): { names: string[] }[] {
  const labels = pod.metadata.labels ?? {}
  return store.list('Gateway').flatMap(({ apiVersion, metadata, spec }) => {
    if (!apiVersion.startsWith('networking.istio.io')) return []
    const selector = Object.entries(asRecord(asRecord(spec).selector))
    return selector.every(([key, value]) => labels[key] === value)
      ? [{ names: [`${metadata.namespace}/${metadata.name}`] }]
      : []
  })
}

function secretsOf({ now }: PodPortsOptions, pod: KubernetesObject): object[] {
  const account = asText(asRecord(pod.spec).serviceAccountName) || 'default'
  const { nth, fromMs, untilMs } = workloadCertificate(startedMs(pod, now()), now())
  const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret'
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const own = certificatePem({
    spiffeId: `spiffe://cluster.local/ns/${pod.metadata.namespace}/sa/${account}`,
    serial: stableNumber(`${pod.metadata.name}/${nth}`) + 1,
    fromMs,
    untilMs,
  })
  const authorityFrom = now() - (now() % AUTHORITY_MS)
  const authority = certificatePem({
    spiffeId: null,
    serial: 7,
    fromMs: authorityFrom,
    untilMs: authorityFrom + AUTHORITY_MS,
  })
  const updated = new Date(fromMs).toISOString()
  return [
    {
      name: 'default',
      version_info: updated,
      last_updated: updated,
      secret: {
        '@type': TLS,
        name: 'default',
        tls_certificate: {
          certificate_chain: { inline_bytes: base64(own) },
          private_key: { inline_bytes: base64('[redacted]') },
        },
      },
    },
    {
      name: 'ROOTCA',
      version_info: updated,
      last_updated: updated,
      secret: {
        '@type': TLS,
        name: 'ROOTCA',
        validation_context: { trusted_ca: { inline_bytes: base64(authority) } },
      },
    },
  ]
}

function versionOf(store: ConfigReader): string {
  return `v${store.revision}`
}

function clusterStatuses(options: PodPortsOptions, pod: KubernetesObject): object {
  const { store, metrics } = options
  const sent = requestsByHost(metrics, pod, 'source')
  const outbound = servicePorts(store).flatMap((one) =>
    [{ name: '', labels: {} as Record<string, string> }, ...subsetsOf(store, one.host)].map((subset) => {
      const selector = one.selector === null ? null : { ...one.selector, ...subset.labels }
      const pods = selector === null ? [] : podsBy(store, one.namespace, selector)
      const each = subset.name === '' ? (sent.get(one.host)?.total ?? 0) / Math.max(1, pods.length) : 0
      return {
        name: `outbound|${one.port}|${subset.name}|${one.host}`,
        added_via_api: true,
        host_statuses: [
          ...pods.map((target) =>
            hostStatus(asText(asRecord(target.status).podIP), one.targetPort, isReady(target), each, target),
          ),
          ...one.outside.map((address) => hostStatus(address, one.port, true, 0, null)),
        ],
      }
    }),
  )
  return { cluster_statuses: outbound }
}

function hostStatus(
  address: string,
  port: number,
  isHealthy: boolean,
  requests: number,
  pod: KubernetesObject | null,
): object {
  const node = asText(asRecord(pod?.spec).nodeName)
  return {
    address: { socket_address: { address, port_value: port } },
    stats: [
      { name: 'cx_active', type: 'GAUGE', value: requests > 0 ? '2' : '0' },
      { name: 'rq_total', value: String(Math.round(requests)) },
      { name: 'rq_error' },
    ],
    health_status: { eds_health_status: isHealthy ? 'HEALTHY' : 'UNHEALTHY' },
    weight: 1,
    ...(node === '' ? {} : { locality: { region: 'region-1', zone: node } }),
  }
}

function podsBy(
  store: ConfigReader,
  namespace: string,
  selector: Record<string, string>,
): KubernetesObject[] {
  const wanted = Object.entries(selector)
  if (wanted.length === 0) return []
  return store
    .list('Pod', namespace)
    .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
}

function stats(options: PodPortsOptions, pod: KubernetesObject, filter: string | null): string {
  const { store, metrics, now } = options
  const all = servicePorts(store)
  const inbound = inboundPorts(pod)
  const refusal = refusalOf(store, pod)
  // requests are counted by host; all of them stand at its first port
  const ports = new Map(all.toReversed().map(({ host, port }) => [host, port]))
  return statsText(
    {
      isLive: isReady(pod),
      uptimeSeconds: Math.floor((now() - startedMs(pod, now())) / 1000),
      clusters: STATIC_CLUSTERS.length + clustersOf(store, all, inbound).length,
      listeners: listenersOf(all, inbound, isGateway(pod) ? GATEWAY_LISTENERS : null).length,
      rejected: refusal ? rejectedSince(refusal, now()) : 0,
      sent: requestsByHost(metrics, pod, 'source'),
      received: requestsByHost(metrics, pod, 'destination'),
      portOf: (host) => ports.get(host),
      inboundPorts: inbound,
    },
    filter,
  )
}

/** istiod sends again with every push, about so often. */
const PUSH_EVERY_MS = 90_000

function rejectedSince({ sinceMs }: Refusal, nowMs: number): number {
  return 1 + Math.max(0, Math.floor((nowMs - sinceMs) / PUSH_EVERY_MS))
}

/** The proxies that are connected to this replica, with the versions they were sent and have taken. */
function syncz({ store, version }: PodPortsOptions, istiod: KubernetesObject): object[] {
  const replicas = store
    .list('Pod', istiod.metadata.namespace)
    .filter((pod) => isIstiod(pod) && isReady(pod))
    .map((pod) => pod.metadata.name)
    .sort()
  const place = replicas.indexOf(istiod.metadata.name)
  return store.list('Pod').flatMap((pod) => {
    const name = `${pod.metadata.name}.${pod.metadata.namespace}`
    if (!hasEnvoy(pod) || place < 0 || stableNumber(name) % replicas.length !== place) return []
    const isRunning = asText(at(pod, 'status', 'phase')) === 'Running'
    const refusal = refusalOf(store, pod)
    const states = ['cluster', 'listener', 'route', 'endpoint'].map((type) => {
      const nonce = stableSuffix(`${type}/${store.revision}`, 16)
      const acked = refusal && type === 'listener' ? stableSuffix(`${type}/${refusal.revision}`, 16) : nonce
      return [
        [`${type}_sent`, nonce],
        [`${type}_acked`, isRunning ? acked : ''],
      ]
    })
    return [{ cluster_id: 'east', proxy: name, istio_version: version, ...Object.fromEntries(states.flat()) }]
  })
}
