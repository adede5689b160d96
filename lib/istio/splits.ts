/** Weighted routes, whoever wrote them: one model over virtual services and routes of the Gateway API. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { serviceHost } from './hosts'
import { readObjects, type Read } from './objects'
import type { RouteSpec } from './schemas/gateway-api'
import type { VirtualServiceSpec } from './schemas/networking'
import { resolveBackend, sharesOf, type SplitBackend } from './split/backends'
import { routeMatch, virtualServiceMatch } from './split/match-words'
import type { RouteRule } from './split/shadow'

export type RouteProtocol = 'http' | 'tcp' | 'tls'

export interface Split {
  cluster: string
  object: ConfigObject
  route: {
    protocol: RouteProtocol
    /** place among the rules of its kind, from 0 */
    rule: number
    name: string | null
    /** where its destinations are in the object: `spec.http[0].route` */
    path: string
  }
  /** what it speaks for: the hosts of the object, or the services and gateways a route hangs on */
  hosts: string[]
  /** in words */
  match: string
  /** whose requests obey it */
  callers: SplitCallers
  backends: SplitBackend[]
}

export interface SplitCallers {
  /** proxies of workloads */
  mesh: boolean
  /** gateways by `namespace/name`: Istio's, and those of the Gateway API */
  gateways: string[]
}

/**
 * Every weighted route of a cluster, in the order of its objects: rules with several destinations, and lone ones
 * that name a subset or a weight, which is how a shift begins and ends.
 */
export function findSplits(index: InventoryIndex): Split[] {
  const objects = readObjects(index)
  return [
    ...objects.virtualServices.flatMap((each) => ofVirtualService(index, each)),
    ...objects.routes.flatMap((each) => ofRoute(index, each, 'http')),
    ...objects.plainRoutes.flatMap((each) =>
      ofRoute(index, each, each.object.kind === 'TLSRoute' ? 'tls' : 'tcp'),
    ),
  ]
}

function ofVirtualService(index: InventoryIndex, read: Read<VirtualServiceSpec>): Split[] {
  const { spec, namespace, object } = read
  const { cluster } = index.inventory
  return (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
    spec[protocol].flatMap((rule, place): Split[] => {
      const destinations = rule.route ?? []
      const isLone = destinations.length === 1
      const [first] = destinations
      if (!first || (isLone && first.weight === undefined && first.destination.subset === undefined))
        return []
      const weights = destinations.map(({ weight }) => weight ?? null)
      const shares = sharesOf(weights, 'istio')
      const name = 'name' in rule ? (rule.name ?? null) : null
      return [
        {
          cluster,
          object,
          route: { protocol, rule: place, name, path: `spec.${protocol}[${place}].route` },
          hosts: spec.hosts,
          match: virtualServiceMatch(rule.match, protocol),
          callers: callersOf(read, rule.match),
          backends: destinations.map(({ destination }, at) => ({
            ...resolveBackend(index, namespace, {
              host: destination.host,
              port: destination.port?.number ?? null,
              subset: destination.subset ?? null,
            }),
            weight: weights[at] ?? null,
            configuredShare: shares[at] ?? 0,
          })),
        },
      ]
    }),
  )
}

/** A rule may narrow the gateways of its object; where one alternative does not, all of them stay. */
function callersOf(
  { spec, namespace }: Read<VirtualServiceSpec>,
  match: readonly Readonly<Record<string, unknown>>[] | undefined,
): SplitCallers {
  const of = spec.gateways === undefined || spec.gateways.length === 0 ? ['mesh'] : spec.gateways
  const named = (match ?? []).map(({ gateways }) =>
    Array.isArray(gateways) && gateways.length > 0 ? gateways.filter((each) => typeof each === 'string') : of,
  )
  const all = [...new Set(named.length === 0 ? of : named.flat())]
  return {
    mesh: all.includes('mesh'),
    gateways: all
      .filter((each) => each !== 'mesh')
      .map((each) => (each.includes('/') ? each : `${namespace}/${each}`)),
  }
}

