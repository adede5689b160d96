import 'server-only'
import type { FindingCounts } from '@/lib/api/schemas/common'
import type { Entry } from '@/lib/validation/analyze'
import { namespaceOf } from '@/lib/validation/world'
import { refusedKinds } from './snapshots/objects'
import type { Upstreams } from './upstreams'

/** Findings counted by the place of their object. */
export interface FindingPlaces {
  /** null: the cluster has not been read, or none is known where some checks may not see all they look at */
  ofNamespace(cluster: string, namespace: string): FindingCounts | null
}

const places = new WeakMap<readonly Entry[], Map<string, FindingCounts>>()

/** Counted once for each reading of a cluster. */
export function findingPlaces(up: Upstreams): FindingPlaces {
  const byCluster = new Map(
    up.findings.read().map(({ cluster, entries }) => [cluster, entries && countsOf(entries)]),
  )
  const silent = new Set(
    up.inventories.filter((source) => refusedKinds(source).length > 0).map(({ cluster }) => cluster),
  )
  return {
    ofNamespace(cluster, namespace) {
      const counts = byCluster.get(cluster)
      const none = silent.has(cluster) ? null : { error: 0, warning: 0, info: 0 }
      return counts ? (counts.get(namespace) ?? none) : null
    },
  }
}

/** By namespace. */
function countsOf(entries: readonly Entry[]): Map<string, FindingCounts> {
  const known = places.get(entries)
  if (known) return known
  const counts = new Map<string, FindingCounts>()
  for (const { object, finding } of entries) {
    const namespace = namespaceOf(object)
    const sum = counts.get(namespace) ?? { error: 0, warning: 0, info: 0 }
    sum[finding.severity] += 1
    counts.set(namespace, sum)
  }
  places.set(entries, counts)
  return counts
}
