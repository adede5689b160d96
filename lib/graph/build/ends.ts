/**
 * Who talks to whom: turns the labels of samples into ends and services, each known once, by index.
 * Quirks of Istio's proxies are settled here and nowhere after.
 */
import { hostMatches, isIpAddress, parseServiceHost } from '@/lib/istio/hosts'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf, isGateway, isWaypoint, knownVersion, versionOf } from '@/lib/mesh/labels'
import type { TrafficDestination, TrafficSource } from '@/lib/mesh/traffic'
import type { End, ServiceEnd } from '../types'
import { gatherHints, type Hints } from './hints'

/** The two ends of a sample. `-1` stands for "none"; the whole is null when the row says nothing usable. */
export interface Resolved {
  source: number
  service: number
  target: number
}

export interface EndTable {
  ends: End[]
  services: ServiceEnd[]
  /** index of the workload behind an end, whatever app or version its rows gave it: one pair, one reporter */
  identities: number[]
  /** the ends of one sample, or null for rows of a pod in transition (a bare address for a service) */
  resolve(source: TrafficSource, destination: TrafficDestination): Resolved | null
}

interface Sample {
  source: TrafficSource
  destination: TrafficDestination
}

/** A table over all samples of a snapshot: what one row leaves out, another may tell. */
export function createEndTable(
  samples: readonly (readonly Sample[])[],
  inventories: ReadonlyMap<string, InventoryIndex>,
  defaultCluster: string,
): EndTable {
  const hints = gatherHints(samples)
  const ends: End[] = []
  const services: ServiceEnd[] = []
  const identities: number[] = []
  const endByKey = new Map<string, number>()
  const identityByKey = new Map<string, number>()
  const serviceByKey = new Map<string, number>()
  const sourceByRaw = new Map<string, number>()
  const targetByRaw = new Map<string, Pick<Resolved, 'service' | 'target'> | null>()

  function addEnd(end: End): number {
    const who = `${end.cluster}\n${end.namespace}\n${end.workload ?? ''}`
    const key = `${who}\n${end.app ?? ''}\n${end.version ?? ''}\n${end.kind}`
    const known = endByKey.get(key)
    if (known !== undefined) return known
    // without a workload the app and version are all the identity there is
    const identity = end.workload === null ? key : who
    let identityIndex = identityByKey.get(identity)
    if (identityIndex === undefined) {
      identityIndex = identityByKey.size
      identityByKey.set(identity, identityIndex)
    }
    endByKey.set(key, ends.length)
    ends.push(end)
    identities.push(identityIndex)
    return ends.length - 1
  }

  function addService(service: ServiceEnd): number {
    const key = `${service.cluster}\n${service.namespace}\n${service.name}\n${service.kind}`
    const known = serviceByKey.get(key)
    if (known !== undefined) return known
    serviceByKey.set(key, services.length)
    services.push(service)
    return services.length - 1
  }

  function workloadEnd(from: TrafficSource, cluster: string): End {
    const namespace = from.namespace ?? UNKNOWN
    const workload = from.workload
    if (workload === null) {
      return {
        kind: 'app',
        cluster,
        namespace,
        workload,
        app: from.app,
        version: knownVersion(from.version),
        isGateway: false,
        isWaypoint: false,
      }
    }
    const object = inventories.get(cluster)?.workloads.get(`${namespace}/${workload}`)
    const labels = object ? { ...object.labels, ...object.podLabels } : null
    const hint = hints.variantOf(namespace, workload)
    const app = from.app ?? hint.app ?? (labels ? appOf(labels) : null)
    const ownVersion = knownVersion(from.version) ?? hint.version
    const version = ownVersion ?? (labels && app === appOf(labels) ? versionOf(labels) : null)
    return {
      kind: 'workload',
      cluster,
      namespace,
      workload,
      app,
      version,
      isGateway: isGateway(workload, labels),
      isWaypoint: isWaypoint(workload, labels),
    }
  }

  function resolveSource(source: TrafficSource, destinationCluster: string | null): number {
    // a namespace without workload or app names nobody (Kiali drops such rows; their requests are real)
    if (source.workload === null && source.app === null) return addEnd(UNKNOWN_SOURCE)
    const cluster = source.cluster ?? hints.clusterOf(source) ?? destinationCluster ?? defaultCluster
    return addEnd(workloadEnd(source, cluster))
  }

  function resolveTarget(
    destination: TrafficDestination,
    sourceCluster: string | null,
  ): Pick<Resolved, 'service' | 'target'> | null {
    const hasWorkload = destination.workload !== null || destination.app !== null
    // an old Istio writes "unknown" for the cluster of what it could not look up: it is the caller's
    const cluster =
      destination.cluster ??
      (hasWorkload ? hints.clusterOf(destination) : null) ??
      sourceCluster ??
      defaultCluster
    const named = destination.service
    if (!hasWorkload && named && isIpAddress(named.name)) return null
    const service = named ? findService(named, destination, cluster, inventories) : null
    const serviceIndex = service ? addService(service) : -1
    if (hasWorkload) return { service: serviceIndex, target: addEnd(workloadEnd(destination, cluster)) }
    if (!service) return { service: -1, target: addEnd(UNKNOWN_DESTINATION) }
    const gateway = findEgressGateway(service, hints, inventories)
    if (gateway) return { service: serviceIndex, target: addEnd(workloadEnd(gateway, cluster)) }
    return { service: serviceIndex, target: -1 }
  }

  return {
    ends,
    services,
    identities,
    resolve(source, destination) {
      const rawSource = rawKey(source)
      const named = destination.service
      const rawTarget =
        named === null
          ? rawKey(destination)
          : `${rawKey(destination)}\n${named.namespace ?? ''}\n${named.name}\n${named.host ?? ''}`
      // each end may lend the other its cluster
      const sourceKey = source.cluster === null ? `${rawSource}\n${destination.cluster ?? ''}` : rawSource
      let from = sourceByRaw.get(sourceKey)
      if (from === undefined) {
        from = resolveSource(source, destination.cluster)
        sourceByRaw.set(sourceKey, from)
      }
      const caller = ends[from]
      const callerCluster = caller === undefined || caller.kind === 'unknown' ? null : caller.cluster
      const targetKey = destination.cluster === null ? `${rawTarget}\n${callerCluster ?? ''}` : rawTarget
      let to = targetByRaw.get(targetKey)
      if (to === undefined) {
        to = resolveTarget(destination, callerCluster)
        targetByRaw.set(targetKey, to)
      }
      return to === null ? null : { source: from, service: to.service, target: to.target }
    },
  }
}