function ofRoute(index: InventoryIndex, read: Read<RouteSpec>, protocol: RouteProtocol): Split[] {
  const { spec, namespace, object } = read
  const attachment = attachmentOf(read)
  return spec.rules.flatMap((rule, place): Split[] => {
    const backends = (rule.backendRefs ?? []).filter(({ kind }) => (kind ?? 'Service') === 'Service')
    if ((rule.backendRefs ?? []).length < 2 || backends.length !== rule.backendRefs?.length) return []
    const weights = backends.map(({ weight }) => weight ?? null)
    const shares = sharesOf(weights, 'gateway')
    return [
      {
        cluster: index.inventory.cluster,
        object,
        route: { protocol, rule: place, name: rule.name ?? null, path: `spec.rules[${place}].backendRefs` },
        hosts: attachment.hosts,
        match: protocol === 'http' ? routeMatch(rule.matches) : 'every connection',
        callers: attachment.callers,
        backends: backends.map((backend, at) => ({
          ...resolveBackend(index, namespace, {
            host: serviceHost(backend.name, backend.namespace ?? namespace),
            port: backend.port ?? null,
            subset: null,
          }),
          weight: weights[at] ?? null,
          configuredShare: shares[at] ?? 0,
        })),
      },
    ]
  })
}

/** What a route hangs on: services for the callers of the mesh, gateways for what enters there. */
function attachmentOf({ spec, namespace }: Read<RouteSpec>): { hosts: string[]; callers: SplitCallers } {
  const parents = spec.parentRefs.map((parent) => ({
    ...parent,
    kind: parent.kind ?? 'Gateway',
    namespace: parent.namespace ?? namespace,
  }))
  const services = parents.filter(({ kind }) => kind === 'Service')
  return {
    hosts: [
      ...services.map((each) => serviceHost(each.name, each.namespace)),
      ...(parents.length > services.length ? (spec.hostnames ?? ['*']) : []),
    ],
    callers: {
      mesh: services.length > 0,
      gateways: parents
        .filter(({ kind }) => kind === 'Gateway')
        .map((each) => `${each.namespace}/${each.name}`),
    },
  }
}

/** Every rule of every route, weighted or not: what may stand in another's way. */
export function findRouteRules(index: InventoryIndex): RouteRule[] {
  const objects = readObjects(index)
  const of = (read: Read<unknown>) => ({
    cluster: index.inventory.cluster,
    kind: read.object.kind,
    namespace: read.namespace,
    name: read.name,
    createdAt: read.createdAt,
  })
  return [
    ...objects.virtualServices.flatMap((read) =>
      (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
        read.spec[protocol].map(({ match }, rule): RouteRule => ({
          ...of(read),
          protocol,
          rule,
          hosts: read.spec.hosts,
          match: virtualServiceMatch(match, protocol),
          callers: callersOf(read, match),
        })),
      ),
    ),
    ...[...objects.routes, ...objects.plainRoutes].flatMap((read) => {
      const protocol =
        read.object.kind === 'TLSRoute' ? 'tls' : objects.plainRoutes.includes(read) ? 'tcp' : 'http'
      const { hosts, callers } = attachmentOf(read)
      return read.spec.rules.map(({ matches }, rule): RouteRule => ({
        ...of(read),
        protocol,
        rule,
        hosts,
        match: protocol === 'http' ? routeMatch(matches) : 'every connection',
        callers,
      }))
    }),
  ]
}

/** One text per weighted route: `{cluster}/{namespace}/{kind}/{name}#{path}`. */
export function splitId({ cluster, object, route }: Split): string {
  const { name, namespace = '' } = object.metadata
  return `${cluster}/${namespace}/${object.kind}/${name}#${route.path}`
}

/** Workloads that serve the gateways of a split, `namespace/name`. */
export function gatewayWorkloads(index: InventoryIndex, gateways: readonly string[]): string[] {
  const objects = readObjects(index)
  const selectors = objects.gateways
    .filter((each) => gateways.includes(`${each.namespace}/${each.name}`))
    .map((each) => Object.entries(each.spec.selector ?? {}))
  return index.inventory.workloads
    .filter(({ namespace, podLabels }) => {
      const own = podLabels['gateway.networking.k8s.io/gateway-name']
      if (own !== undefined && gateways.includes(`${namespace}/${own}`)) return true
      return selectors.some(
        (selector) => selector.length > 0 && selector.every(([key, value]) => podLabels[key] === value),
      )
    })
    .map(({ namespace, name }) => `${namespace}/${name}`)
}
