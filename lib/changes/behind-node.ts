/** What a node of the graph stands for, in objects: to tell whether a change concerns it. */
import type { NodeRef } from '@/lib/mesh/identity'
import type { ClusterInventory, ServiceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { appOf } from '@/lib/mesh/labels'

/** Services and workloads, `namespace/name`, whose configuration is that of the node. */
export function behindNode(
  node: NodeRef,
  inventory: ClusterInventory,
): { services: string[]; workloads: string[] } {
  const path = `${node.namespace}/${node.name}`
  const here = {
    services: inventory.services.filter(({ namespace }) => namespace === node.namespace),
    workloads: inventory.workloads.filter(({ namespace }) => namespace === node.namespace),
  }
  switch (node.kind) {
    case 'service': {
      const service = here.services.find(({ name }) => name === node.name)
      const workloads = here.workloads.filter(
        (workload) => service !== undefined && selects(service, workload),
      )
      return { services: [path], workloads: workloads.map(pathOf) }
    }
    case 'workload':
    case 'app': {
      const workloads = here.workloads.filter((workload) =>
        node.kind === 'workload' ? workload.name === node.name : appOf(workload.podLabels) === node.name,
      )
      const services = here.services.filter((service) =>
        workloads.some((workload) => selects(service, workload)),
      )
      return {
        services: services.map(pathOf),
        workloads: node.kind === 'workload' ? [path] : workloads.map(pathOf),
      }
    }
    default:
      return { services: [], workloads: [] }
  }
}

function selects({ selector }: ServiceInventory, { podLabels }: WorkloadInventory): boolean {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => podLabels[key] === value)
}

function pathOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`
}
