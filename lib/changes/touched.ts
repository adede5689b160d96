/** Whose traffic an object has a say in: the services and workloads it names or selects. */
import { parseServiceHost, resolveHost } from '@/lib/istio/hosts'
import { unreadAmong, WORKLOADS } from '@/lib/istio/unread'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'

export interface Touched {
  /** `namespace/name` */
  services: ReadonlySet<string>
  /** full names that are no service of the cluster */
  hosts: ReadonlySet<string>
  /** `namespace/name` */
  workloads: ReadonlySet<string>
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

/**
 * What the objects touch. A policy without selector touches the workloads of its namespace, in the mesh's root
 * namespace those of all; hosts with a wildcard touch nothing here, since they name no service.
 */
export function touchedBy(objects: readonly ConfigObject[], inventory: ClusterInventory): Touched {
  const services = new Set<string>()
  const hosts = new Set<string>()
  const workloads = new Set<string>()
  const beside = new Set<string>()
  for (const object of objects) {
    const namespace = object.metadata.namespace ?? ''
    if (inventory.unread) for (const kind of besideOf(object)) beside.add(kind)
    for (const host of hostsOf(object)) {
      const full = resolveHost(host, namespace)
      const service = parseServiceHost(full)
      if (service) services.add(`${service.namespace}/${service.name}`)
      else if (!full.includes('*')) hosts.add(full)
    }
    for (const service of serviceRefs(object)) services.add(service)
    const labels = selectorOf(object)
    if (labels === null) continue
    // Istio's Gateway selects proxies wherever they run
    const isEverywhere =
      object.kind === 'Gateway' || (namespace === inventory.rootNamespace && Object.keys(labels).length === 0)
    for (const workload of inventory.workloads) {
      if (!isEverywhere && workload.namespace !== namespace) continue
      const isSelected = Object.entries(labels).every(([key, value]) => workload.podLabels[key] === value)
      if (isSelected) workloads.add(`${workload.namespace}/${workload.name}`)
    }
  }
  return { services, hosts, workloads, unread: unreadAmong(inventory, [...beside]) }
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
  const rules = ['http', 'tcp', 'tls'].flatMap((protocol) => list(fields(spec)[protocol])).map(fields)
  const destinations = rules.flatMap((rule) => [
    ...list(rule.route).map((route) => fields(fields(route).destination).host),
    fields(rule.mirror).host,
    ...list(rule.mirrors).map((mirror) => fields(fields(mirror).destination).host),
  ])
  return texts([...list(hosts), ...destinations])
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
