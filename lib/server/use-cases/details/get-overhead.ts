import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Overhead, OverheadQuery } from '@/lib/api/schemas/details'
import { edgeOverheads, meanOverheadMs } from '@/lib/graph/observed/overhead'
import { dataPlaneOf } from '@/lib/istio/data-plane'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { Sample } from '@/lib/prometheus/decode'
import { decodeOverhead, overheadQueries, proxyUseQueries } from '@/lib/prometheus/istio/overhead'
import { noticeOf } from '../../errors'
import { gridInstant } from '../../snapshots/grid'
import type { Upstreams } from '../../upstreams'
import { chartEnd } from '../charts/chart-end'
import { resolveTime } from '../resolve-time'
import { nodeObjects } from './node-objects'

const MOST_EDGES = 50
const MOST_PODS = 50
/** https://istio.io/latest/docs/reference/config/annotations/ */
const RESOURCES = [
  'sidecar.istio.io/proxyCPU',
  'sidecar.istio.io/proxyCPULimit',
  'sidecar.istio.io/proxyMemory',
  'sidecar.istio.io/proxyMemoryLimit',
]

/** What the proxies add to each edge of a node, and what its own proxies use. */
export async function getOverhead(
  up: Upstreams,
  query: OverheadQuery,
  signal?: AbortSignal,
): Promise<Overhead> {
  const objects = nodeObjects(up, query.node)
  const time = await resolveTime(up, query)
  const { scrapeIntervalSeconds } = await up.facts.get()
  const at = time.at ?? gridInstant(up.clock.now(), scrapeIntervalSeconds * 1000, up.config.refresh.lagMs)
  const notices = [...time.notices]
  const { scope } = up.config.prometheus
  const { defaultCluster } = up.config
  const options = { windowSeconds: time.windowSeconds, scope, defaultCluster }
  const ask = async (text: string, then: string): Promise<Sample[] | null> => {
    try {
      const { samples } = await up.prometheus.instant(text, { time: at, ...(signal ? { signal } : {}) })
      return samples
    } catch (error) {
      if (!isUpstreamError(error)) throw error
      notices.push(noticeOf(error, then))
      return null
    }
  }
  const timed = overheadQueries(chartEnd(up, 'node', query.node), options)
  const proxied = objects.pods.filter((pod) => pod.hasSidecar || isProxyItself(pod))
  const names = proxied.slice(0, MOST_PODS).map((pod) => pod.name)
  const use =
    names.length > 0
      ? proxyUseQueries({ namespace: objects.ref.namespace, names }, time.windowSeconds, scope)
      : null
  const [sums, counts, cpu, memory] = await Promise.all([
    ask(timed.sum, 'The latency between proxies is missing.'),
    ask(timed.count, 'The latency between proxies is missing.'),
    use ? ask(use.cpu, 'What the proxies use is missing.') : null,
    use ? ask(use.memory, 'What the proxies use is missing.') : null,
  ])
  const edges = edgeOverheads(decodeOverhead(sums ?? [], counts ?? [], defaultCluster))
  const handled = edges.reduce((sum, edge) => sum + edge.requestsPerSecond, 0)
  const isMeasured = (cpu?.length ?? 0) + (memory?.length ?? 0) > 0
  notices.push(...missing(objects.index !== null, names.length, isMeasured || cpu === null))
  return {
    at,
    windowSeconds: time.windowSeconds,
    edges: edges.slice(0, MOST_EDGES),
    meanMs: meanOverheadMs(edges),
    proxies: isMeasured
      ? names.map((pod) => ({ pod, cpuCores: valueOf(cpu, pod), memoryBytes: valueOf(memory, pod) }))
      : null,
    morePods: Math.max(0, proxied.length - MOST_PODS),
    requestsPerSecond: sums && counts ? handled : null,
    requested: objects.workloads
      .filter((one) => objects.index && dataPlaneOf(one, objects.index) === 'sidecar')
      .map(({ name, podAnnotations }) => ({
        workload: name,
        annotations: Object.fromEntries(
          RESOURCES.flatMap((key) => (podAnnotations[key] === undefined ? [] : [[key, podAnnotations[key]]])),
        ),
      })),
    queries: { latencySum: timed.sum, latencyCount: timed.count, ...(use ?? {}) },
    notices,
  }
}

/** Gateways, waypoints and node proxies are pods of nothing but a proxy. */
function isProxyItself(pod: { containers: readonly { name: string }[] }): boolean {
  return pod.containers.some((container) => container.name === 'istio-proxy')
}

function valueOf(samples: readonly Sample[] | null, pod: string): number | null {
  return samples?.find(({ labels }) => labels.pod === pod)?.value ?? null
}

/** What is not measured, and how to have it measured. */
function missing(isRead: boolean, pods: number, isMeasured: boolean): Notice[] {
  if (!isRead) {
    return [
      {
        code: 'proxies-not-known',
        message:
          'What the proxies use is not shown: their pods are known from the Kubernetes API only; set KUBECONFIG.',
        upstream: 'kubernetes',
      },
    ]
  }
  if (pods === 0 || isMeasured) return []
  return [
    {
      code: 'cadvisor-missing',
      message:
        'What the proxies use is not measured: Prometheus has no container metrics of these pods. Scrape the kubelets’ /metrics/cadvisor and keep container_cpu_usage_seconds_total and container_memory_working_set_bytes with the labels namespace, pod and container.',
      upstream: 'prometheus',
    },
  ]
}
