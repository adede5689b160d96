/** What some rows leave out of a workload and others tell: its cluster, app and version. */
import { knownVersion } from '@/lib/mesh/labels'
import type { TrafficSource } from '@/lib/mesh/traffic'

export interface Hints {
  /** the one cluster this workload is seen in, or null when none or several are */
  clusterOf(end: TrafficSource): string | null
  /** the one app and version rows give this workload; null where none or several */
  variantOf(namespace: string, workload: string): { app: string | null; version: string | null }
  hasWorkload(namespace: string, workload: string): boolean
}

interface Seen {
  clusters: Set<string>
  apps: Set<string>
  versions: Set<string>
}

const NOTHING = { app: null, version: null }

/** Gathers over all ends of all samples, so what is told does not depend on their order. */
export function gatherHints(ends: readonly (readonly TrafficSource[])[]): Hints {
  const seen = new Map<string, Map<string, Seen>>()
  for (const list of ends) {
    for (const end of list) note(seen, end)
  }
  return {
    clusterOf(end) {
      const known = end.workload === null ? undefined : seen.get(end.namespace ?? '')?.get(end.workload)
      return only(known?.clusters)
    },
    variantOf(namespace, workload) {
      const known = seen.get(namespace)?.get(workload)
      return known ? { app: only(known.apps), version: only(known.versions) } : NOTHING
    },
    hasWorkload(namespace, workload) {
      return seen.get(namespace)?.has(workload) ?? false
    },
  }
}

function note(seen: Map<string, Map<string, Seen>>, end: TrafficSource): void {
  if (end.workload === null) return
  const namespace = end.namespace ?? ''
  let workloads = seen.get(namespace)
  if (!workloads) {
    workloads = new Map()
    seen.set(namespace, workloads)
  }
  let known = workloads.get(end.workload)
  if (!known) {
    known = { clusters: new Set(), apps: new Set(), versions: new Set() }
    workloads.set(end.workload, known)
  }
  if (end.cluster !== null) known.clusters.add(end.cluster)
  if (end.app !== null) known.apps.add(end.app)
  const version = knownVersion(end.version)
  if (version !== null) known.versions.add(version)
}

function only(values: ReadonlySet<string> | undefined): string | null {
  if (!values || values.size !== 1) return null
  const [value] = values
  return value ?? null
}
