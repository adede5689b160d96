/** From samples to topology: the steps of a snapshot. */
import { createEndTables, type EndTables } from './build/end-tables'
import { sumFlows, toFlow } from './build/flows'
import { chooseReporters, keepChosen } from './build/reporter'
import { flowOf, toRows } from './build/rows'
import { joinTwins } from './build/twins'
import { dropRepeated, dropSecondLegs } from './build/unresolved'
import type { FlowSample, Topology, TopologyInput } from './types'

/**
 * All that one snapshot of telemetry says of who talks to whom, each request counted once, at its finest:
 * caller, service, answering workload, protocol. Views are made of it by `projectGraph`.
 * Samples of all reporters and layers may be given; their order does not matter.
 * `tables` only saves time: whoever builds one snapshot after the other keeps it between them.
 */
export function buildTopology(input: TopologyInput, tables: EndTables = createEndTables()): Topology {
  const table = tables.of([input.requests, input.tcp], input.inventories, input.defaultCluster)
  const rows = toRows(table, input.requests, input.tcp)
  const chosen = chooseReporters(rows, table.pairCount)
  keepChosen(rows, chosen)
  dropRepeated(table, rows)
  dropSecondLegs(table, rows)
  const drafts = sumFlows(rows, table.flowCount)
  const all = drafts.filter((draft) => draft !== undefined)
  const kept = joinTwins(
    table,
    all.filter((draft) => draft.layer === 'l7'),
    all.filter((draft) => draft.layer === 'l4'),
  )
  const positions = new Map(kept.map((draft, index) => [draft.number, index]))

  return {
    at: input.at,
    windowSeconds: input.windowSeconds,
    mesh: input.mesh ?? 'istio',
    defaultCluster: input.defaultCluster,
    // samples that come later may name new ends; those carried nothing
    ends: [...table.ends],
    services: [...table.services],
    flows: kept.map(toFlow),
    inventories: input.inventories,
    findFlow: (sample: FlowSample) => {
      const place = table.placeOf(sample)
      if (place === null || chosen[place.pair] !== sample.reporter) return null
      const number = flowOf(place, sample.protocol)
      const flow = positions.get(number)
      const draft = drafts[number]
      if (flow === undefined || draft === undefined) return null
      return { flow, share: draft.measured > 0 ? draft.kept / draft.measured : 0 }
    },
  }
}
