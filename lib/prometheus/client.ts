import 'server-only'
import {
  createUpstreamTarget,
  readUpstream,
  type ReadOutcome,
  type ReadRequest,
} from '@/lib/http/read-upstream'
import { isPageRefused } from '@/lib/mesh/upstream-error'
import {
  decodeBuildInfo,
  decodeInstantVector,
  decodeLabelValues,
  decodeMatrix,
  decodeRetention,
  decodeScrapeInterval,
  explainRefusal,
  type Build,
  type Sample,
  type Series,
} from './decode'
import { decodeAlertingRules, type AlertingRule } from './alerting-rules'
import { decodeGrouped, scanGrouped, type GroupedVector } from './grouped'
import { createLabelSets } from './label-sets'
import { countBy } from './promql'
import { scanSamples } from './scan'

/** Longer ones go as a form: proxies cut addresses at 4 or 8 KiB. */
const LONGEST_QUERY_IN_ADDRESS = 1500

export interface PrometheusOptions {
  /** address with base path, user and password, fixed query: `https://host/prometheus` */
  url: string
  headers?: Record<string, string>
  timeoutMs?: number
  /** a query keeps about one core of Prometheus busy; default 4 */
  maxInFlight?: number
  attempts?: number
  onDone?: (outcome: ReadOutcome) => void
}

export interface Asking {
  signal?: AbortSignal
  timeoutMs?: number
  /** all viewers wait for it: does not wait behind all the charts that one of them has opened */
  goesBefore?: boolean
}

export interface PrometheusClient {
  /** `time` in epoch milliseconds: one instant for all queries of a snapshot */
  instant(query: string, at: Asking & { time: number }): Promise<{ samples: Sample[]; warnings: string[] }>
  /** an instant query whose rows differ in `label`, put together by all others: histograms by `le` */
  grouped(query: string, label: string, at: Asking & { time: number }): Promise<GroupedVector>
  /** `from` and `to` in epoch milliseconds, both included */
  range(
    query: string,
    over: Asking & { from: number; to: number; stepSeconds: number },
  ): Promise<{ series: Series[]; warnings: string[] }>
  /** of series that `match` selects, with points in that time; where lists of labels are refused, of those at its end */
  labelValues(label: string, about: Asking & { match: string; from: number; to: number }): Promise<string[]>
  build(asking?: Asking): Promise<Build>
  /** resolves when it answers questions, whatever pages a proxy in front of it refuses */
  reach(asking?: Asking): Promise<void>
  /** alerting rules with what they have found */
  alertingRules(asking?: Asking): Promise<AlertingRule[]>
  /** null where the product does not tell (Thanos, Mimir, VictoriaMetrics) */
  scrapeIntervalSeconds(asking?: Asking): Promise<number | null>
  retentionSeconds(asking?: Asking): Promise<number | null>
  close(): Promise<void>
}

/**
 * A client of one Prometheus-compatible API. Every call rejects with UpstreamError('prometheus', …), or with the
 * signal's reason when the caller gave up; giving up closes the connection, which stops the query at once.
 */
export function createPrometheusClient(options: PrometheusOptions): PrometheusClient {
  const timeoutMs = options.timeoutMs ?? 30_000
  const target = createUpstreamTarget({
    upstream: 'prometheus',
    url: options.url,
    headers: { ...encodingOf(options.url), ...options.headers },
    timeoutMs,
    concurrency: options.maxInFlight ?? 4,
    attempts: options.attempts ?? 3,
    ...(options.onDone ? { onDone: options.onDone } : {}),
  })
  // identity questions are small and must not wait behind heavy queries
  const aside = createUpstreamTarget({
    ...target.options,
    url: options.url,
    concurrency: 2,
    timeoutMs: Math.min(timeoutMs, 10_000),
  })

  const sets = createLabelSets()

  async function ask(
    path: string,
    params: Record<string, string>,
    asking: Asking,
    scan?: ReadRequest['scan'],
  ) {
    const isLong = (params.query?.length ?? 0) > LONGEST_QUERY_IN_ADDRESS
    const limitMs = asking.timeoutMs ?? timeoutMs
    const answer = await readUpstream(target, {
      path,
      // Prometheus gives up by itself a little earlier than we do, and says so
      params: { ...params, timeout: `${Math.max(1, Math.floor(limitMs / 1000) - 1)}s` },
      method: isLong ? 'POST' : 'GET',
      timeoutMs: limitMs,
      explain: explainRefusal,
      goesBefore: asking.goesBefore ?? false,
      ...(scan ? { scan } : {}),
      ...signalOf(asking),
    })
    return answer.body
  }

  async function askAside(path: string, asking: Asking = {}, params: Record<string, string> = {}) {
    return readUpstream(aside, { path, params, explain: explainRefusal, ...signalOf(asking) })
  }

  return {
    async instant(query, { time, ...asking }) {
      const params = { query, time: seconds(time) }
      return decodeInstantVector(await ask('/api/v1/query', params, asking, () => scanSamples(sets)))
    },
    async grouped(query, label, { time, ...asking }) {
      const params = { query, time: seconds(time) }
      return decodeGrouped(await ask('/api/v1/query', params, asking, () => scanGrouped(label, sets)), label)
    },
    async range(query, { from, to, stepSeconds, ...asking }) {
      const params = { query, start: seconds(from), end: seconds(to), step: String(stepSeconds) }
      return decodeMatrix(await ask('/api/v1/query_range', params, asking))
    },
    async labelValues(label, { match, from, to, ...asking }) {
      const path = `/api/v1/label/${encodeURIComponent(label)}/values`
      const params = { 'match[]': match, start: seconds(from), end: seconds(to) }
      try {
        return decodeLabelValues((await askAside(path, asking, params)).body)
      } catch (error) {
        if (!isPageRefused(error)) throw error
        const query = countBy([label], match)
        const { samples } = decodeInstantVector(
          await ask('/api/v1/query', { query, time: seconds(to) }, asking),
        )
        return samples.flatMap((sample) => sample.labels[label] ?? []).sort()
      }
    },
    async alertingRules(asking) {
      return decodeAlertingRules((await askAside('/api/v1/rules', asking, { type: 'alert' })).body)
    },
    async build(asking) {
      const answer = await askAside('/api/v1/status/buildinfo', asking)
      return decodeBuildInfo(answer.body, answer.headers.get('server'))
    },
    async reach(asking) {
      try {
        await askAside('/api/v1/status/buildinfo', asking)
      } catch (error) {
        if (!isPageRefused(error)) throw error
        await askAside('/api/v1/query', asking, { query: 'vector(1)' })
      }
    },
    async scrapeIntervalSeconds(asking) {
      return decodeScrapeInterval((await askAside('/api/v1/status/config', asking)).body)
    },
    async retentionSeconds(asking) {
      return decodeRetention((await askAside('/api/v1/status/runtimeinfo', asking)).body)
    },
    async close() {
      await Promise.all([target.close(), aside.close()])
    },
  }
}

/**
 * Plain http is how Prometheus is reached inside a cluster or on one machine, where compressing 5 MB of rates takes
 * longer than sending them; whoever knows better sets the header.
 */
function encodingOf(url: string): Record<string, string> {
  return new URL(url).protocol === 'http:' ? { 'accept-encoding': 'identity' } : {}
}

function signalOf(asking: Asking): { signal?: AbortSignal } {
  return asking.signal ? { signal: asking.signal } : {}
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
