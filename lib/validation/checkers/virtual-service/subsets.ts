import { hostMatches, parseServiceHost, serviceHost } from '@/lib/istio/hosts'
import type { Checker } from '@/lib/validation/finding'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { DESTINATION_RULE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asText, items, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'
import { destinationsOf } from './destinations'

/** `host subset` of every destination rule, hosts as full names. */
function indexSubsets(world: World): ReadonlyMap<string, true> {
  const known = new Map<string, true>()
  world.each(DESTINATION_RULE, (object) => {
    const spec = specOf(object)
    const host = canonicalHost(asText(spec.host), namespaceOf(object))
    for (const [subset] of items(spec.subsets)) known.set(`${host} ${asText(subset.name)}`, true)
  })
  return known
}

/** Hosts with a wildcard by the names of the subsets that rules for them define. */
function indexWideSubsets(world: World): ReadonlyMap<string, readonly string[]> {
  const wide = new Map<string, string[]>()
  world.each(DESTINATION_RULE, (object) => {
    const spec = specOf(object)
    const host = asText(spec.host)
    if (!host.startsWith('*')) return
    for (const [subset] of items(spec.subsets)) append(wide, asText(subset.name), host)
  })
  return wide
}

/** A rule with a wildcard defines its subsets for every host it covers. */
function isWidelyDefined(world: World, host: string, subset: string): boolean {
  const service = parseServiceHost(host)
  const full = service ? serviceHost(service.name, service.namespace) : host
  return (world.lookup(indexWideSubsets, subset) ?? []).some((pattern) => hostMatches(pattern, full))
}

/** `name.namespace.svc` and the same with the cluster's domain are one host. */
function canonicalHost(host: string, namespace: string): string {
  const full = fullHost(host, namespace)
  const service = parseServiceHost(full)
  return service ? `${service.name}.${service.namespace}` : full
}

/** A subset is defined by a destination rule of the same host, whatever its namespace. */
export const subsets: Checker = {
  codes: { IST0101: 'error' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const namespace = namespaceOf(object)
      for (const { host, subset, path } of destinationsOf(object)) {
        if (subset === '' || world.lookup(indexSubsets, `${canonicalHost(host, namespace)} ${subset}`))
          continue
        if (isWidelyDefined(world, fullHost(host, namespace), subset)) continue
        const message = `No DestinationRule for ${host} defines the subset ${subset}, so its requests fail. Define the subset, or route to one that exists.`
        report('IST0101', object, [...path, 'subset'], message)
      }
    })
  },
}
