import 'server-only'
import type { SecurityRow } from '@/lib/istio/mutual-tls/preflight'
import { coverageQuery, decodeSecurity, securityQueries } from '@/lib/prometheus/istio/security'
import { SCRAPES_PER_WINDOW } from '../../snapshots/grid'
import type { Upstreams } from '../../upstreams'

/** Points the covered part of a window is measured by, and the fineness of "last seen". */
const POINTS = 60

export interface ReadSecurity {
  rows: SecurityRow[]
  /** of the window, with telemetry of the mesh */
  coveredSeconds: number
  queries: string[]
}

/**
 * Who called workloads of some namespaces within a window that ends at `to`, and how that was secured. Rates are over
 * the covered end of the window: averaged over time without telemetry they would be too small.
 * Throws UpstreamError('prometheus', …).
 */
export async function readSecurity(
  up: Upstreams,
  asked: { namespaces: readonly string[]; windowSeconds: number; to: number; seesMutual: boolean },
  signal?: AbortSignal,
): Promise<ReadSecurity> {
  const { scrapeIntervalSeconds } = await up.facts.get()
  const least = scrapeIntervalSeconds * SCRAPES_PER_WINDOW
  const stepSeconds =
    Math.ceil(Math.max(least, asked.windowSeconds / POINTS) / scrapeIntervalSeconds) * scrapeIntervalSeconds
  const asking = signal ? { signal } : {}
  const range = { from: asked.to - asked.windowSeconds * 1000, to: asked.to, stepSeconds, ...asking }
  const { scope } = up.config.prometheus
  const coverage = coverageQuery({ scope })
  const covered = await up.prometheus.range(coverage, range)
  const points = covered.series.flatMap((series) => series.points.filter(([, value]) => (value ?? 0) > 0))
  if (points.length === 0) return { rows: [], coveredSeconds: 0, queries: [coverage] }
  const early = Math.min(...points.map(([at]) => at))
  const steps = new Set(points.map(([at]) => at)).size - 1
  // a step of a long window is hours: where telemetry began within the one before is asked for more finely
  const begun = await up.prometheus.range(coverage, {
    from: Math.max(range.from, early - stepSeconds * 1000),
    to: early,
    stepSeconds:
      Math.ceil(Math.max(least, stepSeconds / POINTS) / scrapeIntervalSeconds) * scrapeIntervalSeconds,
    ...asking,
  })
  const first = Math.min(
    early,
    ...begun.series.flatMap((series) =>
      series.points.flatMap(([at, value]) => ((value ?? 0) > 0 ? [at] : [])),
    ),
  )
  const rateSeconds = Math.min(asked.windowSeconds, Math.max(least, (asked.to - first) / 1000))
  const queries = securityQueries(
    { scope, namespaces: asked.namespaces, seesMutual: asked.seesMutual },
    rateSeconds,
    stepSeconds,
  )
  const at = { time: asked.to, ...asking }
  const [requests, connections, bytes, born, seen] = await Promise.all([
    up.prometheus.instant(queries.requests, at),
    up.prometheus.instant(queries.connections, at),
    up.prometheus.instant(queries.bytes, at),
    up.prometheus.instant(queries.born, at),
    up.prometheus.range(queries.seen, range),
  ])
  return {
    rows: decodeSecurity(
      {
        requests: requests.samples,
        connections: connections.samples,
        bytes: bytes.samples,
        born: born.samples,
        seen: seen.series,
      },
      rateSeconds,
    ),
    coveredSeconds: Math.min(asked.windowSeconds, steps * stepSeconds + (early - first) / 1000),
    queries: [coverage, ...Object.values(queries)],
  }
}
