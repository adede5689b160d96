/** What weighted routes do in truth: the shares, rates, errors and latency of their destinations. */
import { gatewayWorkloads, type Split } from '@/lib/istio/splits'
import { isBehind, serviceKey, type Called } from '@/lib/istio/split/behind'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { wholeHistogram } from '../quantile'
import { quantizeRate, ratioOf, roundRate } from '../quantum'
import type { Flow, Histogram, LatencyMs, Topology } from '../types'
import { addFlow, bytesOf, emptyTally, requestTraffic, type Tally, type TallySum } from '../view/tally'

export interface BackendTraffic {
  /** 0..1 of what the callers sent; null: nothing was sent, or it cannot be told apart */
  observedShare: number | null
  /** null for tcp and tls routes */
  requestsPerSecond: number | null
  connectionsPerSecond: number | null
  errorRatio: number | null
  latencyMs: LatencyMs | null
  /** what was counted in the window, rates times its length; null for connections and where it cannot be told apart */
  counted: BackendCounts | null
}

/** Whole requests of one window. */
export interface BackendCounts {
  requests: number
  errors: number
  /** cumulative whole requests at each bound; null: no buckets were measured, or of some callers only */
  histogram: Histogram | null
}

export interface SplitTraffic {
  /** in the order of the split's backends */
  backends: BackendTraffic[]
  /**
   * `service`: other rules send to the same services and telemetry does not say which rule a request took, so
   * the figures are of all of them
   */
  observedOver: 'route' | 'service'
  /** of what was sent, 0..1, to no workload of any backend: nobody answered, or one the route does not name */
  elsewhereShare: number | null
}

/**
 * Traffic of each split over the topology's window, from the callers that obey it: proxied workloads, or the
 * gateways it is bound to, of its own cluster. Callers without a proxy follow no route and are left out.
 * Several entries for one destination, or a subset within another, cannot be told apart: null.
 * `all`: every split there is, also those nobody asks about: they may share the traffic of one that is asked for.
 */
export function observeSplits(
  topology: Topology,
  splits: readonly Split[],
  all: readonly Split[],
): SplitTraffic[] {
  const byService = flowsByService(topology)
  const shared = splitsThatShare(all)
  // a virtual service of a thousand rules has as many splits of one and the same traffic
  const streams = new Map<string, Stream>()
  return splits.map((split) => {
    const keys = [...new Set(split.backends.map((backend) => serviceKey(backend.service)))]
    const name = streamName(split, keys)
    const stream = streams.get(name) ?? streamOf(topology, split, keys, byService)
    streams.set(name, stream)
    return { ...observe(topology, split, stream), observedOver: shared.has(split) ? 'service' : 'route' }
  })
}

/** What the callers of a split send to its services, by who was asked and who answered. */
interface Stream {
  total: Tally
  parts: { called: Called; tally: TallySum }[]
}

/** Splits of one name have the same callers, protocol and services. */
function streamName({ cluster, callers, route }: Split, services: readonly string[]): string {
  return JSON.stringify([
    cluster,
    callers.mesh,
    [...callers.gateways].sort(),
    isTcp(route),
    [...services].sort(),
  ])
}

function streamOf(
  topology: Topology,
  split: Split,
  services: readonly string[],
  byService: ReadonlyMap<string, readonly Flow[]>,
): Stream {
  const obeys = callerFilter(topology, split)
  const total = emptyTally()
  const parts = new Map<string, Stream['parts'][number]>()
  const flows = services
    .flatMap((key) => byService.get(key) ?? [])
    .filter((flow) => (flow.protocol === 'tcp') === isTcp(split.route) && obeys(flow))
  for (const flow of withoutMirrored(topology, flows)) {
    // no figure here tells one response from another
    const plain = { ...flow, responses: [] }
    addFlow(total, plain, 1)
    const called = calledBy(topology, flow)
    const key = calledKey(split.cluster, called)
    const part = parts.get(key) ?? { called, tally: emptyTally() }
    parts.set(key, part)
    addFlow(part.tally, plain, 1)
  }
  return { total, parts: [...parts.values()] }
}

/** Of what a caller sends twice, whatever the weights, only the called side tells; it names the others itself. */
function withoutMirrored(topology: Topology, flows: readonly Flow[]): Flow[] {
  const callOf = ({ source, service }: Flow) => {
    const end = topology.ends[source]
    return JSON.stringify([end?.cluster, end?.namespace, end?.workload ?? end?.app, service])
  }
  const told = new Set(
    flows.filter(({ reporter, target }) => reporter !== 'destination' && target !== null).map(callOf),
  )
  return flows.filter((flow) => flow.reporter !== 'destination' || !told.has(callOf(flow)))
}

/** Splits whose callers also send to the same services by other rules. */
export function splitsThatShare(splits: readonly Split[]): ReadonlySet<Split> {
  const sharers = new Map<string, number>()
  for (const key of splits.flatMap(serviceKeys)) sharers.set(key, (sharers.get(key) ?? 0) + 1)
  return new Set(splits.filter((split) => serviceKeys(split).some((key) => (sharers.get(key) ?? 0) > 1)))
}

