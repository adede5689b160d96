import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { fullHost } from '@/lib/validation/lookups/hosts'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asList, asText, asTexts, fullName, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf } from '@/lib/validation/world'

/** Two virtual services for one host on the mesh gateway: which one sidecars use is undefined. */
export const conflictingHosts: Checker = {
  codes: { IST0109: 'error' },
  check(world, report) {
    const owners = new Map<string, { object: ConfigObject; index: number; host: string }[]>()
    for (const object of world.list(VIRTUAL_SERVICE)) {
      const spec = specOf(object)
      const gateways = asTexts(spec.gateways)
      if (gateways.length > 0 && !gateways.includes('mesh')) continue
      const namespace = namespaceOf(object)
      for (const scope of scopes(asTexts(spec.exportTo), namespace)) {
        for (const [index, value] of asList(spec.hosts).entries()) {
          const host = asText(value)
          if (host !== '') append(owners, `${scope}/${fullHost(host, namespace)}`, { object, index, host })
        }
      }
    }
    for (const list of owners.values()) {
      if (list.length < 2) continue
      for (const { object, index, host } of list) {
        const others = list.filter((other) => other.object !== object).map((other) => fullName(other.object))
        const rivals =
          others.length === 0 ? 'another entry of this object' : listed([...new Set(others)].sort())
        const message = `The host ${host} is also claimed by ${rivals} for sidecars; which of them wins is not defined. Merge them into one VirtualService, or limit them with exportTo.`
        report('IST0109', object, ['spec', 'hosts', index], message)
      }
    }
  },
}

function scopes(exportTo: readonly string[], namespace: string): readonly string[] {
  if (exportTo.length === 0 || exportTo.includes('*')) return ['*']
  return [...new Set(exportTo.map((to) => (to === '.' ? namespace : to)))]
}
