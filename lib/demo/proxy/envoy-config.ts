/** The configuration istiod makes for one proxy of the embedded mesh, from the objects as they stand, in Envoy's words. */
import { resolveHost, serviceHost } from '@/lib/istio/hosts'
import { asNumber, asRecord, asRecords, asStrings, asText, at, type JsonRecord } from '../kubernetes/json'
import type { ConfigReader, KubernetesObject } from '../model'

export interface ServicePort {
  host: string
  namespace: string
  port: number
  targetPort: number
  isHttp: boolean
  address: string
  selector: Record<string, string> | null
  /** addresses of a ServiceEntry */
  outside: string[]
}

const typed = (type: string, rest: object) => ({ '@type': `type.googleapis.com/${type}`, ...rest })
const HTTP = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'
const TCP = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'
const UPSTREAM_TLS = 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'
const socket = (address: string, port: number) => ({ socket_address: { address, port_value: port } })

/** Ports of all services and service entries, by host. */
export function servicePorts(store: ConfigReader): ServicePort[] {
  const services = store.list('Service').flatMap(({ metadata, spec }) => {
    const namespace = metadata.namespace ?? 'default'
    return asRecords(asRecord(spec).ports).map((port): ServicePort => ({
      host: serviceHost(metadata.name, namespace),
      namespace,
      port: asNumber(port.port, 80),
      targetPort: asNumber(port.targetPort, asNumber(port.port, 80)),
      isHttp: isHttp(asText(port.appProtocol) || asText(port.name)),
      address: asText(asRecord(spec).clusterIP) || '0.0.0.0',
      selector: asStrings(asRecord(spec).selector),
      outside: [],
    }))
  })
  const entries = store.list('ServiceEntry').flatMap(({ metadata, spec }) => {
    const hosts = asRecord(spec).hosts
    const endpoints = asRecords(asRecord(spec).endpoints).map((one) => asText(one.address))
    return (Array.isArray(hosts) ? hosts : []).flatMap((host) =>
      asRecords(asRecord(spec).ports).map((port): ServicePort => ({
        host: asText(host),
        namespace: metadata.namespace ?? 'default',
        port: asNumber(port.number, 443),
        targetPort: asNumber(port.targetPort, asNumber(port.number, 443)),
        isHttp: /^(HTTP|HTTP2|GRPC)$/i.test(asText(port.protocol)),
        address: '240.240.0.1',
        selector: null,
        outside: endpoints.length > 0 ? endpoints : [asText(host)],
      })),
    )
  })
  return [...services, ...entries].sort((a, b) =>
    a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port,
  )
}

/** Subsets of a host with the labels of their pods. */
export function subsetsOf(
  store: ConfigReader,
  host: string,
): { name: string; labels: Record<string, string> }[] {
  return store.list('DestinationRule').flatMap(({ metadata, spec }) => {
    const namespace = metadata.namespace ?? 'default'
    if (resolveHost(asText(asRecord(spec).host), namespace) !== host) return []
    return asRecords(asRecord(spec).subsets).map((subset) => ({
      name: asText(subset.name),
      labels: asStrings(subset.labels),
    }))
  })
}

export function clustersOf(
  store: ConfigReader,
  ports: readonly ServicePort[],
  inbound: readonly number[],
): object[] {
  const outbound = ports.flatMap((one) =>
    ['', ...subsetsOf(store, one.host).map((subset) => subset.name)].map((subset) => ({
      name: `outbound|${one.port}|${subset}|${one.host}`,
      type: one.selector === null ? 'STRICT_DNS' : 'EDS',
      connect_timeout: '10s',
      lb_policy: 'LEAST_REQUEST',
      ...(one.selector === null
        ? {}
        : {
            transport_socket_matches: [
              {
                name: 'tlsMode-istio',
                match: { tlsMode: 'istio' },
                transport_socket: {
                  name: 'envoy.transport_sockets.tls',
                  typed_config: typed(UPSTREAM_TLS, {
                    common_tls_context: { tls_certificate_sds_secret_configs: [{ name: 'default' }] },
                  }),
                },
              },
              {
                name: 'tlsMode-disabled',
                match: {},
                transport_socket: { name: 'envoy.transport_sockets.raw_buffer' },
              },
            ],
          }),
    })),
  )
  return [
    { name: 'BlackHoleCluster', type: 'STATIC', connect_timeout: '10s' },
    {
      name: 'InboundPassthroughCluster',
      type: 'ORIGINAL_DST',
      connect_timeout: '10s',
      lb_policy: 'CLUSTER_PROVIDED',
    },
    {
      name: 'PassthroughCluster',
      type: 'ORIGINAL_DST',
      connect_timeout: '10s',
      lb_policy: 'CLUSTER_PROVIDED',
    },
    ...inbound.map((port) => ({
      name: `inbound|${port}||`,
      type: 'ORIGINAL_DST',
      connect_timeout: '10s',
      lb_policy: 'CLUSTER_PROVIDED',
    })),
    ...outbound,
  ]
}

