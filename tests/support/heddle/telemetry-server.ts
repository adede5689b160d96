/** Heddle's server on a real Prometheus that holds a stretch of the past and nothing else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { openMetrics, type Series } from '../prometheus/istio-metrics'
import { backfill, startPrometheus } from '../prometheus/prometheus-process'

export interface TelemetryServer {
  up: Upstreams
  close(): Promise<void>
}

/** `from` and `to` in epoch seconds; series without a cluster, such as those of unknown ends, belong to `east`. */
export async function startTelemetryServer(
  series: readonly Series[],
  from: number,
  to: number,
): Promise<TelemetryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-telemetry-'))
  await backfill(folder, openMetrics(series, from, to))
  const prometheus = await startPrometheus({
    config: 'global: { scrape_interval: 15s }',
    dataDirectory: folder,
  })
  const config = readConfig({ PROMETHEUS_URL: prometheus.url, LOG_LEVEL: 'silent' })
  const up = createUpstreams({ ...config, defaultCluster: 'east' })
  setUpstreams(up)
  return {
    up,
    async close() {
      setUpstreams(null)
      await up.close()
      await prometheus.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
