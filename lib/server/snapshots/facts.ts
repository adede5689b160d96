import 'server-only'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { PrometheusClient } from '@/lib/prometheus/client'
import type { Build } from '@/lib/prometheus/decode'
import {
  RECORDED,
  RECORDED_PATTERN,
  RECORDED_WINDOW_SECONDS,
  type RecordedName,
} from '@/lib/prometheus/istio/recorded'
import { countOfHosts } from '@/lib/prometheus/istio/charts/charts'
import { anyMetric, matches, selector, type Matcher } from '@/lib/prometheus/promql'
import { windowText } from '@/lib/units/window'
import { within, type Clock } from '../clock'
import { SCRAPES_PER_WINDOW } from './grid'

/** What is known of the Prometheus behind the address. */
export interface TelemetryFacts {
  build: Build | null
  scrapeIntervalSeconds: number
  /** false: Prometheus does not tell (Thanos, Mimir…) and has no samples to count yet, the usual interval is assumed */
  isScrapeIntervalKnown: boolean
  retentionSeconds: number | null
  /** recording rules of Heddle's that have points now */
  recorded: ReadonlySet<RecordedName>
  /** false: whether there are such rules was never answered */
  areRulesKnown: boolean
}

export interface FactsSource {
  /** the best known by now, without waiting */
  current(): TelemetryFacts
  /** waits for the first answer, at most a few seconds */
  get(): Promise<TelemetryFacts>
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
   * Whether some requests tell the service they asked for by its host alone, as where the labels of its name were
   * dropped. Asked once a minute; false where Prometheus does not answer within a few seconds.
   */
  areServicesHosts(at: number): Promise<boolean>
}

/** The recording rules to read: of what is scraped too rarely the two minutes that they span hold too few points. */
export function rulesToRead({
  recorded,
  scrapeIntervalSeconds,
}: Pick<TelemetryFacts, 'recorded' | 'scrapeIntervalSeconds'>): ReadonlySet<RecordedName> {
  return scrapeIntervalSeconds * SCRAPES_PER_WINDOW <= RECORDED_WINDOW_SECONDS ? recorded : new Set()
}

const USUAL_SCRAPE_SECONDS = 15
/** Ten scrapes of those that are rare, and few enough points to count of the others. */
const COUNTED_SECONDS = 600
/** What people choose; the newest samples may be missing, so points alone tell a little too long an interval. */
const INTERVALS = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300]
const FRESH_MS = 5 * 60_000
const FRESH_AFTER_FAILURE_MS = 10_000
const LONGEST_WAIT_MS = 3_000
const COUNT_FRESH_MS = 60_000
/** How finely a time is searched for its first sample. */
const BEGINNING_STEPS = 120

