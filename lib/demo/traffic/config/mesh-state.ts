/** Everything the configuration says at one moment, indexed for the questions a proxy asks of it. */
import type { ConfigReader, KubernetesObject, World } from '@/lib/demo/model'
import { AuthorizationPolicies } from '../security/authorization'
import { PeerAuthentications } from '../security/mutual-tls'
import { readDestinationRules } from './destination-rules'
import type { DestinationRules } from './destination-rules'
import { readGatewayRoutes } from './gateway-api'
import { listenersOf } from './gateways'
import type { ListenerState } from './gateways'
import { hostMatches, hostRank, isExported } from './hosts'
import { readRegistry } from './registry'
import type { Registry, WorkloadState } from './registry'
import type { RouteObject } from './rules'
import { SidecarConfigs } from './sidecars'
import { readVirtualServices } from './virtual-services'

export interface MeshState {
  registry: Registry
  routes: RouteIndex
  destinationRules: DestinationRules
  sidecars: SidecarConfigs
  peerAuthentications: PeerAuthentications
  authorizations: AuthorizationPolicies
  listenersOf: (workload: WorkloadState) => readonly ListenerState[]
}

const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const

/** Kinds whose objects change what flows. */
const KINDS = [
  'Namespace',
  'ConfigMap',
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'ReferenceGrant',
  ...ROUTE_KINDS,
] as const

export function readMesh(world: World, config: ConfigReader): MeshState {
  const registry = readRegistry(world, config)
  const root = world.rootNamespace
  const gateways = config.list('Gateway')
  const listeners = new Map<string, ListenerState[]>()
  return {
    registry,
    routes: new RouteIndex([
      ...readVirtualServices(config.list('VirtualService')),
      ...readGatewayRoutes(
        ROUTE_KINDS.flatMap((kind) => [...config.list(kind)]),
        config.list('ReferenceGrant'),
        (host) => registry.services.has(host),
      ),
    ]),
    destinationRules: readDestinationRules(config.list('DestinationRule'), root),
    sidecars: new SidecarConfigs(config.list('Sidecar'), root),
    peerAuthentications: new PeerAuthentications(config.list('PeerAuthentication'), root),
    authorizations: new AuthorizationPolicies(config.list('AuthorizationPolicy'), root),
    listenersOf(workload) {
      let own = listeners.get(workload.id)
      if (own === undefined) {
        own = listenersOf(gateways, { namespace: workload.spec.namespace, labels: workload.labels })
        listeners.set(workload.id, own)
      }
      return own
    },
  }
}

/** Tells whether anything that matters changed since the last time it was asked. */
export function createChangeDetector(config: ConfigReader): () => boolean {
  let revision = -1
  const lists = new Map<string, readonly KubernetesObject[]>()
  const prints = new Map<string, string>()
  return () => {
    if (config.revision === revision) return false
    revision = config.revision
    let changed = false
    for (const kind of KINDS) {
      const list = config.list(kind)
      // the store answers the same array until a kind is written to
      if (lists.get(kind) === list) continue
      lists.set(kind, list)
      const print = fingerprint(list)
      changed ||= prints.get(kind) !== print
      prints.set(kind, print)
    }
    return changed
  }
}

/** Newest version and number of a kind's objects: every write raises the first, a deletion lowers the second. */
function fingerprint(objects: readonly KubernetesObject[]): string {
  let newest = 0
  let sum = 0
  for (const object of objects) {
    const version = Number(object.metadata.resourceVersion ?? 0)
    if (version > newest) newest = version
    sum += version
  }
  return `${objects.length}/${newest}/${sum}`
}

/** Route objects by the hosts and gateways they are for. */
export class RouteIndex {
  private readonly exact = new Map<string, RouteObject[]>()
  private readonly wild: RouteObject[] = []

  constructor(routes: readonly RouteObject[]) {
    for (const route of routes) {
      for (const host of route.hosts) {
        if (host.startsWith('*')) continue
        const list = this.exact.get(host)
        if (list === undefined) this.exact.set(host, [route])
        else list.push(route)
      }
      if (route.hosts.some((host) => host.startsWith('*'))) this.wild.push(route)
    }
  }

  /**
   * Routes that count for a host inside the mesh, seen from a namespace: those of the most specific host; of
   * several VirtualServices only the oldest, of the Gateway API all together. The older kind of the two wins.
   */
  inMesh(host: string, client: string, port: number): RouteObject[] {
    const found = this.candidates(host, (route) => {
      if (!route.gateways.includes('mesh') || !isExported(route.exportTo, route.namespace, client))
        return false
      if (route.servicePort !== undefined && route.servicePort !== port) return false
      return route.clientNamespace === undefined || route.clientNamespace === client
    })
    return chosen(found)
  }

  /** Routes bound to a gateway's listener for a host: all of the most specific host, oldest first. */
  atGateway(host: string, listener: ListenerState, labelsOf: (namespace: string) => Record<string, string>) {
    const names = [listener.gateway]
    if (listener.section !== null) names.push(`${listener.gateway}:${listener.section}`)
    return this.candidates(
      host,
      (route) =>
        route.gateways.some((gateway) => names.includes(gateway)) &&
        (route.listenerPort === undefined || route.listenerPort === listener.port) &&
        listener.allows(route.namespace, labelsOf(route.namespace)),
    )
  }

  private candidates(host: string, counts: (route: RouteObject) => boolean): RouteObject[] {
    const all = new Set([...(this.exact.get(host) ?? []), ...this.wild])
    let best: RouteObject[] = []
    let rank = -1
    for (const route of all) {
      if (!counts(route)) continue
      const own = Math.max(
        ...route.hosts.filter((pattern) => hostMatches(pattern, host)).map((pattern) => hostRank(pattern)),
      )
      if (own < rank || own === -Infinity) continue
      if (own > rank) best = []
      rank = own
      best.push(route)
    }
    return best.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
  }
}

function chosen(routes: RouteObject[]): RouteObject[] {
  const first = routes[0]
  if (first === undefined) return []
  if (first.kind === 'VirtualService') return [first]
  // a route for a caller's own namespace goes before the service's own
  const own = routes.filter((route) => route.kind !== 'VirtualService')
  const consumers = own.filter((route) => route.clientNamespace !== undefined)
  return consumers.length > 0 ? consumers : own
}
