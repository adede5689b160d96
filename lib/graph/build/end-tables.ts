/** Tables of ends kept between snapshots: who talks to whom changes far more rarely than how much. */
import type { ClusterInventory, ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventories } from '@/lib/mesh/inventory-index'
import { createEndRegistry, type EndRegistry, type EndTable } from './ends'

type Samples = Parameters<typeof createEndRegistry>[0]

export interface EndTables {
  of(samples: Samples, inventories: readonly ClusterInventory[], defaultCluster: string): EndTable
}

/** Windows people look at side by side; each names ends of its own. */
const KEPT = 4

/** Registries are used again only where one made anew would tell the same: same workloads, same objects. */
export function createEndTables(): EndTables {
  let kept: { known: string; registry: EndRegistry }[] = []
  return {
    of(samples, inventories, defaultCluster) {
      const known = JSON.stringify([defaultCluster, ...inventories.map(namesOf)])
      for (const each of kept) {
        const table = each.known === known ? each.registry.read(samples) : null
        if (!table) continue
        kept = [each, ...kept.filter((other) => other !== each)]
        return table
      }
      const registry = createEndRegistry(samples, indexInventories(inventories), defaultCluster)
      const table = registry.read(samples)
      if (!table) throw new Error('a registry of ends does not know those it was made of')
      kept = [{ known, registry }, ...kept].slice(0, KEPT)
      return table
    },
  }
}

const names = new WeakMap<ClusterInventory, string>()

/** All that a table reads of an inventory, as one text. */
function namesOf(inventory: ClusterInventory): string {
  let text = names.get(inventory)
  if (text === undefined) {
    text = [
      inventory.cluster,
      ...inventory.workloads.map(namesOfWorkload),
      ...inventory.services.map(({ namespace, name }) => `${namespace}/${name}`),
      ...inventory.config.filter((object) => object.kind === 'ServiceEntry').map(hostsOf),
    ].join('\n')
    names.set(inventory, text)
  }
  return text
}

const labels = new WeakMap<WorkloadInventory, string>()

function namesOfWorkload(workload: WorkloadInventory): string {
  let text = labels.get(workload)
  if (text === undefined) {
    text = JSON.stringify([workload.namespace, workload.name, workload.labels, workload.podLabels])
    labels.set(workload, text)
  }
  return text
}

function hostsOf({ spec }: ConfigObject): string {
  return JSON.stringify((spec as { hosts?: unknown } | undefined)?.hosts ?? null)
}
