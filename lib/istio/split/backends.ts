/** Where a weighted route sends to: the share each weight means, and what stands behind each destination. */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isSelected, versionOf } from '@/lib/mesh/labels'
import { parseServiceHost, resolveHost } from '../hosts'
import { readObjects, type Read } from '../objects'
import type { DestinationRuleSpec } from '../schemas/networking'
import { isUnread } from '../unread'

export interface SplitBackend {
  /** subset, or service, or host */
  name: string
  /** what telemetry calls it: a service of Kubernetes, or a host outside */
  service: { namespace: string | null; name: string }
  host: string
  port: number | null
  subset: string | null
  /** labels of the subset; null: the subset is not defined, or none was named */
  labels: Readonly<Record<string, string>> | null
  /** of the workloads behind it when they agree, else of the subset's labels */
  version: string | null
  /** names of workloads in the service's namespace; null: not known (outside hosts, subsets nobody may read) */
  workloads: string[] | null
  /** as written; null: not written */
  weight: number | null
  /** 0..1; what the weights of the route make of it */
  configuredShare: number
}

/**
 * Shares that weights mean: they are relative, whatever their sum. Of a virtual service a lone destination takes
 * all and several need weights (istio/istio pkg/config/validation); of a route of the Gateway API absent is 1
 * and 0 is none, even alone. All zero: nothing is sent anywhere.
 */
export function sharesOf(weights: readonly (number | null)[], api: 'istio' | 'gateway'): number[] {
  if (api === 'istio' && weights.length === 1) return [1]
  const plain = weights.map((weight) => Math.max(0, weight ?? (api === 'gateway' ? 1 : 0)))
  const total = plain.reduce((sum, weight) => sum + weight, 0)
  return plain.map((weight) => (total > 0 ? weight / total : 0))
}

/** A destination of an object in `namespace`, with what the cluster knows behind it. */
export function resolveBackend(
  index: InventoryIndex,
  namespace: string,
  destination: { host: string; port: number | null; subset: string | null },
): Omit<SplitBackend, 'weight' | 'configuredShare'> {
  const host = resolveHost(destination.host, namespace)
  const service = parseServiceHost(host)
  const labels = destination.subset === null ? null : subsetLabels(index, namespace, host, destination.subset)
  const behind = service && (index.workloadsOfService.get(`${service.namespace}/${service.name}`) ?? [])
  const workloads =
    destination.subset === null
      ? behind
      : labels === null && isUnread(index, 'DestinationRule')
        ? null
        : behind?.filter((workload) => labels !== null && isWithin(labels, workload))
  return {
    name: destination.subset ?? service?.name ?? host,
    service: service ?? { namespace: null, name: host },
    host,
    port: destination.port,
    subset: destination.subset,
    labels,
    version: commonVersion(workloads ?? []) ?? (labels ? versionOf(labels) : null),
    workloads: workloads?.map((workload) => workload.name).sort() ?? null,
  }
}

/** An empty set of labels is all of the service. */
function isWithin(labels: Readonly<Record<string, string>>, workload: WorkloadInventory): boolean {
  return Object.keys(labels).length === 0 || isSelected(labels, workload.podLabels)
}

/** A subset by name among the destination rules of its host; the object's own namespace is looked at first. */
function subsetLabels(
  index: InventoryIndex,
  namespace: string,
  host: string,
  name: string,
): Readonly<Record<string, string>> | null {
  const rules = rulesOfHost(index, host)
  const ordered = [
    ...rules.filter((rule) => rule.namespace === namespace),
    ...rules.filter((rule) => rule.namespace !== namespace),
  ]
  for (const rule of ordered) {
    const subset = rule.spec.subsets.find((each) => each.name === name)
    if (subset) return subset.labels
  }
  return null
}

type Rules = Read<DestinationRuleSpec>[]
const tables = new WeakMap<InventoryIndex, ReadonlyMap<string, Rules>>()

/** Sorted out once: a mesh of thousands of services has as many destination rules as splits. */
function rulesOfHost(index: InventoryIndex, host: string): Rules {
  const table = tables.get(index) ?? rulesByHost(index)
  tables.set(index, table)
  return table.get(host) ?? []
}

function rulesByHost(index: InventoryIndex): ReadonlyMap<string, Rules> {
  const table = new Map<string, Rules>()
  for (const rule of readObjects(index).destinationRules) {
    const host = resolveHost(rule.spec.host, rule.namespace)
    const same = table.get(host)
    if (same) same.push(rule)
    else table.set(host, [rule])
  }
  return table
}

function commonVersion(workloads: readonly WorkloadInventory[]): string | null {
  const versions = new Set(workloads.map((workload) => versionOf(workload.podLabels)))
  const [version] = versions
  return versions.size === 1 ? (version ?? null) : null
}
