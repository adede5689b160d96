/**
 * What an Envoy does, read from `/config_dump` of its administration.
 * https://www.envoyproxy.io/docs/envoy/latest/operations/admin
 */
import { addressOf, at, duration, instant, number, record, records, text, typeName, type Wire } from './wire'

export interface ProxyCluster {
  name: string
  direction: 'inbound' | 'outbound' | null
  /** of an outbound cluster of the mesh: whom it stands for */
  host: string | null
  port: number | null
  subset: string | null
  /** how it finds its endpoints: EDS, STRICT_DNS, ORIGINAL_DST, STATIC… */
  type: string
  tls: 'mutual' | 'simple' | 'auto' | null
  loadBalancing: string
  connectTimeoutMs: number | null
  origin: 'static' | 'active' | 'warming'
  updatedAt: number | null
}

export interface ProxyListener {
  name: string
  address: string | null
  direction: 'inbound' | 'outbound' | null
  /** what it does with connections, one line a filter chain: `HTTP by route 9080`, `TCP to outbound|…` */
  chains: { match: string; action: string }[]
  origin: 'static' | 'active' | 'warming' | 'draining'
  updatedAt: number | null
  /** why the newest version was not taken */
  error: string | null
}

export interface ProxyRoute {
  config: string
  virtualHost: string
  domains: string[]
  name: string | null
  match: string
  action: string
  timeoutMs: number | null
}

export interface ProxySecret {
  name: string
  kind: 'certificate' | 'authorities' | 'other'
  state: 'active' | 'warming'
  updatedAt: number | null
  /** PEM of certificates, which are public; never a key */
  pem: string | null
}

export interface ProxyConfig {
  clusters: ProxyCluster[]
  listeners: ProxyListener[]
  routes: ProxyRoute[]
  secrets: ProxySecret[]
}

/** Clusters, listeners, routes and secrets of a configuration dump, each by name. */
export function readConfigDump(dump: unknown): ProxyConfig {
  const config: ProxyConfig = { clusters: [], listeners: [], routes: [], secrets: [] }
  for (const part of records(record(dump).configs)) {
    switch (typeName(part)) {
      case 'ClustersConfigDump':
        config.clusters.push(...clustersOf(part))
        break
      case 'ListenersConfigDump':
        config.listeners.push(...listenersOf(part))
        break
      case 'RoutesConfigDump':
        config.routes.push(...routesOf(part))
        break
      case 'SecretsConfigDump':
        config.secrets.push(...secretsOf(part))
    }
  }
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  config.clusters.sort(byName)
  config.listeners.sort(byName)
  config.secrets.sort(byName)
  return config
}

function clustersOf(part: Wire): ProxyCluster[] {
  const of = (list: unknown, origin: ProxyCluster['origin']) =>
    records(list).flatMap(
      (entry) => clusterOf(record(entry.cluster), origin, instant(entry.last_updated)) ?? [],
    )
  return [
    ...of(part.static_clusters, 'static'),
    ...of(part.dynamic_active_clusters, 'active'),
    ...of(part.dynamic_warming_clusters, 'warming'),
  ]
}

function clusterOf(
  cluster: Wire,
  origin: ProxyCluster['origin'],
  updatedAt: number | null,
): ProxyCluster | undefined {
  const name = text(cluster.name)
  if (name === null) return undefined
  const parts = partsOf(name)
  return {
    name,
    ...parts,
    type: text(cluster.type) ?? text(at(cluster, 'cluster_type', 'name')) ?? 'STATIC',
    tls: tlsOf(cluster),
    loadBalancing: text(cluster.lb_policy) ?? 'ROUND_ROBIN',
    connectTimeoutMs: duration(cluster.connect_timeout),
    origin,
    updatedAt,
  }
}

/** Istio names clusters `direction|port|subset|host`. */
export function partsOf(name: string): Pick<ProxyCluster, 'direction' | 'host' | 'port' | 'subset'> {
  const [way, port = '', subset = '', host = ''] = name.split('|')
  const direction = way === 'outbound' || way === 'inbound' ? way : null
  if (direction === null) return { direction, host: null, port: null, subset: null }
  return { direction, host: host || null, port: number(port), subset: subset || null }
}

/** Istio's automatic mutual TLS is a match on what each endpoint can do. */
function tlsOf(cluster: Wire): ProxyCluster['tls'] {
  if (records(cluster.transport_socket_matches).some((match) => at(match, 'match', 'tlsMode') === 'istio'))
    return 'auto'
  const context = record(at(cluster, 'transport_socket', 'typed_config'))
  if (!typeName(context).endsWith('TlsContext')) return null
  const certificates = record(context.common_tls_context)
  const hasOwn = ['tls_certificates', 'tls_certificate_sds_secret_configs'].some(
    (field) => records(certificates[field]).length > 0,
  )
  return hasOwn ? 'mutual' : 'simple'
}