/** Facts learned once and again every few minutes: rules may be installed while we run. */
export function createFacts(
  prometheus: PrometheusClient,
  options: {
    scrapeIntervalSeconds: number | null
    scope: readonly Matcher[]
    usesRecordingRules: boolean
    clock: Clock
  },
): FactsSource {
  const { clock } = options
  let known: TelemetryFacts = {
    build: null,
    scrapeIntervalSeconds: options.scrapeIntervalSeconds ?? USUAL_SCRAPE_SECONDS,
    isScrapeIntervalKnown: options.scrapeIntervalSeconds !== null,
    retentionSeconds: null,
    recorded: new Set(),
    areRulesKnown: false,
  }
  let isKnown = false
  let staleAt = -Infinity
  let learning: Promise<void> | null = null
  /** shortest that its samples have shown: a gap in them makes it look longer */
  let countedInterval: number | null = null

  const requests = selector('istio_requests_total', options.scope)
  const connections = selector('istio_tcp_connections_opened_total', options.scope)

  /** The scrape interval of the mesh's jobs by the samples they left; null where there are none. */
  async function countInterval(time: number): Promise<number | null> {
    const counts = [requests, connections].map(
      (series) => `max(count_over_time(${series}[${windowText(COUNTED_SECONDS)}]))`,
    )
    const { samples } = await prometheus.instant(counts.join(' or '), { time })
    const points = samples[0]?.value ?? 0
    if (points < 2) return null
    const distance = (seconds: number) => Math.abs(Math.log((seconds * points) / COUNTED_SECONDS))
    return INTERVALS.reduce((best, one) => (distance(one) < distance(best) ? one : best))
  }

  async function learn(): Promise<void> {
    const now = clock.now()
    let isAnswered = false
    let hasFailed = false
    const ask = async <T>(question: Promise<T>): Promise<T | null> => {
      try {
        const answer = await question
        isAnswered = true
        return answer
      } catch (error) {
        if (!isUpstreamError(error)) throw error
        // a refusal is an answer too: this product does not serve that page. One that is just starting (503) gives none
        const isLater = error.retryable || error.status === 401
        if (isLater) hasFailed = true
        else if (error.kind === 'http' || error.kind === 'query') isAnswered = true
        return null
      }
    }
    const [build, interval, retention, names] = await Promise.all([
      ask(prometheus.build()),
      ask(prometheus.scrapeIntervalSeconds()),
      ask(prometheus.retentionSeconds()),
      options.usesRecordingRules
        ? ask(
            prometheus.labelValues('__name__', {
              match: anyMetric([matches('__name__', RECORDED_PATTERN)]),
              from: now - 5 * 60_000,
              to: now,
            }),
          )
        : [],
    ])
    const isTold = options.scrapeIntervalSeconds !== null || interval !== null
    if (!isTold && isAnswered && !hasFailed) {
      const counted = await ask(countInterval(now))
      if (counted) countedInterval = Math.min(counted, countedInterval ?? Infinity)
    }
    staleAt = clock.now() + (isAnswered && !hasFailed ? FRESH_MS : FRESH_AFTER_FAILURE_MS)
    if (!isAnswered) return
    const scrape = options.scrapeIntervalSeconds ?? interval ?? countedInterval
    isKnown = true
    known = {
      build: build ?? known.build,
      scrapeIntervalSeconds: scrape ?? known.scrapeIntervalSeconds,
      isScrapeIntervalKnown: scrape !== null || known.isScrapeIntervalKnown,
      retentionSeconds: retention ?? known.retentionSeconds,
      recorded: names ? recordedOf(names) : known.recorded,
      areRulesKnown: names !== null || known.areRulesKnown,
    }
  }

  function refresh(): Promise<void> | null {
    if (clock.now() >= staleAt && !learning) {
      learning = learn().finally(() => {
        learning = null
      })
      // waited for only the first time; a broken invariant then shows in `get`
      learning.catch(() => {})
    }
    return learning
  }

  // the last moment that was asked about, since the present moves on
  const counted = new Map<string, { at: number; until: number; answer: Promise<number | null> }>()

  function once(about: string, at: number, ask: () => Promise<number | null>): Promise<number | null> {
    const known = counted.get(about)
    const isSameTime = known !== undefined && Math.abs(known.at - at) < COUNT_FRESH_MS
    if (isSameTime && clock.now() < known.until) return known.answer
    const answer = ask().catch(() => null)
    counted.set(about, { at, until: clock.now() + COUNT_FRESH_MS, answer })
    return answer
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
      const { retentionSeconds } = known
      if (retentionSeconds !== null && from < clock.now() - retentionSeconds * 1000) return null
      const about = `beginning of ${Math.round((to - from) / 1000)} s`
      return once(about, from, () => beginningOf(`count(${requests}) or count(${connections})`, from, to))
    },
    async areServicesHosts(at) {
      const count = askOnce('services by host', at, countOfHosts(options.scope), (rows) => rows)
      return ((await within(clock, LONGEST_WAIT_MS, count)) ?? 0) > 0
    },
    current() {
      void refresh()
      return known
    },
    async get() {
      const asked = refresh()
      if (!isKnown && asked) await within(clock, LONGEST_WAIT_MS, asked)
      return known
    },
  }
}

function recordedOf(names: readonly string[]): Set<RecordedName> {
  const seen = new Set(names)
  return new Set((Object.keys(RECORDED) as RecordedName[]).filter((name) => seen.has(RECORDED[name])))
}
