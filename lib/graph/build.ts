/** From samples to topology: the steps of a snapshot. */
import { createEndTables, type EndTables } from './build/end-tables'
import { sumFlows, toFlow } from './build/flows'
import { chooseReporters, keepChosen } from './build/reporter'
import { flowOf, toRows } from './build/rows'
import { joinTwins } from './build/twins'
import { dropOtherNames, dropRepeated, dropSecondLegs } from './build/unresolved'
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
  dropOtherNames(table, rows)
  dropRepeated(table, rows)
  dropSecondLegs(table, rows)
  const drafts = sumFlows(rows, table.flowCount, chosen)
  const all = drafts.filter((draft) => draft !== undefined)
  const kept = joinTwins(
    table,
    all.filter((draft) => draft.layer === 'l7'),
    all.filter((draft) => draft.layer === 'l4'),
  )
  const positions = new Map(kept.map((draft, index) => [draft.number, index]))
  const ends = namedOf(table.ends, table.named.ends)
  const services = namedOf(table.services, table.named.services)

  return {
    at: input.at,
    windowSeconds: input.windowSeconds,
    isMeasured: input.isMeasured ?? true,
    mesh: input.mesh ?? 'istio',
    defaultCluster: input.defaultCluster,
    ends: ends.list,
    services: services.list,
    flows: kept.map((draft) => toFlow(draft, ends.indexOf, services.indexOf)),
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

/** What these samples name of all that is known, and its index among those. */
function namedOf<T>(all: readonly T[], named: Uint8Array): { list: T[]; indexOf: Int32Array } {
  const indexOf = new Int32Array(named.length).fill(-1)
  const list: T[] = []
  for (const [index, item] of all.entries()) {
    if (!named[index]) continue
    indexOf[index] = list.length
    list.push(item)
  }
  return { list, indexOf }
}
