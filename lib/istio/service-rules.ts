/** Which routing objects speak of a service, and which of their rules. */
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { hostMatches, hostSpecificity, isVisibleFrom, resolveHost, serviceHost } from './hosts'
import { readObjects, type Read } from './objects'
import type { RouteSpec } from './schemas/gateway-api'
import type { DestinationRuleSpec, VirtualServiceSpec } from './schemas/networking'

type HttpRule = VirtualServiceSpec['http'][number]
type PlainRule = VirtualServiceSpec['tcp'][number]

/** A rule of a virtual service that sends to the service or speaks for its host. */
export interface VirtualServiceRules {
  virtualService: Read<VirtualServiceSpec>
  /** true: one of its hosts is the service; false: it only routes to it (from a gateway, from another host) */
  isHost: boolean
  http: HttpRule[]
  plain: PlainRule[]
}

export interface RouteRules {
  route: Read<RouteSpec>
  /** true: the service is a parent (mesh traffic); false: a backend (gateway traffic) */
  isParent: boolean
  rules: RouteSpec['rules']
}

export interface ServiceRules {
  virtualServices: VirtualServiceRules[]
  destinationRules: Read<DestinationRuleSpec>[]
  routes: RouteRules[]
}

/** What speaks of the service `namespace/name`, or of an external host when `host` is given. */
export function rulesOfService(
  index: InventoryIndex,
  namespace: string,
  name: string,
  host: string = serviceHost(name, namespace),
): ServiceRules {
  const table = tableOf(index)
  const memo = `${namespace}/${host}`
  const known = table.memo.get(memo)
  if (known) return known
  const objects = readObjects(index)
  const made: ServiceRules = {
    virtualServices: candidates(table.virtualServices, host).flatMap((virtualService) => {
      if (!isVisibleFrom(virtualService.spec.exportTo, virtualService.namespace, namespace)) return []
      const rules = rulesFor(virtualService, host)
      return rules ? [rules] : []
    }),
    destinationRules: narrowest(
      candidates(table.destinationRules, host).filter(
        (rule) =>
          isVisibleFrom(rule.spec.exportTo, rule.namespace, namespace) &&
          hostMatches(resolveHost(rule.spec.host, rule.namespace), host),
      ),
    ),
    routes: objects.routes.flatMap((route) => {
      const rules = routeRulesFor(route, namespace, name)
      return rules ? [rules] : []
    }),
  }
  table.memo.set(memo, made)
  return made
}

function rulesFor(virtualService: Read<VirtualServiceSpec>, host: string): VirtualServiceRules | null {
  const { spec, namespace } = virtualService
  const speaksInMesh =
    spec.gateways === undefined || spec.gateways.length === 0 || spec.gateways.includes('mesh')
  // a gateway's "*" speaks for whatever comes from outside, not for every service
  const isHost =
    speaksInMesh && spec.hosts.some((pattern) => hostMatches(resolveHost(pattern, namespace), host))
  const plain = [...spec.tcp, ...spec.tls]
  if (isHost) return { virtualService, isHost, http: spec.http, plain }
  const sendsHere = (rule: { route?: HttpRule['route'] }) =>
    (rule.route ?? []).some((each) => resolveHost(each.destination.host, namespace) === host)
  const http = spec.http.filter(sendsHere)
  const plainHere = plain.filter(sendsHere)
  if (http.length === 0 && plainHere.length === 0) return null
  return { virtualService, isHost, http, plain: plainHere }
}

/** A gateway's "*" speaks for whatever comes from outside, not for every service. */
function speaksInMesh({ gateways }: VirtualServiceSpec): boolean {
  return gateways === undefined || gateways.length === 0 || gateways.includes('mesh')
}

/** Istio takes the rules with the most specific host and merges those of one host. */
function narrowest(rules: Read<DestinationRuleSpec>[]): Read<DestinationRuleSpec>[] {
  const rank = (rule: Read<DestinationRuleSpec>) =>
    hostSpecificity(resolveHost(rule.spec.host, rule.namespace))
  const best = Math.max(0, ...rules.map(rank))
  return rules.filter((rule) => rank(rule) === best)
}

function routeRulesFor(route: Read<RouteSpec>, namespace: string, name: string): RouteRules | null {
  const isService = (reference: { group?: string; kind?: string; namespace?: string; name: string }) =>
    (reference.kind ?? '') === 'Service' &&
    reference.name === name &&
    (reference.namespace ?? route.namespace) === namespace
  if (route.spec.parentRefs.some(isService)) return { route, isParent: true, rules: route.spec.rules }
  const rules = route.spec.rules.filter((rule) =>
    // a backend without kind is a service
    (rule.backendRefs ?? []).some((backend) => isService({ ...backend, kind: backend.kind ?? 'Service' })),
  )
  return rules.length > 0 ? { route, isParent: false, rules } : null
}

interface Table {
  virtualServices: ByHost<Read<VirtualServiceSpec>>
  destinationRules: ByHost<Read<DestinationRuleSpec>>
  memo: Map<string, ServiceRules>
}

/** Objects by the full hosts they name; those with wildcards speak for any. */
interface ByHost<T> {
  exact: Map<string, T[]>
  wild: T[]
}

const tables = new WeakMap<InventoryIndex, Table>()

function tableOf(index: InventoryIndex): Table {
  const known = tables.get(index)
  if (known) return known
  const objects = readObjects(index)
  const made: Table = {
    virtualServices: byHost(objects.virtualServices, ({ spec, namespace }) => [
      ...(speaksInMesh(spec) ? spec.hosts.map((host) => resolveHost(host, namespace)) : []),
      ...[...spec.http, ...spec.tcp, ...spec.tls].flatMap((rule) =>
        (rule.route ?? []).map((each) => resolveHost(each.destination.host, namespace)),
      ),
    ]),
    destinationRules: byHost(objects.destinationRules, ({ spec, namespace }) => [
      resolveHost(spec.host, namespace),
    ]),
    memo: new Map(),
  }
  tables.set(index, made)
  return made
}

function byHost<T>(items: readonly T[], hostsOf: (item: T) => string[]): ByHost<T> {
  const exact = new Map<string, T[]>()
  const wild: T[] = []
  for (const item of items) {
    const hosts = new Set(hostsOf(item))
    if ([...hosts].some((host) => host.includes('*'))) {
      wild.push(item)
      continue
    }
    for (const host of hosts) exact.set(host, [...(exact.get(host) ?? []), item])
  }
  return { exact, wild }
}

function candidates<T>(table: ByHost<T>, host: string): T[] {
  return [...(table.exact.get(host) ?? []), ...table.wild]
}