/** Services of a split by who asks for them: rules for other callers are no rivals. */
function serviceKeys(split: Split): string[] {
  const who = [...(split.callers.mesh ? ['mesh'] : []), ...split.callers.gateways]
  const services = new Set(split.backends.map(({ service }) => serviceKey(service)))
  return who.flatMap((caller) =>
    [...services].map((service) => `${split.cluster}\n${caller}\n${split.route.protocol}\n${service}`),
  )
}

function observe(topology: Topology, split: Split, { total, parts }: Stream) {
  const tallies = split.backends.map(() => emptyTally())
  const isAmbiguous = split.backends.map(() => false)
  let elsewhere = 0
  const unit = unitOf(split, total)
  for (const { called, tally: part } of parts) {
    const at = split.backends.flatMap((backend, place) =>
      isBehind(split.cluster, backend, called) ? [place] : [],
    )
    const [place] = at
    const tally = place === undefined ? undefined : tallies[place]
    if (!tally) elsewhere += unit(part)
    else if (at.length === 1) addFlow(tally, part, 1)
    else for (const each of at) isAmbiguous[each] = true
  }
  const sent = unit(total)
  return {
    backends: tallies.map((tally, place): BackendTraffic => {
      if (isAmbiguous[place]) return NOT_TOLD
      const { requestsPerSecond, errorRatio, latencyMs } = requestTraffic(tally)
      const isHttp = !isTcp(split.route)
      return {
        observedShare: ratioOf(unit(tally), sent),
        requestsPerSecond: isHttp ? requestsPerSecond : null,
        connectionsPerSecond:
          isHttp || tally.connectionsPerSecond === null ? null : roundRate(tally.connectionsPerSecond),
        errorRatio: isHttp ? errorRatio : null,
        latencyMs: isHttp ? latencyMs : null,
        counted: isHttp ? countsOf(tally, topology.windowSeconds) : null,
      }
    }),
    elsewhereShare: ratioOf(elsewhere, sent),
  }
}

const NOT_TOLD: BackendTraffic = {
  observedShare: null,
  requestsPerSecond: null,
  connectionsPerSecond: null,
  errorRatio: null,
  latencyMs: null,
  counted: null,
}

function countsOf(tally: Tally, windowSeconds: number): BackendCounts {
  const requests = Math.round(tally.requestsPerSecond * windowSeconds)
  const histogram = wholeHistogram(tally)
  return {
    requests,
    errors: Math.min(requests, Math.round(tally.errorsPerSecond * windowSeconds)),
    histogram: histogram && {
      bounds: histogram.bounds,
      counts: histogram.counts.map((count) => Math.round(count * windowSeconds)),
    },
  }
}

type Sum = Pick<
  Tally,
  'requestsPerSecond' | 'connectionsPerSecond' | 'sentBytesPerSecond' | 'receivedBytesPerSecond'
>

/** A route decides per request, or per connection; where all connections are older than the window, bytes speak. */
function unitOf(split: Split, total: Sum): (sum: Sum) => number {
  if (!isTcp(split.route)) return (sum) => sum.requestsPerSecond
  return (total.connectionsPerSecond ?? 0) > 0
    ? (sum) => sum.connectionsPerSecond ?? 0
    : (sum) => quantizeRate(bytesOf({ ...emptyTally(), ...sum }))
}

function isTcp({ protocol }: Split['route']): boolean {
  return protocol !== 'http'
}

/** What `isBehind` looks at. */
function calledKey(cluster: string, { service, target }: Called): string {
  const version = target?.cluster === cluster ? null : target?.version
  return JSON.stringify([
    service?.namespace,
    service?.name,
    target?.cluster,
    target?.namespace,
    target?.workload,
    version,
  ])
}

function calledBy(topology: Topology, flow: Flow): Called {
  const service = flow.service === null ? undefined : topology.services[flow.service]
  const target = flow.target === null ? undefined : topology.ends[flow.target]
  return {
    service: service
      ? { namespace: service.kind === 'service' ? service.namespace : null, name: service.name }
      : null,
    target: target ?? null,
  }
}

function callerFilter(topology: Topology, { cluster, callers }: Split): (flow: Flow) => boolean {
  const inventory = topology.inventories.find((each) => each.cluster === cluster)
  const gateways = new Set(
    inventory && callers.gateways.length > 0
      ? gatewayWorkloads(indexInventory(inventory), callers.gateways)
      : [],
  )
  return ({ source }) => {
    const end = topology.ends[source]
    if (!end || end.kind === 'unknown' || end.cluster !== cluster) return false
    return end.isGateway ? gateways.has(`${end.namespace}/${end.workload ?? ''}`) : callers.mesh
  }
}

function flowsByService(topology: Topology): ReadonlyMap<string, Flow[]> {
  const flows = new Map<string, Flow[]>()
  for (const flow of topology.flows) {
    const service = flow.service === null ? undefined : topology.services[flow.service]
    if (!service) continue
    const key = keyOfFlow(service)
    const list = flows.get(key)
    if (list) list.push(flow)
    else flows.set(key, [flow])
  }
  return flows
}

function keyOfFlow(service: Topology['services'][number]): string {
  return service.kind === 'service' ? `${service.namespace}/${service.name}` : service.name
}
