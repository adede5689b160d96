import 'server-only'
import { touchedBy } from '@/lib/changes/touched'
import { configFor } from '@/lib/istio/applied-config'
import { nodeId, type NodeRef } from '@/lib/mesh/identity'
import type { ClusterInventory, ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'

/** More is no place any more, but a namespace or the mesh. */
const MOST_NODES = 20

const WORKLOAD_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Rollout'])

const memory = new WeakMap<ClusterInventory, Map<ConfigObject, string[]>>()

/** Ids of the nodes whose traffic an object steers; empty where that is a whole namespace or more. */
export function concernedNodes(object: ConfigObject, inventory: ClusterInventory): string[] {
  const known = memory.get(inventory) ?? new Map<ConfigObject, string[]>()
  memory.set(inventory, known)
  const made = known.get(object) ?? findConcerned(object, inventory)
  known.set(object, made)
  return made
}

/**
 * Whether an object has a say in what happens at a node: it steers its traffic, applies to it (from the whole
 * mesh, too), or is the thing itself.
 */
export function concernsNode(node: NodeRef, inventory: ClusterInventory): (object: ConfigObject) => boolean {
  const { cluster, namespace, kind, name } = node
  const id = nodeId({ cluster, namespace, kind, name })
  const keyOf = (one: { apiVersion: string; kind: string; namespace?: string; name: string }) =>
    `${one.apiVersion} ${one.kind} ${one.namespace ?? ''} ${one.name}`
  const applied = new Set(
    kind === 'unknown' ? [] : configFor({ kind, namespace, name }, inventory).map(keyOf),
  )
  return (object) => {
    const { metadata } = object
    const isItself =
      metadata.namespace === namespace &&
      metadata.name === name &&
      (kind === 'service'
        ? object.kind === 'Service'
        : kind === 'workload' && WORKLOAD_KINDS.has(object.kind))
    return (
      isItself ||
      applied.has(keyOf({ ...object, ...metadata })) ||
      concernedNodes(object, inventory).includes(id)
    )
  }
}

const owners = new WeakMap<ClusterInventory, ReadonlyMap<string, string>>()

/** The workload of each pod, both by name: where every pod lacks a proxy there is a finding about each. */
function ownersOf(inventory: ClusterInventory): ReadonlyMap<string, string> {
  const known = owners.get(inventory)
  if (known) return known
  const made = new Map(
    inventory.pods.flatMap(({ namespace, name, workload }) =>
      workload === null ? [] : [[`${namespace}/${name}`, workload] as const],
    ),
  )
  owners.set(inventory, made)
  return made
}

function findConcerned(object: ConfigObject, inventory: ClusterInventory): string[] {
  const { cluster } = inventory
  const { namespace = '', name } = object.metadata
  const index = indexInventory(inventory)
  const services = new Set<string>()
  const workloads = new Set<WorkloadInventory>()
  if (WORKLOAD_KINDS.has(object.kind)) add(index.workloads.get(`${namespace}/${name}`))
  else if (object.kind === 'Pod') {
    const owner = ownersOf(inventory).get(`${namespace}/${name}`)
    if (owner !== undefined) add(index.workloads.get(`${namespace}/${owner}`))
  } else if (object.kind === 'Service') services.add(`${namespace}/${name}`)
  else {
    const touched = touchedBy([object], inventory)
    if (touched.services.size + touched.workloads.size > MOST_NODES) return []
    for (const one of touched.services) services.add(one)
    for (const one of touched.workloads) add(index.workloads.get(one))
  }
  for (const service of services) for (const one of index.workloadsOfService.get(service) ?? []) add(one)
  const ids = new Set<string>()
  for (const service of services) {
    const [place = '', own = ''] = service.split('/')
    ids.add(nodeId({ cluster, namespace: place, kind: 'service', name: own }))
  }
  for (const one of workloads) {
    ids.add(nodeId({ cluster, namespace: one.namespace, kind: 'workload', name: one.name }))
    const app = appOf({ ...one.labels, ...one.podLabels })
    if (app !== null) ids.add(nodeId({ cluster, namespace: one.namespace, kind: 'app', name: app }))
  }
  return ids.size > MOST_NODES ? [] : [...ids].sort()

  function add(workload: WorkloadInventory | undefined): void {
    if (workload) workloads.add(workload)
  }
}