function listenersOf(part: Wire): ProxyListener[] {
  const fixed = records(part.static_listeners).flatMap(
    (entry) => listenerOf(record(entry.listener), 'static', instant(entry.last_updated), null) ?? [],
  )
  const dynamic = records(part.dynamic_listeners).flatMap((entry) => {
    const state = (['active', 'warming', 'draining'] as const).find(
      (one) => entry[`${one}_state`] !== undefined,
    )
    const held = record(entry[`${state ?? 'active'}_state`])
    const error = text(at(entry, 'error_state', 'details'))
    const listener = record(held.listener)
    const named = text(listener.name) === null ? { ...listener, name: entry.name } : listener
    return listenerOf(named, state ?? 'active', instant(held.last_updated), error) ?? []
  })
  return [...fixed, ...dynamic]
}

function listenerOf(
  listener: Wire,
  origin: ProxyListener['origin'],
  updatedAt: number | null,
  error: string | null,
): ProxyListener | undefined {
  const name = text(listener.name)
  if (name === null) return undefined
  const direction = text(listener.traffic_direction)
  const chains = [...records(listener.filter_chains), ...defaultChain(listener)]
  return {
    name,
    address: addressOf(listener.address),
    direction: direction === 'INBOUND' ? 'inbound' : direction === 'OUTBOUND' ? 'outbound' : null,
    chains: chains.map((chain) => ({
      match: chainMatch(record(chain.filter_chain_match)),
      action: chainAction(chain),
    })),
    origin,
    updatedAt,
    error,
  }
}

function defaultChain(listener: Wire): Wire[] {
  const chain = record(listener.default_filter_chain)
  return Object.keys(chain).length === 0 ? [] : [chain]
}

function chainMatch(match: Wire): string {
  const port = number(match.destination_port)
  const ranges = records(match.prefix_ranges).flatMap((range) => text(range.address_prefix) ?? [])
  const names = Array.isArray(match.server_names)
    ? match.server_names.flatMap((name) => text(name) ?? [])
    : []
  const protocols = Array.isArray(match.application_protocols)
    ? match.application_protocols.flatMap((name) => text(name) ?? [])
    : []
  const words = [
    ...(port === null ? [] : [`port ${port}`]),
    ...(ranges.length === 0 ? [] : [ranges.join(', ')]),
    ...(names.length === 0 ? [] : [`for ${names.join(', ')}`]),
    ...(text(match.transport_protocol) === 'tls' ? ['TLS'] : []),
    ...(protocols.length === 0 ? [] : [protocols.join(', ')]),
  ]
  return words.length === 0 ? 'everything' : words.join(' · ')
}

function chainAction(chain: Wire): string {
  for (const filter of records(chain.filters)) {
    const config = record(filter.typed_config)
    const type = typeName(config)
    if (type === 'HttpConnectionManager') {
      const route = text(at(config, 'rds', 'route_config_name')) ?? text(at(config, 'route_config', 'name'))
      return route === null ? 'HTTP' : `HTTP by route ${route}`
    }
    if (type === 'TcpProxy') {
      const cluster = text(config.cluster)
      const weighted = records(at(config, 'weighted_clusters', 'clusters')).flatMap(
        (one) => text(one.name) ?? [],
      )
      return cluster !== null ? `TCP to ${cluster}` : `TCP to ${weighted.join(', ') || 'several clusters'}`
    }
  }
  return (
    records(chain.filters)
      .map((filter) => text(filter.name) ?? '?')
      .join(', ') || 'nothing'
  )
}

function routesOf(part: Wire): ProxyRoute[] {
  const configs = [...records(part.static_route_configs), ...records(part.dynamic_route_configs)]
  return configs.flatMap((entry) => {
    const config = record(entry.route_config)
    const configName = text(config.name) ?? ''
    return records(config.virtual_hosts).flatMap((host) =>
      records(host.routes).map((route): ProxyRoute => ({
        config: configName,
        virtualHost: text(host.name) ?? '',
        domains: Array.isArray(host.domains) ? host.domains.flatMap((domain) => text(domain) ?? []) : [],
        name: text(route.name),
        match: routeMatch(record(route.match)),
        action: routeAction(route),
        timeoutMs: duration(at(route, 'route', 'timeout')),
      })),
    )
  })
}

