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
import { anyMetric, matches, type Matcher } from '@/lib/prometheus/promql'
import { within, type Clock } from '../clock'
import { SCRAPES_PER_WINDOW } from './grid'
import { countScrapeInterval, createSampling, type Sampling } from './sampling'

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

export interface FactsSource extends Sampling {
  /** the best known by now, without waiting */
  current(): TelemetryFacts
  /** waits for the first answer, at most a few seconds */
  get(): Promise<TelemetryFacts>
}

/** The recording rules to read: of what is scraped too rarely the two minutes that they span hold too few points. */
export function rulesToRead({
  recorded,
  scrapeIntervalSeconds,
}: Pick<TelemetryFacts, 'recorded' | 'scrapeIntervalSeconds'>): ReadonlySet<RecordedName> {
  return scrapeIntervalSeconds * SCRAPES_PER_WINDOW <= RECORDED_WINDOW_SECONDS ? recorded : new Set()
}

const USUAL_SCRAPE_SECONDS = 15
/** A gap is in the samples of three looks at most; an interval that was made longer is seen after as many. */
const LOOKS_AT_SAMPLES = 4
const FRESH_MS = 5 * 60_000
const FRESH_AFTER_FAILURE_MS = 10_000
const LONGEST_WAIT_MS = 3_000

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
  /** what samples have shown, the newest last: a gap in them makes the interval look longer for a while */
  let counted: readonly number[] = []

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
      const shown = await ask(countScrapeInterval(prometheus, options.scope, now))
      if (shown) counted = [...counted, shown].slice(-LOOKS_AT_SAMPLES)
    }
    staleAt = clock.now() + (isAnswered && !hasFailed ? FRESH_MS : FRESH_AFTER_FAILURE_MS)
    if (!isAnswered) return
    const scrape =
      options.scrapeIntervalSeconds ?? interval ?? (counted.length > 0 ? Math.min(...counted) : null)
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

  return {
    ...createSampling(prometheus, { ...options, retentionSeconds: () => known.retentionSeconds }),
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
