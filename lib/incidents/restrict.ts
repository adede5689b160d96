/** An incident as far as somebody may see it who may see some namespaces only. */
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import type { Incident, IncidentEdge, PlaceRef, Suspect } from './types'

export interface SeenIncident extends Incident {
  /** where its origin may not be seen: the viewer's own node that it hurts most; null: the first suspect is the origin */
  seenAt: (PlaceRef & { id: string }) | null
}

type IsSeen = (cluster: string, namespace: string) => boolean

/** Opens the headline of an incident that begins where the viewer may not look; since when follows at its end. */
const ELSEWHERE = 'The origin lies in a namespace you may not see'

/**
 * What is left of an incident: suspects, callers and nodes of visible namespaces, edges between them or out of the
 * mesh, and what enters and is hurt there. Of an origin elsewhere neither name nor figure: the headline tells what
 * happens to the viewer's own. Null where none of it is the viewer's.
 */
export function restrictIncident(incident: Incident, isSeen: IsSeen): SeenIncident | null {
  const isVisible = (id: string) => {
    const ref = parseNodeId(id)
    return ref !== undefined && isPlaced(ref) && isSeen(ref.cluster, ref.namespace)
  }
  // what lies outside of the mesh is in no namespace, and known by the viewer's own edges to it
  const isNeutral = (id: string) => {
    const ref = parseNodeId(id)
    return ref !== undefined && !isPlaced(ref)
  }
  const placed = [...incident.nodes, ...incident.suspects.map(({ id }) => id)].filter((id) => !isNeutral(id))
  if (placed.every(isVisible)) return { ...incident, seenAt: null }
  const own = incident.nodes.filter(isVisible)
  const edges = incident.edges.filter(
    ({ source, target }) =>
      (isVisible(source) && (isVisible(target) || isNeutral(target))) ||
      (isNeutral(source) && isVisible(target)),
  )
  const suspects = incident.suspects.flatMap((suspect) => {
    if (isVisible(suspect.id)) return [suspect]
    // what ends outside of the mesh ends there for everybody: its figures are not the viewer's alone
    const isOwn = isNeutral(suspect.id) && edges.some(({ target }) => target === suspect.id)
    return isOwn ? [{ ...suspect, evidence: [] }] : []
  })
  const origin = suspects[0]?.id === incident.suspects[0]?.id ? suspects[0] : undefined
  if (own.length === 0) return null
  const entryPoints = incident.entryPoints.filter(({ id }) => isVisible(id))
  const entering = incident.edges.filter(({ source, target }) => isVisible(target) && !isVisible(source))
  const nodes = new Set([...own, ...edges.flatMap(({ source, target }) => [source, target])])
  const left: Incident = {
    ...incident,
    suspects,
    callers: incident.callers.filter(({ id }) => isVisible(id)),
    entryPoints,
    hurtPerSecond:
      sum(entryPoints.map((one) => one.hurtPerSecond)) + sum(entering.map((edge) => edge.failedPerSecond)),
    // of all that enters the mesh: not the viewer's to know
    hurtRatio: null,
    // those of several suspects cannot be told apart
    flags: incident.suspects.every(({ id }) => isVisible(id)) ? incident.flags : [],
    nodes: [...nodes].sort(),
    edges,
  }
  if (!origin) return withoutOrigin(left, incident, isVisible)
  if (isVisible(origin.id)) return { ...left, seenAt: null }
  const victim = mostHurt(incident, isVisible)
  return (
    victim && {
      ...left,
      headline: `${victim.words}: they end at ${origin.name}, outside of the mesh`,
      seenAt: null,
    }
  )
}

function withoutOrigin(
  left: Incident,
  whole: Incident,
  isVisible: (id: string) => boolean,
): SeenIncident | null {
  const victim = mostHurt(whole, isVisible)
  if (!victim) return null
  const isSlow = victim.failedPerSecond === 0
  return {
    ...left,
    // the same for as long as the incident is, and without the name of its origin
    id: `elsewhere#${hashOf(whole.id)}`,
    symptom: isSlow ? 'latency' : 'errors',
    headline: `${ELSEWHERE}: ${victim.words}`,
    suspects: [],
    flags: [],
    seenAt: {
      kind: victim.ref.kind,
      cluster: victim.ref.cluster,
      namespace: victim.ref.namespace,
      name: victim.ref.name,
      id: victim.id,
    },
  }
}

interface Victim {
  id: string
  ref: NodeRef
  failedPerSecond: number
  words: string
}

/** The viewer's node whose own requests fail most; else the one that answers latest. Its edges are the viewer's to see. */
function mostHurt({ edges, nodes }: Incident, isVisible: (id: string) => boolean): Victim | null {
  const victims = nodes.filter(isVisible).flatMap((id): Victim[] => {
    const ref = parseNodeId(id)
    if (!ref) return []
    const into = edges.filter(({ target }) => target === id)
    const outOf = edges.filter(({ source }) => source === id)
    const of = failing(into) ? into : outOf
    const failedPerSecond = sum(of.map((edge) => edge.failedPerSecond))
    return [{ id, ref, failedPerSecond, words: wordsOf(ref.name, into, outOf) }]
  })
  const [first] = victims.sort((a, b) => b.failedPerSecond - a.failedPerSecond || (a.id < b.id ? -1 : 1))
  return first ?? null
}

function failing(edges: readonly IncidentEdge[]): boolean {
  return edges.some(({ failedPerSecond }) => failedPerSecond > 0)
}

function wordsOf(name: string, into: readonly IncidentEdge[], outOf: readonly IncidentEdge[]): string {
  const things = (edges: readonly IncidentEdge[]) =>
    edges.every(({ protocol }) => protocol === 'tcp') ? 'connections' : 'requests'
  if (failing(into)) {
    const failed = sum(into.map((edge) => edge.failedPerSecond))
    const carried = sum(into.map((edge) => edge.requestsPerSecond))
    return `${name} fails ${formatRatio(carried > 0 ? failed / carried : 1)} of ${things(into)}`
  }
  if (failing(outOf)) {
    const failed = sum(outOf.map((edge) => edge.failedPerSecond))
    return `${formatRate(failed)} of the ${things(outOf)} that ${name} sends fail`
  }
  const p95 = Math.max(0, ...into.map((edge) => edge.p95Ms ?? 0))
  return p95 > 0 ? `${name} answers within ${formatDuration(p95)} at P95` : `${name} is hurt`
}

/** Things outside of the mesh lie in no namespace. */
function isPlaced({ kind }: NodeRef): boolean {
  return kind === 'workload' || kind === 'app' || kind === 'service'
}

/** FNV-1a, 32 bits: tells incidents apart, no more. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** What its beginning is looked for by: the origin, or where it may not be seen, the viewer's own. */
export function observedOf({
  seenAt,
  suspects,
}: SeenIncident): Pick<Suspect, 'id' | 'observedOn' | 'kind'> | null {
  if (seenAt) return { id: seenAt.id, observedOn: seenAt.id, kind: seenAt.kind }
  return suspects[0] ?? null
}