const UNKNOWN_END: Omit<End, 'workload'> = {
  kind: 'unknown',
  cluster: UNKNOWN,
  namespace: UNKNOWN,
  app: null,
  version: null,
  isGateway: false,
  isWaypoint: false,
}
/** All callers without identity are one node. */
const UNKNOWN_SOURCE: End = { ...UNKNOWN_END, workload: UNKNOWN }
/** Kept apart from the unknown source: one node would join paths that never met. */
const UNKNOWN_DESTINATION: End = { ...UNKNOWN_END, workload: 'unknown-destination' }

function rawKey(end: TrafficSource): string {
  return `${end.cluster ?? ''}\n${end.namespace ?? ''}\n${end.workload ?? ''}\n${end.app ?? ''}\n${end.version ?? ''}`
}

const PASSTHROUGH = /^PassthroughCluster(Ipv[46])?$/
const BLACK_HOLE = /^BlackHoleCluster(Ipv[46])?$/
const INBOUND_PASSTHROUGH = /^InboundPassthroughCluster(Ipv[46])?$/

/** The service that was asked for, or null when the name stands for none. */
function findService(
  named: NonNullable<TrafficDestination['service']>,
  destination: TrafficDestination,
  cluster: string,
  inventories: ReadonlyMap<string, InventoryIndex>,
): ServiceEnd | null {
  const pseudo = (name: string, role: ServiceEnd['role']): ServiceEnd => {
    return { kind: 'external', cluster, namespace: named.namespace ?? UNKNOWN, name, role }
  }
  if (PASSTHROUGH.test(named.name)) return pseudo('PassthroughCluster', 'passthrough')
  if (BLACK_HOLE.test(named.name)) return pseudo('BlackHoleCluster', 'blackHole')
  if (INBOUND_PASSTHROUGH.test(named.name) || isIpAddress(named.name)) return null

  const fullName = parseServiceHost(named.name)
  if (fullName) return { kind: 'service', cluster, ...fullName, role: null }
  const fromHost = named.host === null ? undefined : parseServiceHost(named.host)
  const namespace = named.namespace ?? fromHost?.namespace ?? destination.namespace ?? UNKNOWN
  const index = inventories.get(cluster)
  if (index?.services.has(`${namespace}/${named.name}`)) {
    return { kind: 'service', cluster, namespace, name: named.name, role: null }
  }
  const isRegistered = index ? isServiceEntryHost(index, named.host ?? named.name, named.name) : undefined
  if (isRegistered || named.name.includes('.')) {
    // without Kubernetes a host with a namespace can only have come from a ServiceEntry
    const isEntry = isRegistered ?? namespace !== UNKNOWN
    return { kind: 'external', cluster, namespace, name: named.name, role: isEntry ? 'serviceEntry' : null }
  }
  return { kind: 'service', cluster, namespace, name: named.name, role: null }
}

function isServiceEntryHost(index: InventoryIndex, host: string, name: string): boolean {
  for (const entry of index.config.get('ServiceEntry') ?? []) {
    const hosts = (entry.spec as { hosts?: unknown } | undefined)?.hosts
    if (!Array.isArray(hosts)) continue
    for (const pattern of hosts) {
      if (typeof pattern !== 'string') continue
      if (pattern === name || hostMatches(pattern, host) || hostMatches(pattern, name)) return true
    }
  }
  return false
}

/**
 * The gateway workload when a row names only the egress gateway's service: callers route there by its full
 * host and old proxies leave the workload unknown (Kiali: graph/telemetry/istio/util).
 */
function findEgressGateway(
  service: ServiceEnd,
  hints: Hints,
  inventories: ReadonlyMap<string, InventoryIndex>,
): TrafficSource | null {
  if (service.kind !== 'service') return null
  const object = inventories.get(service.cluster)?.workloads.get(`${service.namespace}/${service.name}`)
  const labels = object ? { ...object.labels, ...object.podLabels } : null
  if (!isGateway(service.name, labels)) return null
  if (!object && !hints.hasWorkload(service.namespace, service.name)) return null
  const { cluster, namespace, name } = service
  return { cluster, namespace, workload: name, app: null, version: null }
}
