/** The problems of the moment, worst first, each with its suspected origin and those it hurts. */
import { nodeId } from '@/lib/mesh/identity'
import { readSignals, type EdgeSignal, type NodeSignal, type Signals } from './signals'
import { carriesTrouble, spreadOf, type Spread } from './spread'
import { fallbackOrigin, findOrigins, isEnough, type Ejected, type Origin } from './suspects'
import type {
  Evidence,
  Incident,
  IncidentEdge,
  IncidentInput,
  MemberLookup,
  PlaceRef,
  Reached,
  Suspect,
} from './types'
import { evidenceOf, flagShares, headlineOf } from './words'

/** More would be read by nobody; how many there are is still said. */
const MOST_SUSPECTS = 6

/**
 * Incidents, worst first: failing before degraded, then by how many requests they hurt. Nodes whose failure their
 * dependencies explain belong to the incident of those; what is left becomes an incident of its own. Few failures
 * in the window are chance and give none.
 */
export function findIncidents({ graph, baselines, members }: IncidentInput): Incident[] {
  const signals = readSignals({ graph, baselines })
  const { origins, ejected } = findOrigins(signals, members, graph.windowSeconds)
  const covered = new Set<string>()
  const incidents: Incident[] = []
  const context = {
    signals,
    ejected,
    members,
    windowSeconds: graph.windowSeconds,
    entering: enteringOf(signals),
  }
  const tell = (group: readonly Origin[]) => {
    const incident = incidentOf(group, context)
    for (const id of incident.nodes) covered.add(id)
    incidents.push(incident)
  }
  for (const group of joinOrigins(origins, context)) tell(group)
  // a circle of callers explains itself away: its most failing node stands for it
  for (const signal of uncovered(signals, covered, graph.windowSeconds)) {
    if (!covered.has(signal.node.id)) tell([fallbackOrigin(signal)])
  }
  return incidents.sort(
    (a, b) =>
      Number(b.status === 'failing') - Number(a.status === 'failing') ||
      b.hurtPerSecond - a.hurtPerSecond ||
      (a.id < b.id ? -1 : 1),
  )
}

function uncovered(signals: Signals, covered: ReadonlySet<string>, windowSeconds: number): NodeSignal[] {
  return [...signals.values()]
    .filter(
      ({ node, failed }) =>
        node.kind !== 'unknown' && !covered.has(node.id) && isEnough(failed, node, windowSeconds),
    )
    .sort((a, b) => b.failed - a.failed || (a.node.id < b.node.id ? -1 : 1))
}

/**
 * Origins that are one matter: versions behind one service, services of one name in several clusters, and an origin
 * that suffers from another more than from itself.
 */
function joinOrigins(origins: readonly Origin[], { signals, ejected, members }: Context): Origin[][] {
  const parents = origins.map((_, index) => index)
  const rootOf = (index: number): number => {
    const parent = parents[index] ?? index
    return parent === index ? index : rootOf(parent)
  }
  const join = (a: number, b: number) => {
    parents[rootOf(a)] = rootOf(b)
  }
  const byService = new Map<string, number>()
  for (const [index, origin] of origins.entries()) {
    const { node } = origin.signal
    const names =
      node.kind === 'service'
        ? [node.name]
        : [
            ...(node.kind === 'workload' ? members.servicesOf(node) : []),
            ...origin.deputies.map((deputy) => deputy.node.name),
          ]
    for (const name of names) {
      const key = `${node.namespace}/${name}`
      const known = byService.get(key)
      if (known === undefined) byService.set(key, index)
      else join(index, known)
    }
  }
  const indexOf = new Map(origins.map(({ signal }, index) => [signal.node.id, index]))
  for (const [index, origin] of origins.entries()) {
    for (const id of spreadOf([origin], signals, ejected).weights.keys()) {
      const victim = indexOf.get(id)
      if (victim === undefined || victim === index) continue
      if (isMoreVictim(origins[victim])) join(victim, index)
    }
  }
  const groups = new Map<number, Origin[]>()
  for (const [index, origin] of origins.entries()) {
    const root = rootOf(index)
    const group = groups.get(root)
    if (group) group.push(origin)
    else groups.set(root, [origin])
  }
  return [...groups.values()].map((group) =>
    group.sort((a, b) => b.ownPerSecond - a.ownPerSecond || (a.signal.node.id < b.signal.node.id ? -1 : 1)),
  )
}

