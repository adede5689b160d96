/**
 * Which service a host name means to an object of some namespace: Kubernetes services and ServiceEntries, by
 * their exportTo. Rules: istio/istio pkg/config/analysis/analyzers/util/service_lookup.go
 */
import { hostMatches, serviceHost } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { annotationsOf, asFields, asTextMap, asTexts, findNumber, items, specOf } from '../read'
import { namespaceOf, type World } from '../world'
import { SERVICE, SERVICE_ENTRY } from './kinds'
import type { Labels } from './selectors'

export interface KnownService {
  object: ConfigObject
  ports: readonly number[]
  /** labels its pods have; empty where it does not select pods */
  selector: Labels
}

const EXPORT_TO = 'networking.istio.io/exportTo'

/** The full name of a host: one without any dot or wildcard is a service of `namespace`. */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host.startsWith('*') ? host : serviceHost(host, namespace)
}

function scopesOf(exportTo: readonly string[], namespace: string): readonly string[] {
  if (exportTo.length === 0 || exportTo.includes('*')) return ['*']
  return exportTo.map((to) => (to === '.' ? namespace : to))
}

/** Services by `scope/host`; scope is a namespace, or `*` for all. */
function indexHosts(world: World): ReadonlyMap<string, KnownService> {
  const exact = new Map<string, KnownService>()
  for (const object of world.list(SERVICE_ENTRY)) {
    const spec = specOf(object)
    const namespace = namespaceOf(object)
    const service: KnownService = {
      object,
      ports: portNumbers(spec.ports, 'number'),
      selector: asTextMap(asFields(spec.workloadSelector).labels),
    }
    for (const host of asTexts(spec.hosts)) {
      for (const scope of scopesOf(asTexts(spec.exportTo), namespace)) {
        exact.set(`${scope}/${fullHost(host, namespace)}`, service)
      }
    }
  }
  for (const object of world.list(SERVICE)) {
    const spec = specOf(object)
    const namespace = namespaceOf(object)
    const exportTo = annotationsOf(object)[EXPORT_TO]
    const service: KnownService = {
      object,
      ports: portNumbers(spec.ports, 'port'),
      selector: asTextMap(spec.selector),
    }
    for (const scope of scopesOf(exportTo ? exportTo.split(',').map((to) => to.trim()) : [], namespace)) {
      exact.set(`${scope}/${serviceHost(object.metadata.name, namespace)}`, service)
    }
  }
  return exact
}

interface Wildcard {
  scope: string
  /** the host without its asterisk */
  suffix: string
  host: string
}

/** Hosts of service entries that begin with a wildcard. */
function listWildcards(world: World): readonly Wildcard[] {
  return world.list(SERVICE_ENTRY).flatMap((object) => {
    const spec = specOf(object)
    const namespace = namespaceOf(object)
    return asTexts(spec.hosts)
      .filter((host) => host.startsWith('*'))
      .flatMap((host) =>
        scopesOf(asTexts(spec.exportTo), namespace).map((scope) => ({ scope, suffix: host.slice(1), host })),
      )
  })
}

function portNumbers(ports: unknown, key: string): number[] {
  return items(ports).flatMap(([port]) => findNumber(port[key]) ?? [])
}

/**
 * The service a host means in an object of `namespace` that is exported to `exportTo`; undefined when there is
 * none or it is not visible from there.
 */
export function findService(
  world: World,
  host: string,
  namespace: string,
  exportTo: readonly string[] = [],
): KnownService | undefined {
  const full = fullHost(host, namespace)
  const everywhere = world.lookup(indexHosts, `*/${full}`)
  if (everywhere) return everywhere
  const scopes = exportTo.length === 0 ? [namespace] : exportTo.map((to) => (to === '.' ? namespace : to))
  for (const scope of scopes) {
    const service = world.lookup(indexHosts, `${scope}/${full}`)
    if (service) return service
  }
  const plain = host.startsWith('*') ? host.slice(1) : host
  const wildcard = world.derive(listWildcards).find(({ scope, suffix }) => {
    return (scope === '*' || scope === namespace) && plain.endsWith(suffix)
  })
  return wildcard && world.lookup(indexHosts, `${wildcard.scope}/${wildcard.host}`)
}

/** Every host that some namespace knows. */
function listHosts(world: World): readonly string[] {
  return [...new Set([...world.derive(indexHosts).keys()].map((key) => key.slice(key.indexOf('/') + 1)))]
}

/** True when a host with a wildcard stands for one that is known somewhere, itself with a wildcard or not. */
export function coversHost(world: World, pattern: string): boolean {
  return world.derive(listHosts).some((host) => hostMatches(pattern, host))
}
