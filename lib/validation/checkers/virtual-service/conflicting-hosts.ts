import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asList, asText, asTexts, fullName, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

interface Claim {
  object: ConfigObject
  index: number
  host: string
}

/** Who claims a host for sidecars, by `scope/host`. */
function indexClaims(world: World): ReadonlyMap<string, readonly Claim[]> {
  const owners = new Map<string, Claim[]>()
  world.each(VIRTUAL_SERVICE, (object) => {
    for (const { key, index, host } of claimsOf(object)) append(owners, key, { object, index, host })
  })
  return owners
}

function claimsOf(object: ConfigObject): { key: string; index: number; host: string }[] {
  const spec = specOf(object)
  const gateways = asTexts(spec.gateways)
  if (gateways.length > 0 && !gateways.includes('mesh')) return []
  const namespace = namespaceOf(object)
  return scopes(asTexts(spec.exportTo), namespace).flatMap((scope) =>
    [...asList(spec.hosts).entries()].flatMap(([index, value]) => {
      const host = asText(value)
      return host === '' ? [] : [{ key: `${scope}/${fullHost(host, namespace)}`, index, host }]
    }),
  )
}

/** Two virtual services for one host on the mesh gateway: which one sidecars use is undefined. */
export const conflictingHosts: Checker = {
  codes: { IST0109: 'error' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      for (const { key, index, host } of claimsOf(object)) {
        const list = world.lookup(indexClaims, key) ?? []
        if (list.length < 2) continue
        const others = list.filter((other) => other.object !== object).map((other) => fullName(other.object))
        if (others.length === 0) {
          // both entries have the same rules, and istiod passes over the second
          if (list[0]?.index === index) continue
          const message = `The host ${host} names a service that ${list[0]?.host ?? ''} before it names too, and is passed over. Remove one of them.`
          report('IST0109', object, ['spec', 'hosts', index], message, 'info')
          continue
        }
        const rivals = listed([...new Set(others)].sort())
        const message = `The host ${host} is also claimed by ${rivals} for sidecars; which of them wins is not defined. Merge them into one VirtualService, or limit them with exportTo.`
        report('IST0109', object, ['spec', 'hosts', index], message)
      }
    })
  },
}

function scopes(exportTo: readonly string[], namespace: string): readonly string[] {
  if (exportTo.length === 0 || exportTo.includes('*')) return ['*']
  return [...new Set(exportTo.map((to) => (to === '.' ? namespace : to)))]
}
