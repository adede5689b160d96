/** Ways into one cluster's objects by name, made once per inventory. */
import { isSelected } from './labels'
import type {
  ClusterInventory,
  ConfigObject,
  NamespaceInventory,
  PodInventory,
  ServiceInventory,
  WorkloadInventory,
} from './inventory'

export interface InventoryIndex {
  inventory: ClusterInventory
  namespaces: ReadonlyMap<string, NamespaceInventory>
  /** by `namespace/name` */
  workloads: ReadonlyMap<string, WorkloadInventory>
  /** by `namespace/name` */
  services: ReadonlyMap<string, ServiceInventory>
  /** pods of a workload, by `namespace/name` of the workload */
  pods: ReadonlyMap<string, readonly PodInventory[]>
  /** workloads behind a service's selector, by `namespace/name` of the service */
  workloadsOfService: ReadonlyMap<string, readonly WorkloadInventory[]>
  /** services that select a workload, by `namespace/name` of the workload */
  servicesOfWorkload: ReadonlyMap<string, readonly ServiceInventory[]>
  /** objects of configuration by kind */
  config: ReadonlyMap<string, readonly ConfigObject[]>
}

type ServiceName = Pick<ServiceInventory, 'namespace' | 'name'>

const made = new WeakMap<ClusterInventory, InventoryIndex>()

/** The index of an inventory; the inventory is one moment and must not change afterwards. */
export function indexInventory(inventory: ClusterInventory): InventoryIndex {
  const known = made.get(inventory)
  if (known) return known
  const index = makeIndex(inventory)
  made.set(inventory, index)
  return index
}

function makeIndex(inventory: ClusterInventory): InventoryIndex {
  const pods = new Map<string, PodInventory[]>()
  for (const pod of inventory.pods) {
    if (pod.workload !== null) push(pods, `${pod.namespace}/${pod.workload}`, pod)
  }
  // by one label each: a service then looks at few workloads, however full its namespace is
  const workloadsByLabel = new Map<string, WorkloadInventory[]>()
  for (const workload of inventory.workloads) {
    for (const [key, value] of Object.entries(workload.podLabels)) {
      push(workloadsByLabel, `${workload.namespace}/${key}=${value}`, workload)
    }
  }
  const workloadsOfService = new Map<string, WorkloadInventory[]>()
  const servicesOfWorkload = new Map<string, ServiceInventory[]>()
  for (const service of inventory.services) {
    const lists = Object.entries(service.selector).map(
      ([key, value]) => workloadsByLabel.get(`${service.namespace}/${key}=${value}`) ?? [],
    )
    const shortest = lists.sort((a, b) => a.length - b.length)[0] ?? []
    for (const workload of shortest) {
      if (!isSelected(service.selector, workload.podLabels)) continue
      push(workloadsOfService, `${service.namespace}/${service.name}`, workload)
      push(servicesOfWorkload, `${workload.namespace}/${workload.name}`, service)
    }
  }
  const config = new Map<string, ConfigObject[]>()
  for (const object of inventory.config) push(config, object.kind, object)

  return {
    inventory,
    namespaces: new Map(inventory.namespaces.map((item) => [item.name, item])),
    workloads: new Map(inventory.workloads.map((item) => [`${item.namespace}/${item.name}`, item])),
    services: new Map(inventory.services.map((item) => [`${item.namespace}/${item.name}`, item])),
    pods,
    workloadsOfService,
    servicesOfWorkload,
    config,
  }
}

/** Indexes by cluster name. */
export function indexInventories(
  inventories: readonly ClusterInventory[],
): ReadonlyMap<string, InventoryIndex> {
  return new Map(inventories.map((inventory) => [inventory.cluster, indexInventory(inventory)]))
}

/** Other services that select a workload behind one of these, in any of the clusters; each name once, sorted. */
export function servicesBeside(
  inventories: readonly ClusterInventory[],
  services: readonly ServiceName[],
): ServiceName[] {
  const own = new Set(services.map(({ namespace, name }) => `${namespace}/${name}`))
  const others = new Map<string, ServiceName>()
  for (const { workloadsOfService, servicesOfWorkload } of inventories.map(indexInventory)) {
    const workloads = [...own].flatMap((key) => workloadsOfService.get(key) ?? [])
    for (const { namespace, name } of workloads) {
      for (const service of servicesOfWorkload.get(`${namespace}/${name}`) ?? []) {
        const key = `${service.namespace}/${service.name}`
        if (!own.has(key)) others.set(key, { namespace: service.namespace, name: service.name })
      }
    }
  }
  return [...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, service]) => service)
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
