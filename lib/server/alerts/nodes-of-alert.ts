import 'server-only'
import type { AlertTarget } from '@/lib/alerts/alerts'
import { nodeId } from '@/lib/mesh/identity'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'

/** What labels name, then the workloads behind it and their app: every graph type has a node that shows the alert. */
export function nodesOfAlert(
  targets: readonly AlertTarget[],
  indexes: ReadonlyMap<string, InventoryIndex>,
): string[] {
  const ids = new Set(targets.map((target) => nodeId(target)))
  const [main] = targets
  if (main) {
    const index = indexes.get(main.cluster)
    const workloads =
      main.kind === 'service'
        ? (index?.workloadsOfService.get(`${main.namespace}/${main.name}`) ?? [])
        : main.kind === 'workload'
          ? [index?.workloads.get(`${main.namespace}/${main.name}`)].filter((one) => one !== undefined)
          : []
    for (const workload of workloads) {
      const { cluster, namespace } = workload
      ids.add(nodeId({ cluster, namespace, kind: 'workload', name: workload.name }))
      const app = appOf({ ...workload.labels, ...workload.podLabels })
      if (app !== null) ids.add(nodeId({ cluster, namespace, kind: 'app', name: app }))
    }
    if (main.kind === 'workload') {
      for (const service of index?.servicesOfWorkload.get(`${main.namespace}/${main.name}`) ?? []) {
        ids.add(
          nodeId({
            cluster: main.cluster,
            namespace: service.namespace,
            kind: 'service',
            name: service.name,
          }),
        )
      }
    }
  }
  return [...ids]
}
