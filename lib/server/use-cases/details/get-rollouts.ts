import 'server-only'
import type { RolloutList, EventsQuery } from '@/lib/api/schemas/mesh/details'
import { rolloutsOf } from '@/lib/changes/rollouts'
import { nodeId } from '@/lib/mesh/identity'
import type { Upstreams } from '../../upstreams'
import { unreadNotices } from '../config-scope'
import { readEvents } from './get-events'
import { namespacePods, nodeObjects } from './node-objects'

/** Charts cannot show more apart. */
const MOST = 100

/** When the pods of a node's workloads, or of all in a namespace, were replaced, scaled or restarted. */
export async function getRollouts(up: Upstreams, query: EventsQuery): Promise<RolloutList> {
  const { node, cluster = '', namespace = '', at } = query
  const objects = node === undefined ? null : nodeObjects(up, node)
  const pods = objects ? objects.index && objects.pods : namespacePods(up, { cluster, namespace })
  const read = await readEvents(up, query)
  if (!pods || !read) return { items: null, more: 0, notices: unreadNotices(up) }
  const where = objects?.ref.cluster ?? cluster
  const all = rolloutsOf(pods, read.events).filter((one) => at === undefined || one.at <= at)
  return {
    items: all.slice(0, MOST).map((one) => ({
      ...one,
      node: nodeId({ cluster: where, namespace: one.namespace, kind: 'workload', name: one.workload }),
    })),
    more: Math.max(0, all.length - MOST),
    notices: read.notices,
  }
}
