/** Writes what happened into Istio's standard metrics, once per proxy that saw it. */
import type { MetricWriter } from '@/lib/demo/model'
import type { Random } from '@/lib/statistics/random'
import type { Registry, WorkloadState } from '../config/registry'
import type { Call } from '../flow/call'
import { bucketProfile, lognormal } from '../flow/latency'
import type { BucketProfile, Latency } from '../flow/latency'
import type { Outcome } from '../flow/outcome'
import { farLabels, nearLabels, scrapeLabels, tunnelLabels } from './labels'
import type { Labels, PodIdentity } from './labels'

/** Upper bounds of Envoy's histograms; Istio uses them for milliseconds and bytes alike. */
export const ENVOY_BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000,
  1_800_000, 3_600_000,
] as const

/** Connections are kept: one serves about so many exchanges. */
const EXCHANGES_PER_CONNECTION = 25
const OUTSIDE_BYTES = { requestBytes: 900, responseBytes: 4_200 }

type Counter = ReturnType<MetricWriter['counter']>
type Histogram = ReturnType<MetricWriter['histogram']>

interface HttpSeries {
  requests: Counter
  duration: Histogram
  profile: BucketProfile
  sizes: {
    request: Histogram
    response: Histogram
    requestProfile: BucketProfile
    responseProfile: BucketProfile
  } | null
  messages: { request: Counter; response: Counter } | null
}

interface TcpSeries {
  opened: Counter
  closed: Counter
  sent: Counter
  received: Counter
  bytes: { requestBytes: number; responseBytes: number }
  isBroken: boolean
}

/** Made when first written: a series that nobody wrote does not exist. */
interface OutcomeSeries {
  near: (() => HttpSeries | TcpSeries) | HttpSeries | TcpSeries | null
  far: HttpSeries | TcpSeries | null
  tunnels: TcpSeries[]
  /** workloads whose proxies have work with it */
  proxies: string[]
}

export interface RecorderOptions {
  metrics: MetricWriter
  /** size histograms and gRPC messages triple the series; large meshes go without */
  withSizes: boolean
}

export class Recorder {
  private readonly metrics: MetricWriter
  private readonly withSizes: boolean
  private readonly handled = new Map<string, number>()
  private readonly pods = new Map<string, PodIdentity>()
  /** workloads whose pod has series that go on */
  private readonly living = new Set<string>()
  private ztunnels = new Map<string, WorkloadState>()
  // a Map that is emptied: a WeakMap of this size costs more than all else
  private readonly series = new Map<Outcome, OutcomeSeries>()
  private readonly counts = new Float64Array(ENVOY_BOUNDS.length + 1)

  constructor(options: RecorderOptions) {
    this.metrics = options.metrics
    this.withSizes = options.withSizes
  }

  /** Called whenever the mesh was read anew. */
  useRegistry(registry: Registry): void {
    for (const [id, pod] of this.pods) {
      const workload = registry.workloadById.get(id)
      if (workload === undefined || workload.hasPods || !this.living.delete(id)) continue
      this.metrics.endPod?.(workload.spec.namespace, pod.name)
    }
    this.ztunnels = new Map(
      registry.workloads
        .filter((workload) => workload.spec.role === 'ztunnel')
        .map((workload) => [workload.spec.cluster, workload]),
    )
  }

  /** Called whenever the arithmetic was done anew: the outcomes of before are gone. */
  forget(): void {
    this.series.clear()
  }

  /** Requests that a workload's proxy has handled since this was last asked. */
  takeHandled(workloadId: string): number {
    const count = this.handled.get(workloadId) ?? 0
    this.handled.delete(workloadId)
    return count
  }

  /** `count` calls ended so; `isFirst` false for tries and copies that the caller's proxy does not count. */
  record(call: Call, outcome: Outcome, count: number, isFirst: boolean, random: Random): void {
    let series = this.series.get(outcome)
    if (series === undefined) this.series.set(outcome, (series = this.seriesOf(call, outcome)))
    if (isFirst && series.near !== null) {
      if (typeof series.near === 'function') series.near = series.near()
      this.write(series.near, count, random)
    }
    if (series.far !== null) this.write(series.far, count, random)
    for (const id of series.proxies) this.handled.set(id, (this.handled.get(id) ?? 0) + count)
    for (const tunnel of series.tunnels) this.writeTcp(tunnel, count, random)
  }

