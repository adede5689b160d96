import 'server-only'
import type { ItemKind } from '@/lib/api/paths'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import type { Notice } from '@/lib/api/schemas/common'
import type { ItemPath, ItemQuery } from '@/lib/api/schemas/requests'
import { MOST_PEER_EDGES, peerEdges } from '@/lib/graph/peers'
import { wholeView } from '@/lib/graph/whole-view'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { configFor, unreadConfig } from '@/lib/istio/applied-config'
import { nodeId } from '@/lib/mesh/identity'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'
import { notFound, Refusal } from '../../errors'
import { currentAccess, isVisible } from '../../session/access'
import { refusedKinds, whyHidden } from '../../snapshots/objects'
import type { Upstreams } from '../../upstreams'
import { hidingOf } from '../graph/get-graph'
import { createMembers, GRAPH_OF_ITEMS, itemOf } from './item-graphs'
import { withItemLatency } from './item-latency'
import { readSnapshotOrObjects } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

const WORKLOAD_KINDS = /^Pod$|\.(?:apps|batch)$/
/** of which kinds of objects a thing is made */
const MADE_OF: Record<ItemKind, RegExp> = {
  workloads: WORKLOAD_KINDS,
  apps: WORKLOAD_KINDS,
  services: /^Service$/,
}

const WORDS: Record<ItemKind, string> = { workloads: 'workload', apps: 'app', services: 'service' }

/** One workload, app or service: its traffic, edges, pods, and the configuration that applies to it. */
export async function getItem(
  up: Upstreams,
  kind: ItemKind,
  path: ItemPath,
  query: ItemQuery,
): Promise<ItemDetail> {
  const time = await resolveTime(up, query)
  const { snapshot, notices, failure } = await readSnapshotOrObjects(up, time)
  const { graphType, nodeKind } = GRAPH_OF_ITEMS[kind]
  const access = await currentAccess(up)
  const graph = up.projector.project(
    snapshot,
    {
      ...wholeView(graphType),
      namespaces: access.namespaces && [...access.namespaces].sort(),
      ...hidingOf(),
    },
    notices,
  )
  const id = nodeId({ ...path, kind: nodeKind })
  const node = graph.nodes.find((one) => one.id === id)
  if (!node) {
    // it may be in the traffic nobody has seen yet
    if (failure) throw failure
    const source = up.inventories.find(({ cluster }) => cluster === path.cluster)
    const why = source && isHidden(source, kind) ? whyHidden(source) : null
    if (why !== null) {
      throw new Refusal(
        'unavailable',
        `No traffic of this time tells of ${path.namespace}/${path.name}. ${why}`,
        { code: 'kubernetes-not-read' },
      )
    }
    throw notFound(
      `There is no ${WORDS[kind]} ${path.name} in namespace ${path.namespace} of cluster ${path.cluster}, neither in the traffic nor in Kubernetes.`,
      `${WORDS[kind]}-not-found`,
    )
  }
  const most = query.edges === 'all' ? Infinity : MOST_PEER_EDGES
  const { edges, ...totals } = peerEdges(graph.edges, id, most)
  const timed = await withItemLatency(up, snapshot, graphType, {
    node,
    edges,
    notices: graph.notices,
  })
  const members = createMembers(snapshot.topology)
  const pods = members.podsOf(node)
  const known = up.inventories.find(({ cluster }) => cluster === path.cluster)
  const refused = known ? refusedKinds(known) : []
  const inventory = snapshot.topology.inventories.find((one) => one.cluster === path.cluster)
  const config =
    inventory && configFor({ kind: nodeKind, namespace: path.namespace, name: path.name }, inventory)
  const seen =
    config?.filter(({ namespace }) => namespace === '' || isVisible(access, path.cluster, namespace)) ?? null
  return {
    at: graph.at,
    windowSeconds: graph.windowSeconds,
    notices: [...timed.notices, ...objectsHidden(config, seen)],
    item: itemOf(timed.node, members),
    // what may not be read may well be there
    exists: inventory
      ? exists(nodeKind, path, indexInventory(inventory)) || (known && isHidden(known, kind) ? null : false)
      : null,
    edges: timed.edges,
    ...totals,
    pods:
      (refused.includes('Pod') ? null : pods)?.map((pod) => ({
        name: pod.name,
        phase: pod.phase,
        ready: pod.ready,
        restarts: pod.restarts,
        node: pod.node,
        startedAt: pod.startedAt,
        hasSidecar: pod.hasSidecar,
        containers: pod.containers,
      })) ?? null,
    services: members.servicesOf(node),
    config: seen,
    unread: inventory ? unreadConfig(nodeKind, inventory) : [],
  }
}

/** Whether such a thing may be there unseen. */
function isHidden(source: InventorySource, kind: ItemKind): boolean {
  return source.current().inventory === null || refusedKinds(source).some((one) => MADE_OF[kind].test(one))
}

/** What applies from elsewhere is counted, not named: else a page would say that nothing does. */
function objectsHidden(config: ItemDetail['config'] | undefined, seen: ItemDetail['config']): Notice[] {
  const hidden = (config?.length ?? 0) - (seen?.length ?? 0)
  if (hidden === 0) return []
  const objects = hidden === 1 ? 'object applies' : 'objects apply'
  return [
    {
      code: 'objects-hidden',
      message: `${hidden} more ${objects} here from namespaces you may not see.`,
    },
  ]
}

function exists(
  kind: 'workload' | 'app' | 'service',
  { namespace, name }: ItemPath,
  index: InventoryIndex,
): boolean {
  if (kind === 'service') return index.services.has(`${namespace}/${name}`)
  if (kind === 'workload') return index.workloads.has(`${namespace}/${name}`)
  return index.inventory.workloads.some(
    (one) => one.namespace === namespace && appOf({ ...one.labels, ...one.podLabels }) === name,
  )
}
