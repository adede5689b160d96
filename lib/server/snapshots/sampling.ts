import 'server-only'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { countOfHosts } from '@/lib/prometheus/istio/charts/charts'
import { busiestQuery, findDoubled, likesQuery, type Doubled } from '@/lib/prometheus/istio/doubled'
import { selector, type Matcher } from '@/lib/prometheus/promql'
import { windowText } from '@/lib/units/window'
import { within, type Clock } from '../clock'
import { createOnceAMinute } from '../once-a-minute'

/** What the mesh's own samples tell of how they are taken. */
export interface Sampling {
  /**
   * Most points any request series has within a window: what the scrape interval of the mesh's jobs really is,
   * where the global one looks too long. Null when there are none, or Prometheus does not answer.
   */
  pointsWithin(windowSeconds: number, at: number): Promise<number | null>
  /**
   * By how much the newest sample of the mesh is older than that moment; Infinity when none is current then, null when
   * Prometheus does not answer. Asked once a minute.
   */
  sampleLagSeconds(at: number): Promise<number | null>
  /**
   * About when samples of the mesh begin between two moments: null where one is current at the first of them or may be
   * gone by now, where there is none at all, or Prometheus does not answer. Asked once a minute.
   */
  sampledSince(from: number, to: number): Promise<number | null>
  /**
   * How often counters of the mesh are there side by side, and by what labels they differ: null where once, or where
   * Prometheus does not answer. Asked once a minute.
   */
  doubled(at: number): Promise<Doubled | null>
  /**
   * Whether some requests tell the service they asked for by its host alone, as where the labels of its name were
   * dropped. Asked once a minute; what was last known where Prometheus does not answer within a few seconds.
   */
  areServicesHosts(at: number): Promise<boolean>
}

/** Ten scrapes of those that are rare, and few enough points to count of the others. */
const COUNTED_SECONDS = 600
/**
 * What people choose; the window may hold one sample more or the newest may be missing, so points alone tell a little
 * too short an interval or too long a one. What lies between is taken for the next longer: rates stay right then.
 */
const INTERVALS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300]
const LONGEST_WAIT_MS = 3_000
/** How finely a time is searched for its first sample. */
const BEGINNING_STEPS = 120

/**
 * The scrape interval in seconds of the mesh's jobs, by the samples that series left before `time` which were there
 * all along: a younger one looks as if it were scraped more rarely. Null where there are none. Throws UpstreamError.
 */
export async function countScrapeInterval(
  prometheus: PrometheusClient,
  scope: readonly Matcher[],
  time: number,
): Promise<number | null> {
  const counts = Object.values(metricsOf(scope)).map(
    (series) =>
      `max(count_over_time(${series}[${windowText(COUNTED_SECONDS)}]) and (${series} offset ${windowText(COUNTED_SECONDS)}))`,
  )
  const { samples } = await prometheus.instant(counts.join(' or '), { time })
  const points = samples[0]?.value ?? 0
  if (points < 2) return null
  const distance = (seconds: number) => Math.abs(Math.log((seconds * points) / COUNTED_SECONDS))
  return INTERVALS.reduce((best, one) => (distance(one) < distance(best) ? one : best))
}

/** What every mesh that carries anything has. */
function metricsOf(scope: readonly Matcher[]) {
  return {
    requests: selector('istio_requests_total', scope),
    connections: selector('istio_tcp_connections_opened_total', scope),
  }
}

/** Questions about samples, each asked once a minute however many want to know. */
export function createSampling(
  prometheus: PrometheusClient,
  options: { scope: readonly Matcher[]; clock: Clock; retentionSeconds: () => number | null },
): Sampling {
  const { clock } = options
  const { requests, connections } = metricsOf(options.scope)

  const keep = createOnceAMinute<number | null>(clock)
  const keepDoubled = createOnceAMinute<Doubled | null>(clock)
  /** the last that was known: one question without an answer changes nothing about the mesh */
  let areHosts = false

  function once(about: string, at: number, ask: () => Promise<number | null>): Promise<number | null> {
    return keep(about, at, () => ask().catch(unanswered))
  }

  async function askOnce(
    about: string,
    at: number,
    query: string,
    decode: (value: number | null) => number | null,
  ): Promise<number | null> {
    return once(about, at, async () => {
      const { samples } = await prometheus.instant(query, { time: at })
      return decode(samples[0]?.value ?? null)
    })
  }

  async function doubledAt(at: number): Promise<Doubled | null> {
    const busiest = await prometheus.instant(busiestQuery(options.scope), { time: at })
    const query = likesQuery(busiest.samples, options.scope)
    if (query === null) return null
    const likes = await prometheus.instant(query, { time: at })
    return findDoubled(busiest.samples, likes.samples)
  }

  async function beginningOf(query: string, from: number, to: number): Promise<number | null> {
    const { samples } = await prometheus.instant(query, { time: from })
    if ((samples[0]?.value ?? 0) > 0) return null
    const stepSeconds = Math.max(1, Math.ceil((to - from) / 1000 / BEGINNING_STEPS))
    const { series } = await prometheus.range(query, { from, to, stepSeconds })
    const seen = series.flatMap(({ points }) => points).flatMap(([at, value]) => ((value ?? 0) > 0 ? at : []))
    return seen.length === 0 ? null : Math.min(...seen)
  }

  return {
    pointsWithin(windowSeconds, at) {
      const query = `max(count_over_time(${requests}[${windowText(windowSeconds)}]))`
      return askOnce(`points of ${windowSeconds} s`, at, query, (points) => points)
    },
    sampleLagSeconds(at) {
      const query = `max(timestamp(${requests})) or max(timestamp(${connections}))`
      return askOnce('newest sample', at, query, (seconds) =>
        seconds === null ? Infinity : at / 1000 - seconds,
      )
    },
    async sampledSince(from, to) {
      const retentionSeconds = options.retentionSeconds()
      if (retentionSeconds !== null && from < clock.now() - retentionSeconds * 1000) return null
      const about = `beginning of ${Math.round((to - from) / 1000)} s`
      return once(about, from, () => beginningOf(`count(${requests}) or count(${connections})`, from, to))
    },
    doubled: (at) => keepDoubled('doubled', at, () => doubledAt(at).catch(unanswered)),
    async areServicesHosts(at) {
      const count = askOnce('services by host', at, countOfHosts(options.scope), (rows) => rows ?? 0)
      const rows = await within(clock, LONGEST_WAIT_MS, count)
      if (typeof rows === 'number') areHosts = rows > 0
      return areHosts
    },
  }
}

function unanswered(error: unknown): null {
  if (!isUpstreamError(error)) throw error
  return null
}
