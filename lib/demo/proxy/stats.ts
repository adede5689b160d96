/** Envoy's own counters of a proxy of the embedded mesh, in its text format: what its metrics say too. */
import type { KubernetesObject } from '../model'
import type { MetricStore } from '../prometheus/metric-store'
import { matcherOf } from '../prometheus/promql/syntax/matcher'
import { lastSampleAt, sampleValue } from '../prometheus/series'

/** Requests since the series of the pod began. */
export interface Counted {
  total: number
  /** by class of the answer's code: `2xx`; what got no answer is in none */
  byClass: ReadonlyMap<string, number>
}

/** Requests this pod's proxy sent (`source`) or received (`destination`), by the host asked for. */
export function requestsByHost(
  metrics: MetricStore,
  pod: KubernetesObject,
  reporter: 'source' | 'destination',
): Map<string, Counted> {
  const sums = new Map<string, { total: number; byClass: Map<string, number> }>()
  for (const one of metrics.select([
    matcherOf('__name__', '=', 'istio_requests_total'),
    matcherOf('reporter', '=', reporter),
    matcherOf('namespace', '=', pod.metadata.namespace ?? ''),
    matcherOf('pod', '=', pod.metadata.name),
  ])) {
    const last = lastSampleAt(one, metrics.ring.count - 1)
    if (last < metrics.ring.oldest) continue
    const value = sampleValue(metrics.ring, one, last)
    const label = (name: string) => one.labels.values[one.labels.names.indexOf(name)] ?? ''
    const host = label('destination_service')
    const sum = sums.get(host) ?? { total: 0, byClass: new Map<string, number>() }
    sums.set(host, sum)
    sum.total += value
    const first = label('response_code').charAt(0)
    if (/[1-5]/.test(first)) sum.byClass.set(`${first}xx`, (sum.byClass.get(`${first}xx`) ?? 0) + value)
  }
  return sums
}

export interface ProxyFacts {
  isLive: boolean
  uptimeSeconds: number
  clusters: number
  listeners: number
  /** updates of listeners it refused */
  rejected: number
  sent: ReadonlyMap<string, Counted>
  received: ReadonlyMap<string, Counted>
  portOf: (host: string) => number | undefined
  inboundPorts: readonly number[]
}

/** Lines of `/stats`, sorted, those that `filter` matches; throws for what is no regular expression. */
export function statsText(facts: ProxyFacts, filter: string | null): string {
  const [port] = facts.inboundPorts
  const lines = [
    `server.live: ${facts.isLive ? 1 : 0}`,
    `server.uptime: ${facts.uptimeSeconds}`,
    'server.concurrency: 2',
    `server.total_connections: ${2 * (facts.sent.size + facts.received.size)}`,
    'control_plane.connected_state: 1',
    `cluster_manager.active_clusters: ${facts.clusters}`,
    'cluster_manager.cds.update_rejected: 0',
    `listener_manager.total_listeners_active: ${facts.listeners}`,
    `listener_manager.lds.update_rejected: ${facts.rejected}`,
    ...[...facts.sent].flatMap(([host, counted]) =>
      upstream(`cluster.outbound|${facts.portOf(host) ?? ''}||${host}`, counted),
    ),
    ...(port === undefined ? [] : inbound(port, facts.received)),
  ]
  const pattern = filter === null ? null : new RegExp(filter)
  return `${lines
    .filter((line) => pattern === null || pattern.test(line))
    .sort()
    .join('\n')}\n`
}

function upstream(cluster: string, { total, byClass }: Counted): string[] {
  const open = total > 0 ? 2 : 0
  return [
    `${cluster}.upstream_rq_total: ${Math.round(total)}`,
    ...[...byClass].map(([name, count]) => `${cluster}.upstream_rq_${name}: ${Math.round(count)}`),
    `${cluster}.upstream_cx_active: ${open}`,
    `${cluster}.upstream_cx_total: ${open}`,
  ]
}

/** All that comes in is counted at one listener. */
function inbound(port: number, received: ReadonlyMap<string, Counted>): string[] {
  const prefix = `http.inbound_0.0.0.0_${port}`
  const byClass = new Map<string, number>()
  let total = 0
  for (const counted of received.values()) {
    total += counted.total
    for (const [name, count] of counted.byClass) byClass.set(name, (byClass.get(name) ?? 0) + count)
  }
  return [
    `${prefix}.downstream_rq_total: ${Math.round(total)}`,
    ...[...byClass].map(([name, count]) => `${prefix}.downstream_rq_${name}: ${Math.round(count)}`),
  ]
}
