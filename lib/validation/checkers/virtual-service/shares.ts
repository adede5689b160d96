import type { Checker } from '@/lib/validation/finding'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asFields, asText, findNumber, items, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/** Weights of a route mean something, and each destination stands in it once. */
export const shares: Checker = {
  codes: { KIA1104: 'warning', KIA1105: 'warning' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      for (const protocol of ['http', 'tcp', 'tls'] as const) {
        for (const [rule, i] of items(specOf(object)[protocol])) {
          const routes = items(rule.route)
          const path = ['spec', protocol, i, 'route']
          const weight = findNumber(routes[0]?.[0].weight)
          if (routes.length === 1 && weight !== undefined && weight > 0 && weight < 100) {
            const message = `The only destination has weight ${weight}; it gets all requests all the same. Remove the weight, or add the destination that was meant to have the rest.`
            report('KIA1104', object, [...path, 0, 'weight'], message)
          }
          const seen = new Set<string>()
          for (const [route, j] of routes) {
            const { host, subset, port } = asFields(route.destination)
            const key = [
              fullHost(asText(host), namespaceOf(object)),
              asText(subset),
              findNumber(asFields(port).number),
            ].join(' ')
            if (seen.has(key)) {
              const message = `The destination ${asText(host)}${asText(subset) ? ` subset ${asText(subset)}` : ''} stands in this route before; its weights add up. Write it once.`
              report('KIA1105', object, [...path, j, 'destination'], message)
            }
            seen.add(key)
          }
        }
      }
    })
  },
}
