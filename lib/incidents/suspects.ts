/** Where failures begin: nodes whose own failure their dependencies do not explain. */
import type { GraphNode } from '@/lib/graph/types'
import { isBad, type NodeSignal, type Signals } from './signals'
import type { MemberLookup, Symptom } from './types'

/** A node that fails by itself, before suspects that belong together are joined. */
export interface Origin {
  signal: NodeSignal
  symptom: Symptom
  /** failed and slow requests (or connections) per second that begin here */
  ownPerSecond: number
  /** services whose requests never reached this workload: their failures are its own */
  deputies: NodeSignal[]
  /** a service whose other requests workloads answered: what it carries here is not all that is asked of it */
  isPart?: true
}

/** A failure that dependencies explain to more than this is theirs. */
const LEAST_OWN_SHARE = 0.3
const LEAST_OWN_SLOWNESS = 0.5
/** Fewer failures in the window are chance. */
const LEAST_FAILURES = { failing: 2, degraded: 3 }
/** Half of the requests are at least as slow as a P95 gone bad suggests: an estimate that only ranks. */
const SLOW_SHARE = 0.5

const REPLICA_CODES = new Set(['replicas-unavailable', 'container-stuck', 'restarts'])

/** Services that pass requests to nobody because callers' proxies ejected a workload that fails, by that workload. */
export type Ejected = ReadonlyMap<string, readonly NodeSignal[]>

/** All origins, sorted by node id. `windowSeconds` is that of the graph. */
export function findOrigins(
  signals: Signals,
  members: MemberLookup,
  windowSeconds: number,
): { origins: Origin[]; ejected: Ejected } {
  const origins = new Map<string, Origin>()
  for (const signal of signals.values()) {
    const origin = originOf(signal, windowSeconds)
    if (origin) origins.set(signal.node.id, origin)
  }
  const ejected = new Map<string, NodeSignal[]>()
  const twins = createTwins(signals, members)
  for (const signal of signals.values()) {
    if (signal.node.kind === 'service' && origins.has(signal.node.id)) {
      handToMembers(signal, { origins, ejected, signals, members, twins })
    }
  }
  return {
    origins: [...origins.values()].sort((a, b) => (a.signal.node.id < b.signal.node.id ? -1 : 1)),
    ejected,
  }
}

/** An origin of last resort: failing nodes that only explain each other in a circle, the most failing first. */
export function fallbackOrigin(signal: NodeSignal): Origin {
  return { signal, symptom: 'errors', ownPerSecond: signal.failed, deputies: [] }
}

/** So many failures in the window that they are no chance. */
export function isEnough(failedPerSecond: number, node: GraphNode, windowSeconds: number): boolean {
  const least = node.health.status === 'failing' ? LEAST_FAILURES.failing : LEAST_FAILURES.degraded
  return failedPerSecond * windowSeconds >= least - 0.5
}

function originOf(signal: NodeSignal, windowSeconds: number): Origin | null {
  const { node, failed, ownFailed, slow, ownSlowness, carried } = signal
  if (node.kind === 'unknown') return null
  const slowPerSecond = slow && ownSlowness >= LEAST_OWN_SLOWNESS ? carried * SLOW_SHARE * ownSlowness : 0
  const isFailing =
    failed > 0 && ownFailed / failed >= LEAST_OWN_SHARE && isEnough(ownFailed, node, windowSeconds)
  const failedPerSecond = isFailing ? ownFailed : 0
  if (failedPerSecond > 0 || slowPerSecond > 0) {
    return {
      signal,
      symptom: symptomOf(signal, failedPerSecond, slowPerSecond),
      ownPerSecond: failedPerSecond + slowPerSecond,
      deputies: [],
    }
  }
  const lost = lostPerSecond(signal)
  if (lost > 0 && isEnough(lost, node, windowSeconds)) {
    return { signal, symptom: 'no-route', ownPerSecond: lost, deputies: [] }
  }
  if (node.health.reasons.some(isOfReplicas)) {
    return { signal, symptom: 'replicas', ownPerSecond: 0, deputies: [] }
  }
  return null
}

/** Requests nobody was found for: the sender had no route. */
function lostPerSecond({ outOf }: NodeSignal): number {
  return outOf.reduce((sum, { edge, failed }) => (isNowhere(edge.target) ? sum + failed : sum), 0)
}

