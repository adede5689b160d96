import type { Checker } from '@/lib/validation/finding'
import { GATEWAY, SERVICE } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, selectorText, type Labels } from '@/lib/validation/lookups/selectors'
import {
  asFields,
  asText,
  asTextMap,
  findNumber,
  items,
  labelsOf,
  listed,
  specOf,
} from '@/lib/validation/read'
import { append, namespaceOf, type World } from '@/lib/validation/world'

interface Exposure {
  selector: Labels
  /** ports by which a Gateway may name what the service reaches */
  ports: number[]
}

/** A service with this label is passed over when istiod looks for what the port of a Gateway means. */
const NO_TRANSLATION = 'experimental.istio.io/disable-gateway-port-translation'

/**
 * TCP ports that services of a namespace open on the pods they select. A Gateway names the port that its pods listen
 * on, or that of a service, which istiod translates: `resolvePorts` in istio/istio pilot/pkg/model/gateway.go
 */
function indexExposures(world: World): ReadonlyMap<string, Exposure[]> {
  const byNamespace = new Map<string, Exposure[]>()
  for (const object of world.list(SERVICE)) {
    const spec = specOf(object)
    const ports = items(spec.ports).flatMap(([port]) => {
      const isTcp = (asText(port.protocol) || 'TCP') === 'TCP'
      // a named target port cannot be resolved here; its number is then taken to be the service's
      const target = findNumber(port.targetPort) ?? findNumber(port.port)
      const own = labelsOf(object)[NO_TRANSLATION] === undefined ? findNumber(port.port) : undefined
      return isTcp ? [target, own].filter((one) => one !== undefined) : []
    })
    append(byNamespace, namespaceOf(object), { selector: asTextMap(spec.selector), ports })
  }
  return byNamespace
}

/** A Gateway has pods, and a service opens its ports on them. */
export const workload: Checker = {
  codes: { IST0101: 'error', IST0162: 'warning' },
  check(world, report) {
    const exposures = world.derive(indexExposures)
    const portsBySelector = new Map<string, Set<number> | null>()
    const openPorts = (selector: Labels): Set<number> | null => {
      const key = selectorText(selector)
      const known = portsBySelector.get(key)
      if (known !== undefined) return known
      const pods = podsWith(world, selector, null)
      const open = new Set<number>()
      for (const pod of pods) {
        for (const exposure of exposures.get(namespaceOf(pod)) ?? []) {
          if (selects(exposure.selector, labelsOf(pod))) for (const port of exposure.ports) open.add(port)
        }
      }
      const answer = pods.length === 0 ? null : open
      portsBySelector.set(key, answer)
      return answer
    }
    for (const object of world.list(GATEWAY)) {
      const spec = specOf(object)
      const selector = asTextMap(spec.selector)
      const open = openPorts(selector)
      if (open === null) {
        const message = `No pod has the labels ${selectorText(selector) || '(none)'}: no proxy serves this Gateway. Correct the selector, or deploy the gateway.`
        report('IST0101', object, ['spec', 'selector'], message)
        continue
      }
      for (const [server, index] of items(spec.servers)) {
        if (server.port === undefined) continue
        const port = findNumber(asFields(server.port).number) ?? 0
        if (open.has(port)) continue
        const has = open.size === 0 ? 'none' : listed([...open].sort((a, b) => a - b).map(String))
        const message = `The gateway listens on port ${port}, but the services of its pods (${selectorText(selector)}) open ${has}, so it cannot be reached there. Add the port to the service, or use one that it opens.`
        report('IST0162', object, ['spec', 'servers', index, 'port', 'number'], message)
      }
    }
  },
}
