/**
 * How much flows along the calls of a synthetic mesh. Every request spreads to one or two callees on average,
 * no call is so rare that its edge would look idle, and the few cycles lose most of their flow each round.
 */
import { itemAt } from '@/lib/demo/item-at'
import type { Random } from '@/lib/statistics/random'
import type { SyntheticNode } from './graph'

export interface SyntheticCall {
  target: number
  targetEndpoint: number
  perRequest: number
  /** calls against the levels close a cycle; their failure never fails the caller */
  isBack: boolean
}

export interface SyntheticFlow {
  node: SyntheticNode
  endpoints: SyntheticFlowEndpoint[]
  /** requests per second that begin here */
  entryRate: number
  /** percent of the requests that the second version takes, 0 without one */
  canaryWeight: number
}

export interface SyntheticFlowEndpoint {
  requestsPerSecond: number
  calls: SyntheticCall[]
}

/** Requests per second at the edge, per service. */
const ENTRY_RATE_PER_SERVICE = 1.2
/** Even the second version's share of the second version's calls must stay above 0.01 a second, at night too. */
const LEAST_PER_SECOND = 0.4
/** Edges with more than this can stand a second version with a tenth on either side. */
const ENOUGH_FOR_A_TENTH = 1.5
const CYCLE_SHARE = 0.015
const BACK_CALLS_PER_REQUEST = 0.04

/** One flow per node, in the order of the nodes. */
export function createFlows(random: Random, nodes: readonly SyntheticNode[]): SyntheticFlow[] {
  const flows = nodes.map((node): SyntheticFlow => {
    const endpoints = Array.from({ length: endpointCount(random, node) }, () => ({
      requestsPerSecond: 0,
      calls: [],
    }))
    return { node, endpoints, entryRate: 0, canaryWeight: 0 }
  })
  addCalls(random, flows)
  addEntryRates(random, flows)
  spread(random, flows)
  addBackCalls(random, flows)
  for (const flow of flows) flow.canaryWeight = canaryWeight(random, flow, flows)
  return flows
}

function endpointCount(random: Random, node: SyntheticNode): number {
  if (node.protocol === 'tcp' || node.role === 'worker') return 1
  if (node.role === 'leaf') return random.chance(0.3) ? 2 : 1
  const callees = node.callees.length
  return callees <= 2 ? 1 : callees <= 6 ? 2 : callees <= 14 ? 3 : 5
}

/** Callees are dealt out to the caller's endpoints, callers to the callee's, so that every endpoint is used. */
function addCalls(random: Random, flows: readonly SyntheticFlow[]): void {
  for (const flow of flows) {
    const { node, endpoints } = flow
    const rounds = Math.max(node.callers.length, node.callers.length === 0 ? 0 : endpoints.length)
    for (let turn = 0; turn < rounds; turn++) {
      const caller = itemAt(flows, itemAt(node.callers, turn % node.callers.length))
      const position = caller.node.callees.indexOf(node.index)
      itemAt(caller.endpoints, position % caller.endpoints.length).calls.push({
        target: node.index,
        targetEndpoint: turn % endpoints.length,
        perRequest: random.lognormal(0.4, 2),
        isBack: false,
      })
    }
  }
  for (const { endpoints } of flows) {
    for (const { calls } of endpoints) {
      const total = calls.reduce((sum, call) => sum + call.perRequest, 0)
      const wanted = random.lognormal(1.1, 2.4)
      if (total > wanted) for (const call of calls) call.perRequest *= wanted / total
    }
  }
}

/** Zipf with exponent 1 over the entries, in random order. */
function addEntryRates(random: Random, flows: readonly SyntheticFlow[]): void {
  const entries = random.shuffle(flows.filter(({ node }) => node.level === 0))
  const harmonic = entries.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0)
  const total = flows.length * ENTRY_RATE_PER_SERVICE
  for (const [rank, entry] of entries.entries()) {
    entry.entryRate = Math.max(
      LEAST_PER_SECOND * (entry.endpoints.length + 1),
      round(total / harmonic / (rank + 1)),
    )
    for (const endpoint of entry.endpoints) {
      endpoint.requestsPerSecond = entry.entryRate / entry.endpoints.length
    }
  }
}

/** From entries to leaves: calls go up the levels only, so one pass by level knows each caller's flow. */
function spread(random: Random, flows: readonly SyntheticFlow[]): void {
  const ordered = [...flows].sort((a, b) => a.node.level - b.node.level || a.node.index - b.node.index)
  for (const { endpoints } of ordered) {
    for (const { calls, requestsPerSecond } of endpoints) {
      if (requestsPerSecond <= 0) continue
      for (const call of calls) {
        const least = LEAST_PER_SECOND / requestsPerSecond
        call.perRequest = round(Math.max(call.perRequest, least * (1 + 0.2 * random.next())))
        const target = flows[call.target]?.endpoints[call.targetEndpoint]
        if (target !== undefined) target.requestsPerSecond += requestsPerSecond * call.perRequest
      }
    }
  }
}

/** Calls from a service to one that calls it, over one to three steps. */
function addBackCalls(random: Random, flows: readonly SyntheticFlow[]): void {
  const edges = flows.reduce((sum, { node }) => sum + node.callees.length, 0)
  const enough = LEAST_PER_SECOND / BACK_CALLS_PER_REQUEST
  const mayCall = flows.filter(
    ({ node, endpoints }) =>
      node.role === 'middle' && node.versions === 1 && itemAt(endpoints, 0).requestsPerSecond >= enough,
  )
  let wanted = Math.round(edges * CYCLE_SHARE)
  for (let tries = 0; wanted > 0 && mayCall.length > 0 && tries < edges; tries++) {
    const from = random.pick(mayCall)
    let above = from.node
    for (let steps = random.int(1, 3); steps > 0; steps--) {
      const callers = above.callers.filter((caller) => flows[caller]?.node.role === 'middle')
      if (callers.length > 0) above = itemAt(flows, random.pick(callers)).node
    }
    const { calls } = itemAt(from.endpoints, 0)
    const isKnown = calls.some(({ target }) => target === above.index)
    if (above === from.node || above.versions > 1 || isKnown) continue
    calls.push({
      target: above.index,
      targetEndpoint: 0,
      perRequest: BACK_CALLS_PER_REQUEST,
      isBack: true,
    })
    wanted--
  }
}

function canaryWeight(random: Random, flow: SyntheticFlow, flows: readonly SyntheticFlow[]): number {
  const { node, endpoints } = flow
  if (node.versions === 1) return 0
  const outgoing = endpoints.flatMap(({ calls, requestsPerSecond }) =>
    calls.map((call) => call.perRequest * requestsPerSecond),
  )
  const incoming = node.callers.flatMap((caller) =>
    (flows[caller]?.endpoints ?? []).flatMap(({ calls, requestsPerSecond }) =>
      calls.filter(({ target }) => target === node.index).map((call) => call.perRequest * requestsPerSecond),
    ),
  )
  const least = Math.min(flow.entryRate > 0 ? flow.entryRate : Infinity, ...outgoing, ...incoming)
  return least > ENOUGH_FOR_A_TENTH && random.chance(0.7)
    ? random.pick([10, 10, 15])
    : random.pick([20, 30, 50])
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
