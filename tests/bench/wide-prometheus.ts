/** A Prometheus whose mesh has 10,000 workloads: made of made-up series, served by the embedded mesh's own engine. */
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { prometheusHandler } from '@/lib/demo/prometheus/handler'
import { serveLoopback } from '../support/loopback'

const SCRAPE_SECONDS = 15
const SCRAPES = 24
const NAMESPACES = 100
const CALLEES = 8

export interface WidePrometheus {
  url: string
  /** newest instant, epoch seconds */
  at: number
  stop(): Promise<void>
}

/** Each workload calls the next few; every fiftieth fails at some of its requests. Rates only, no durations. */
export async function serveWide(workloads: number): Promise<WidePrometheus> {
  const store = createMetricStore({ capacity: SCRAPES })
  const counters = Array.from({ length: workloads }, (_, n) => {
    // a tree, so that every workload but the first is called once
    const caller = Math.floor((n - 1) / CALLEES)
    return (n % 50 === 0 ? ['200', '503'] : ['200']).map((code) =>
      store.counter('istio_requests_total', labelsOf(caller, n, code)),
    )
  })
  const lastMs = Math.floor(Date.now() / 1000 / SCRAPE_SECONDS) * SCRAPE_SECONDS * 1000
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
    counters.forEach((codes, n) =>
      codes.forEach((counter, code) => counter.add(code === 1 ? 3 : 10 + (n % 400))),
    )
    store.scrape(lastMs - (SCRAPES - 1 - scrape) * SCRAPE_SECONDS * 1000)
  }
  const server = await serveLoopback(
    prometheusHandler({
      store,
      now: () => Date.now(),
      scrapeIntervalSeconds: SCRAPE_SECONDS,
      retentionSeconds: SCRAPES * SCRAPE_SECONDS,
    }),
  )
  return {
    url: server.url,
    at: lastMs / 1000,
    stop: server.close,
  }
}

function labelsOf(caller: number, n: number, code: string): Record<string, string> {
  const from = Math.max(0, caller)
  return {
    reporter: 'source',
    source_cluster: 'east',
    source_workload: `service-${from}-v1`,
    source_workload_namespace: `ns-${from % NAMESPACES}`,
    source_canonical_service: `service-${from}`,
    source_canonical_revision: 'v1',
    destination_cluster: 'east',
    destination_service: `service-${n}.ns-${n % NAMESPACES}.svc.cluster.local`,
    destination_service_name: `service-${n}`,
    destination_service_namespace: `ns-${n % NAMESPACES}`,
    destination_workload: `service-${n}-v1`,
    destination_workload_namespace: `ns-${n % NAMESPACES}`,
    destination_canonical_service: `service-${n}`,
    destination_canonical_revision: 'v1',
    request_protocol: 'http',
    connection_security_policy: 'unknown',
    response_flags: code === '503' ? 'UF' : '-',
    response_code: code,
  }
}
