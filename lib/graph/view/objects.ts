/** What exists joins what was seen: workloads and services of the inventories find or become their nodes. */
import { indexInventory } from '@/lib/mesh/inventory-index'
import { appOf, isGateway, isWaypoint, versionOf } from '@/lib/mesh/labels'
import type { End, Topology } from '../types'
import { nodeOfEnd, nodeOfService, note, type Drafts } from './drafts'
import type { RouteView } from './routes'

/** Adds the nodes of all objects the view can show; those telemetry knows already gain members. */
export function addObjects(drafts: Drafts, topology: Topology, view: RouteView): void {
  const isServiceGraph = view.graphType === 'service'
  for (const inventory of topology.inventories) {
    const { cluster } = inventory
    if (!isServiceGraph) {
      const variants = seenVariants(topology, cluster)
      for (const workload of inventory.workloads) {
        const { namespace, name } = workload
        const labels = { ...workload.labels, ...workload.podLabels }
        const end: End = {
          kind: 'workload',
          cluster,
          namespace,
          workload: name,
          app: appOf(labels),
          version: versionOf(labels),
          isGateway: isGateway(name, labels),
          isWaypoint: isWaypoint(name, labels),
        }
        // what proxies report of a workload places it in this graph; its labels only where they report nothing
        const seen = variants.get(`${namespace}/${name}`) ?? [end]
        for (const each of seen) nodeOfEnd(drafts, each, view.graphType)
      }
    }
    if (isServiceGraph || view.serviceNodes) {
      const index = indexInventory(inventory)
      for (const { namespace, name } of inventory.services) {
        const node = nodeOfService(drafts, { kind: 'service', cluster, namespace, name, role: null })
        node.isInjected ||= view.serviceNodes && !isServiceGraph
        for (const workload of index.workloadsOfService.get(`${namespace}/${name}`) ?? []) {
          const app = appOf({ ...workload.labels, ...workload.podLabels })
          if (app !== null) note(node.apps, app)
        }
      }
    }
  }
}

function seenVariants(topology: Topology, cluster: string): Map<string, End[]> {
  const seen = new Map<string, End[]>()
  for (const end of topology.ends) {
    if (end.cluster !== cluster || end.workload === null || end.kind !== 'workload') continue
    const key = `${end.namespace}/${end.workload}`
    const list = seen.get(key)
    if (list) list.push(end)
    else seen.set(key, [end])
  }
  return seen
}
