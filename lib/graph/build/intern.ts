/**
 * Numbers for label sets: a mesh has far fewer ends than rows, so each is looked at once. Found by namespace and
 * names, then compared field by field: no text is made for a row whose ends are known, and objects that were seen
 * before are known by themselves.
 */
import type { TrafficDestination, TrafficSource } from '@/lib/mesh/traffic'

/** more distinct ends than any snapshot has rows: two numbers make one */
export const MANY = 2 ** 24

export interface Interned {
  sources: TrafficSource[]
  destinations: TrafficDestination[]
  sourceOf(source: TrafficSource): number
  destinationOf(destination: TrafficDestination): number
}

export function createInterner(): Interned {
  const sources: TrafficSource[] = []
  const destinations: TrafficDestination[] = []
  const sourcesByName: ByName = new Map()
  const destinationsByName: ByName = new Map()
  // rows of one answer, and of later ones, share the objects of equal ends
  const numbers = new WeakMap<TrafficSource, number>()
  const remember = (end: TrafficSource, number: number): number => {
    numbers.set(end, number)
    return number
  }
  return {
    sources,
    destinations,
    sourceOf(source) {
      const same = numbers.get(source)
      if (same !== undefined) return same
      const candidates = below(sourcesByName, source.namespace, source.workload, source.app)
      for (const candidate of candidates) {
        const known = sources[candidate]
        if (known && isSameEnd(known, source)) return remember(source, candidate)
      }
      candidates.push(sources.length)
      sources.push(source)
      return remember(source, sources.length - 1)
    },
    destinationOf(destination) {
      const same = numbers.get(destination)
      if (same !== undefined) return same
      const { service } = destination
      // junk hosts of one service, or callers' hosts of one passthrough cluster, can be thousands
      const candidates = below(
        destinationsByName,
        destination.namespace ?? service?.namespace ?? null,
        service?.name ?? destination.workload,
        service?.host ?? destination.workload,
      )
      for (const candidate of candidates) {
        const known = destinations[candidate]
        if (known && isSameEnd(known, destination) && isSameService(known.service, service)) {
          return remember(destination, candidate)
        }
      }
      candidates.push(destinations.length)
      destinations.push(destination)
      return remember(destination, destinations.length - 1)
    },
  }
}

type ByName = Map<string | null, Map<string | null, Map<string | null, number[]>>>

/** Numbers of the few that share these three; made empty on first sight. */
function below(
  byName: ByName,
  namespace: string | null,
  name: string | null,
  detail: string | null,
): number[] {
  let names = byName.get(namespace)
  if (names === undefined) {
    names = new Map()
    byName.set(namespace, names)
  }
  let details = names.get(name)
  if (details === undefined) {
    details = new Map()
    names.set(name, details)
  }
  let numbers = details.get(detail)
  if (numbers === undefined) {
    numbers = []
    details.set(detail, numbers)
  }
  return numbers
}

function isSameEnd(a: TrafficSource, b: TrafficSource): boolean {
  return (
    a.workload === b.workload &&
    a.version === b.version &&
    a.app === b.app &&
    a.cluster === b.cluster &&
    a.namespace === b.namespace
  )
}

function isSameService(a: TrafficDestination['service'], b: TrafficDestination['service']): boolean {
  if (a === null || b === null) return a === b
  return a.name === b.name && a.host === b.host && a.namespace === b.namespace
}
