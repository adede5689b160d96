import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { SERVICE_ENTRY } from '@/lib/validation/lookups/kinds'
import { asText, asTexts, findNumber, fullName, items, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf } from '@/lib/validation/world'

interface Use {
  object: ConfigObject
  port: number
  index: number
  host: string
  protocol: string
  scopes: readonly string[]
}

/** One host and port with two protocols: which of them proxies speak is not defined. */
export const protocols: Checker = {
  codes: { IST0177: 'warning' },
  check(world, report) {
    const byPlace = new Map<string, Use[]>()
    for (const object of world.list(SERVICE_ENTRY)) {
      const spec = specOf(object)
      const scopes = scopesOf(asTexts(spec.exportTo), namespaceOf(object))
      for (const host of new Set(asTexts(spec.hosts))) {
        for (const [definition, index] of items(spec.ports)) {
          const port = findNumber(definition.number) ?? 0
          const protocol = asText(definition.protocol).toUpperCase()
          append(byPlace, `${host}:${port}`, { object, port, index, host, protocol, scopes })
        }
      }
    }
    for (const uses of byPlace.values()) {
      if (new Set(uses.map((use) => use.protocol)).size < 2) continue
      for (const use of uses) {
        const rivals = uses.filter(
          (other) => other.protocol !== use.protocol && meet(use.scopes, other.scopes),
        )
        if (rivals.length === 0) continue
        const names = listed(
          [
            ...new Set(rivals.map((other) => `${other.protocol || 'none'} by ${fullName(other.object)}`)),
          ].sort(),
        )
        const message = `Port ${use.port} of ${use.host} is ${use.protocol || 'of no protocol'} here, and ${names}; which protocol proxies speak is not defined. Use one protocol, or limit the entries with exportTo.`
        report('IST0177', use.object, ['spec', 'ports', use.index, 'protocol'], message)
      }
    }
  },
}

function scopesOf(exportTo: readonly string[], namespace: string): readonly string[] {
  if (exportTo.length === 0 || exportTo.includes('*')) return ['*']
  return exportTo.map((to) => (to === '.' ? namespace : to))
}

/** True when some namespace sees both. */
function meet(one: readonly string[], other: readonly string[]): boolean {
  return one.includes('*') || other.includes('*') || one.some((scope) => other.includes(scope))
}
