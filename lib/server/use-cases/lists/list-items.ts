import 'server-only'
import type { ItemKind } from '@/lib/api/paths'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import type { ItemList } from '@/lib/api/schemas/mesh/lists'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { wholeView } from '@/lib/graph/whole-view'
import type { Upstreams } from '../../upstreams'
import { hidingOf, namesOf } from '../graph/get-graph'
import { GRAPH_OF_ITEMS, itemsOf } from './item-graphs'
import { readSnapshotOrObjects } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

// one graph makes one list, whose bytes are then made once too
const lists = new WeakMap<Graph, ItemList>()

/** All workloads, apps or services, with traffic and health over the window; those without traffic too. */
export async function listItems(up: Upstreams, kind: ItemKind, query: ScopeQuery): Promise<ItemList> {
  const time = await resolveTime(up, query)
  const { snapshot, notices } = await readSnapshotOrObjects(up, time)
  const graph = up.projector.project(
    snapshot,
    {
      ...wholeView(GRAPH_OF_ITEMS[kind].graphType),
      namespaces: namesOf(query.namespaces),
      clusters: namesOf(query.clusters),
      ...hidingOf(),
    },
    notices,
  )
  const known = lists.get(graph)
  if (known) return known
  const list = {
    at: graph.at,
    windowSeconds: graph.windowSeconds,
    notices: graph.notices,
    items: itemsOf(kind, graph, snapshot.topology),
  }
  lists.set(graph, list)
  return list
}
