/** Which splits are between versions of what a node of the graph shows. */
import type { NodeRef } from '@/lib/mesh/identity'
import type { Split } from '../splits'

/**
 * Whether a split has several destinations and one of them is the node: the service itself or what its hosts speak
 * for, a workload behind it, or a workload that is named after the app.
 */
export function isSplitOfNode(
  {
    cluster,
    hosts,
    backends,
  }: Pick<Split, 'cluster' | 'hosts'> & {
    backends: readonly Pick<Split['backends'][number], 'host' | 'workloads'>[]
  },
  node: Pick<NodeRef, 'kind' | 'cluster' | 'namespace' | 'name'>,
): boolean {
  return (
    cluster === node.cluster &&
    backends.length > 1 &&
    backends.some(({ host, workloads }) => {
      const [service = '', namespace = ''] = host.split('.')
      if (namespace !== node.namespace) return false
      switch (node.kind) {
        case 'workload':
          return workloads?.includes(node.name) ?? false
        case 'app':
          return service === node.name || (workloads?.some((one) => one.startsWith(`${node.name}-`)) ?? false)
        case 'service':
          return service === node.name || hosts.some((each) => each.split('.')[0] === node.name)
        default:
          return false
      }
    })
  )
}
