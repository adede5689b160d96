/** Samples of requests and of TCP in one form: which pair, who measured, what was measured. */
import { outcomeOf } from '@/lib/mesh/outcome'
import type { Protocol, ProxyLayer, Reporter, RequestSample, TcpSample } from '@/lib/mesh/traffic'
import { isRate, quantizeBytes, quantizeRate } from '../quantum'
import type { EndTable, Place } from './ends'

export interface Row {
  place: Place
  /** number of the flow: the place with the protocol */
  flow: number
  protocol: Protocol
  layer: ProxyLayer
  reporter: Reporter
  /** empty for tcp */
  code: string
  flags: string
  isError: boolean
  isClientError: boolean
  /** requests per second; of tcp connections per second */
  rate: number
  sentBytesPerSecond: number
  receivedBytesPerSecond: number
  mutualTls: boolean | null
  /** how much the row counts among its like: requests, or bytes (connections where no byte flowed) */
  weight: number
  /** share of the row that ends up in the topology, 0..1 */
  kept: number
}

/** One row per usable sample of those the table was made of; rates that are no rates and rows that name nothing are left out. */
export function toRows(
  table: EndTable,
  requests: readonly RequestSample[],
  tcp: readonly TcpSample[],
): Row[] {
  const rows: Row[] = []
  for (const [index, sample] of requests.entries()) {
    const place = table.places[0]?.[index]
    if (!place || !isRate(sample.requestsPerSecond)) continue
    const rate = quantizeRate(sample.requestsPerSecond)
    const outcome = outcomeOf(sample)
    rows.push({
      place,
      flow: flowOf(place, sample.protocol),
      protocol: sample.protocol,
      layer: sample.layer,
      reporter: sample.reporter,
      code: outcome.code,
      flags: sample.flags === '' ? '-' : sample.flags,
      isError: outcome.isError,
      isClientError: outcome.isClientError,
      rate,
      sentBytesPerSecond: 0,
      receivedBytesPerSecond: 0,
      mutualTls: sample.mutualTls,
      weight: rate,
      kept: 0,
    })
  }
  for (const [index, sample] of tcp.entries()) {
    const place = table.places[1]?.[index]
    if (!place) continue
    const sent = quantizeBytes(sample.sentBytesPerSecond)
    const received = quantizeBytes(sample.receivedBytesPerSecond)
    const rate = quantizeRate(sample.connectionsPerSecond)
    rows.push({
      place,
      flow: flowOf(place, 'tcp'),
      protocol: 'tcp',
      layer: sample.layer,
      reporter: sample.reporter,
      code: '',
      flags: sample.flags === '' ? '-' : sample.flags,
      isError: false,
      isClientError: false,
      rate,
      sentBytesPerSecond: sent,
      receivedBytesPerSecond: received,
      mutualTls: sample.mutualTls,
      weight: sent + received > 0 ? sent + received : rate,
      kept: 0,
    })
  }
  return rows
}

/** The number of a place's flow with a protocol. */
export function flowOf(place: Place, protocol: Protocol): number {
  return place.flows[protocol === 'http' ? 0 : protocol === 'grpc' ? 1 : 2]
}