const chain = (match: object | null, filter: object) => ({
  ...(match === null ? {} : { filter_chain_match: match }),
  filters: [filter],
})
const httpFilter = (route: string) => ({
  name: 'envoy.filters.network.http_connection_manager',
  typed_config: typed(HTTP, { stat_prefix: route, rds: { route_config_name: route } }),
})
const tcpFilter = (cluster: string) => ({
  name: 'envoy.filters.network.tcp_proxy',
  typed_config: typed(TCP, { stat_prefix: cluster, cluster }),
})

export function listenersOf(
  ports: readonly ServicePort[],
  inbound: readonly number[],
  gateway: readonly { port: number; route: string }[] | null,
): { name: string; listener: object }[] {
  const named = (name: string, rest: object) => ({ name, listener: { name, ...rest } })
  if (gateway !== null) {
    return gateway.map(({ port, route }) =>
      named(`0.0.0.0_${port}`, {
        address: socket('0.0.0.0', port),
        traffic_direction: 'OUTBOUND',
        filter_chains: [chain(null, httpFilter(route))],
      }),
    )
  }
  const http = [...new Set(ports.filter((one) => one.isHttp).map((one) => one.port))].sort((a, b) => a - b)
  const tcp = ports.filter((one) => !one.isHttp)
  return [
    named('virtualOutbound', {
      address: socket('0.0.0.0', 15_001),
      traffic_direction: 'OUTBOUND',
      default_filter_chain: chain(null, tcpFilter('PassthroughCluster')),
    }),
    named('virtualInbound', {
      address: socket('0.0.0.0', 15_006),
      traffic_direction: 'INBOUND',
      filter_chains: [
        ...inbound.flatMap((port) => [
          chain(
            { destination_port: port, transport_protocol: 'tls', application_protocols: ['istio'] },
            httpFilter(`inbound|${port}||`),
          ),
          chain({ destination_port: port }, httpFilter(`inbound|${port}||`)),
        ]),
        chain(null, tcpFilter('InboundPassthroughCluster')),
      ],
    }),
    ...http.map((port) =>
      named(`0.0.0.0_${port}`, {
        address: socket('0.0.0.0', port),
        traffic_direction: 'OUTBOUND',
        filter_chains: [chain(null, httpFilter(String(port)))],
      }),
    ),
    ...tcp.map((one) =>
      named(`${one.address}_${one.port}`, {
        address: socket(one.address, one.port),
        traffic_direction: 'OUTBOUND',
        filter_chains: [chain(null, tcpFilter(`outbound|${one.port}||${one.host}`))],
      }),
    ),
  ]
}

/** Route configurations of a sidecar: one for each HTTP port, a virtual host for each service on it. */
export function sidecarRoutes(store: ConfigReader, ports: readonly ServicePort[]): object[] {
  const http = ports.filter((one) => one.isHttp)
  const numbers = [...new Set(http.map((one) => one.port))].sort((a, b) => a - b)
  return numbers.map((port) => ({
    name: String(port),
    virtual_hosts: http
      .filter((one) => one.port === port)
      .map((one) => ({
        name: `${one.host}:${port}`,
        domains: domainsOf(one.host),
        routes: routesFor(store, one.host, port, 'mesh') ?? [
          {
            name: 'default',
            match: { prefix: '/' },
            route: { cluster: `outbound|${port}||${one.host}`, timeout: '0s' },
          },
        ],
      })),
  }))
}