export function isNowhere(id: string): boolean {
  return id.split('/')[2] === 'unknown'
}

function symptomOf(signal: NodeSignal, failedPerSecond: number, slowPerSecond: number): Symptom {
  const { node, into } = signal
  if (node.roles.includes('blackHole')) return 'blocked'
  if (failedPerSecond === 0) return 'latency'
  const sum = (pick: 'refused' | 'timedOut') => into.reduce((total, each) => total + each[pick], 0)
  if (slowPerSecond > 0 && sum('timedOut') >= signal.failed / 2) return 'latency'
  if (node.kind === 'service' && flagged(signal, 'UH') >= signal.failed / 2) return 'no-endpoint'
  if (sum('refused') >= signal.failed / 2) return 'refused'
  return 'errors'
}

/** Requests per second into a node that ended with this flag. */
export function flagged({ into }: NodeSignal, flag: string): number {
  let total = 0
  for (const { edge } of into) {
    for (const { flags, requestsPerSecond } of edge.responses) {
      if (flags.split(',').includes(flag)) total += requestsPerSecond
    }
  }
  return total
}

export function isOfReplicas(reason: { code: string; status: string }): boolean {
  return REPLICA_CODES.has(reason.code) && reason.status !== 'idle'
}

/**
 * Requests that a service could pass to nobody are the failure of those who should stand behind it, where one of
 * them is ill: no replica is available, or its errors made the callers' proxies eject it. Services of one name and
 * namespace in several clusters are one, as Istio has it: whoever is ill behind any of them is asked for here too.
 */
function handToMembers(
  signal: NodeSignal,
  {
    origins,
    ejected,
    signals,
    members,
    twins,
  }: {
    origins: Map<string, Origin>
    ejected: Map<string, NodeSignal[]>
    signals: Signals
    members: MemberLookup
    twins: (service: GraphNode) => readonly string[]
  },
): void {
  const { node } = signal
  const own = members.workloadsOf(node)
  const behind = own.length > 0 ? own : twins(node)
  const ill = [...new Set(behind)].flatMap((id) => {
    const member = signals.get(id)
    return member && isIll(member, origins) ? [member] : []
  })
  if (ill.length === 0) {
    const origin = origins.get(node.id)
    const isAnswered = behind.some((id) => (signals.get(id)?.carried ?? 0) > 0)
    if (origin && isAnswered) origins.set(node.id, { ...origin, isPart: true })
    const failing = [...new Set(behind)].filter((id) => (signals.get(id)?.failed ?? 0) > 0)
    if (failing.length === 0 || flagged(signal, 'UH') < signal.failed / 2) return
    origins.delete(node.id)
    for (const id of failing) ejected.set(id, [...(ejected.get(id) ?? []), signal])
    return
  }
  origins.delete(node.id)
  for (const member of ill) {
    const known = origins.get(member.node.id)
    const origin = known ?? { signal: member, symptom: 'replicas' as const, ownPerSecond: 0, deputies: [] }
    const isGone = member.node.replicas?.available === 0
    origins.set(member.node.id, {
      ...origin,
      symptom: isGone ? 'no-endpoint' : origin.symptom,
      ownPerSecond: origin.ownPerSecond + signal.ownFailed / ill.length,
      deputies: [...origin.deputies, signal],
    })
  }
}

/** Workloads behind services of one name and namespace, in whatever cluster; looked up once there is a need. */
function createTwins(signals: Signals, members: MemberLookup): (service: GraphNode) => readonly string[] {
  let byService: Map<string, string[]> | null = null
  return ({ namespace, name }) => {
    if (byService === null) {
      byService = new Map()
      for (const { node } of signals.values()) {
        if (node.kind !== 'workload') continue
        for (const service of members.servicesOf(node)) {
          const key = `${node.namespace}/${service}`
          const same = byService.get(key)
          if (same) same.push(node.id)
          else byService.set(key, [node.id])
        }
      }
    }
    return byService.get(`${namespace}/${name}`) ?? []
  }
}

function isIll({ node }: NodeSignal, origins: ReadonlyMap<string, Origin>): boolean {
  return (origins.has(node.id) && isBad(node.health.status)) || node.health.reasons.some(isOfReplicas)
}
