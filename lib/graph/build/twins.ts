/**
 * What the node's L4 proxy (ztunnel) counts is often the same traffic an L7 proxy reports as requests. Such a
 * twin becomes the bytes of that traffic; only what no L7 proxy saw is an edge of its own.
 */
import { quantizeBytes, quantizeRate } from '../quantum'
import type { End } from '../types'
import type { EndTable } from './ends'
import { isCarrying, securityOf, type FlowDraft } from './flows'

/** The flows that stay: all of L7, bytes added where a twin gave them, and the L4 ones without an L7 like. */
export function joinTwins(table: EndTable, l7: readonly FlowDraft[], l4: readonly FlowDraft[]): FlowDraft[] {
  if (l4.length === 0) return [...l7]
  const index = indexL7(table, l7, l4)
  const alone: FlowDraft[] = []
  for (const twin of l4) {
    const source = table.ends[twin.source]
    const target = twin.target < 0 ? undefined : table.ends[twin.target]
    if (source?.isWaypoint) {
      // the second leg: its bytes were counted on the way to the waypoint
      if (!index.behindWaypoint.has(identity(table, twin.target))) alone.push(twin)
      continue
    }
    const likes = target?.isWaypoint ? firstLeg(table, index, twin, target) : sameEnds(table, index, twin)
    if (likes.length === 0) alone.push(twin)
    // an L7 proxy that reported TCP has counted these very bytes
    else if (likes.every((like) => like.protocol !== 'tcp')) spread(twin, likes)
  }
  return [...l7, ...alone]
}

interface L7Index {
  byCaller: Map<number, FlowDraft[]>
  /** by caller: services the node proxies name on its way to a waypoint */
  askedOfWaypoints: Map<number, Set<number>>
  /** identities of workloads that a waypoint forwards to */
  behindWaypoint: Set<number>
}

function indexL7(table: EndTable, l7: readonly FlowDraft[], l4: readonly FlowDraft[]): L7Index {
  const byCaller = new Map<number, FlowDraft[]>()
  const behindWaypoint = new Set<number>()
  for (const flow of l7) {
    if (!isCarrying(flow)) continue
    const caller = identity(table, flow.source)
    const list = byCaller.get(caller)
    if (list) list.push(flow)
    else byCaller.set(caller, [flow])
    if (flow.reporter === 'waypoint') behindWaypoint.add(identity(table, flow.target))
  }
  const askedOfWaypoints = new Map<number, Set<number>>()
  for (const twin of l4) {
    if (twin.target < 0 || !table.ends[twin.target]?.isWaypoint) continue
    const caller = identity(table, twin.source)
    const services = askedOfWaypoints.get(caller) ?? new Set<number>()
    askedOfWaypoints.set(caller, services.add(twin.service))
  }
  return { byCaller, askedOfWaypoints, behindWaypoint }
}

/** L7 flows between the same two workloads through the same service, or through any where one names none. */
function sameEnds(table: EndTable, index: L7Index, twin: FlowDraft): FlowDraft[] {
  const target = identity(table, twin.target)
  const between = (index.byCaller.get(identity(table, twin.source)) ?? []).filter(
    (flow) => identity(table, flow.target) === target,
  )
  const exact = between.filter((flow) => flow.service === twin.service)
  return exact.length > 0 ? exact : between.filter((flow) => flow.service < 0 || twin.service < 0)
}

/** What the waypoint made of the bytes a caller sent to it: the caller's flows to the service it asked for. */
function firstLeg(table: EndTable, index: L7Index, twin: FlowDraft, waypoint: End): FlowDraft[] {
  const flows = (index.byCaller.get(identity(table, twin.source)) ?? []).filter(
    (flow) => flow.target < 0 || !table.ends[flow.target]?.isWaypoint,
  )
  const asked = flows.filter((flow) => twin.service >= 0 && flow.service === twin.service)
  if (asked.length > 0) return asked
  // the waypoint routed the request on to another service (HTTPRoute), or the service named is its own, or none
  const named = index.askedOfWaypoints.get(identity(table, twin.source))
  return flows.filter(
    (flow) =>
      flow.reporter === 'waypoint' &&
      table.ends[flow.target]?.namespace === waypoint.namespace &&
      !named?.has(flow.service),
  )
}

/** Shares a twin's bytes out by requests: exact for one flow, and for the sum of several. */
function spread(twin: FlowDraft, likes: readonly FlowDraft[]): void {
  const requests = likes.reduce((sum, like) => sum + like.requestsPerSecond, 0)
  const twinSecurity = securityOf(twin)
  for (const like of likes) {
    const part = likes.length === 1 ? 1 : like.requestsPerSecond / requests
    like.sentBytesPerSecond =
      (like.sentBytesPerSecond ?? 0) + quantizeBytes((twin.sentBytesPerSecond ?? 0) * part)
    like.receivedBytesPerSecond =
      (like.receivedBytesPerSecond ?? 0) + quantizeBytes((twin.receivedBytesPerSecond ?? 0) * part)
    // a gateway that calls into ambient cannot tell; the node proxy at the far end can
    const fallback = like.secured[0]
    if (fallback && twinSecurity.known > 0 && securityOf(like).known === 0) {
      fallback.known = like.requestsPerSecond
      fallback.mutual = quantizeRate(like.requestsPerSecond * (twinSecurity.mutual / twinSecurity.known))
    }
  }
}

function identity(table: EndTable, end: number): number {
  return end < 0 ? -1 : (table.identities[end] ?? -1)
}