  private seriesOf(call: Call, outcome: Outcome): OutcomeSeries {
    const { client } = call
    const isTcp = outcome.branch.request.protocol === 'tcp'
    const callee = outcome.member?.workload ?? null
    const speaker =
      client.waypoint ?? (client.via === 'sidecar' || client.via === 'gateway' ? client.workload : null)
    const make = (workload: WorkloadState, labels: Labels, latency: Latency) =>
      isTcp
        ? this.tcpSeries({ ...labels, ...this.scraped(workload) }, outcome, callee)
        : this.httpSeries({ ...labels, ...this.scraped(workload) }, outcome, latency)
    return {
      near: speaker === null ? null : () => make(speaker, nearLabels(call, outcome), outcome.latency),
      far:
        outcome.far !== null && callee !== null && callee.hasProxy && callee.spec.role === undefined
          ? make(callee, farLabels(call, outcome, outcome.far), outcome.far.latency)
          : null,
      tunnels: this.tunnels(call, outcome),
      proxies: [speaker, callee].flatMap((one) => (one !== null && one.hasProxy ? [one.id] : [])),
    }
  }

  /** The node proxies on both ends of an ambient connection count its bytes. */
  private tunnels(call: Call, outcome: Outcome): TcpSeries[] {
    const { client } = call
    const callee = outcome.member?.workload ?? null
    const found: TcpSeries[] = []
    const add = (at: WorkloadState | null | undefined, labels: Labels) => {
      const ztunnel = at === null || at === undefined ? undefined : this.ztunnels.get(at.spec.cluster)
      if (ztunnel !== undefined) {
        found.push(
          this.tcpSeries({ ...labels, ...this.scraped(ztunnel) }, outcome, callee, labels.response_flags),
        )
      }
    }
    const isBroken = outcome.member === null || outcome.member.connection !== 'accepted'
    if (client.via === 'waypoint') {
      // on its way to the waypoint nobody knows yet what the route will make of it
      add(client.workload, tunnelLabels('source', client.workload, client.waypoint, call.service, '-', true))
    } else if (client.via === 'ztunnel') {
      const isOutside = outcome.branch.target.kind === 'external'
      const denied = outcome.member?.denied === 'connection'
      const flags = denied || (isBroken && !isOutside) ? 'CONNECT' : '-'
      const secure = outcome.member?.mutual ?? false
      add(client.workload, tunnelLabels('source', client.workload, callee, call.service, flags, secure))
    }
    if (callee !== null && callee.spec.dataPlane === 'ambient' && outcome.far !== null) {
      const mutual = outcome.member?.mutual ?? false
      const speaker = client.via === 'none' || !mutual ? null : (client.waypoint ?? client.workload)
      const flags = outcome.member?.denied === 'connection' ? 'DENY' : '-'
      add(callee, tunnelLabels('destination', speaker, callee, outcome.branch.service, flags, mutual))
    }
    return found
  }

  private scraped(workload: WorkloadState): Labels {
    this.living.add(workload.id)
    let pod = this.pods.get(workload.id)
    // kept from the first time on: a new pod name would be a new set of series
    if (pod === undefined) {
      pod = { name: workload.podName, ip: workload.podIp }
      this.pods.set(workload.id, pod)
    }
    return scrapeLabels(workload, pod)
  }

