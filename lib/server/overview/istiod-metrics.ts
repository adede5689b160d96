import 'server-only'
import { addHistogram, quantileOf, type HistogramSum } from '@/lib/graph/quantile'
import { controlPlaneQueries } from '@/lib/prometheus/istio/overview'
import type { Upstreams } from '../upstreams'

/** What istiod measures moves slowly. */
const FRESH_MS = 15_000
const WINDOW_SECONDS = 300

export interface PodMetrics {
  connectedProxies: number | null
  pushesPerSecond: number | null
  rejectsPerSecond: number | null
  internalErrorsPerSecond: number | null
  /** cumulative counts per second, bounds in milliseconds */
  pushTime: HistogramSum | null
}

/** By `{namespace}/{pod}` of istiod; nothing where its metrics are not scraped. Shared by all viewers. Throws UpstreamError. */
export function readIstiodMetrics(up: Upstreams, at: number): Promise<ReadonlyMap<string, PodMetrics>> {
  const live = Math.floor(at / FRESH_MS)
  return up.memory.get(`istiod ${live}`, 2 * FRESH_MS, async () => {
    const queries = controlPlaneQueries(WINDOW_SECONDS, up.config.prometheus.scope)
    const ask = async (query: string) => (await up.prometheus.instant(query, { time: at })).samples
    const [proxies, pushTime, pushes, rejects, internal] = await Promise.all([
      ask(queries.proxies),
      up.prometheus.grouped(queries.pushTime, 'le', { time: at }),
      ask(queries.pushes),
      ask(queries.rejects),
      ask(queries.internalErrors),
    ])
    const pods = new Map<string, PodMetrics>()
    const pod = (labels: Readonly<Record<string, string>>) => {
      const key = `${labels.namespace ?? ''}/${labels.pod ?? ''}`
      const known = pods.get(key) ?? {
        connectedProxies: null,
        pushesPerSecond: null,
        rejectsPerSecond: null,
        internalErrorsPerSecond: null,
        pushTime: null,
      }
      pods.set(key, known)
      return known
    }
    const add = (rows: typeof proxies, field: Exclude<keyof PodMetrics, 'pushTime'>) => {
      for (const { labels, value } of rows) {
        if (value === null || !Number.isFinite(value)) continue
        const of = pod(labels)
        of[field] = (of[field] ?? 0) + value
      }
    }
    add(proxies, 'connectedProxies')
    add(pushes, 'pushesPerSecond')
    add(rejects, 'rejectsPerSecond')
    add(internal, 'internalErrorsPerSecond')
    for (const { labels, values } of pushTime.groups) {
      const buckets = values
        .map(({ by, value }) => ({
          bound: Number(by.replace('+Inf', 'Infinity')) * 1_000,
          count: value ?? 0,
        }))
        .sort((a, b) => a.bound - b.bound)
      pod(labels).pushTime = {
        bounds: buckets.map(({ bound }) => bound),
        counts: buckets.map(({ count }) => count),
      }
    }
    return pods
  })
}

/** All replicas of a control plane together: sums, and the quantile of all their pushes. */
export function joinPods(pods: readonly PodMetrics[]) {
  const sum = (field: Exclude<keyof PodMetrics, 'pushTime'>) => {
    const values = pods.flatMap((one) => one[field] ?? [])
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0)
  }
  const pushTime = pods.reduce<HistogramSum | null>(
    (total, one) => (one.pushTime ? addHistogram(total, one.pushTime) : total),
    null,
  )
  return {
    connectedProxies: sum('connectedProxies'),
    pushesPerSecond: sum('pushesPerSecond'),
    rejectsPerSecond: sum('rejectsPerSecond'),
    internalErrorsPerSecond: sum('internalErrorsPerSecond'),
    pushP99Ms: pushTime && quantileOf(pushTime, 0.99),
  }
}
