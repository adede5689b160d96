/** In the service graph a workload's calls are drawn from the service it works for. */
import type { Flow, Topology } from '../types'

export interface CallerShare {
  /** index into `topology.services` */
  service: number
  /** 0..1; the shares of a workload sum to 1 */
  share: number
}

/**
 * A function from an end to the services it answers for, weighted by what it received through each. Telemetry
 * cannot tell on whose behalf a workload of two services calls on, so its calls are shared out; totals hold.
 * Empty for ends nobody called through a service: they stay themselves (gateways, load generators).
 */
export function callerShares(topology: Topology): (end: number) => readonly CallerShare[] {
  // rows may give a workload several apps or versions: the services belong to all of them
  const keys = topology.ends.map((end) => {
    if (end.kind === 'unknown' || end.isWaypoint) return ''
    const base = `${end.cluster}\n${end.namespace}\n${end.workload ?? ''}`
    return end.workload === null ? `${base}\n${end.app ?? ''}\n${end.version ?? ''}` : base
  })
  const received = new Map<string, Map<number, { requests: number; bytes: number }>>()
  for (const flow of topology.flows) {
    if (flow.service === null || flow.target === null) continue
    if (topology.services[flow.service]?.kind !== 'service') continue
    const key = keys[flow.target]
    if (!key) continue
    const services = received.get(key) ?? new Map<number, { requests: number; bytes: number }>()
    const sum = services.get(flow.service) ?? { requests: 0, bytes: 0 }
    sum.requests += flow.requestsPerSecond
    sum.bytes += tcpWeight(flow)
    services.set(flow.service, sum)
    received.set(key, services)
  }
  const shares = new Map<string, CallerShare[]>()
  for (const [key, services] of received) shares.set(key, toShares(services))
  return (end) => shares.get(keys[end] ?? '') ?? []
}

function tcpWeight(flow: Flow): number {
  if (flow.protocol !== 'tcp') return 0
  const bytes = (flow.sentBytesPerSecond ?? 0) + (flow.receivedBytesPerSecond ?? 0)
  return bytes > 0 ? bytes : (flow.connectionsPerSecond ?? 0)
}

/** By requests; where there are none by bytes; where there are none either, evenly. */
function toShares(services: ReadonlyMap<number, { requests: number; bytes: number }>): CallerShare[] {
  const sums = [...services]
  const requests = sums.reduce((sum, [, each]) => sum + each.requests, 0)
  const bytes = sums.reduce((sum, [, each]) => sum + each.bytes, 0)
  return sums
    .map(([service, each]) => ({
      service,
      share:
        requests > 0
          ? each.requests / requests
          : bytes > 0
            ? each.bytes / bytes
            : 1 / Math.max(sums.length, 1),
    }))
    .filter(({ share }) => share > 0)
}
