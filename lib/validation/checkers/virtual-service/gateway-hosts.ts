import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asList, asText, asTexts, fullName, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

function indexBound(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byHost = new Map<string, ConfigObject[]>()
  world.each(VIRTUAL_SERVICE, (object) => {
    for (const { key } of boundHosts(object)) append(byHost, key, object)
  })
  return byHost
}

/** Hosts by gateway; those on the mesh are IST0109's. */
function boundHosts(object: ConfigObject): { key: string; host: string; index: number }[] {
  const spec = specOf(object)
  const gateways = asTexts(spec.gateways)
    .filter((name) => name !== 'mesh')
    .map((name) => (name.includes('/') ? name : `${namespaceOf(object)}/${name}`))
  return [...asList(spec.hosts).entries()].flatMap(([index, value]) =>
    [...new Set(gateways)].map((gateway) => ({
      key: `${gateway} ${asText(value)}`,
      host: asText(value),
      index,
    })),
  )
}

/** One virtual service for a host on a gateway, and gateways by their own names. */
export const gatewayHosts: Checker = {
  codes: { KIA1106: 'warning', KIA1108: 'info' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const told = new Set<number>()
      for (const { key, host, index } of boundHosts(object)) {
        const others = (world.lookup(indexBound, key) ?? []).filter((other) => other !== object).map(fullName)
        if (others.length === 0 || told.has(index)) continue
        told.add(index)
        const message = `${listed([...new Set(others)].sort())} is for the host ${host} on the same gateway too; their rules are put one after another by age, which nobody sees. Merge them.`
        report('KIA1106', object, ['spec', 'hosts', index], message)
      }
      for (const [index, value] of asList(specOf(object).gateways).entries()) {
        const [, name, namespace] =
          /^([^./]+)\.([^./]+)(?:\.svc(?:\.cluster\.local)?)?$/.exec(asText(value)) ?? []
        if (name === undefined || namespace === undefined) continue
        const message = `The gateway is named like a host. Write ${namespace}/${name}.`
        report('KIA1108', object, ['spec', 'gateways', index], message)
      }
    })
  },
}
