import 'server-only'
import type { Split as FoundSplit } from '@/lib/istio/splits'
import type { Split } from '@/lib/api/schemas/config/splits'
import { isVisible, type Access } from '../session/access'

/** Backends whose traffic the viewer may not see: their service lies in a namespace that is hidden, or outside of all. */
export function hiddenBackends(access: Access, { cluster, backends }: FoundSplit): boolean[] {
  return backends.map(
    ({ service: { namespace } }) =>
      access.namespaces !== null && (namespace === null || !isVisible(access, cluster, namespace)),
  )
}

/**
 * A split without what it tells of hidden backends: no figures, pods or workloads of theirs, and no shares at all, of
 * which each would tell the others. What is configured is the viewer's own object and stays.
 */
export function withoutHiddenBackends(split: Split, hidden: readonly boolean[]): Split {
  if (!hidden.includes(true)) return split
  return {
    ...split,
    elsewhereShare: null,
    baseline: split.baseline && hidden[split.baseline.place] ? null : split.baseline,
    backends: split.backends.map((backend, place) => ({
      ...backend,
      observedShare: null,
      // each compares with another
      comparison: null,
      ...(hidden[place]
        ? {
            version: backend.subset === null ? null : backend.version,
            workloads: null,
            pods: null,
            requestsPerSecond: null,
            connectionsPerSecond: null,
            errorRatio: null,
            latencyMs: null,
            requests: null,
          }
        : {}),
    })),
  }
}
