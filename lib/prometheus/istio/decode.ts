import {
  REPORTERS,
  type LatencySample,
  type MeanLatencySample,
  type ProxyLayer,
  type Reporter,
  type RequestSample,
  type TcpSample,
  type TrafficDestination,
  type TrafficSource,
} from '@/lib/mesh/traffic'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { Sample } from '../decode'
import type { SampleGroup } from '../grouped'
import { DESTINATION_LABELS, LATENCY_LABELS, SOURCE_LABELS, TCP_LABELS, ZTUNNEL_APP } from './labels'

type Labels = Sample['labels']

/**
 * What label sets say of requests, at a rate of 0 (a copy with another rate then has its shape at once); null without
 * a known reporter. Equal rows of all answers share their labels, so each set is read once.
 */
const requestIdentities = new WeakMap<Labels, RequestSample | null>()

/** Rows of the requests query as samples; rows without a number or a known reporter say nothing and are dropped. */
export function decodeRequests(rows: readonly Sample[]): RequestSample[] {
  const ends = createEnds()
  const samples: RequestSample[] = []
  for (const { labels, value } of rows) {
    if (value === null || !Number.isFinite(value)) continue
    let identity = requestIdentities.get(labels)
    if (identity === undefined) {
      identity = decodeRequestIdentity(labels, ends)
      requestIdentities.set(labels, identity)
    }
    if (identity) samples.push({ ...identity, requestsPerSecond: value })
  }
  return samples
}

function decodeRequestIdentity(labels: Labels, ends: Ends): RequestSample | null {
  const reporter = reporterOf(labels)
  if (!reporter) return null
  const protocol = protocolOf(labels)
  return {
    reporter,
    layer: 'l7',
    source: ends.source(labels),
    destination: ends.destination(labels),
    protocol,
    // a mesh may have dropped the label from its metrics: then the code is not known, which is not "no response"
    responseCode: labels.response_code ?? '',
    grpcStatus: protocol === 'grpc' ? known(labels.grpc_response_status) : null,
    flags: labels.response_flags || '-',
    mutualTls: mutualTlsOf(labels),
    requestsPerSecond: 0,
  }
}

type TcpField = 'receivedBytesPerSecond' | 'sentBytesPerSecond' | 'connectionsPerSecond'
/** What a label set says of TCP, at rates of 0, with the text that joins the rows of the three queries. */
interface TcpIdentity {
  key: string
  sample: TcpSample | null
}
const tcpIdentities = new WeakMap<Labels, TcpIdentity>()

/**
 * Rows of the three TCP queries joined to one sample per pair, reporter and flags.
 * Istio counts from the server's side: `received` is what the destination received, `sent` what it answered,
 * whichever proxy reports (https://github.com/istio/istio/issues/32399).
 */
export function decodeTcp(rows: {
  received: readonly Sample[]
  sent: readonly Sample[]
  opened: readonly Sample[]
}): TcpSample[] {
  const ends = createEnds()
  const samples = new Map<string, TcpSample>()
  const add = (of: readonly Sample[], field: TcpField) => {
    for (const { labels, value } of of) {
      if (value === null || !Number.isFinite(value)) continue
      let identity = tcpIdentities.get(labels)
      if (identity === undefined) {
        identity = decodeTcpIdentity(labels, ends)
        tcpIdentities.set(labels, identity)
      }
      if (identity.sample === null) continue
      let sample = samples.get(identity.key)
      if (!sample) {
        sample = { ...identity.sample }
        samples.set(identity.key, sample)
      }
      sample[field] += value
    }
  }
  add(rows.received, 'receivedBytesPerSecond')
  add(rows.sent, 'sentBytesPerSecond')
  add(rows.opened, 'connectionsPerSecond')
  return [...samples.values()]
}

function decodeTcpIdentity(labels: Labels, ends: Ends): TcpIdentity {
  const reporter = reporterOf(labels)
  if (!reporter) return { key: '', sample: null }
  return {
    key: keyOf(labels, TCP_LABELS),
    sample: {
      reporter,
      layer: layerOf(labels),
      source: ends.source(labels),
      destination: ends.destination(labels),
      flags: labels.response_flags || '-',
      mutualTls: mutualTlsOf(labels),
      sentBytesPerSecond: 0,
      receivedBytesPerSecond: 0,
      connectionsPerSecond: 0,
    },
  }
}

