/** What samples say of workloads themselves, whoever calls whom: all that hints are drawn from. */
import type { TrafficSource } from '@/lib/mesh/traffic'
import { MANY, type Interned } from './intern'

export interface Variants {
  /** whether pairs of interned ends name exactly the variants there were at first; each pair is two numbers in one */
  areThoseOf(pairs: readonly Float64Array[]): boolean
}

/** Remembers the variants of all ends interned by now. */
export function createVariants(interned: Interned): Variants {
  const numbers = new Map<string, number>()
  const variantOf = (end: TrafficSource): number => {
    // nobody learns anything from an end without a workload
    if (end.workload === null) return -1
    const key = JSON.stringify([end.namespace, end.workload, end.cluster, end.app, end.version])
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  }
  const ofSource = interned.sources.map(variantOf)
  const ofDestination = interned.destinations.map(variantOf)
  const count = numbers.size
  return {
    areThoseOf(pairs) {
      const seen = new Uint8Array(count)
      let distinct = 0
      const note = (variant: number): boolean => {
        if (variant >= count) return false
        if (variant >= 0 && seen[variant] === 0) {
          seen[variant] = 1
          distinct += 1
        }
        return true
      }
      for (const list of pairs) {
        for (const pair of list) {
          const source = Math.floor(pair / MANY)
          const destination = pair % MANY
          ofSource[source] ??= variantAt(interned.sources, source)
          ofDestination[destination] ??= variantAt(interned.destinations, destination)
          if (!note(ofSource[source] ?? -1) || !note(ofDestination[destination] ?? -1)) return false
        }
      }
      return distinct === count
    },
  }

  function variantAt(ends: readonly TrafficSource[], index: number): number {
    const end = ends[index]
    return end ? variantOf(end) : -1
  }
}