function isMoreVictim(origin: Origin | undefined): boolean {
  if (!origin || origin.symptom === 'replicas') return false
  const { failed, ownFailed, slow, ownSlowness } = origin.signal
  const failedOwn = failed > 0 ? ownFailed / failed : 0
  return Math.max(failedOwn, slow ? ownSlowness : 0) < 0.75
}

interface Context {
  signals: Signals
  ejected: Ejected
  members: MemberLookup
  windowSeconds: number
  /** requests and connections per second that enter the mesh */
  entering: number
}

function incidentOf(origins: readonly Origin[], context: Context): Incident {
  const { signals, members, windowSeconds } = context
  const spread = spreadOf(origins, signals, context.ejected)
  const suspects = suspectsOf(origins, members, windowSeconds)
  const [first] = origins
  const [top] = suspects
  if (!first || !top) throw new Error('an incident has an origin')
  const nodes = nodesOf(origins, spread)
  const { callers, entryPoints } = reachOf(origins, spread, signals)
  const hurtPerSecond = sum(entryPoints.map((one) => one.hurtPerSecond))
  const isFailing = origins.some(({ signal, deputies }) =>
    [signal, ...deputies].some(({ node }) => node.health.status === 'failing'),
  )
  return {
    id: `${top.id}#${top.symptom}`,
    status: isFailing ? 'failing' : 'degraded',
    symptom: top.symptom,
    headline: headlineOf(spokenName(top, origins, members), worstOf(top, origins, first)),
    suspects: suspects.slice(0, MOST_SUSPECTS),
    callers,
    entryPoints,
    hurtPerSecond,
    hurtRatio: context.entering > 0 ? Math.min(1, hurtPerSecond / context.entering) : null,
    flags: flagShares(
      origins.flatMap(({ signal, deputies, symptom }) => [
        ...signal.into,
        ...deputies.flatMap((deputy) => deputy.into),
        ...(symptom === 'no-route' ? signal.outOf : []),
      ]),
    ),
    nodes,
    edges: [...spread.edges.keys()].map(edgeOf).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  }
}

const keyOf = (edge: IncidentEdge) => `${edge.source}>${edge.target}#${edge.protocol}`

function edgeOf({ edge, carried, failed }: EdgeSignal): IncidentEdge {
  return {
    source: edge.source,
    target: edge.target,
    protocol: edge.protocol,
    requestsPerSecond: carried,
    failedPerSecond: failed,
    p95Ms: edge.latencyMs?.p95 ?? null,
    status: edge.health.status,
  }
}

function nodesOf(origins: readonly Origin[], { weights, edges }: Spread): string[] {
  const ids = new Set(weights.keys())
  for (const { edge } of edges.keys()) ids.add(edge.target).add(edge.source)
  for (const { signal } of origins) ids.add(signal.node.id)
  return [...ids].sort()
}

/** Suspects by their share; versions that fail alike behind one service are suspected as that service. */
function suspectsOf(origins: readonly Origin[], members: MemberLookup, windowSeconds: number): Suspect[] {
  const total = sum(origins.map((origin) => origin.ownPerSecond))
  const scoreOf = (own: number) => (total > 0 ? own / total : 1 / origins.length)
  const single = origins.map((origin): Suspect => {
    const { node } = origin.signal
    return {
      ...placeOf(node),
      id: node.id,
      version: node.version,
      symptom: origin.symptom,
      score: scoreOf(origin.ownPerSecond),
      evidence: evidenceOf(origin, windowSeconds),
      observedOn: origin.deputies[0]?.node.id ?? node.id,
    }
  })
  const whole = wholeService(origins, members)
  if (!whole) return single
  const { place, of } = whole
  const id = nodeId(place)
  const own = sum(of.map((origin) => origin.ownPerSecond))
  const evidence: Evidence[] = of.map(({ signal, symptom }) => ({
    code: 'all-versions',
    message: headlineOf(signal.node.name, { signal, symptom, ownPerSecond: 0, deputies: [] }),
    value: symptom === 'latency' ? (signal.slow?.p95Ms ?? 0) : signal.failed,
    unit: symptom === 'latency' ? 'ms' : 'requests/s',
  }))
  const service: Suspect = {
    ...place,
    id,
    version: null,
    symptom: of[0]?.symptom ?? 'errors',
    score: scoreOf(own),
    evidence: [
      {
        code: 'every-workload-behind-it',
        message: `All ${of.length} workloads that answer for it are ill`,
        value: of.length,
        unit: 'count',
      },
      ...evidence,
      ...(single[0]?.evidence ?? []).filter((each) => each.code !== 'own-failures'),
    ],
    observedOn: id,
  }
  const inside = new Set(of.map(({ signal }) => signal.node.id))
  const rest = single.filter((suspect) => !inside.has(suspect.id))
  return [service, ...rest].sort((a, b) => b.score - a.score)
}

