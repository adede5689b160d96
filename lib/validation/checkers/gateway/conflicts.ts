import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { GATEWAY } from '@/lib/validation/lookups/kinds'
import { podsWith, selects, selectorText, type Labels } from '@/lib/validation/lookups/selectors'
import {
  asFields,
  asText,
  asTextMap,
  asTexts,
  findNumber,
  fullName,
  items,
  listed,
  specOf,
} from '@/lib/validation/read'
import { append, type World } from '@/lib/validation/world'

interface Listener {
  object: ConfigObject
  selector: Labels
  text: string
  server: number
  port: number
  host: string
}

/** Listeners by port, address and host: only those of one key can conflict. */
function indexListeners(world: World): ReadonlyMap<string, Listener[]> {
  const byPlace = new Map<string, Listener[]>()
  for (const object of world.list(GATEWAY)) {
    const spec = specOf(object)
    const selector = asTextMap(spec.selector)
    const text = selectorText(selector)
    for (const [definition, server] of items(spec.servers)) {
      const port = findNumber(asFields(definition.port).number) ?? 0
      for (const host of new Set(asTexts(definition.hosts))) {
        const key = `${port} ${asText(definition.bind)} ${host}`
        append(byPlace, key, { object, selector, text, server, port, host })
      }
    }
  }
  return byPlace
}

/** Two Gateways that make the same pods listen for one host on one port: only one of them is used. */
export const conflicts: Checker = {
  codes: { IST0145: 'error' },
  check(world, report) {
    for (const listeners of world.derive(indexListeners).values()) {
      if (listeners.length < 2) continue
      for (const one of listeners) {
        const others = listeners.filter(
          (other) => other.object !== one.object && sharePods(world, one, other),
        )
        if (others.length === 0) continue
        const names = listed([...new Set(others.map((other) => fullName(other.object)))].sort())
        const message = `${names} also serves the host ${one.host} on port ${one.port} of the same pods (${one.text}); only one of them takes effect. Merge the servers, or change host or port.`
        report('IST0145', one.object, ['spec', 'servers', one.server, 'hosts'], message)
      }
    }
  },
}

function sharePods(world: World, one: Listener, other: Listener): boolean {
  if (one.text === other.text) return true
  // as istiod's analyzer: selectors are compared where one contains the other
  if (!selects(one.selector, other.selector) && !selects(other.selector, one.selector)) return false
  return podsWith(world, { ...one.selector, ...other.selector }, null).length > 0
}
