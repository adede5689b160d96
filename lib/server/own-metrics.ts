import 'server-only'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { ReadOutcome } from '@/lib/http/read-upstream'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export type OwnMetrics = ReturnType<typeof createOwnMetrics>

/** Heddle's own metrics: units in the names, few labels, never a name from the mesh. */
export function createOwnMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const httpRequests = new Histogram({
    name: 'heddle_http_request_duration_seconds',
    help: 'Time to answer a request of the HTTP API, by route template',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers,
  })
  const upstreamRequests = new Histogram({
    name: 'heddle_upstream_request_duration_seconds',
    help: 'Time of a question to an upstream, waiting and repetitions included',
    labelNames: ['upstream', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const upstreamBytes = new Counter({
    name: 'heddle_upstream_answer_bytes_total',
    help: 'Bytes of upstream answers after decompression',
    labelNames: ['upstream'],
    registers,
  })
  const snapshots = new Histogram({
    name: 'heddle_snapshot_duration_seconds',
    help: 'Time to take a snapshot of the mesh, by part and outcome',
    labelNames: ['part', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const build = new Histogram({
    name: 'heddle_snapshot_build_duration_seconds',
    help: 'Time to build the topology from answered queries',
    buckets: SECONDS,
    registers,
  })
  const size = new Gauge({
    name: 'heddle_snapshot_size',
    help: 'Parts of the newest live snapshot',
    labelNames: ['what'],
    registers,
  })
  const viewers = new Gauge({
    name: 'heddle_stream_viewers',
    help: 'Open live feeds',
    registers,
  })
  const projections = new Counter({
    name: 'heddle_projections_total',
    help: 'Views made from snapshots; many viewers of one view make one',
    registers,
  })
  return {
    registry,
    httpRequests,
    snapshots,
    build,
    size,
    viewers,
    projections,
    upstream({ upstream, outcome, durationMs, sizeBytes }: ReadOutcome) {
      upstreamRequests.observe({ upstream, outcome }, durationMs / 1000)
      upstreamBytes.inc({ upstream }, sizeBytes)
    },
  }
}
