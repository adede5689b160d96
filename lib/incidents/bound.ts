/** An incident as an answer carries it: of thousands whom it hurts those it hurts most, and how many they are. */
import { severity } from '@/lib/health/combine'
import { hopsOf } from './hops'
import type { SeenIncident } from './restrict'
import type { IncidentEdge } from './types'

/** More than stand around any but what the whole mesh asks for. */
export const MOST_REACHED = 300
/** Callers have callers. */
export const MOST_INCIDENT_EDGES = 2 * MOST_REACHED
export const MOST_FLAGS = 50

export interface BoundIncident extends SeenIncident {
  callersTotal: number
  entryPointsTotal: number
  flagsTotal: number
  nodesTotal: number
  edgesTotal: number
  /** steps from the origin to the farthest caller it hurts, of all of them; 1 to 5 */
  hops: number
}

/**
 * The most hurt callers and entry points, the edges that fail first and then the busiest, and of the nodes the origin,
 * these callers and the ends of these edges. Orders stay; what is ordinary stays whole.
 */
export function boundIncident(incident: SeenIncident): BoundIncident {
  const { callers, entryPoints, flags, nodes, edges, suspects, seenAt } = incident
  const [origin] = suspects
  const kept = {
    callers: callers.slice(0, MOST_REACHED),
    entryPoints: entryPoints.slice(0, MOST_REACHED),
    edges: edges.length > MOST_INCIDENT_EDGES ? worstOf(edges) : edges,
  }
  const isCut = callers.length > MOST_REACHED || edges.length > MOST_INCIDENT_EDGES
  const near = new Set([
    ...suspects.flatMap(({ id, observedOn }) => [id, observedOn]),
    ...(seenAt ? [seenAt.id] : []),
    ...[...kept.callers, ...kept.entryPoints].map(({ id }) => id),
    ...kept.edges.flatMap(({ source, target }) => [source, target]),
  ])
  return {
    ...incident,
    ...kept,
    flags: flags.slice(0, MOST_FLAGS),
    nodes: isCut ? nodes.filter((id) => near.has(id)) : nodes,
    callersTotal: callers.length,
    entryPointsTotal: entryPoints.length,
    flagsTotal: flags.length,
    nodesTotal: nodes.length,
    edgesTotal: edges.length,
    hops: hopsOf(incident, origin ? [origin.id, origin.observedOn] : seenAt ? [seenAt.id] : []),
  }
}

function worstOf(edges: readonly IncidentEdge[]): IncidentEdge[] {
  const worst = new Set(edges.toSorted(compareEdges).slice(0, MOST_INCIDENT_EDGES))
  return edges.filter((edge) => worst.has(edge))
}

function compareEdges(a: IncidentEdge, b: IncidentEdge): number {
  return (
    b.failedPerSecond - a.failedPerSecond ||
    severity(b.status) - severity(a.status) ||
    b.requestsPerSecond - a.requestsPerSecond
  )
}