/** Route configurations of a gateway: the hosts of the virtual services bound to it. */
export function gatewayRoutes(store: ConfigReader, gateways: ReadonlySet<string>, name: string): object[] {
  const hosts = store.list('VirtualService').flatMap((object) => {
    const bound = gatewaysOf(object).some((gateway) => gateways.has(gateway))
    const list = asRecord(object.spec).hosts
    return bound && Array.isArray(list) ? list.map((host) => ({ host: asText(host), object })) : []
  })
  return [
    {
      name,
      virtual_hosts: hosts.map(({ host, object }) => ({
        name: `${host}:80`,
        domains: host === '*' ? ['*'] : [host, `${host}:*`],
        routes: httpRoutes(object, 80),
      })),
    },
  ]
}

function domainsOf(host: string): string[] {
  const [name, namespace] = host.split('.')
  return host.endsWith('.svc.cluster.local')
    ? [host, `${name}`, `${name}.${namespace}`, `${name}.${namespace}.svc`]
    : [host]
}

function gatewaysOf(object: KubernetesObject): string[] {
  const namespace = object.metadata.namespace ?? 'default'
  const list = asRecord(object.spec).gateways
  const names = Array.isArray(list) && list.length > 0 ? list.map(asText) : ['mesh']
  return names.map((name) => (name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`))
}

function routesFor(store: ConfigReader, host: string, port: number, gateway: string): object[] | null {
  const found = store.list('VirtualService').find((object) => {
    const hosts = asRecord(object.spec).hosts
    const namespace = object.metadata.namespace ?? 'default'
    return (
      gatewaysOf(object).includes(gateway) &&
      Array.isArray(hosts) &&
      hosts.some((one) => resolveHost(asText(one), namespace) === host)
    )
  })
  return found ? httpRoutes(found, port) : null
}

function httpRoutes(object: KubernetesObject, port: number): object[] {
  const namespace = object.metadata.namespace ?? 'default'
  return asRecords(asRecord(object.spec).http).flatMap((rule) => {
    const matches = asRecords(rule.match)
    return (matches.length === 0 ? [{}] : matches).map((match) => ({
      ...(asText(rule.name) === '' ? {} : { name: asText(rule.name) }),
      match: routeMatch(match),
      ...routeAction(rule, namespace, port),
    }))
  })
}

function routeMatch(match: JsonRecord): object {
  const uri = asRecord(match.uri)
  const path = asText(uri.exact)
    ? { path: asText(uri.exact) }
    : asText(uri.regex)
      ? { safe_regex: { regex: asText(uri.regex) } }
      : { prefix: asText(uri.prefix) || '/' }
  const headers = Object.entries(asRecord(match.headers)).map(([name, value]) => ({
    name,
    string_match: asText(at(value, 'exact'))
      ? { exact: asText(at(value, 'exact')) }
      : { prefix: asText(at(value, 'prefix')) },
  }))
  return { ...path, ...(headers.length === 0 ? {} : { headers }) }
}

function routeAction(rule: JsonRecord, namespace: string, port: number): object {
  if (rule.redirect !== undefined) {
    return { redirect: { path_redirect: asText(at(rule.redirect, 'uri')) || undefined } }
  }
  if (rule.directResponse !== undefined) {
    return { direct_response: { status: asNumber(at(rule.directResponse, 'status'), 200) } }
  }
  const backends = asRecords(rule.route).map((one) => {
    const to = asRecord(one.destination)
    const number = asNumber(at(to, 'port', 'number'), port)
    return {
      name: `outbound|${number}|${asText(to.subset)}|${resolveHost(asText(to.host), namespace)}`,
      weight: asNumber(one.weight, 100),
    }
  })
  const timeout = asText(rule.timeout)
  const rest = { timeout: /^\d+(\.\d+)?s$/.test(timeout) ? timeout : '0s' }
  const [only] = backends
  return backends.length === 1 && only
    ? { route: { cluster: only.name, ...rest } }
    : { route: { weighted_clusters: { clusters: backends }, ...rest } }
}

function isHttp(protocol: string): boolean {
  return /^(http|http2|grpc)(-|$)/i.test(protocol) || protocol === ''
}
