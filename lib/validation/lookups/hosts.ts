/**
 * Which service a host name means to an object of some namespace: Kubernetes services and ServiceEntries, by
 * their exportTo. Rules: istio/istio pkg/config/analysis/analyzers/util/service_lookup.go
 */
import { serviceHost } from '@/lib/istio/hosts'
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

interface HostIndex {
  /** by `scope/host`; scope is a namespace, or `*` for all */
  exact: ReadonlyMap<string, KnownService>
  /** hosts that begin with a wildcard, without it */
  wildcards: readonly { scope: string; suffix: string; service: KnownService }[]
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

function indexHosts(world: World): HostIndex {
  const exact = new Map<string, KnownService>()
  const wildcards: HostIndex['wildcards'][number][] = []
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
        if (host.startsWith('*')) wildcards.push({ scope, suffix: host.slice(1), service })
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
  return { exact, wildcards }
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
  const { exact, wildcards } = world.derive(indexHosts)
  const full = fullHost(host, namespace)
  const everywhere = exact.get(`*/${full}`)
  if (everywhere) return everywhere
  const scopes = exportTo.length === 0 ? [namespace] : exportTo.map((to) => (to === '.' ? namespace : to))
  for (const scope of scopes) {
    const service = exact.get(`${scope}/${full}`)
    if (service) return service
  }
  const plain = host.startsWith('*') ? host.slice(1) : host
  return wildcards.find(({ scope, suffix }) => {
    return (scope === '*' || scope === namespace) && plain.endsWith(suffix)
  })?.service
}
