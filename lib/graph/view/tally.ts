/** A sum of flows: what an edge, or one side of a node, carries with one protocol. */
import { addHistogram, quantilesOf, wholeHistogram, type HistogramSum, type Quantiles } from '../quantile'
import { quantizeBytes, quantizeRate, ratioOf, roundBytes, roundRate } from '../quantum'
import type { Flow, LatencyMs, RequestTraffic, ResponseRate, TcpTraffic } from '../types'

/** What a flow carries, or a sum of flows. */
export type Tally = Omit<Flow, 'source' | 'service' | 'target' | 'protocol' | 'reporter'>

/** A sum in the making. */
export interface TallySum extends Tally {
  /** the edge or node it is of: nobody else may add to it */
  owner: object | null
  responses: ResponseRate[]
  /** the responses by code and flags, once there are many */
  responsesBy: Map<string, ResponseRate> | null
  connections: { flags: string; connectionsPerSecond: number }[]
  histogram: HistogramSum | null
}

/** Up to here looking through a list is faster than hashing; beyond it a sum over thousands would take squares of them. */
const FEW_RESPONSES = 16

export function emptyTally(owner: object | null = null): TallySum {
  return {
    owner,
    requestsPerSecond: 0,
    errorsPerSecond: 0,
    clientErrorsPerSecond: 0,
    responses: [],
    responsesBy: null,
    connections: [],
    sentBytesPerSecond: null,
    receivedBytesPerSecond: null,
    connectionsPerSecond: null,
    secured: { known: 0, mutual: 0 },
    histogram: null,
    mean: null,
  }
}

/** Sum of no flow. */
export const NO_TALLY: Tally = emptyTally()

/**
 * The sum of its owner with `factor` of another added. The sum of one is that one itself: most edges have but one
 * flow, and what is never added to is never copied.
 */
export function plus(owner: object, sum: Tally, added: Tally, factor: number): Tally {
  if (sum === NO_TALLY && factor === 1) return added
  if ('owner' in sum && sum.owner === owner) {
    addFlow(sum as TallySum, added, factor)
    return sum
  }
  const own = emptyTally(owner)
  addFlow(own, sum, 1)
  addFlow(own, added, factor)
  return own
}

/** Adds a flow, or another sum, or `factor` of it. */
export function addFlow(tally: TallySum, flow: Tally, factor: number): void {
  tally.requestsPerSecond += part(flow.requestsPerSecond, factor)
  tally.errorsPerSecond += part(flow.errorsPerSecond, factor)
  tally.clientErrorsPerSecond += part(flow.clientErrorsPerSecond, factor)
  addResponses(tally, flow.responses, factor)
  addConnections(tally.connections, flow.connections, factor)
  tally.sentBytesPerSecond = sumBytes(tally.sentBytesPerSecond, flow.sentBytesPerSecond, factor)
  tally.receivedBytesPerSecond = sumBytes(tally.receivedBytesPerSecond, flow.receivedBytesPerSecond, factor)
  if (flow.connectionsPerSecond !== null) {
    tally.connectionsPerSecond = (tally.connectionsPerSecond ?? 0) + part(flow.connectionsPerSecond, factor)
  }
  tally.secured.known += part(flow.secured.known, factor)
  tally.secured.mutual += part(flow.secured.mutual, factor)
  if (flow.histogram) tally.histogram = addHistogram(tally.histogram, flow.histogram, factor)
  if (flow.mean) {
    const sum = tally.mean ?? { sumMsPerSecond: 0, requestsPerSecond: 0 }
    sum.sumMsPerSecond += quantizeBytes(flow.mean.sumMsPerSecond * factor)
    sum.requestsPerSecond += part(flow.mean.requestsPerSecond, factor)
    tally.mean = sum
  }
}

function part(rate: number, factor: number): number {
  return factor === 1 ? rate : quantizeRate(rate * factor)
}

