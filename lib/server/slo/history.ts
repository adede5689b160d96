import 'server-only'
import {
  addCounts,
  objectiveLatencyQuery,
  objectivePresenceQuery,
  objectiveRequestsQuery,
  type ObjectiveQueryOptions,
  type ServiceCounts,
  type ServiceName,
} from '@/lib/prometheus/istio/objectives'
import { isUpstreamError, type UpstreamError } from '@/lib/mesh/upstream-error'
import type { Series } from '@/lib/prometheus/decode'
import { DAY, HOUR } from '@/lib/slo/burn'
import { rulesToRead } from '../snapshots/facts'
import type { Upstreams } from '../upstreams'

/** What one question to Prometheus spans; a day of a thousand services is a few seconds of its work. */
const CHUNK_HOURS = 24
/** An hour is read once it has been scraped for sure. */
const SETTLED_MS = 120_000
const EDGE_STEP_SECONDS = 300
/** A day that Prometheus cannot answer costs it the most: it is not asked again with every look. */
const RETRY_MS = 60_000

/** Hours of requests of the services with an objective, each asked once and kept: what is past does not change. */
export interface History {
  /** Reads the hours that are missing, the newest first, a day at a time; resolves when none is, or when that failed. */
  fill(now: number): Promise<void>
  /** why the hours that are missing could not be read; null: they were, or are being read */
  failure(): UpstreamError | null
  /** what is known from `from` to the last whole hour, of an hour that begins before the part from then on */
  sumSince(from: number): Sum
  /** end of the newest whole hour that is known, or would be; epoch milliseconds */
  wholeUntil(now: number): number
  /** hours that are yet to be read */
  missing(now: number): number
  /** seconds after the last whole hour that something is known of; throws UpstreamError */
  knownAfter(now: number, restSeconds: number): Promise<number>
}

/** Shared by all who ask: not to be changed. */
interface Sum {
  counts: ReadonlyMap<string, Readonly<ServiceCounts>>
  /** beginning of the first hour in which a service was asked, epoch milliseconds */
  firstAt: ReadonlyMap<string, number>
  knownSeconds: number
}

/** Objectives have few different windows. */
const KEPT_SUMS = 20

interface Hour {
  counts: Map<string, ServiceCounts>
  /** less than an hour where data begins within; 0: nothing was measured */
  knownSeconds: number
  /** whether that has been looked at */
  isTrimmed: boolean
}

interface Read {
  series: Series[]
  /** why some hours could not be read, which are asked again */
  failure: { error: UpstreamError; untold: ReadonlySet<number> } | null
}

export interface HistoryOptions {
  services: ObjectiveQueryOptions['services']
  /** others before the same pods, as far as is known when hours are read */
  beside: () => Promise<readonly ServiceName[]>
  /** values of `le`; none: no latency is asked */
  bounds: readonly string[]
  /** keys of services that matter; all others are dropped */
  keys: ReadonlySet<string>
  longestSeconds: number
}

