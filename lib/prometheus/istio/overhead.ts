/** Questions about what the mesh itself costs. Text in, text out. */
import type { TimedRow } from '@/lib/graph/observed/overhead'
import { nodeId, UNKNOWN } from '@/lib/mesh/identity'
import type { Sample } from '../decode'
import { is, isOneOf, rate, selector, sumBy, type Matcher } from '../promql'
import { destinationMatchers, sourceMatchers, type ChartEnd, type ChartOptions } from './charts/charts'
import { PAIR } from './counted-once'

const BY = ['reporter', 'request_protocol', ...PAIR]
const DURATION = 'istio_request_duration_milliseconds'

/**
 * Time and number of clean requests into and out of a node, by the side that counted. A request that was cut off or
 * never arrived (any flag) is not the same on both sides and says nothing about the way between.
 */
export function overheadQueries(end: ChartEnd, options: ChartOptions): { sum: string; count: string } {
  const of = (metric: string) => {
    const clean = [
      ...(options.scope ?? []),
      isOneOf('reporter', ['source', 'destination']),
      is('response_flags', '-'),
    ]
    return [...destinationMatchers(end, options), sourceMatchers(end, options)]
      .map((matchers) => sumBy(BY, rate(selector(metric, [...clean, ...matchers]), options.windowSeconds)))
      .join(' or ')
  }
  return { sum: of(`${DURATION}_sum`), count: of(`${DURATION}_count`) }
}

/** Answers of both queries as rows between workloads; ends without a name are left out. */
export function decodeOverhead(
  sums: readonly Sample[],
  counts: readonly Sample[],
  defaultCluster: string,
): TimedRow[] {
  const times = new Map(sums.map(({ labels, value }) => [keyOf(labels), value]))
  return counts.flatMap(({ labels, value }) => {
    const source = endOf(labels, 'source', defaultCluster)
    const target = endOf(labels, 'destination', defaultCluster)
    const time = times.get(keyOf(labels))
    if (source === null || target === null || value === null || time == null) return []
    return [
      {
        source,
        target,
        protocol: labels.request_protocol === 'grpc' ? ('grpc' as const) : ('http' as const),
        side: labels.reporter === 'source' ? ('source' as const) : ('destination' as const),
        requestsPerSecond: value,
        sumMsPerSecond: time,
      },
    ]
  })
}

function keyOf(labels: Sample['labels']): string {
  return BY.map((label) => labels[label] ?? '').join('\n')
}

function endOf(labels: Sample['labels'], side: 'source' | 'destination', defaultCluster: string) {
  const name = labels[`${side}_workload`] ?? ''
  const namespace = labels[`${side}_workload_namespace`] ?? ''
  if (name === '' || name === UNKNOWN || namespace === '' || namespace === UNKNOWN) return null
  const written = labels[`${side}_cluster`] ?? ''
  const cluster = written === '' || written === UNKNOWN ? defaultCluster : written
  return nodeId({ cluster, namespace, kind: 'workload', name })
}

/** `container` of a sidecar, a gateway and a ztunnel alike. */
export const PROXY_CONTAINER = 'istio-proxy'

/** What the proxies of some pods use, by pod. Names: cAdvisor's, as the kubelet serves them. */
export function proxyUseQueries(
  pods: { namespace: string; names: readonly string[] },
  windowSeconds: number,
  scope: readonly Matcher[] = [],
): { cpu: string; memory: string } {
  const matchers = [
    ...scope,
    is('container', PROXY_CONTAINER),
    is('namespace', pods.namespace),
    isOneOf('pod', pods.names),
  ]
  return {
    cpu: sumBy(['pod'], rate(selector('container_cpu_usage_seconds_total', matchers), windowSeconds)),
    // a pod that just restarted has the series of both containers for a while
    memory: `max by (pod) (${selector('container_memory_working_set_bytes', matchers)})`,
  }
}
