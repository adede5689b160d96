import 'server-only'
import { writersOf } from '@/lib/changes/writers'
import { securedFlows, sumSecurity, type SecuredFlow } from '@/lib/graph/observed/security'
import { observeSplits } from '@/lib/graph/observed/split-traffic'
import type { Topology } from '@/lib/graph/types'
import { addFlow, emptyTally, quantilesOfTally, type TallySum } from '@/lib/graph/view/tally'
import type { EgressHost } from '@/lib/istio/egress-hosts'
import { serviceHost } from '@/lib/istio/hosts'
import { findSplits } from '@/lib/istio/splits'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { parsePath } from '@/lib/validation/finding'
import type {
  Observed,
  ObservedSplit,
  PlaintextTraffic,
  ServiceCall,
  ServiceLatency,
  WorkloadCalls,
} from '@/lib/validation/observed'
import { append } from '@/lib/validation/world'

type Measured = Pick<Observed, 'windowSeconds' | 'plaintext' | 'splits' | 'latencies' | 'calls' | 'outgoing'>

/** What a snapshot tells of a cluster, for rules that compare configuration with traffic. */
export function measure(topology: Topology, inventory: ClusterInventory): Measured {
  const index = indexInventory(inventory)
  return {
    windowSeconds: topology.windowSeconds,
    plaintext: plaintextOf(topology, index),
    splits: splitsOf(topology, index),
    latencies: latenciesOf(topology, inventory.cluster),
    calls: callsOf(topology, inventory.cluster),
    outgoing: outgoingOf(topology, index),
  }
}

function plaintextOf(topology: Topology, index: InventoryIndex): PlaintextTraffic[] {
  const { cluster } = index.inventory
  const byTarget = new Map<string, SecuredFlow[]>()
  for (const flow of securedFlows(topology)) {
    if (flow.mutual < flow.known && flow.target.startsWith(`${cluster}/`)) append(byTarget, flow.target, flow)
  }
  return [...byTarget].flatMap(([target, flows]): PlaintextTraffic[] => {
    const [namespace = '', workload = ''] = target.slice(cluster.length + 1).split('/')
    const labels = index.workloads.get(`${namespace}/${workload}`)?.podLabels
    const callers = sumSecurity(flows).plaintextCallers
    const perSecond = callers.reduce(
      (sum, one) => sum + (one.requestsPerSecond ?? one.connectionsPerSecond ?? 0),
      0,
    )
    // less than one in the window is what rounding leaves
    if (!labels || perSecond * topology.windowSeconds < 1) return []
    const names = callers.map((one) =>
      one.workload === null ? 'unknown' : `${one.namespace ?? ''}/${one.workload}`,
    )
    return [{ namespace, workload, labels, callers: [...new Set(names)].sort(), perSecond }]
  })
}

function splitsOf(topology: Topology, index: InventoryIndex): ObservedSplit[] {
  const since = topology.at - topology.windowSeconds * 1_000
  const all = findSplits(index)
  const splits = all.filter(({ object, route, backends }) => {
    // before that other weights were in force
    const isSettled = (writersOf(object).at(-1)?.at ?? 0) < since
    return isSettled && route.protocol === 'http' && backends.length > 1
  })
  const traffic = observeSplits(topology, splits, all)
  return splits.flatMap((split, at): ObservedSplit[] => {
    const seen = traffic[at]
    if (!seen || seen.observedOver !== 'route') return []
    let requests = 0
    const backends: { name: string; configuredShare: number; observedShare: number }[] = []
    for (const [place, backend] of split.backends.entries()) {
      const { observedShare = null, counted = null } = seen.backends[place] ?? {}
      if (observedShare === null || counted === null) return []
      requests += counted.requests
      backends.push({ name: backend.name, configuredShare: backend.configuredShare, observedShare })
    }
    const { kind, metadata } = split.object
    return [
      {
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        path: parsePath(split.route.path),
        requests,
        backends,
      },
    ]
  })
}