/** Buckets of each pair and reporter as a histogram; one without `+Inf` has no quantiles and is dropped. */
export function decodeLatency(groups: readonly SampleGroup[]): LatencySample[] {
  const ends = createEnds()
  const samples: LatencySample[] = []
  for (const { labels, values } of groups) {
    const reporter = reporterOf(labels)
    const buckets = values
      .flatMap(({ by, value }) =>
        value === null || !Number.isFinite(value) ? [] : { le: boundOf(by), perSecond: value },
      )
      .filter(({ le }) => !Number.isNaN(le))
      .sort((a, b) => a.le - b.le)
    if (!reporter || buckets.at(-1)?.le !== Infinity) continue
    samples.push({
      reporter,
      layer: 'l7',
      source: ends.source(labels),
      destination: ends.destination(labels),
      protocol: protocolOf(labels),
      buckets,
    })
  }
  return samples
}

function boundOf(le: string): number {
  return le === '+Inf' ? Infinity : le === '' ? Number.NaN : Number(le)
}

/** Rows of the sum and count queries joined; a pair that only one of them knows is dropped. */
export function decodeMeanLatency(rows: {
  sum: readonly Sample[]
  count: readonly Sample[]
}): MeanLatencySample[] {
  const ends = createEnds()
  const sums = new Map<string, number>()
  for (const { labels, value } of rows.sum) {
    if (value !== null && Number.isFinite(value)) sums.set(keyOf(labels, LATENCY_LABELS), value)
  }
  const samples: MeanLatencySample[] = []
  for (const { labels, value } of rows.count) {
    const sumMsPerSecond = sums.get(keyOf(labels, LATENCY_LABELS))
    const reporter = reporterOf(labels)
    if (value === null || !Number.isFinite(value) || sumMsPerSecond === undefined || !reporter) continue
    samples.push({
      reporter,
      layer: 'l7',
      source: ends.source(labels),
      destination: ends.destination(labels),
      protocol: protocolOf(labels),
      sumMsPerSecond,
      requestsPerSecond: value,
    })
  }
  return samples
}

interface Ends {
  source(labels: Labels): TrafficSource
  destination(labels: Labels): TrafficDestination
}

/** Ends decoded once per distinct one: a mesh of 17,600 rows has some thousand, and the rest is garbage. */
function createEnds(): Ends {
  const sources = new Map<string, TrafficSource>()
  const destinations = new Map<string, TrafficDestination>()
  return {
    source(labels) {
      return remembered(sources, keyOf(labels, SOURCE_LABELS), () => decodeSource(labels))
    },
    destination(labels) {
      return remembered(destinations, keyOf(labels, DESTINATION_LABELS), () => decodeDestination(labels))
    },
  }
}

/** The calling end as a row's labels name it. */
export function decodeSource(labels: Labels): TrafficSource {
  return {
    cluster: known(labels.source_cluster),
    namespace: known(labels.source_workload_namespace),
    workload: known(labels.source_workload),
    app: known(labels.source_canonical_service),
    version: known(labels.source_canonical_revision),
  }
}

/** The called end, with the service that was asked for. */
export function decodeDestination(labels: Labels): TrafficDestination {
  return {
    cluster: known(labels.destination_cluster),
    namespace: known(labels.destination_workload_namespace),
    workload: known(labels.destination_workload),
    app: known(labels.destination_canonical_service),
    version: known(labels.destination_canonical_revision),
    service: serviceOf(labels),
  }
}

function serviceOf(labels: Labels): TrafficDestination['service'] {
  const host = known(labels.destination_service)
  const name = known(labels.destination_service_name) ?? host
  if (name === null) return null
  return { namespace: known(labels.destination_service_namespace), name, host }
}

function remembered<T>(seen: Map<string, T>, key: string, make: () => T): T {
  const before = seen.get(key)
  if (before !== undefined) return before
  const made = make()
  seen.set(key, made)
  return made
}

function keyOf(labels: Labels, names: readonly string[]): string {
  let key = ''
  // a control character cannot be part of a Kubernetes name, so keys of different rows differ
  for (const name of names) key += `${labels[name] ?? ''}\u0001`
  return key
}

function known(value: string | undefined): string | null {
  return value === undefined || value === '' || value === UNKNOWN ? null : value
}

/** The side whose proxy counted a row; undefined where the label is missing: the row cannot be counted once. */
export function reporterOf(labels: Labels): Reporter | undefined {
  return REPORTERS.find((reporter) => reporter === labels.reporter)
}

/** Which proxy wrote a row: its `app` label tells a node's proxy from a sidecar. */
export function layerOf(labels: Labels): ProxyLayer {
  return labels.app === ZTUNNEL_APP ? 'l4' : 'l7'
}

function protocolOf(labels: Labels): 'http' | 'grpc' {
  return labels.request_protocol === 'grpc' ? 'grpc' : 'http'
}

function mutualTlsOf(labels: Labels): boolean | null {
  if (labels.connection_security_policy === 'mutual_tls') return true
  return labels.connection_security_policy === 'none' ? false : null
}
