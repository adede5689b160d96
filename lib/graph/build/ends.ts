/**
 * Who talks to whom: turns the labels of samples into ends and services, each known once, by index.
 * Quirks of Istio's proxies are settled here and nowhere after.
 */
import { hostMatches, isIpAddress, parseServiceHost } from '@/lib/istio/hosts'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf, isGateway, isWaypoint, knownVersion, versionOf } from '@/lib/mesh/labels'
import type { ProxyLayer, RequestSample, TrafficDestination, TrafficSource } from '@/lib/mesh/traffic'
import type { End, ServiceEnd } from '../types'
import { gatherHints, type Hints } from './hints'
import { createInterner, MANY } from './intern'
import { createVariants } from './variants'

/** Where samples of one pair of label sets belong. */
export interface Place {
  /** index into `ends` */
  source: number
  /** index into `services`, -1 when none was named */
  service: number
  /** index into `ends`, -1 when no workload answered */
  target: number
  /** number of the pair of endpoints with the service: unit of the choice of reporter */
  pair: number
  /** numbers of its flows (http, grpc, tcp): app and version of a workload tell flows of one pair apart */
  flows: readonly [number, number, number]
}

/** The ends of one snapshot's samples. */
export interface EndTable {
  /** of these and of earlier samples; `named` tells which are of these */
  ends: readonly End[]
  services: readonly ServiceEnd[]
  /** by index of an end, and of a service: whether one of the samples names it */
  named: { ends: Uint8Array; services: Uint8Array }
  /** index of the workload behind an end, whatever app or version its rows gave it */
  identities: readonly number[]
  /** one more than the highest number of a pair, and of a flow, among the samples */
  pairCount: number
  flowCount: number
  /** the place of a sample, or null for rows of a pod in transition (a bare address for a service) */
  placeOf(sample: Sample): Place | null
  /** the places of the samples, list by list */
  places: readonly (readonly (Place | null)[])[]
}

/** All ends ever named, each known once; what is known of them comes from the samples it was made of. */
export interface EndRegistry {
  /**
   * The table of samples; null when they know other ends than those the registry was made of, since what one row
   * leaves out another may tell: a registry made of them might place them otherwise.
   */
  read(samples: readonly (readonly Sample[])[]): EndTable | null
}

type Sample = Pick<RequestSample, 'source' | 'destination' | 'layer'>

/** A registry for a snapshot and for later ones that know the same of their ends. */
export function createEndRegistry(
  samples: readonly (readonly Sample[])[],
  inventories: ReadonlyMap<string, InventoryIndex>,
  defaultCluster: string,
): EndRegistry {
  const interned = createInterner()
  const numberOfEnds = (sample: Sample): number =>
    interned.sourceOf(sample.source) * MANY + interned.destinationOf(sample.destination)
  for (const list of samples) for (const sample of list) numberOfEnds(sample)
  const variants = createVariants(interned)
  const hints = gatherHints([interned.sources, interned.destinations])
  const ends: End[] = []
  const services: ServiceEnd[] = []
  const identities: number[] = []
  const endByKey = new Map<string, number>()
  const identityByKey = new Map<string, number>()
  const serviceByKey = new Map<string, number>()
  /** by layer, then by the two numbers of the interned ends */
  const known = { l7: new Map<number, KnownPair>(), l4: new Map<number, KnownPair>() }
  const pairByKey = new Map<string, number>()
  const flowByKey = new Map<string, number>()

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
  ): Pick<Place, 'service' | 'target'> | null {
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

  function makePlace(from: number, destination: TrafficDestination, layer: ProxyLayer): Place | null {
    const caller = ends[from]
    // each end may lend the other its cluster
    const to = resolveTarget(destination, !caller || caller.kind === 'unknown' ? null : caller.cluster)
    if (to === null) return null
    const { service, target } = to
    const pairKey = `${identities[from]}:${service}:${target < 0 ? -1 : identities[target]}:${layer}`
    const flowKey = `${from}:${service}:${target}:${layer}`
    const pair = numberOf(pairByKey, pairKey)
    const flow = numberOf(flowByKey, flowKey) * 3
    return { source: from, service, target, pair, flows: [flow, flow + 1, flow + 2] }
  }

  function pairAt(number: number, { source, destination, layer }: Sample): KnownPair {
    const found = known[layer].get(number)
    if (found !== undefined) return found
    const from = resolveSource(source, destination.cluster)
    const pair = { from, place: makePlace(from, destination, layer) }
    known[layer].set(number, pair)
    return pair
  }

  return {
    read(later) {
      const rows = later.reduce((sum, list) => sum + list.length, 0)
      // pairs nobody names any more are not told from others: a registry that is mostly those is let go
      if (known.l7.size + known.l4.size > Math.max(FEW_PAIRS, 4 * rows)) return null
      const numbers = later.map((list) => Float64Array.from(list, numberOfEnds))
      if (!variants.areThoseOf(numbers)) return null
      const pairs = later.map((list, index) =>
        list.map((sample, row) => pairAt(numbers[index]?.[row] ?? numberOfEnds(sample), sample)),
      )
      const named = { ends: new Uint8Array(ends.length), services: new Uint8Array(services.length) }
      for (const list of pairs) {
        for (const { from, place } of list) {
          named.ends[from] = 1
          if (place && place.target >= 0) named.ends[place.target] = 1
          if (place && place.service >= 0) named.services[place.service] = 1
        }
      }
      return {
        ends,
        services,
        named,
        identities,
        placeOf: (sample) => pairAt(numberOfEnds(sample), sample).place,
        places: pairs.map((list) => list.map(({ place }) => place)),
        pairCount: pairByKey.size,
        flowCount: flowByKey.size * 3,
      }
    },
  }
}

const FEW_PAIRS = 10_000

interface KnownPair {
  /** index of the calling end, also where the called one is left out */
  from: number
  place: Place | null
}

function numberOf(numbers: Map<string, number>, key: string): number {
  let number = numbers.get(key)
  if (number === undefined) {
    number = numbers.size
    numbers.set(key, number)
  }
  return number
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