/** The service all of whose answering workloads, two or more, are origins of the same symptom. */
function wholeService(
  origins: readonly Origin[],
  members: MemberLookup,
): { place: PlaceRef; of: Origin[] } | null {
  const [first] = origins
  if (first?.signal.node.kind !== 'workload' || first.symptom === 'no-endpoint') return null
  const { cluster, namespace } = first.signal.node
  for (const name of members.servicesOf(first.signal.node)) {
    const place: PlaceRef = { kind: 'service', cluster, namespace, name }
    const ids = new Set(members.workloadsOf(place))
    const of = origins.filter(({ signal, symptom }) => symptom === first.symptom && ids.has(signal.node.id))
    if (of.length >= 2 && of.length === ids.size) return { place, of }
  }
  return null
}

/** The suspect's name; of a service its ill versions too. */
function spokenName(top: Suspect, origins: readonly Origin[], members: MemberLookup): string {
  if (origins.some(({ signal }) => signal.node.id === top.id)) return top.name
  const inside = new Set(members.workloadsOf(top))
  const versions = origins.flatMap(({ signal }) =>
    inside.has(signal.node.id) ? (signal.node.version ?? []) : [],
  )
  return versions.length === 0 ? top.name : `${top.name} (${[...new Set(versions)].sort().join(', ')})`
}

/** Whose figures the headline says: the top suspect's, of a whole service its most hurt workload's. */
function worstOf(top: Suspect, origins: readonly Origin[], first: Origin): Origin {
  return origins.find(({ signal }) => signal.node.id === top.id) ?? first
}

function placeOf(node: PlaceRef): PlaceRef {
  return { kind: node.kind, cluster: node.cluster, namespace: node.namespace, name: node.name }
}

function reachOf(
  origins: readonly Origin[],
  { weights, edges }: Spread,
  signals: Signals,
): { callers: Reached[]; entryPoints: Reached[] } {
  const roots = new Set(
    origins.flatMap(({ signal, deputies }) => [signal.node.id, ...deputies.map((one) => one.node.id)]),
  )
  const reached = new Map<string, Reached>()
  for (const [each, hurt] of edges) {
    const caller = signals.get(each.edge.source)
    if (!caller || roots.has(caller.node.id)) continue
    const known = reached.get(caller.node.id) ?? {
      ...placeOf(caller.node),
      id: caller.node.id,
      isDirect: false,
      status: caller.node.health.status,
      requestsPerSecond: 0,
      hurtPerSecond: 0,
    }
    known.isDirect ||= roots.has(each.edge.target)
    known.requestsPerSecond += each.carried
    known.hurtPerSecond += hurt
    reached.set(caller.node.id, known)
  }
  const byHurt = (a: Reached, b: Reached) => b.hurtPerSecond - a.hurtPerSecond || (a.id < b.id ? -1 : 1)
  const callers = [...reached.values()].sort(byHurt)
  const isEntry = (id: string) => {
    const signal = signals.get(id)
    return signal !== undefined && !signal.into.some(({ carried }) => carried > 0)
  }
  const own = [...roots].filter((id) => isEntry(id) && weights.has(id))
  const entryPoints = callers.filter(({ id }) => isEntry(id))
  // an origin nobody calls hurts what it sends itself
  for (const id of own) {
    const signal = signals.get(id)
    if (!signal) continue
    const failed = sum(signal.outOf.filter(carriesTrouble).map((each) => each.failed))
    if (failed === 0) continue
    entryPoints.push({
      ...placeOf(signal.node),
      id,
      isDirect: true,
      status: signal.node.health.status,
      requestsPerSecond: sum(signal.outOf.map((each) => each.carried)),
      hurtPerSecond: failed,
    })
  }
  return { callers, entryPoints: entryPoints.sort(byHurt) }
}

/** What enters the mesh: all that is sent by those nobody calls. */
function enteringOf(signals: Signals): number {
  let total = 0
  for (const { into, outOf } of signals.values()) {
    if (into.some(({ carried }) => carried > 0)) continue
    total += sum(outOf.map((each) => each.carried))
  }
  return total
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