  private httpSeries(labels: Labels, outcome: Outcome, latency: Latency): HttpSeries {
    const bytes = bytesOf(outcome)
    const isGrpc = outcome.branch.request.protocol === 'grpc'
    const { response_code: _code, response_flags: _flags, grpc_response_status: _status, ...whole } = labels
    return {
      requests: this.metrics.counter('istio_requests_total', labels),
      duration: this.metrics.histogram('istio_request_duration_milliseconds', labels, ENVOY_BOUNDS),
      profile: bucketProfile(latency, ENVOY_BOUNDS),
      sizes: this.withSizes
        ? {
            request: this.metrics.histogram('istio_request_bytes', labels, ENVOY_BOUNDS),
            response: this.metrics.histogram('istio_response_bytes', labels, ENVOY_BOUNDS),
            requestProfile: sizeProfile(bytes.requestBytes),
            responseProfile: sizeProfile(outcome.reaches ? bytes.responseBytes : 110),
          }
        : null,
      messages:
        this.withSizes && isGrpc
          ? {
              request: this.metrics.counter('istio_request_messages_total', whole),
              response: this.metrics.counter('istio_response_messages_total', whole),
            }
          : null,
    }
  }

  private tcpSeries(
    labels: Labels,
    outcome: Outcome,
    callee: WorkloadState | null,
    flags = outcome.flags,
  ): TcpSeries {
    return {
      opened: this.metrics.counter('istio_tcp_connections_opened_total', labels),
      closed: this.metrics.counter('istio_tcp_connections_closed_total', labels),
      sent: this.metrics.counter('istio_tcp_sent_bytes_total', labels),
      received: this.metrics.counter('istio_tcp_received_bytes_total', labels),
      bytes: callee === null ? OUTSIDE_BYTES : bytesOf(outcome),
      isBroken: flags !== '-' || labels.response_flags !== '-',
    }
  }

  private write(series: HttpSeries | TcpSeries, count: number, random: Random): void {
    if ('opened' in series) {
      this.writeTcp(series, count, random)
      return
    }
    series.requests.add(count)
    this.deal(series.duration, series.profile, count, random)
    if (series.sizes !== null) {
      this.deal(series.sizes.request, series.sizes.requestProfile, count, random)
      this.deal(series.sizes.response, series.sizes.responseProfile, count, random)
    }
    series.messages?.request.add(count)
    series.messages?.response.add(count)
  }

  private writeTcp(series: TcpSeries, count: number, random: Random): void {
    const connections = series.isBroken ? count : random.binomial(count, 1 / EXCHANGES_PER_CONNECTION)
    series.opened.add(connections)
    series.closed.add(connections)
    if (series.isBroken) return
    series.received.add(count * series.bytes.requestBytes)
    series.sent.add(count * series.bytes.responseBytes)
  }

  /** Deals `count` observations out to the buckets by their shares. */
  private deal(histogram: Histogram, profile: BucketProfile, count: number, random: Random): void {
    const { shares, means, from, to } = profile
    const counts = this.counts.fill(0)
    let left = count
    let shareLeft = 1
    let sum = 0
    for (let bucket = from; bucket <= to && left > 0; bucket++) {
      const share = shares[bucket] ?? 0
      if (share <= 0) continue
      const drawn = share >= shareLeft - 1e-12 ? left : random.binomial(left, share / shareLeft)
      counts[bucket] = drawn
      sum += drawn * (means[bucket] ?? 0)
      left -= drawn
      shareLeft -= share
    }
    histogram.addBucketCounts(counts as unknown as readonly number[], sum)
  }
}

function bytesOf(outcome: Outcome): { requestBytes: number; responseBytes: number } {
  const member = outcome.member
  if (member === null) return OUTSIDE_BYTES
  const { request } = outcome.branch
  const endpoints = member.workload.spec.endpoints
  return (
    endpoints.find((endpoint) => endpoint.path === request.path && endpoint.method === request.method) ??
    endpoints.find((endpoint) => endpoint.protocol === request.protocol) ??
    OUTSIDE_BYTES
  )
}

const profiles = new Map<number, BucketProfile>()

/** Sizes spread like latencies do, only less. */
function sizeProfile(bytes: number): BucketProfile {
  let profile = profiles.get(bytes)
  if (profile === undefined) {
    profile = bucketProfile(lognormal(bytes, bytes * 2.2), ENVOY_BOUNDS)
    profiles.set(bytes, profile)
  }
  return profile
}
