import type { Checker } from '@/lib/validation/finding'
import { SERVICE_ENTRY } from '@/lib/validation/lookups/kinds'
import { asText, asTexts, findNumber, fullName, items, listed, specOf } from '@/lib/validation/read'
import { append, type World } from '@/lib/validation/world'
import type { ConfigObject } from '@/lib/mesh/inventory'

function indexPlaces(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byPlace = new Map<string, ConfigObject[]>()
  world.each(SERVICE_ENTRY, (object) => {
    for (const key of new Set(placesOf(object).map((place) => place.key))) append(byPlace, key, object)
  })
  return byPlace
}

function placesOf(object: ConfigObject): { key: string; host: string; port: number; index: number }[] {
  const spec = specOf(object)
  return items(spec.ports).flatMap(([definition, index]) => {
    const port = findNumber(definition.number) ?? 0
    const protocol = asText(definition.protocol).toUpperCase()
    return asTexts(spec.hosts).map((host) => ({ key: `${host}:${port} ${protocol}`, host, port, index }))
  })
}

/** A host and port stands in one service entry; with different protocols it is IST0177's. */
export const entryDuplicates: Checker = {
  codes: { KIA1211: 'warning' },
  check(world, report) {
    world.each(SERVICE_ENTRY, (object) => {
      for (const { key, host, port, index } of placesOf(object)) {
        const others = (world.lookup(indexPlaces, key) ?? []).filter((other) => other !== object)
        if (others.length === 0) continue
        const message = `${listed(others.map(fullName).sort())} defines port ${port} of ${host} too; their endpoints and settings are merged. Keep one entry.`
        report('KIA1211', object, ['spec', 'ports', index], message)
      }
    })
  },
}
