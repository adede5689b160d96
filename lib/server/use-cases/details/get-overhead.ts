import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { Overhead, OverheadQuery, ProxyUse } from '@/lib/api/schemas/mesh/details'
import { edgeOverheads, meanOverheadMs } from '@/lib/graph/observed/overhead'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { Sample } from '@/lib/prometheus/decode'
import { decodeOverhead, overheadQueries, proxyUseQueries } from '@/lib/prometheus/istio/overhead'
import { parseQuantity } from '@/lib/units/quantity'
import { noticeOf } from '../../errors'
import { gridInstant } from '../../snapshots/grid'
import type { Upstreams } from '../../upstreams'
import { chartEnd, drawnEnd } from '../charts/chart-end'
import { resolveTime } from '../resolve-time'
import { nodeObjects } from './node-objects'

const MOST_EDGES = 50
const MOST_PODS = 50
const OF_SERVICES = { graphType: 'service', serviceNodes: false } as const
/** https://istio.io/latest/docs/reference/config/annotations/ */
const RESOURCES = {
  cpuCores: 'sidecar.istio.io/proxyCPU',
  cpuLimitCores: 'sidecar.istio.io/proxyCPULimit',
  memoryBytes: 'sidecar.istio.io/proxyMemory',
  memoryLimitBytes: 'sidecar.istio.io/proxyMemoryLimit',
} as const

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
  const named = { side: 'calling', parameter: 'node', id: query.node, drawn: OF_SERVICES } as const
  const end = await drawnEnd(up, named, { at, options }).catch((error: unknown) => {
    notices.push(noticeOf(error, 'What the service asks others is missing.'))
    return chartEnd('node', query.node)
  })
  const timed = overheadQueries(end, options)
  const proxied = objects.pods.filter((pod) => pod.hasSidecar || isProxyItself(pod))
  const measured = proxied.slice(0, MOST_PODS)
  const names = measured.map((pod) => pod.name)
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
      ? measured.map(({ name, annotations }) => ({
          pod: name,
          asked: askedOf(annotations),
          cpuCores: valueOf(cpu, name),
          memoryBytes: valueOf(memory, name),
        }))
      : null,
    morePods: Math.max(0, proxied.length - MOST_PODS),
    requestsPerSecond: sums && counts ? handled : null,
    queries: { latencySum: timed.sum, latencyCount: timed.count, ...(use ?? {}) },
    notices,
  }
}

/** The injected pod bears the annotations of its template. */
function askedOf(annotations: Readonly<Record<string, string>>): ProxyUse['asked'] {
  const of = (key: keyof typeof RESOURCES) => parseQuantity(annotations[RESOURCES[key]])
  return {
    cpuCores: of('cpuCores'),
    cpuLimitCores: of('cpuLimitCores'),
    memoryBytes: of('memoryBytes'),
    memoryLimitBytes: of('memoryLimitBytes'),
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