function routeMatch(match: Wire): string {
  const path =
    text(match.path) !== null
      ? `path ${text(match.path)}`
      : text(match.prefix) !== null
        ? match.prefix === '/'
          ? 'every path'
          : `paths under ${text(match.prefix)}`
        : text(match.path_separated_prefix) !== null
          ? `paths under ${text(match.path_separated_prefix)}`
          : text(at(match, 'safe_regex', 'regex')) !== null
            ? `paths like ${text(at(match, 'safe_regex', 'regex'))}`
            : 'every path'
  const headers = records(match.headers).map((header) =>
    valueMatch(text(header.name) ?? '?', 'header', record(header.string_match), {
      exact: text(header.exact_match),
      // one that must be absent is said by either of two fields
      isNot: (header.invert_match === true) !== (header.present_match === false),
    }),
  )
  const parameters = records(match.query_parameters).map((parameter) =>
    valueMatch(text(parameter.name) ?? '?', 'parameter', record(parameter.string_match)),
  )
  return [path, ...headers, ...parameters].join(' and ')
}

/** `end-user = jason`, `header x-beta not like ^a`, `no header x-beta`. */
function valueMatch(
  name: string,
  what: 'header' | 'parameter',
  by: Wire,
  { exact: older = null, isNot = false }: { exact?: string | null; isNot?: boolean } = {},
): string {
  const exact = text(by.exact) ?? older
  if (exact !== null) return `${name} ${isNot ? '≠' : '='} ${exact}`
  const regex = text(at(by, 'safe_regex', 'regex'))
  const part = (['prefix', 'suffix', 'contains'] as const).find((way) => text(by[way]) !== null)
  const not = isNot ? 'not ' : ''
  if (regex !== null) return `${what} ${name} ${not}like ${regex}`
  if (part !== undefined) return `${what} ${name} ${not}${PART_WORDS[part]} ${text(by[part])}`
  return isNot ? `no ${what} ${name}` : `${what} ${name}`
}

const PART_WORDS = { prefix: 'beginning with', suffix: 'ending with', contains: 'with' } as const

function routeAction(route: Wire): string {
  const to = record(route.route)
  const cluster = text(to.cluster)
  if (cluster !== null) return `to ${cluster}`
  const weighted = records(at(to, 'weighted_clusters', 'clusters'))
  if (weighted.length > 0) {
    return weighted.map((one) => `${number(one.weight) ?? 0} to ${text(one.name) ?? '?'}`).join(', ')
  }
  const direct = number(at(route, 'direct_response', 'status'))
  if (direct !== null) return `answers ${direct} itself`
  if (route.redirect !== undefined) {
    const host = text(at(route, 'redirect', 'host_redirect'))
    const path = text(at(route, 'redirect', 'path_redirect'))
    return `redirects${host === null ? '' : ` to ${host}`}${path === null ? '' : ` ${path}`}${at(route, 'redirect', 'https_redirect') === true ? ' to https' : ''}`
  }
  return 'nothing'
}

function secretsOf(part: Wire): ProxySecret[] {
  const of = (list: unknown, state: ProxySecret['state']) =>
    records(list).flatMap((entry): ProxySecret[] => {
      const secret = record(entry.secret)
      const name = text(entry.name) ?? text(secret.name)
      if (name === null) return []
      const chain = record(at(secret, 'tls_certificate', 'certificate_chain'))
      const authorities = record(at(secret, 'validation_context', 'trusted_ca'))
      const kind =
        secret.tls_certificate !== undefined
          ? 'certificate'
          : secret.validation_context !== undefined
            ? 'authorities'
            : 'other'
      return [
        {
          name,
          kind,
          state,
          updatedAt: instant(entry.last_updated),
          pem: pemOf(kind === 'certificate' ? chain : authorities),
        },
      ]
    })
  return [
    ...of(part.static_secrets, 'active'),
    ...of(part.dynamic_active_secrets, 'active'),
    ...of(part.dynamic_warming_secrets, 'warming'),
  ]
}

/** Certificates in a data source; a key is never in one of these. */
function pemOf(source: Wire): string | null {
  const plain = text(source.inline_string)
  const encoded = text(source.inline_bytes)
  const pem = plain ?? (encoded === null ? null : fromBase64(encoded))
  return pem?.includes('BEGIN CERTIFICATE') ? pem : null
}

function fromBase64(encoded: string): string | null {
  try {
    return atob(encoded)
  } catch {
    return null
  }
}

/** A dump as it may be shown: whatever stands for a secret's content is replaced. */
export function withoutSecrets(value: unknown, isSecret = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, isSecret))
  if (typeof value !== 'object' || value === null) return value
  const isSecretPart = isSecret || /^(SecretsConfigDump|Secret)$/.test(typeName(value))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const holds = HIDDEN.test(key) || (isSecretPart && /^inline_(bytes|string)$/.test(key))
      return [key, holds && item !== null ? '[left out by Heddle]' : withoutSecrets(item, isSecretPart)]
    }),
  )
}

const HIDDEN =
  /^(private_key|password|token|client_secret|hmac_secret|session_ticket_keys|generic_secret|local_jwks)$/
