import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { findService, fullHost } from '@/lib/validation/lookups/hosts'
import { isPodAmbient, proxyImage } from '@/lib/validation/lookups/injection'
import { DESTINATION_RULE, SERVICE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { podsWith } from '@/lib/validation/lookups/selectors'
import { clientMode } from '@/lib/validation/lookups/wide-tls'
import {
  asFields,
  asText,
  asTextMap,
  findNumber,
  fullName,
  items,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { append, kindKey, namespaceOf, type World } from '@/lib/validation/world'

/** Labels of subsets, by `host subset`. */
function indexSubsets(world: World): ReadonlyMap<string, readonly Fields[]> {
  const byName = new Map<string, Fields[]>()
  world.each(DESTINATION_RULE, (object) => {
    const { host, subsets } = specOf(object)
    const full = fullHost(asText(host), namespaceOf(object))
    for (const [subset] of items(subsets))
      append(byName, `${full} ${asText(subset.name)}`, asFields(subset.labels))
  })
  return byName
}

/** Traffic is sent to pods that can take it: ready ones, and with a proxy where mutual TLS is used. */
export const trafficDestinations: Checker = {
  codes: { HED0002: 'error', HED0003: 'error' },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      if (clientMode(object) !== 'ISTIO_MUTUAL') return
      const service = serviceOf(world, asText(specOf(object).host), object)
      if (!service) return
      const bare = podsWith(world, service.selector, namespaceOf(service.object)).find(
        (pod) => proxyImage(specOf(pod)) === '' && !isPodAmbient(pod),
      )
      if (!bare) return
      const message = `Callers use mutual TLS, but the pod ${fullName(bare)} of this host has no proxy: calls that reach it fail. Bring the pod into the mesh, or leave TLS to be chosen by itself.`
      report('HED0002', object, ['spec', 'trafficPolicy', 'tls', 'mode'], message)
    })
    world.each(VIRTUAL_SERVICE, (object) => {
      for (const protocol of ['http', 'tcp', 'tls'] as const) {
        for (const [rule, i] of items(specOf(object)[protocol])) {
          const routes = items(rule.route)
          for (const [route, j] of routes) {
            const { host, subset } = asFields(route.destination)
            const weight = findNumber(route.weight) ?? (routes.length === 1 ? 100 : 0)
            const service = serviceOf(world, asText(host), object)
            if (weight === 0 || asText(subset) === '' || !service) continue
            const labels = world.lookup(
              indexSubsets,
              `${fullHost(asText(host), namespaceOf(object))} ${asText(subset)}`,
            )
            if (labels?.length !== 1) continue
            const pods = podsWith(
              world,
              { ...service.selector, ...asTextMap(labels[0]) },
              namespaceOf(service.object),
            )
            // without any pod it is IST0173's
            if (pods.length === 0 || pods.some(isReady)) continue
            const message = `The subset ${asText(subset)} of ${asText(host)} is to get ${weight === 100 ? 'all' : `a weight of ${weight}`}, but none of its ${pods.length} pods is ready: those requests fail with 503. Move the weight away until they are.`
            report('HED0003', object, ['spec', protocol, i, 'route', j, 'weight'], message)
          }
        }
      }
    })
  },
}

function serviceOf(world: World, host: string, object: ConfigObject) {
  const service = findService(world, host, namespaceOf(object))
  const selectsPods =
    service && kindKey(service.object) === SERVICE && Object.keys(service.selector).length > 0
  return selectsPods ? service : undefined
}

/** Pods of documents say nothing of it, and count as ready. */
function isReady(pod: ConfigObject): boolean {
  const ready = items(asFields(pod.status).conditions).find(([condition]) => condition.type === 'Ready')
  return ready === undefined || ready[0].status === 'True'
}
