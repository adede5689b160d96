/** Objects by the hosts they name. */
import { hostMatches } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'

export interface ByHost {
  /** those that name the host, or a pattern that covers it, in their order */
  covering(host: string): ConfigObject[]
}

/** A mesh has thousands of hosts, each with an object or two, and few patterns: only these are gone through. */
export function indexByHost(
  objects: readonly ConfigObject[],
  hostsOf: (object: ConfigObject) => readonly string[],
): ByHost {
  interface Entry {
    order: number
    object: ConfigObject
  }
  const exact = new Map<string, Entry[]>()
  const patterns: { pattern: string; entry: Entry }[] = []
  for (const [order, object] of objects.entries()) {
    const entry = { order, object }
    for (const host of new Set(hostsOf(object))) {
      const same = exact.get(host)
      if (same) same.push(entry)
      else exact.set(host, [entry])
      if (host.startsWith('*')) patterns.push({ pattern: host, entry })
    }
  }
  return {
    covering(host) {
      const found = new Set(exact.get(host))
      for (const { pattern, entry } of patterns) if (hostMatches(pattern, host)) found.add(entry)
      return [...found].sort((a, b) => a.order - b.order).map(({ object }) => object)
    },
  }
}