export function createHistory(up: Upstreams, options: HistoryOptions): History {
  const hours = new Map<number, Hour>()
  // a month of a thousand services is 720,000 additions, and the same until an hour is new: by the first hour's end
  const sums = new Map<number, Sum>()
  let filling: Promise<void> | null = null
  let failed: { at: number; error: UpstreamError } | null = null
  const hourMs = HOUR * 1_000
  const wholeUntil = (now: number) => Math.floor((now - SETTLED_MS) / hourMs) * hourMs

  /** Ends of the hours that are not known, newest first. */
  function missing(now: number): number[] {
    const retention = up.facts.current().retentionSeconds ?? Infinity
    const oldest = now - Math.min(options.longestSeconds, retention) * 1_000
    const ends: number[] = []
    for (let end = wholeUntil(now); end > oldest; end -= hourMs) if (!hours.has(end)) ends.push(end)
    return ends
  }

  /** Recording rules may be younger than the hours: those of which they tell nothing are read from the raw series. */
  async function readHours(
    ends: readonly number[],
    question: ObjectiveQueryOptions,
    queryOf: (question: ObjectiveQueryOptions) => string,
  ): Promise<Read> {
    const ask = async (query: string, of: readonly number[]) => {
      const grid = { from: Math.min(...of), to: Math.max(...of), stepSeconds: HOUR }
      return (await up.prometheus.range(query, grid)).series
    }
    const query = queryOf(question)
    const found = await ask(query, ends)
    const raw = queryOf({ ...question, recorded: new Set() })
    const untold = new Set(ends.filter((end) => at(found, end).length === 0))
    if (raw === query || untold.size === 0) return { series: found, failure: null }
    try {
      const older = (await ask(raw, [...untold])).map((line) => ({
        ...line,
        points: line.points.filter(([end]) => untold.has(end)),
      }))
      return { series: [...found, ...older], failure: null }
    } catch (error) {
      if (!isUpstreamError(error)) throw error
      // a mesh that needs the rules may be too large for this question: nothing is known of those hours then
      return { series: found, failure: error.kind === 'query' ? null : { error, untold } }
    }
  }

  async function readChunk(ends: readonly number[]): Promise<void> {
    const [newest] = ends
    if (newest === undefined) return
    const chunk = ends.filter((end) => end > newest - CHUNK_HOURS * hourMs)
    const question: ObjectiveQueryOptions = {
      services: options.services,
      beside: await options.beside(),
      scope: up.config.prometheus.scope,
      windowSeconds: HOUR,
      recorded: rulesToRead(await up.facts.get()),
    }
    // one after the other: this is never urgent
    const requests = await readHours(chunk, question, objectiveRequestsQuery)
    const latency =
      options.bounds.length > 0
        ? await readHours(chunk, question, (asked) => objectiveLatencyQuery(asked, options.bounds))
        : { series: [], failure: null }
    const failures = [requests.failure, latency.failure].filter((failure) => failure !== null)
    for (const end of chunk) {
      if (failures.some(({ untold }) => untold.has(end))) continue
      const counts = new Map<string, ServiceCounts>()
      const rows = { requests: at(requests.series, end), latency: at(latency.series, end) }
      addCounts(counts, rows, HOUR, up.config.defaultCluster)
      for (const key of counts.keys()) if (!options.keys.has(key)) counts.delete(key)
      hours.set(end, { counts, knownSeconds: rows.requests.length > 0 ? HOUR : 0, isTrimmed: false })
    }
    sums.clear()
    if (failures[0]) throw failures[0].error
  }

  async function presentSeconds(from: number, to: number): Promise<number> {
    const query = objectivePresenceQuery({ services: options.services, scope: up.config.prometheus.scope })
    // a point stands for the step before it
    const grid = { from: from + EDGE_STEP_SECONDS * 1_000, to, stepSeconds: EDGE_STEP_SECONDS }
    if (grid.from > to) return (to - from) / 1_000
    const { series } = await up.prometheus.range(query, grid)
    const seen = series.flatMap(({ points }) => points).filter(([, value]) => (value ?? 0) > 0)
    return Math.min((to - from) / 1_000, seen.length * EDGE_STEP_SECONDS)
  }

  /** Data that begins within an hour makes only the rest of it known. */
  async function trimEdges(): Promise<void> {
    for (const [end, hour] of hours) {
      const isFirst = !((hours.get(end - hourMs)?.knownSeconds ?? 0) > 0)
      if (hour.isTrimmed || hour.knownSeconds === 0 || !isFirst) continue
      hour.knownSeconds = await presentSeconds(end - hourMs, end)
      // not before: what could not be asked is asked again
      hour.isTrimmed = true
      sums.clear()
    }
  }

  async function fillAll(now: number): Promise<void> {
    for (let ends = missing(now); ends.length > 0; ends = missing(now)) await readChunk(ends)
    await trimEdges()
    const oldest = now - (options.longestSeconds + 2 * DAY) * 1_000
    for (const end of hours.keys()) if (end < oldest) hours.delete(end)
  }

  function sumOf(firstEnd: number): Sum {
    const counts = new Map<string, ServiceCounts>()
    const firstAt = new Map<string, number>()
    let knownSeconds = 0
    for (const [end, hour] of hours) {
      if (end < firstEnd) continue
      knownSeconds += hour.knownSeconds
      for (const [key, more] of hour.counts) {
        mergeInto(counts, key, more)
        if (more.total > 0) firstAt.set(key, Math.min(firstAt.get(key) ?? Infinity, end - hourMs))
      }
    }
    return { counts, firstAt, knownSeconds }
  }

  /** The same with the part of the hour before that is asked for, as if its requests had come evenly. */
  function withPart(sum: Sum, hour: Hour | undefined, from: number, part: number): Sum {
    if (!hour || part <= 0) return sum
    const counts = together(sum.counts, new Map())
    const firstAt = new Map(sum.firstAt)
    for (const [key, more] of hour.counts) {
      mergeInto(counts, key, more, part)
      if (more.total > 0) firstAt.set(key, from)
    }
    return { counts, firstAt, knownSeconds: sum.knownSeconds + hour.knownSeconds * part }
  }

  return {
    fill(now) {
      if (failed && now < failed.at + RETRY_MS) return Promise.resolve()
      filling ??= fillAll(now)
        .then(
          () => {
            failed = null
          },
          (error: unknown) => {
            if (!isUpstreamError(error)) throw error
            failed = { at: now, error }
          },
        )
        .finally(() => {
          filling = null
        })
      return filling
    },
    failure: () => failed?.error ?? null,
    sumSince(from) {
      const begun = Math.ceil(from / hourMs) * hourMs
      const first = begun + hourMs
      const made = sums.get(first) ?? sumOf(first)
      sums.delete(first)
      sums.set(first, made)
      const [oldest] = sums.keys()
      if (sums.size > KEPT_SUMS && oldest !== undefined) sums.delete(oldest)
      return withPart(made, hours.get(begun), from, (begun - from) / hourMs)
    },
    wholeUntil,
    missing: (now) => missing(now).length,
    async knownAfter(now, restSeconds) {
      const whole = wholeUntil(now)
      if ((hours.get(whole)?.knownSeconds ?? 0) > 0) return restSeconds
      return up.memory.get(`objectives known ${whole} ${restSeconds}`, 300_000, () =>
        presentSeconds(whole, whole + restSeconds * 1_000),
      )
    },
  }
}

/** Both together; neither is changed. */
export function together(
  a: ReadonlyMap<string, Readonly<ServiceCounts>>,
  b: ReadonlyMap<string, Readonly<ServiceCounts>>,
): Map<string, ServiceCounts> {
  const counts = new Map<string, ServiceCounts>()
  for (const some of [a, b]) for (const [key, more] of some) mergeInto(counts, key, more)
  return counts
}

function mergeInto(
  into: Map<string, ServiceCounts>,
  key: string,
  more: Readonly<ServiceCounts>,
  part = 1,
): void {
  const known = into.get(key) ?? { total: 0, bad: 0, byBound: new Map<string, number>() }
  known.total += more.total * part
  known.bad += more.bad * part
  for (const [bound, count] of more.byBound) {
    known.byBound.set(bound, (known.byBound.get(bound) ?? 0) + count * part)
  }
  into.set(key, known)
}

function at(series: readonly Series[], instant: number) {
  return series.flatMap(({ labels, points }) => {
    const point = points.find(([time]) => time === instant)
    return point ? [{ labels, value: point[1] }] : []
  })
}
