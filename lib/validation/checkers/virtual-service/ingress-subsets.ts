import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asText, asTexts, fullName, items, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

/** By host: the virtual services of that host which choose one of its subsets, as sidecars see them. */
function indexSubsetRoutes(world: World): ReadonlyMap<string, ConfigObject[]> {
  const byHost = new Map<string, ConfigObject[]>()
  world.each(VIRTUAL_SERVICE, (object) => {
    const spec = specOf(object)
    const gateways = asTexts(spec.gateways)
    if (gateways.length > 0 && !gateways.includes('mesh')) return
    const full = (host: string) => fullHost(host, namespaceOf(object))
    const hosts = new Set(asTexts(spec.hosts).map(full))
    const split = new Set<string>()
    for (const [rule] of items(spec.http)) {
      for (const [route] of items(rule.route)) {
        const { host, subset } = asFields(route.destination)
        if (asText(subset) !== '' && hosts.has(full(asText(host)))) split.add(full(asText(host)))
      }
    }
    for (const host of split) append(byHost, host, object)
  })
  return byHost
}

/**
 * A gateway's route to a host without a subset, while rules inside the mesh split that host: requests from the
 * gateway do not follow them.
 */
export const ingressSubsets: Checker = {
  codes: { IST0140: 'warning' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const spec = specOf(object)
      if (asTexts(spec.gateways).every((name) => name === 'mesh')) return
      for (const [rule, i] of items(spec.http)) {
        for (const [route, j] of items(rule.route)) {
          const { host, subset } = asFields(route.destination)
          if (asText(subset) !== '') continue
          const splitters = (
            world.lookup(indexSubsetRoutes, fullHost(asText(host), namespaceOf(object))) ?? []
          ).filter((other) => other !== object)
          if (splitters.length === 0) continue
          const names = listed(splitters.map(fullName).sort())
          const message = `${names} chooses subsets of ${asText(host)} for calls inside the mesh; requests that come in by this route's gateways ignore that and go to all of its versions. Choose the subset here too.`
          report('IST0140', object, ['spec', 'http', i, 'route', j, 'destination', 'host'], message)
        }
      }
    })
  },
}
