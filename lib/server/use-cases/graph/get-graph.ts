import 'server-only'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import type { GraphQuery } from '@/lib/api/schemas/requests'
import type { GraphView } from '@/lib/graph/types'
import { currentSession } from '../../session/current'
import type { Upstreams } from '../../upstreams'
import { readSnapshot } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

/** The mesh as one view shows it, live or at an instant of the past. */
export async function getGraph(up: Upstreams, query: GraphQuery): Promise<Graph> {
  const time = await resolveTime(up, query)
  const { snapshot, notices } = await readSnapshot(up, time, query.latency)
  return up.projector.project(snapshot, viewOf(query), notices)
}

export function viewOf(query: Omit<GraphQuery, 'latency'>): GraphView {
  return {
    graphType: query.graphType,
    namespaces: namesOf(query.namespaces),
    clusters: namesOf(query.clusters),
    serviceNodes: query.serviceNodes,
    idle: query.idle,
    focus: query.focus ?? null,
    hops: query.hops,
    ...hidingOf(),
  }
}

/** Who may see some namespaces only is shown nothing of what lies outside of them but its name. */
export function hidingOf(): Pick<GraphView, 'hidesOutside' | 'wholeClusters'> {
  const { isRestricted, wholeClusters } = currentSession() ?? {}
  return isRestricted ? { hidesOutside: true } : wholeClusters ? { wholeClusters } : {}
}

/** No names mean all of them. */
export function namesOf(names: readonly string[]): readonly string[] | null {
  return names.length === 0 ? null : names
}
