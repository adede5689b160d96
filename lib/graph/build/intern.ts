/**
 * Numbers for label sets: a mesh has far fewer ends than rows, so each is looked at once. Nested maps rather
 * than joined keys: no text is made for a row whose ends are known (joining cost more than all that follows).
 */
import type { TrafficDestination, TrafficSource } from '@/lib/mesh/traffic'

type Leaf = Map<string | null, number>
/** nested to a fixed depth; only the last level holds numbers */
interface Level extends Map<string | null, Level | number> {}

export interface Interned {
  sources: TrafficSource[]
  destinations: TrafficDestination[]
  sourceOf(source: TrafficSource): number
  destinationOf(destination: TrafficDestination): number
}

export function createInterner(): Interned {
  const sources: TrafficSource[] = []
  const destinations: TrafficDestination[] = []
  const sourceRoot: Level = new Map()
  const destinationRoot: Level = new Map()
  return {
    sources,
    destinations,
    sourceOf(source) {
      const leaf = endLevel(sourceRoot, source) as Leaf
      let index = leaf.get(source.version)
      if (index === undefined) {
        index = sources.length
        sources.push(source)
        leaf.set(source.version, index)
      }
      return index
    },
    destinationOf(destination) {
      const { service } = destination
      let level = below(endLevel(destinationRoot, destination), destination.version)
      level = below(level, service === null ? null : service.name)
      // a null name cannot be confused with a service's: those have one
      const leaf = below(level, service === null ? null : service.namespace) as Leaf
      const host = service === null ? null : service.host
      let index = leaf.get(host)
      if (index === undefined) {
        index = destinations.length
        destinations.push(destination)
        leaf.set(host, index)
      }
      return index
    },
  }
}

function endLevel(root: Level, end: TrafficSource): Level {
  return below(below(below(below(root, end.workload), end.namespace), end.cluster), end.app)
}

function below(level: Level, key: string | null): Level {
  let next = level.get(key)
  if (next === undefined) {
    next = new Map<string | null, Level>()
    level.set(key, next)
  }
  // above the last level there are no numbers
  return next as Level
}
