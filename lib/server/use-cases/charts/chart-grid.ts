import 'server-only'
import type { WindowText } from '@/lib/api/schemas/common'
import { LIMITS } from '@/lib/api/schemas/parameters'
import type { ChartGrid } from '@/lib/prometheus/istio/charts/chart-series'
import { gridInstant, refreshStepMs, SCRAPES_PER_WINDOW } from '../../snapshots/grid'
import type { TelemetryFacts } from '../../snapshots/facts'
import type { Upstreams } from '../../upstreams'
import { checkInstant, secondsOf } from '../resolve-time'

/** Rates over less are mostly noise: below 10 requests per second a minute is off by 6 %. */
const LEAST_RATE_SECONDS = 60

export interface ChartTime {
  facts: TelemetryFacts
  grid: ChartGrid
  /** what each rate is taken over: at least a step, so that no request falls between two points */
  rateSeconds: number
}

/** Which instants a chart shows. Throws Refusal('invalid') for one that Prometheus cannot know. */
export async function chartTime(
  up: Upstreams,
  query: { window: WindowText; at?: number | undefined },
): Promise<ChartTime> {
  const facts = await up.facts.get()
  if (query.at !== undefined) checkInstant(query.at, facts, up.clock.now())
  const scrape = facts.scrapeIntervalSeconds
  const to = query.at ?? gridInstant(up.clock.now(), scrape * 1000, up.config.refresh.lagMs)
  const grid = chartGrid(to, secondsOf(query.window), scrape)
  const rateSeconds = Math.max(LEAST_RATE_SECONDS, scrape * SCRAPES_PER_WINDOW, grid.stepSeconds)
  return { facts, grid, rateSeconds }
}

/**
 * Steps on multiples of themselves, so that charts asked at different moments share their points; of long windows from
 * an end that moves on as their snapshots do: a week's step is 42 minutes, and what happened in the last of them counts.
 */
function chartGrid(to: number, windowSeconds: number, scrapeSeconds: number): ChartGrid {
  const wanted = Math.max(scrapeSeconds, windowSeconds / LIMITS.points)
  const stepSeconds = Math.ceil(wanted / scrapeSeconds) * scrapeSeconds
  const endStepMs = Math.min(stepSeconds * 1000, refreshStepMs(windowSeconds, scrapeSeconds))
  const last = Math.floor(to / endStepMs) * endStepMs
  const steps = Math.floor(windowSeconds / stepSeconds)
  return { from: last - steps * stepSeconds * 1000, to: last, stepSeconds }
}