function addResponses(tally: TallySum, added: readonly ResponseRate[], factor: number): void {
  for (const { code, flags, requestsPerSecond } of added) {
    const same = findResponse(tally, code, flags)
    if (same) {
      same.requestsPerSecond += part(requestsPerSecond, factor)
      continue
    }
    const own = { code, flags, requestsPerSecond: part(requestsPerSecond, factor) }
    tally.responses.push(own)
    tally.responsesBy?.set(responseKey(code, flags), own)
  }
}

function findResponse(tally: TallySum, code: string, flags: string): ResponseRate | undefined {
  const { responses } = tally
  if (responses.length <= FEW_RESPONSES) {
    return responses.find((each) => each.code === code && each.flags === flags)
  }
  tally.responsesBy ??= new Map(responses.map((each) => [responseKey(each.code, each.flags), each]))
  return tally.responsesBy.get(responseKey(code, flags))
}

/** A code has no blank. */
function responseKey(code: string, flags: string): string {
  return `${code} ${flags}`
}

function addConnections(sums: TallySum['connections'], added: Flow['connections'], factor: number): void {
  for (const { flags, connectionsPerSecond } of added) {
    const same = sums.find((each) => each.flags === flags)
    if (same) same.connectionsPerSecond += part(connectionsPerSecond, factor)
    else sums.push({ flags, connectionsPerSecond: part(connectionsPerSecond, factor) })
  }
}

function sumBytes(sum: number | null, bytes: number | null, factor: number): number | null {
  if (bytes === null) return sum
  return (sum ?? 0) + (factor === 1 ? bytes : quantizeBytes(bytes * factor))
}

/** True when anything went over it in the window. */
export function isCarrying(tally: Tally): boolean {
  return tally.requestsPerSecond > 0 || bytesOf(tally) > 0 || (tally.connectionsPerSecond ?? 0) > 0
}

/** Both directions together. */
export function bytesOf(tally: Tally): number {
  return (tally.sentBytesPerSecond ?? 0) + (tally.receivedBytesPerSecond ?? 0)
}

const NO_QUANTILES: Quantiles = { p50: null, p90: null, p95: null, p99: null }

function rounded({ p50, p90, p95, p99 }: Quantiles): Quantiles {
  const ms = (value: number | null) => value && roundBytes(value)
  return { p50: ms(p50), p90: ms(p90), p95: ms(p95), p99: ms(p99) }
}

/** Quantiles of the merged buckets and the mean, in milliseconds; null when neither was measured. */
export function latencyOf(tally: Tally): LatencyMs | null {
  const mean =
    tally.mean && tally.mean.requestsPerSecond > 0
      ? roundBytes(tally.mean.sumMsPerSecond / tally.mean.requestsPerSecond)
      : null
  if (!tally.histogram && mean === null) return null
  const quantiles = quantilesOfTally(tally)
  if (mean === null && quantiles.p50 === null) return null
  return mean === null ? quantiles : { ...quantiles, mean }
}

/** Quantiles of the merged buckets alone, in milliseconds; null what cannot be told. */
export function quantilesOfTally(tally: Tally): Quantiles {
  const histogram = wholeHistogram(tally)
  return histogram ? rounded(quantilesOf(histogram)) : NO_QUANTILES
}

/** The requests of a tally as the reader gets them. */
export function requestTraffic(tally: Tally): RequestTraffic {
  return {
    requestsPerSecond: roundRate(tally.requestsPerSecond),
    errorRatio: ratioOf(tally.errorsPerSecond, tally.requestsPerSecond),
    clientErrorRatio: ratioOf(tally.clientErrorsPerSecond, tally.requestsPerSecond),
    latencyMs: latencyOf(tally),
  }
}

/** The bytes and connections of a tally as the reader gets them. */
export function tcpTraffic(tally: Tally): TcpTraffic {
  return {
    sentBytesPerSecond: roundBytes(tally.sentBytesPerSecond ?? 0),
    receivedBytesPerSecond: roundBytes(tally.receivedBytesPerSecond ?? 0),
    connectionsPerSecond: tally.connectionsPerSecond === null ? null : roundRate(tally.connectionsPerSecond),
  }
}
