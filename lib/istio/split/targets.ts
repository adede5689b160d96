/** What the requests of a service can be split between: its versions, subsets, and services of one version each. */
import type { ConfigObject, ServiceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isSelected, versionOf, VERSION_KEYS } from '@/lib/mesh/labels'
import { resolveHost, serviceHost } from '../hosts'
import { readObjects } from '../objects'
import { rulesOfService } from '../service-rules'
import { findSplits, splitId } from '../splits'

export interface SplitVersion {
  name: string
  /** what tells its pods from those of the others */
  labels: Record<string, string>
  workloads: string[]
  pods: { ready: number; total: number }
  /** of its oldest workload, epoch milliseconds */
  createdAt: number | null
  /** subset that selects just these pods */
  subset: string | null
  /** service that selects just these pods */
  service: string | null
}

export interface SplitTargets {
  host: string
  /** oldest first */
  versions: SplitVersion[]
  subsets: { name: string; labels: Record<string, string> }[]
  /** where a subset can be added: the rule that names this host alone */
  destinationRule: ConfigObject | null
  /** a rule that sends all of the service to one place and can be made a split */
  route: { object: ConfigObject; path: string } | null
  splits: string[]
  /** routes of the Gateway API where a waypoint reads them, else Istio's own */
  api: 'istio' | 'gateway'
}

/** Targets of the service `namespace/name`, which must exist in the inventory. */
export function splitTargets(index: InventoryIndex, service: ServiceInventory): SplitTargets {
  const { namespace, name } = service
  const host = serviceHost(name, namespace)
  const rules = rulesOfService(index, namespace, name)
  const exact = rules.destinationRules.filter(
    (rule) => resolveHost(rule.spec.host, rule.namespace) === host && !rule.spec.workloadSelector,
  )
  const subsets = exact.flatMap((rule) =>
    rule.spec.subsets.map((one) => ({ name: one.name, labels: one.labels })),
  )
  const workloads = index.workloadsOfService.get(`${namespace}/${name}`) ?? []
  const splits = findSplits(index).filter(
    (split) =>
      split.backends.some((backend) => backend.host === host) ||
      split.hosts.some((one) => resolveHost(one, split.object.metadata.namespace ?? '') === host),
  )
  return {
    host,
    versions: versionsOf(index, workloads, subsets),
    subsets,
    destinationRule: exact[0]?.object ?? null,
    route: splits.length > 0 ? null : loneRoute(rules, host),
    splits: splits.map(splitId),
    api: isBehindWaypoint(index, service) ? 'gateway' : 'istio',
  }
}

function versionsOf(
  index: InventoryIndex,
  workloads: readonly WorkloadInventory[],
  subsets: readonly { name: string; labels: Record<string, string> }[],
): SplitVersion[] {
  const byName = new Map<string, WorkloadInventory[]>()
  for (const workload of workloads) {
    const name = versionOf(workload.podLabels) ?? workload.name
    byName.set(name, [...(byName.get(name) ?? []), workload])
  }
  const versions = [...byName].map(([name, own]): SplitVersion => {
    const pods = own.flatMap((one) => index.pods.get(`${one.namespace}/${one.name}`) ?? [])
    const labels = tellingLabels(own, workloads)
    const isJust = (selector: Readonly<Record<string, string>>) =>
      Object.keys(selector).length > 0 &&
      workloads.every((one) => isSelected(selector, one.podLabels) === own.includes(one))
    return {
      name,
      labels,
      workloads: own.map((one) => one.name).sort(),
      pods: { ready: pods.filter((pod) => pod.ready).length, total: pods.length },
      createdAt: least(own.flatMap((one) => one.createdAt ?? [])),
      subset: subsets.find((one) => isJust(one.labels))?.name ?? null,
      service: own[0] ? serviceOf(index, own) : null,
    }
  })
  return versions.sort(
    (a, b) => (a.createdAt ?? Infinity) - (b.createdAt ?? Infinity) || (a.name < b.name ? -1 : 1),
  )
}

/** The version label where it tells the pods apart, else all labels the others do not share. */
function tellingLabels(
  own: readonly WorkloadInventory[],
  all: readonly WorkloadInventory[],
): Record<string, string> {
  const [first] = own
  const others = all.filter((one) => !own.includes(one))
  if (!first) return {}
  const isCommon = (key: string) => own.every((one) => one.podLabels[key] === first.podLabels[key])
  const tells = (key: string) =>
    isCommon(key) && others.every((one) => one.podLabels[key] !== first.podLabels[key])
  const keys = Object.keys(first.podLabels).sort()
  // `version` is what people read; the others mean the same
  const key = ['version', ...VERSION_KEYS, ...keys].find(
    (one) => first.podLabels[one] !== undefined && tells(one),
  )
  return key === undefined ? {} : { [key]: first.podLabels[key] ?? '' }
}

/** A service for these workloads and no other. */
function serviceOf(index: InventoryIndex, own: readonly WorkloadInventory[]): string | null {
  const names = new Set(own.map((one) => one.name))
  const [first] = own
  if (!first) return null
  const services = index.servicesOfWorkload.get(`${first.namespace}/${first.name}`) ?? []
  const found = services.find(({ namespace, name }) => {
    const behind = index.workloadsOfService.get(`${namespace}/${name}`) ?? []
    return behind.length === names.size && behind.every((one) => names.has(one.name))
  })
  return found?.name ?? null
}

/** A rule for callers of the mesh that sends everything to the service as a whole. */
function loneRoute(rules: ReturnType<typeof rulesOfService>, host: string): SplitTargets['route'] {
  for (const { virtualService, isHost } of rules.virtualServices) {
    if (!isHost) continue
    const { spec, namespace, object } = virtualService
    const rule = spec.http.findIndex(
      ({ route }) => route?.length === 1 && resolveHost(route[0]?.destination.host ?? '', namespace) === host,
    )
    if (rule >= 0) return { object, path: `spec.http[${rule}].route` }
  }
  return null
}

function isBehindWaypoint(index: InventoryIndex, service: ServiceInventory): boolean {
  const own = service.labels['istio.io/use-waypoint']
  if (own !== undefined) return own !== 'none'
  const labels = index.namespaces.get(service.namespace)?.labels ?? {}
  if (labels['istio.io/use-waypoint'] !== undefined) return labels['istio.io/use-waypoint'] !== 'none'
  return readObjects(index).routes.some(({ namespace, spec }) =>
    spec.parentRefs.some(
      (parent) => parent.kind === 'Service' && (parent.namespace ?? namespace) === service.namespace,
    ),
  )
}

function least(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.min(...numbers)
}
