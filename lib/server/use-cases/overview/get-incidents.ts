import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import type { Incident, IncidentList } from '@/lib/api/schemas/mesh/incidents'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { formatCount } from '@/lib/units/number'
import { wholeView } from '@/lib/graph/whole-view'
import { boundIncident } from '@/lib/incidents/bound'
import { findIncidents } from '@/lib/incidents/find-incidents'
import { restrictIncident, type SeenIncident } from '@/lib/incidents/restrict'
import type { Incident as Found } from '@/lib/incidents/types'
import { parseNodeId } from '@/lib/mesh/identity'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { within } from '../../clock'
import { noticeOf } from '../../errors'
import { causesOf, readRecentChanges, unreadOf, type RecentChanges } from '../../incidents/causes'
import { readAttempts, readSince } from '../../incidents/history'
import { currentAccess, isVisible, withoutHidden, type Access } from '../../session/access'
import type { Snapshot } from '../../snapshots/snapshot'
import type { Upstreams } from '../../upstreams'
import { createMembers } from '../lists/item-graphs'
import { isInScope } from '../config-scope'
import { readSnapshot } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

/** More are read by nobody in one list; of a storm the worst tell the most. */
const MOST_ANSWERED = 100
/** The past is asked of so many, worst first: what follows has no beginning until those are over. */
const DATED = 12
/** Figures do not wait longer for the past. */
const PATIENCE_MS = 2_500
const WHOLE_MESH = wholeView('workload')

// one graph holds the same incidents for all who ask
const found = new WeakMap<Graph, Found[]>()

/** Current problems, worst first and at most so many, of the whole mesh or those that touch some namespaces. */
export async function getIncidents(up: Upstreams, query: ScopeQuery): Promise<IncidentList> {
  const time = await resolveTime(up, query)
  const { snapshot, notices } = await readSnapshot(up, time)
  const graph = up.projector.project(snapshot, WHOLE_MESH, notices)
  const access = await currentAccess(up)
  // kept for all viewers whole, and cut for each
  const asked = incidentsOf(up, snapshot, graph)
    .filter((incident) => touches(incident, query))
    .flatMap((incident) => {
      const seen = restrictIncident(incident, (cluster, namespace) => isVisible(access, cluster, namespace))
      const cluster = seen?.seenAt?.cluster ?? seen?.suspects[0]?.cluster
      return seen === null
        ? []
        : cluster === undefined
          ? [seen]
          : [withoutHidden(up, access, cluster, ofViewer(access, seen))]
    })
  if (asked.length === 0) {
    return {
      at: graph.at,
      windowSeconds: graph.windowSeconds,
      notices: graph.notices,
      measured: measuredIn(graph, query),
      items: [],
      total: 0,
    }
  }
  const recent = await readRecentChanges(up)
  const told: Notice[] = []
  const items = await Promise.all(
    asked
      .slice(0, MOST_ANSWERED)
      .map((incident, index) =>
        complete(up, incident, { snapshot, recent, isDated: index < DATED, notices: told }),
      ),
  )
  return {
    at: graph.at,
    windowSeconds: graph.windowSeconds,
    notices: [...graph.notices, ...recent.notices, ...told, ...cutNotice(asked.length)],
    measured: measuredIn(graph, query),
    items,
    total: asked.length,
  }
}

function cutNotice(total: number): Notice[] {
  if (total <= MOST_ANSWERED) return []
  const message = `${MOST_ANSWERED} of ${formatCount(total)} incidents are listed, worst first. Choose namespaces to see the others.`
  return [{ code: 'incidents-cut', message }]
}

/** The share of all that enters the mesh would tell how much that is. */
function ofViewer({ namespaces }: Access, incident: SeenIncident): SeenIncident {
  return namespaces === null ? incident : { ...incident, hurtRatio: null }
}

/** Incidents of a snapshot without their past. */
export function incidentsOf(up: Upstreams, snapshot: Snapshot, graph: Graph): Found[] {
  const known = found.get(graph)
  if (known) return known
  const members = createMembers(snapshot.topology)
  const incidents = findIncidents({
    graph,
    baselines: up.baselines.of(snapshot),
    members: {
      workloadsOf: (service) => members.workloadsOf(service),
      servicesOf: (workload) => members.servicesOf(workload) ?? [],
    },
  })
  found.set(graph, incidents)
  return incidents
}

async function complete(
  up: Upstreams,
  incident: SeenIncident,
  context: { snapshot: Snapshot; recent: RecentChanges; isDated: boolean; notices: Notice[] },
): Promise<Incident> {
  const { snapshot, recent } = context
  const [since, attempts] = context.isDated
    ? await Promise.all([
        ask(up, () => readSince(up, incident, snapshot.at), context.notices),
        ask(up, () => readAttempts(up, incident, snapshot), context.notices),
      ])
    : [null, null]
  const [top, ...rest] = incident.suspects
  const suspects =
    attempts && top && !incident.seenAt
      ? [{ ...top, evidence: [...top.evidence, attempts] }, ...rest]
      : incident.suspects
  return {
    ...boundIncident(incident),
    suspects,
    since,
    // what changed is looked for around all that belongs to it
    causes: causesOf(incident, since, recent, snapshot.at),
    causesUnread: unreadOf(incident, recent),
  }
}

/** The answer, or null with a notice where Prometheus fails or takes too long. */
async function ask<T>(up: Upstreams, question: () => Promise<T>, notices: Notice[]): Promise<T | null> {
  try {
    const answer = await within(up.clock, PATIENCE_MS, question())
    if (answer !== undefined) return answer
    notices.push({
      code: 'incident-past-pending',
      message: 'When incidents began is still being computed; ask again in a moment.',
      upstream: 'prometheus',
    })
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    notices.push(noticeOf(error, 'When incidents began is not known.'))
  }
  return null
}

function touches(incident: Found, query: ScopeQuery): boolean {
  if (query.namespaces.length === 0 && query.clusters.length === 0) return true
  return incident.nodes.some((id) => {
    const ref = parseNodeId(id)
    return ref !== undefined && isInScope(query, ref.cluster, ref.namespace)
  })
}

/** Nodes that carried traffic: of the others nobody can say that nothing is wrong. */
function measuredIn(graph: Graph, query: ScopeQuery): number {
  return graph.nodes.filter(
    ({ kind, cluster, namespace, roles }) =>
      kind !== 'unknown' &&
      isInScope(query, cluster, namespace) &&
      !roles.includes('idle') &&
      !roles.includes('dead'),
  ).length
}
