import 'server-only'
import { NOT_MEASURED } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { PrometheusClient } from '@/lib/prometheus/client'
import type { Sample } from '@/lib/prometheus/decode'
import { reporterOf } from '@/lib/prometheus/istio/decode'
import { countOneSided } from '@/lib/prometheus/istio/one-sided'
import type { QueryOptions } from '@/lib/prometheus/istio/queries'
import { selector } from '@/lib/prometheus/promql'
import { utcDate } from '@/lib/units/date'
import { formatWindow, windowText } from '@/lib/units/window'
import type { FactsSource } from './facts'

/** Series that had points so lately belong to a mesh that was scraped, and is not now. */
const LATELY_SECONDS = 3_600
/** Of requests, and of a mesh that speaks TCP alone, as behind ztunnels without a waypoint. */
const COUNTERS = ['istio_requests_total', 'istio_tcp_connections_opened_total']

/**
 * What to say of a mesh no pair of which has a rate, where that is not for want of traffic: idle pairs keep their
 * series, so there were points within the hour and there are none in the window. Null where there were none, or where
 * Prometheus does not answer.
 */
export async function findSilence(
  prometheus: Pick<PrometheusClient, 'instant'>,
  { windowSeconds, at, scope = [] }: QueryOptions & { at: number },
  signal?: AbortSignal,
): Promise<Notice | null> {
  const lately = windowText(Math.max(LATELY_SECONDS, windowSeconds * 2))
  const counted = COUNTERS.map((metric) => `count(count_over_time(${selector(metric, scope)}[${lately}]))`)
  try {
    const { samples } = await prometheus.instant(counted.join(' or '), {
      time: at,
      ...(signal ? { signal } : {}),
    })
    if ((samples[0]?.value ?? 0) === 0) return null
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return null
  }
  return {
    code: NOT_MEASURED,
    message: `Prometheus scraped nothing of the mesh in these ${formatWindow(windowSeconds)}, and did before. Traffic and health are not known; the rest is what Kubernetes says.`,
    upstream: 'prometheus',
  }
}

const AND = new Intl.ListFormat('en', { type: 'conjunction' })

/** What is less late may come of scrapes that take long. */
const LATE_SECONDS = 30
/** VictoriaMetrics answers for what lies so long before now (-search.latencyOffset): its rates lose nothing by it. */
const VICTORIA_OFFSET_SECONDS = 30
/** Rates that are lower by less than this are not worth a word. */
const LEAST_SHARE = 0.1
/** How far back a sample is current. */
const LOOKBACK_SECONDS = 300

/**
 * What to say of rates whose window reaches beyond the newest sample: Prometheus counts over all of it and so tells too
 * little. Its clock is behind ours, its samples arrive late, or scraping has just ended. Null where all is well.
 */
export async function findLateness(
  facts: Pick<FactsSource, 'current' | 'pointsWithin' | 'sampleLagSeconds'>,
  { windowSeconds, at }: { windowSeconds: number; at: number },
): Promise<Notice | null> {
  const { build, scrapeIntervalSeconds } = facts.current()
  const lag = await facts.sampleLagSeconds(at)
  if (lag === null) return null
  const late = lag - (build?.product === 'VictoriaMetrics' ? VICTORIA_OFFSET_SECONDS : 0)
  if (late <= Math.max(LATE_SECONDS, 2 * scrapeIntervalSeconds, LEAST_SHARE * windowSeconds)) return null
  if (lag !== Infinity) {
    // the mesh's own jobs may be scraped more rarely than the global interval says
    const points = await facts.pointsWithin(LOOKBACK_SECONDS, at)
    if (points !== null && points > 0 && late < (2 * (LOOKBACK_SECONDS - lag)) / points) return null
  }
  const what =
    lag === Infinity
      ? 'Prometheus has no current sample of the mesh'
      : `The newest sample of the mesh in Prometheus is ${formatWindow(Math.round(lag))} older than this moment`
  return {
    code: 'prometheus-late',
    message: `${what}, so rates over ${formatWindow(windowSeconds)} read too low. Scraping has stopped, samples arrive late (refresh.lagSeconds), or the clocks of Heddle and Prometheus differ.`,
    upstream: 'prometheus',
  }
}

/**
 * What to say of rates whose window begins before the mesh's samples do: a Prometheus that lost what it kept, or a mesh
 * younger than the window. Null where all is well.
 */
export async function findYouth(
  facts: Pick<FactsSource, 'sampledSince'>,
  { windowSeconds, at }: { windowSeconds: number; at: number },
): Promise<Notice | null> {
  const since = await facts.sampledSince(at - (1 - LEAST_SHARE) * windowSeconds * 1000, at)
  if (since === null) return null
  return {
    code: 'prometheus-young',
    message: `Of these ${formatWindow(windowSeconds)} Prometheus has samples of the mesh only since about ${utcDate(Math.round(since / 60_000) * 60_000)}, so rates over them read too low.`,
    upstream: 'prometheus',
  }
}

/**
 * What to say of rates whose counters are read more than once: two replicas of Prometheus side by side, or proxies that
 * two jobs scrape. Null where all is well.
 */
export async function findDoubling(facts: Pick<FactsSource, 'doubled'>, at: number): Promise<Notice | null> {
  const doubled = await facts.doubled(at)
  if (doubled === null) return null
  return {
    code: 'prometheus-doubled',
    message: `Prometheus has counters of the mesh ${doubled.times} times, apart in ${AND.format(doubled.labels)} alone, so rates read as many times too high. Have replicas of Prometheus deduplicated, or choose one (prometheus.scope), and let one job alone scrape each proxy.`,
    upstream: 'prometheus',
  }
}

const RELABELLED =
  'bear no label `reporter`, which tells the two sides of a call apart, as where the metrics are relabelled (metric_relabel_configs)'

/**
 * What to say of rows that do not tell which side of a call counted them: they are in no figure, since half of them
 * would count twice. Where all are such, nothing was measured. Null where each tells.
 */
export function findUnreported(answers: readonly (readonly Sample[])[]): Notice | null {
  let rows = 0
  let without = 0
  for (const answer of answers) {
    for (const { labels, value } of answer) {
      if (!value) continue
      rows += 1
      if (reporterOf(labels) === undefined) without += 1
    }
  }
  if (without === 0) return null
  const upstream = 'prometheus'
  return without === rows
    ? {
        code: NOT_MEASURED,
        message: `All counters of the mesh in Prometheus ${RELABELLED}. Traffic and health are not known until they keep it; the rest is what Kubernetes says.`,
        upstream,
      }
    : {
        code: 'prometheus-unreported',
        message: `Some counters of the mesh in Prometheus ${RELABELLED}: ${percent(without / rows)} of them are in no figure. Let them keep it.`,
        upstream,
      }
}

function percent(share: number): string {
  return share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`
}

/**
 * What to say of calls of which one side leaves out a cluster that the other names. Null where none does.
 */
export function findOneSided(rows: readonly Sample[]): Notice | null {
  const pairs = countOneSided(rows)
  if (pairs === 0) return null
  return {
    code: 'clusters-one-sided',
    message: `Of ${pairs === 1 ? 'one pair' : `${pairs} pairs`} of workloads one side of the call leaves out a cluster that the other names (source_cluster, destination_cluster). Graph and lists count such requests once, charts and objectives twice. Let both sides name it.`,
    upstream: 'prometheus',
  }
}
