/** Whether what answered a request is what a destination of a split means. */
import type { SplitBackend } from './backends'

/** Who was asked, and who answered. */
export interface Called {
  /** null namespace: a host outside */
  service: { namespace: string | null; name: string } | null
  /** null: nobody answered */
  target: { cluster: string; namespace: string; workload: string | null; version: string | null } | null
}

/** `cluster` is the split's: workloads of another are known by their version only. */
export function isBehind(cluster: string, backend: SplitBackend, { service, target }: Called): boolean {
  if (!service || serviceKey(service) !== serviceKey(backend.service)) return false
  if (backend.service.namespace === null) return true
  // without a workload nobody answered
  if (target?.workload == null) return false
  if (backend.subset === null) return true
  if (target.cluster === cluster) {
    return (
      target.namespace === backend.service.namespace && (backend.workloads ?? []).includes(target.workload)
    )
  }
  return backend.version !== null && target.version === backend.version
}

/** Services of Kubernetes by `namespace/name`, hosts outside by name. */
export function serviceKey({ namespace, name }: SplitBackend['service']): string {
  return namespace === null ? name : `${namespace}/${name}`
}
