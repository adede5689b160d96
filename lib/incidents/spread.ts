/** How a failure spreads from where it begins to those who ask: upstream, along edges that fail or are slow. */
import { isNowhere, type Ejected, type Origin } from './suspects'
import type { EdgeSignal, NodeSignal, Signals } from './signals'

export interface Spread {
  /** share of a node's own troubles that come from here, 0..1, by node id; 1 at the origins */
  weights: Map<string, number>
  /** edges that carry the trouble, with the requests per second on each that are hurt by it */
  edges: Map<EdgeSignal, number>
}

/** A smaller share of failed requests on an edge is chance. */
const LEAST_EDGE_RATIO = 0.001

/** Rounds in which shares settle: as deep as calls are nested, and then some. */
const ROUNDS = 12

/**
 * Everything upstream that the trouble reaches. A node passes on what it got from here: where two incidents meet in
 * one caller, each gets its share of what that caller's callers suffer.
 */
export function spreadOf(origins: readonly Origin[], signals: Signals, ejected: Ejected): Spread {
  const reached = new Map<string, NodeSignal>()
  const roots = new Set<string>()
  const edges = new Map<EdgeSignal, number>()
  // a gateway sends on thousands of edges, of which few are of this
  const sent = new Map<string, EdgeSignal[]>()
  const add = (each: EdgeSignal, hurt: number) => {
    edges.set(each, hurt)
    const same = sent.get(each.edge.source)
    if (same) same.push(each)
    else sent.set(each.edge.source, [each])
  }
  const queue: NodeSignal[] = []
  const reach = (signal: NodeSignal) => {
    if (reached.has(signal.node.id)) return
    reached.set(signal.node.id, signal)
    queue.push(signal)
  }
  for (const { signal, symptom, deputies } of origins) {
    for (const root of [signal, ...deputies]) {
      roots.add(root.node.id)
      reach(root)
    }
    if (symptom !== 'no-route') continue
    // its failing requests lead nowhere, and belong to it
    for (const each of signal.outOf) {
      if (each.failed > 0 && isNowhere(each.edge.target)) add(each, each.failed)
    }
  }
  for (let signal = queue.shift(); signal; signal = queue.shift()) {
    for (const service of ejected.get(signal.node.id) ?? []) reach(service)
    for (const each of signal.into) {
      if (edges.has(each) || !carriesTrouble(each)) continue
      add(each, hurtOn(each))
      const caller = signals.get(each.edge.source)
      if (caller) reach(caller)
    }
  }
  const weights = new Map([...reached.keys()].map((id) => [id, 1]))
  const hurt = (each: EdgeSignal) => hurtOn(each) * (weights.get(each.edge.target) ?? 1)
  for (let round = 0, isSettled = false; round < ROUNDS && !isSettled; round++) {
    isSettled = true
    for (const [id, signal] of reached) {
      if (roots.has(id)) continue
      const share = shareFrom(signal, sent.get(id) ?? [], hurt)
      isSettled &&= share === weights.get(id)
      weights.set(id, share)
    }
  }
  for (const each of edges.keys()) edges.set(each, hurt(each))
  return { weights, edges }
}

export function carriesTrouble({ carried, failed, slow }: EdgeSignal): boolean {
  return slow !== null || (failed > 0 && failed >= LEAST_EDGE_RATIO * carried)
}

/** Failed requests; where none fails but all are slow, the slow ones. */
function hurtOn({ carried, failed, slow }: EdgeSignal): number {
  return slow ? carried : failed
}

/** Of all that hurts a caller (what its requests come back with, and its own failures) the share that is from here. */
function shareFrom(
  caller: NodeSignal,
  sent: readonly EdgeSignal[],
  hurt: (each: EdgeSignal) => number,
): number {
  if (caller.node.kind === 'service') return 1
  const all = troublesOf(caller)
  let here = 0
  for (const each of sent) here += hurt(each)
  return all > 0 ? Math.min(1, here / all) : 1
}

const troubles = new WeakMap<NodeSignal, number>()

/** The same for every incident that a caller suffers from. */
function troublesOf(caller: NodeSignal): number {
  let all = troubles.get(caller)
  if (all === undefined) {
    all = caller.outOf.reduce((sum, each) => sum + hurtOn(each), caller.ownFailed)
    troubles.set(caller, all)
  }
  return all
}
