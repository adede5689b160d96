import 'server-only'
import type { FindingCounts } from '@/lib/api/schemas/common'
import type { Entry } from '@/lib/validation/analyze'
import { namespaceOf } from '@/lib/validation/world'
import type { Upstreams } from './upstreams'

/** Findings counted by the place of their object. */
export interface FindingPlaces {
  /** null: the cluster has not been read */
  ofNamespace(cluster: string, namespace: string): FindingCounts | null
  /** about objects of these kinds and this name */
  ofObject(cluster: string, namespace: string, kinds: readonly string[], name: string): FindingCounts | null
}

const places = new WeakMap<readonly Entry[], Map<string, FindingCounts>>()

/** Counted once for each reading of a cluster. */
export function findingPlaces(up: Upstreams): FindingPlaces {
  const byCluster = new Map(
    up.findings.read().map(({ cluster, entries }) => [cluster, entries && countsOf(entries)]),
  )
  const read = (cluster: string, keys: readonly string[]) => {
    const counts = byCluster.get(cluster)
    if (!counts) return null
    const sum = { error: 0, warning: 0, info: 0 }
    for (const key of keys) {
      const found = counts.get(key)
      if (!found) continue
      sum.error += found.error
      sum.warning += found.warning
      sum.info += found.info
    }
    return sum
  }
  return {
    ofNamespace: (cluster, namespace) => read(cluster, [namespace]),
    ofObject: (cluster, namespace, kinds, name) =>
      read(
        cluster,
        kinds.map((kind) => `${namespace}/${kind}/${name}`),
      ),
  }
}

/** By namespace, and by `namespace/kind/name`. */
function countsOf(entries: readonly Entry[]): Map<string, FindingCounts> {
  const known = places.get(entries)
  if (known) return known
  const counts = new Map<string, FindingCounts>()
  for (const { object, finding } of entries) {
    const namespace = namespaceOf(object)
    for (const key of [namespace, `${namespace}/${object.kind}/${object.metadata.name}`]) {
      const sum = counts.get(key) ?? { error: 0, warning: 0, info: 0 }
      sum[finding.severity] += 1
      counts.set(key, sum)
    }
  }
  places.set(entries, counts)
  return counts
}
