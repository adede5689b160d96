/** A Prometheus whose mesh has 10,000 workloads. */
import { requestSeries } from '../../support/prometheus/istio-metrics'
import { lastScrape, serveScraped } from '../../support/prometheus/scraped-prometheus'

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
  const series = Array.from({ length: workloads }, (_, n) => {
    // a tree, so that every workload but the first is called once
    const caller = Math.max(0, Math.floor((n - 1) / CALLEES))
    const call = { from: endOf(caller), to: endOf(n), reporter: 'source' } as const
    return [
      ...requestSeries({ ...call, perSecond: (10 + (n % 400)) / 15 }),
      ...(n % 50 === 0 ? requestSeries({ ...call, perSecond: 0.2, code: '503', flags: 'UF' }) : []),
    ]
  }).flat()
  const lastMs = lastScrape(Date.now())
  const { url, close } = await serveScraped(series, { lastMs, now: () => Date.now() })
  return { url, at: lastMs / 1000, stop: close }
}

const endOf = (n: number) => ({ namespace: `ns-${n % NAMESPACES}`, workload: `service-${n}-v1` })
