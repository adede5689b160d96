/** Rows of one flow summed up. Terms are multiples of one quantum: their order leaves no trace. */
import type { Protocol, ProxyLayer, Reporter } from '@/lib/mesh/traffic'
import { quantizeBytes, quantizeRate } from '../quantum'
import type { Flow } from '../types'
import { rankOf } from './reporter'
import type { Row } from './rows'

/** A flow in the making. */
export interface FlowDraft {
  /** number of the flow */
  number: number
  layer: ProxyLayer
  source: number
  service: number
  target: number
  protocol: Protocol
  /** whose histograms are believed */
  reporter: Reporter
  requestsPerSecond: number
  errorsPerSecond: number
  clientErrorsPerSecond: number
  responses: { code: string; flags: string; requestsPerSecond: number }[]
  connections: { flags: string; connectionsPerSecond: number }[]
  sentBytesPerSecond: number | null
  receivedBytesPerSecond: number | null
  connectionsPerSecond: number | null
  /** what each reporter knows of security, by rank */
  secured: { known: number; mutual: number }[]
  /** all that this reporter measured, and what of it was kept */
  measured: number
  kept: number
}

/** One draft per flow of kept rows, by the flow's number; holes where nothing was kept. `chosen`: reporters by pair. */
export function sumFlows(
  rows: readonly Row[],
  flowCount: number,
  chosen: readonly (Reporter | undefined)[],
): (FlowDraft | undefined)[] {
  const drafts = new Array<FlowDraft | undefined>(flowCount).fill(undefined)
  for (const row of rows) {
    if (row.kept === 0) continue
    const draft = (drafts[row.flow] ??= startDraft(row, chosen[row.place.pair] ?? row.reporter))
    addRow(draft, row)
  }
  for (const row of rows) {
    // histograms know no codes: rows that others repeat are in what was timed, too
    const draft = drafts[row.flow]
    if (draft && row.reporter === draft.reporter) draft.measured += row.weight
    // security is told by proxies that may not be the chosen ones
    if (row.mutualTls === null || row.weight === 0) continue
    if (row.reporter === 'source' && row.layer === 'l7') continue
    const secured = draft?.secured[rankOf(row.reporter)]
    if (!secured) continue
    secured.known += row.weight
    if (row.mutualTls) secured.mutual += row.weight
  }
  return drafts
}

function startDraft(row: Row, reporter: Reporter): FlowDraft {
  const isTcp = row.protocol === 'tcp'
  return {
    number: row.flow,
    layer: row.layer,
    source: row.place.source,
    service: row.place.service,
    target: row.place.target,
    protocol: row.protocol,
    reporter,
    requestsPerSecond: 0,
    errorsPerSecond: 0,
    clientErrorsPerSecond: 0,
    responses: [],
    connections: [],
    sentBytesPerSecond: isTcp ? 0 : null,
    receivedBytesPerSecond: isTcp ? 0 : null,
    connectionsPerSecond: isTcp ? 0 : null,
    secured: [
      { known: 0, mutual: 0 },
      { known: 0, mutual: 0 },
      { known: 0, mutual: 0 },
    ],
    measured: 0,
    kept: 0,
  }
}

function addRow(draft: FlowDraft, row: Row): void {
  const rate = row.kept === 1 ? row.rate : quantizeRate(row.rate * row.kept)
  if (row.reporter === draft.reporter) {
    draft.kept += row.kept === 1 ? row.weight : quantizeRate(row.weight * row.kept)
  }
  if (row.protocol === 'tcp') {
    draft.sentBytesPerSecond = (draft.sentBytesPerSecond ?? 0) + scaled(row.sentBytesPerSecond, row.kept)
    draft.receivedBytesPerSecond =
      (draft.receivedBytesPerSecond ?? 0) + scaled(row.receivedBytesPerSecond, row.kept)
    draft.connectionsPerSecond = (draft.connectionsPerSecond ?? 0) + rate
    const same = draft.connections.find((each) => each.flags === row.flags)
    if (same) same.connectionsPerSecond += rate
    else draft.connections.push({ flags: row.flags, connectionsPerSecond: rate })
    return
  }
  draft.requestsPerSecond += rate
  if (row.isError) draft.errorsPerSecond += rate
  if (row.isClientError) draft.clientErrorsPerSecond += rate
  const same = draft.responses.find((each) => each.code === row.code && each.flags === row.flags)
  if (same) same.requestsPerSecond += rate
  else draft.responses.push({ code: row.code, flags: row.flags, requestsPerSecond: rate })
}

function scaled(bytes: number, kept: number): number {
  return kept === 1 ? bytes : quantizeBytes(bytes * kept)
}

/** What is known of a draft's security: the called side saw the connection itself, the waypoint is next to it. */
export function securityOf(draft: FlowDraft): { known: number; mutual: number } {
  for (const rank of [2, 1, 0]) {
    const secured = draft.secured[rank]
    if (secured && secured.known > 0) return secured
  }
  return { known: 0, mutual: 0 }
}

/** True when the flow carried anything in the window. */
export function isCarrying(draft: FlowDraft): boolean {
  const { requestsPerSecond, sentBytesPerSecond, receivedBytesPerSecond, connectionsPerSecond } = draft
  if (draft.protocol !== 'tcp') return requestsPerSecond > 0
  return (sentBytesPerSecond ?? 0) + (receivedBytesPerSecond ?? 0) + (connectionsPerSecond ?? 0) > 0
}

/** The finished flow, still without latency, with its ends and service as numbered in the topology. */
export function toFlow(draft: FlowDraft, endAt: Int32Array, serviceAt: Int32Array): Flow {
  const { known, mutual } = securityOf(draft)
  return {
    source: endAt[draft.source] ?? -1,
    service: draft.service < 0 ? null : (serviceAt[draft.service] ?? null),
    target: draft.target < 0 ? null : (endAt[draft.target] ?? null),
    protocol: draft.protocol,
    reporter: draft.reporter,
    requestsPerSecond: draft.requestsPerSecond,
    errorsPerSecond: draft.errorsPerSecond,
    clientErrorsPerSecond: draft.clientErrorsPerSecond,
    responses: draft.responses,
    connections: draft.connections,
    sentBytesPerSecond: draft.sentBytesPerSecond,
    receivedBytesPerSecond: draft.receivedBytesPerSecond,
    connectionsPerSecond: draft.connectionsPerSecond,
    secured: { known, mutual },
    histogram: null,
    mean: null,
  }
}
