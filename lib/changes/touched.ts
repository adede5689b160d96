/** Whose traffic an object has a say in: the services and workloads it names or selects. */
import { hostMatches, parseServiceHost, resolveHost, serviceHost } from '@/lib/istio/hosts'
import { unreadAmong, WORKLOADS } from '@/lib/istio/unread'
import { USE_WAYPOINT, WAYPOINT_NAMESPACE } from '@/lib/validation/lookups/ambient'
import type { ClusterInventory, ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'

export interface Touched {
  /** `namespace/name` */
  services: ReadonlySet<string>
  /** full names that are no service of the cluster */
  hosts: ReadonlySet<string>
  /** `namespace/name` of all it selects */
  workloads: ReadonlySet<string>
  /** those of them it touches in what they receive */
  receivers: ReadonlySet<string>
  /** those of them it touches in what they send */
  senders: ReadonlySet<string>
  /** kinds that may not be read and have a say in what is touched: it may be more than this */
  unread: readonly string[]
}

/** Each of these may send other traffic through what one of them is about. */
const ROUTING = [
  ...['VirtualService', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'DestinationRule'],
  ...['Gateway', 'ServiceEntry', 'Service'],
]
/** These decide together who gets through, and how. */
const POLICIES = ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication', 'DestinationRule']

type Fields = Readonly<Record<string, unknown>>

/** Kinds whose selectors choose pods of every namespace when they stand in the mesh's root namespace. */
export const SELECTING_EVERYWHERE = new Set([
  'AuthorizationPolicy',
  'RequestAuthentication',
  'EnvoyFilter',
  'WasmPlugin',
])

/**
 * What the objects touch. A policy without selector touches the workloads of its namespace, in the mesh's root
 * namespace those of all; a host with a wildcard the services it covers. What goes through a gateway is what its
 * proxies receive and send, through a waypoint what its services receive.
 */
export function touchedBy(objects: readonly ConfigObject[], inventory: ClusterInventory): Touched {
  const services = new Set<string>()
  const hosts = new Set<string>()
  const receivers = new Set<string>()
  const senders = new Set<string>()
  const beside = new Set<string>()
  for (const object of objects) {
    const namespace = object.metadata.namespace ?? ''
    if (inventory.unread) for (const kind of besideOf(object)) beside.add(kind)
    for (const host of hostsOf(object)) {
      const full = resolveHost(host, namespace)
      const service = parseServiceHost(full)
      if (full.includes('*')) for (const one of covered(full, object, inventory)) services.add(one)
      else if (service) services.add(`${service.namespace}/${service.name}`)
      else hosts.add(full)
    }
    for (const service of serviceRefs(object)) services.add(service)
    for (const gateway of gatewaysOf(object, inventory)) {
      for (const name of ownWorkloads(gateway, inventory)) {
        receivers.add(name)
        senders.add(name)
      }
      for (const service of servicesBehind(gateway, inventory)) services.add(service)
    }
    const labels = selectorOf(object)
    if (labels === null) continue
    for (const workload of inventory.workloads) {
      if (!isReached(object, labels, workload, inventory.rootNamespace)) continue
      const name = `${workload.namespace}/${workload.name}`
      if (isOfReceiving(object)) receivers.add(name)
      if (isOfSending(object)) senders.add(name)
    }
  }
  const workloads = new Set([...receivers, ...senders])
  return { services, hosts, workloads, receivers, senders, unread: unreadAmong(inventory, [...beside]) }
}

/**
 * `namespace/name` of the services a host with a wildcard covers. A destination rule outside of the root namespace
 * holds for the services of its own: elsewhere another may come first.
 * https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration
 */
function covered(pattern: string, { kind, metadata }: ConfigObject, inventory: ClusterInventory): string[] {
  const isForAll = kind !== 'DestinationRule' || metadata.namespace === inventory.rootNamespace
  return inventory.services
    .filter(({ namespace }) => isForAll || namespace === metadata.namespace)
    .filter(({ namespace, name }) => hostMatches(pattern, serviceHost(name, namespace)))
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

interface Named {
  namespace: string
  name: string
}

/** Gateways of the Gateway API that the object is, or that it names as its target. */
function gatewaysOf(
  { apiVersion, kind, metadata, spec }: ConfigObject,
  inventory: ClusterInventory,
): Named[] {
  const { namespace = '', name } = metadata
  if (kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io/')) return [{ namespace, name }]
  const { targetRef, targetRefs } = fields(spec)
  return [...list(targetRefs), targetRef].map(fields).flatMap((target): Named[] => {
    if (typeof target.name !== 'string') return []
    if (target.kind === 'Gateway') return [{ namespace, name: target.name }]
    if (target.kind !== 'GatewayClass') return []
    return inventory.config
      .filter((one) => one.kind === 'Gateway' && fields(one.spec).gatewayClassName === target.name)
      .map((one) => ({ namespace: one.metadata.namespace ?? '', name: one.metadata.name }))
  })
}

function ownWorkloads({ namespace, name }: Named, { workloads }: ClusterInventory): string[] {
  return workloads
    .filter((one) => one.namespace === namespace && one.podLabels[GATEWAY_NAME] === name)
    .map((one) => `${one.namespace}/${one.name}`)
}

/** Services that a waypoint stands before: by their own label, else by their namespace's. */
function servicesBehind(waypoint: Named, { namespaces, services }: ClusterInventory): string[] {
  const labelsOf = new Map(namespaces.map(({ name, labels }) => [name, labels]))
  return services
    .filter(({ namespace, labels }) => {
      const said = labels[USE_WAYPOINT] === undefined ? (labelsOf.get(namespace) ?? {}) : labels
      return (
        said[USE_WAYPOINT] === waypoint.name && (said[WAYPOINT_NAMESPACE] ?? namespace) === waypoint.namespace
      )
    })
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

function isReached(
  { kind, metadata: { namespace = '' } }: ConfigObject,
  labels: Readonly<Record<string, string>>,
  workload: WorkloadInventory,
  rootNamespace: string,
): boolean {
  const isRoot = namespace === rootNamespace
  const isForAll = Object.keys(labels).length === 0
  // Istio ignores it
  if (kind === 'PeerAuthentication' && isRoot && !isForAll) return false
  // Istio's Gateway selects proxies wherever they run
  const isAnywhere = kind === 'Gateway' || (isRoot && (isForAll || SELECTING_EVERYWHERE.has(kind)))
  if (!isAnywhere && workload.namespace !== namespace) return false
  return Object.entries(labels).every(([key, value]) => workload.podLabels[key] === value)
}

/** A Sidecar is about what its workloads may call, unless it has listeners for what they receive. */
function isOfReceiving({ kind, spec }: ConfigObject): boolean {
  const { ingress, inboundConnectionPool } = fields(spec)
  return kind !== 'Sidecar' || ingress !== undefined || inboundConnectionPool !== undefined
}

/** Who calls a gateway has no proxy that could measure it: what it sends on is what there is to see. */
function isOfSending({ kind }: ConfigObject): boolean {
  return kind === 'Sidecar' || kind === 'Gateway'
}

/** Kinds that have a say together with an object in whose traffic it touches. */
function besideOf(object: ConfigObject): string[] {
  const [group = ''] = object.apiVersion.split('/')
  return [
    ...(group === 'networking.istio.io' || group === 'gateway.networking.k8s.io' ? ROUTING : []),
    ...(group === 'security.istio.io' ? POLICIES : []),
    ...(selectorOf(object) === null ? [] : WORKLOADS),
  ]
}

function hostsOf({ apiVersion, kind, spec }: ConfigObject): string[] {
  if (!apiVersion.startsWith('networking.istio.io/')) return []
  const { hosts, host } = fields(spec)
  if (kind === 'DestinationRule') return texts([host])
  if (kind === 'ServiceEntry') return texts(hosts)
  if (kind !== 'VirtualService') return []
  const bound = list(fields(spec).gateways)
  // a gateway's wildcard is about names outside
  const isOfMesh = bound.length === 0 || bound.includes('mesh')
  const rules = ['http', 'tcp', 'tls'].flatMap((protocol) => list(fields(spec)[protocol])).map(fields)
  const destinations = rules.flatMap((rule) => [
    ...list(rule.route).map((route) => fields(fields(route).destination).host),
    fields(rule.mirror).host,
    ...list(rule.mirrors).map((mirror) => fields(fields(mirror).destination).host),
  ])
  return [...texts(hosts).filter((each) => isOfMesh || !each.includes('*')), ...texts(destinations)]
}

/** `namespace/name` of services that Gateway API routes and policies with targets refer to. */
function serviceRefs({ kind, metadata, spec }: ConfigObject): string[] {
  const { parentRefs, rules, targetRefs, targetRef } = fields(spec)
  const backends = kind.endsWith('Route')
    ? list(rules).flatMap((rule) => list(fields(rule).backendRefs).map(fields))
    : []
  const others = [...list(parentRefs), ...list(targetRefs), targetRef].map(fields)
  return [
    ...backends.filter((each) => (each.kind ?? 'Service') === 'Service'),
    ...others.filter((each) => each.kind === 'Service'),
  ].flatMap(({ name, namespace = metadata.namespace ?? '' }) =>
    typeof name === 'string' ? [`${String(namespace)}/${name}`] : [],
  )
}

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name'

const NAMESPACE_WIDE = new Set([
  ...['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'],
  ...['Sidecar', 'EnvoyFilter', 'ProxyConfig'],
])

/** Labels of the workloads an object applies to, none for all; null for kinds and objects that select none. */
function selectorOf({ apiVersion, kind, spec }: ConfigObject): Readonly<Record<string, string>> | null {
  const { selector, workloadSelector, targetRef, targetRefs } = fields(spec)
  if (kind === 'Gateway') {
    return apiVersion.startsWith('networking.istio.io/') && Object.keys(fields(selector)).length > 0
      ? labelsIn(selector)
      : null
  }
  if (!NAMESPACE_WIDE.has(kind) || targetRef !== undefined || list(targetRefs).length > 0) return null
  return { ...labelsIn(fields(selector).matchLabels), ...labelsIn(fields(workloadSelector).labels) }
}

function labelsIn(value: unknown): Record<string, string> {
  const entries = Object.entries(fields(value))
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function texts(values: unknown): string[] {
  return list(values).filter((value): value is string => typeof value === 'string')
}
