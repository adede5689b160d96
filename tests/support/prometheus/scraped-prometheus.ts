import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { prometheusHandler } from '@/lib/demo/prometheus/handler'
import { STEP_SECONDS, type Series } from './istio-metrics'
import { serveLoopback, type Loopback } from '../loopback'

const SCRAPES = 24

/**
 * A Prometheus that scraped these counters for six minutes, the last time at `lastMs`, and then no more; served by the
 * embedded mesh's own engine. Its present is `now`; what it has does not get too old to be asked for within an hour.
 */
export function serveScraped(
  series: readonly Series[],
  { lastMs, now }: { lastMs: number; now: () => number },
): Promise<Loopback> {
  const store = createMetricStore({ capacity: SCRAPES })
  const counters = series.map(({ name, labels, perSecond }) => ({
    counter: store.counter(name, labels),
    perScrape: perSecond * STEP_SECONDS,
  }))
  for (let left = SCRAPES - 1; left >= 0; left -= 1) {
    for (const { counter, perScrape } of counters) counter.add(perScrape)
    store.scrape(lastMs - left * STEP_SECONDS * 1000)
  }
  return serveLoopback(
    prometheusHandler({ store, now, scrapeIntervalSeconds: STEP_SECONDS, retentionSeconds: 3_600 }),
  )
}

/** The newest instant of the clock that a scrape may have been at. */
export function lastScrape(nowMs: number): number {
  const stepMs = STEP_SECONDS * 1000
  return Math.floor(nowMs / stepMs) * stepMs
}
