/** Flows folded into the nodes and edges of a view. */
import type { Flow, Topology } from '../types'
import { edgeBetween, emptyDrafts, type Drafts } from './drafts'
import { createRouter, type RouteView } from './routes'
import { NO_TALLY, plus } from './tally'

/**
 * Every flow of the topology on the edges it takes in this view, and what each node received and sent.
 * Waypoints that only forward never come up: their traffic is drawn from caller to workload.
 * `flows`: some of the topology's, where only nodes that have all of theirs among them are of interest.
 */
export function foldFlows(
  topology: Topology,
  view: RouteView,
  flows: readonly Flow[] = topology.flows,
): Drafts {
  const drafts = emptyDrafts()
  const stepsOf = createRouter(drafts, topology, view)
  for (const flow of flows) {
    for (const { source, target, factor } of stepsOf(flow)) {
      const edge = edgeBetween(drafts, source, target, flow.protocol)
      edge.tally = plus(edge, edge.tally, flow, factor)
    }
  }
  for (const { source, target, protocol, tally } of drafts.edges) {
    const { outbound } = source
    const { inbound } = target
    outbound[protocol] = plus(outbound, outbound[protocol] ?? NO_TALLY, tally, 1)
    inbound[protocol] = plus(inbound, inbound[protocol] ?? NO_TALLY, tally, 1)
  }
  return drafts
}