function latenciesOf(topology: Topology, cluster: string): ServiceLatency[] {
  const sums = new Map<number, TallySum>()
  for (const flow of topology.flows) {
    const { service } = flow
    if (service === null || flow.protocol === 'tcp') continue
    const sum = sums.get(service) ?? emptyTally()
    sums.set(service, sum)
    // no figure here tells one response from another
    addFlow(sum, { ...flow, responses: [] }, 1)
  }
  return [...sums].flatMap(([at, sum]): ServiceLatency[] => {
    const service = topology.services[at]
    const { p99: p99Ms } = quantilesOfTally(sum)
    if (p99Ms === null || service?.kind !== 'service' || service.cluster !== cluster) return []
    const requests = Math.round(sum.requestsPerSecond * topology.windowSeconds)
    return [{ namespace: service.namespace, service: service.name, p99Ms, requests }]
  })
}

/** From a workload that answers for a service to the services it calls, sorted: once in the window is enough. */
function callsOf(topology: Topology, cluster: string): ServiceCall[] {
  const serviceAt = (at: number | null) => {
    const service = at === null ? undefined : topology.services[at]
    return service?.kind === 'service' && service.cluster === cluster ? service : undefined
  }
  const seen = topology.flows.filter(
    ({ protocol, requestsPerSecond }) =>
      protocol !== 'tcp' && requestsPerSecond * topology.windowSeconds >= 1,
  )
  /** services a workload answers for, by the index of its end */
  const served = new Map<number, Set<number>>()
  for (const { service, target } of seen) {
    if (service === null || target === null || !serviceAt(service)) continue
    served.set(target, (served.get(target) ?? new Set()).add(service))
  }
  const calls = new Map<string, ServiceCall>()
  for (const { source, service } of seen) {
    const callee = serviceAt(service)
    for (const at of callee ? (served.get(source) ?? []) : []) {
      const caller = serviceAt(at)
      if (!caller || !callee || caller === callee) continue
      calls.set(`${at} ${service}`, {
        caller: { namespace: caller.namespace, service: caller.name },
        callee: { namespace: callee.namespace, service: callee.name },
      })
    }
  }
  return [...calls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call)
}

/** What the workloads of a cluster called, gateways and waypoints left out: once in the window is enough. */
function outgoingOf(topology: Topology, index: InventoryIndex): WorkloadCalls[] {
  const hosts = topology.services.map(({ kind, namespace, name, role }): EgressHost | null => {
    if (kind === 'service') return { namespace, host: serviceHost(name, namespace) }
    return role === 'serviceEntry' ? { namespace: null, host: name } : null
  })
  const called = new Map<number, Map<string, EgressHost>>()
  for (const { source, service, protocol, requestsPerSecond, ...flow } of topology.flows) {
    const host = service === null ? null : hosts[service]
    // connections may be older than the window
    const isCalled =
      protocol === 'tcp'
        ? (flow.connectionsPerSecond ?? 0) +
            (flow.sentBytesPerSecond ?? 0) +
            (flow.receivedBytesPerSecond ?? 0) >
          0
        : requestsPerSecond * topology.windowSeconds >= 1
    if (!host || !isCalled) continue
    const known = called.get(source) ?? new Map<string, EgressHost>()
    called.set(source, known.set(host.host, host))
  }
  return [...called].flatMap(([source, to]): WorkloadCalls[] => {
    const end = topology.ends[source]
    if (end?.workload == null || end.isGateway || end.isWaypoint) return []
    if (end.cluster !== index.inventory.cluster) return []
    const { namespace, workload } = end
    const labels = index.workloads.get(`${namespace}/${workload}`)?.podLabels
    const byHost = [...to.values()].sort((a, b) => (a.host < b.host ? -1 : 1))
    return labels ? [{ namespace, workload, labels, hosts: byHost }] : []
  })
}
