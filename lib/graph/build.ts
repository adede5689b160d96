/** From samples to topology: the steps of a snapshot. */
import { indexInventories } from '@/lib/mesh/inventory-index'
import { createEndTable } from './build/ends'
import { sumFlows, toFlow } from './build/flows'
import { chooseReporters, keepChosen } from './build/reporter'
import { locate, toRows } from './build/rows'
import { joinTwins } from './build/twins'
import { dropRepeated } from './build/unresolved'
import type { FlowSample, Topology, TopologyInput } from './types'

/**
 * All that one snapshot of telemetry says of who talks to whom, each request counted once, at its finest:
 * caller, service, answering workload, protocol. Views are made of it by `projectGraph`.
 * Samples of all reporters and layers may be given; their order does not matter.
 */
export function buildTopology(input: TopologyInput): Topology {
  const inventories = indexInventories(input.inventories)
  const table = createEndTable([input.requests, input.tcp], inventories, input.defaultCluster)
  const rows = toRows(table, input.requests, input.tcp)
  const chosen = chooseReporters(rows)
  keepChosen(rows, chosen)
  dropRepeated(table, rows)
  const drafts = sumFlows(rows)
  const all = [...drafts.values()]
  const l7 = all.filter((draft) => draft.pair.endsWith('7'))
  const l4 = all.filter((draft) => draft.pair.endsWith('4'))
  const kept = joinTwins(table, l7, l4)
  const positions = new Map(kept.map((draft, index) => [draft.key, index]))

  return {
    at: input.at,
    windowSeconds: input.windowSeconds,
    mesh: input.mesh ?? 'istio',
    defaultCluster: input.defaultCluster,
    ends: table.ends,
    services: table.services,
    flows: kept.map(toFlow),
    inventories: input.inventories,
    findFlow: (sample: FlowSample) => {
      const at = locate(table, sample)
      if (at === null || chosen.get(at.pair) !== sample.reporter) return null
      const flow = positions.get(at.flow)
      const draft = drafts.get(at.flow)
      if (flow === undefined || draft === undefined) return null
      return { flow, share: draft.measured > 0 ? draft.kept / draft.measured : 0 }
    },
  }
}
