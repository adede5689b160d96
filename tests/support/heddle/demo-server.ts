/** Heddle's server on the embedded mesh, both on clocks that stand until they are moved. */
import { createManualClock } from '@/lib/demo/clock'
import { startDemo, type Demo, type DemoOptions } from '@/lib/demo/start-demo'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { manualClock, type ManualClock } from './manual-clock'
import { until } from '../until'

/** Six seconds later a scrape is old enough to be asked for. */
const LAG_MS = 6_000

export interface DemoServer {
  demo: Demo
  up: Upstreams
  /** the server's */
  clock: ManualClock
  /** Lets time pass in both: the mesh first, so that what the server then asks for has been scraped. */
  pass(seconds: number): Promise<void>
  close(): Promise<void>
}

/** With 45 minutes of history, so that latency has a past to be compared with. Becomes the process's own. */
export async function startDemoServer(
  startMs: number,
  options: DemoOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<DemoServer> {
  const demo = await startDemo({
    historySeconds: 2_700,
    seed: 1,
    ...options,
    clock: createManualClock(startMs),
  })
  const clock = manualClock(startMs + LAG_MS)
  const up = await serveDemo(demo, clock, {
    ALERTMANAGER_URL: demo.alertmanagerUrl,
    JAEGER_URL: demo.jaegerUrl,
    HEDDLE_DEMO_CONTROL_URL: demo.controlUrl,
    ...env,
  })
  return {
    demo,
    up,
    clock,
    async pass(seconds) {
      await demo.advance(seconds)
      clock.advance(seconds * 1_000)
    },
    async close() {
      setUpstreams(null)
      await up.close()
      await demo.close()
    },
  }
}

/** A Heddle on that mesh, with its Prometheus and its objects, once these are read. Becomes the process's own. */
export async function serveDemo(
  demo: Demo,
  clock: ManualClock,
  env: Readonly<Record<string, string>> = {},
  kubeconfig: string = demo.kubeconfig,
): Promise<Upstreams> {
  const config = readConfig({
    PROMETHEUS_URL: demo.prometheusUrl,
    KUBECONFIG: kubeconfig,
    HEDDLE_CLUSTER_NAME: 'east',
    LOG_LEVEL: 'silent',
    ...env,
  })
  const up = createUpstreams(config, { clock })
  setUpstreams(up)
  await until('the objects are read', async () => up.inventories[0]?.current().ready || undefined)
  return up
}
