/** Samples of requests and of TCP in one form: which pair, who measured, what was measured. */
import { outcomeOf } from '@/lib/mesh/outcome'
import type { Protocol, ProxyLayer, Reporter, RequestSample, TcpSample } from '@/lib/mesh/traffic'
import { isRate, quantizeBytes, quantizeRate } from '../quantum'
import type { EndTable } from './ends'

export interface Row {
  /** indexes into the end table; -1 for none */
  source: number
  service: number
  target: number
  /** the pair of endpoints, with the service: unit of the choice of reporter */
  pair: string
  /** the finest edge */
  flow: string
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

/** One row per usable sample; rates that are no rates and rows that name nothing are left out. */
export function toRows(
  table: EndTable,
  requests: readonly RequestSample[],
  tcp: readonly TcpSample[],
): Row[] {
  const rows: Row[] = []
  for (const sample of requests) {
    if (!isRate(sample.requestsPerSecond)) continue
    const at = locate(table, sample)
    if (!at) continue
    const rate = quantizeRate(sample.requestsPerSecond)
    const outcome = outcomeOf(sample)
    rows.push({
      ...at,
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
  for (const sample of tcp) {
    const at = locate(table, { ...sample, protocol: 'tcp' })
    if (!at) continue
    const sent = quantizeBytes(sample.sentBytesPerSecond)
    const received = quantizeBytes(sample.receivedBytesPerSecond)
    const rate = quantizeRate(sample.connectionsPerSecond)
    rows.push({
      ...at,
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

/** Where a sample belongs: the indexes of its ends and the keys of its pair and flow. */
export function locate(
  table: EndTable,
  sample: Pick<RequestSample, 'source' | 'destination' | 'layer'> & { protocol: Protocol },
): Pick<Row, 'source' | 'service' | 'target' | 'pair' | 'flow'> | null {
  const at = table.resolve(sample.source, sample.destination)
  if (at === null) return null
  const { source, service, target } = at
  const layer = sample.layer === 'l4' ? '4' : '7'
  const targetIdentity = target < 0 ? -1 : (table.identities[target] ?? -1)
  return {
    source,
    service,
    target,
    pair: `${table.identities[source] ?? -1}:${service}:${targetIdentity}:${layer}`,
    flow: `${source}:${service}:${target}:${layer}${sample.protocol}`,
  }
}
