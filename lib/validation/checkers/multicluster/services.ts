import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { SERVICE } from '@/lib/validation/lookups/kinds'
import { asText, findNumber, fullName, items, listed, specOf } from '@/lib/validation/read'
import { append } from '@/lib/validation/world'

/** One service in several clusters is one service for the mesh: it must be the same everywhere. */
export const consistentServices: Checker = {
  codes: { IST0170: 'warning' },
  check(world, report) {
    const byName = new Map<string, ConfigObject[]>()
    for (const object of world.list(SERVICE)) {
      if (world.clusterOf(object) !== '') append(byName, fullName(object), object)
    }
    for (const list of byName.values()) {
      const sorted = [...list].sort((a, b) => (world.clusterOf(a) < world.clusterOf(b) ? -1 : 1))
      const [first] = sorted
      if (!first || sorted.length < 2) continue
      const differs = (read: (object: ConfigObject) => string) =>
        sorted.some((object) => read(object) !== read(first))
      const reasons = [
        ...(differs((object) => String(specOf(object).clusterIP === 'None'))
          ? ['headless in some only']
          : []),
        ...(differs((object) => asText(specOf(object).type) || 'ClusterIP') ? ['of different types'] : []),
        ...(differs(portsText) ? ['with different ports'] : []),
      ]
      if (reasons.length === 0) continue
      const clusters = listed(sorted.map((object) => world.clusterOf(object)))
      const message = `The service is ${reasons.join(', ')} in the clusters ${clusters}; calls across clusters may fail. Make it the same everywhere.`
      report('IST0170', first, ['spec'], message)
    }
  },
}

function portsText(object: ConfigObject): string {
  return items(specOf(object).ports)
    .map(([port]) => {
      const number = findNumber(port.port) ?? 0
      const target = findNumber(port.targetPort) ?? asText(port.targetPort)
      const protocol = asText(port.protocol) || 'TCP'
      return [asText(port.name), number, target || number, protocol, asText(port.appProtocol)].join('/')
    })
    .sort()
    .join(' ')
}
