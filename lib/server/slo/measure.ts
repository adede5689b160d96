import 'server-only'
import {
  addCounts,
  objectiveLatencyQuery,
  objectiveRequestsQuery,
  type ServiceCounts,
} from '@/lib/prometheus/istio/objectives'
import { isUpstreamError, type UpstreamError } from '@/lib/mesh/upstream-error'
import { selector } from '@/lib/prometheus/promql'
import { BURN_WINDOWS, DAY, HOUR } from '@/lib/slo/burn'
import { boundsAround, INFINITE, type Bounds } from '@/lib/slo/in-time'
import type { Objective } from '@/lib/slo/objective'
import { within } from '../clock'
import { rulesToRead } from '../snapshots/facts'
import { currentInventories, type Upstreams } from '../upstreams'
import { findServicesBeside } from './beside'
import { createHistory, together, type History } from './history'

/** Longer ones are put together from hours that are known. */
const LONGEST_ASKED_SECONDS = 6 * HOUR
/** What follows the last whole hour is asked anew after so long. */
const REST_STEP_MS = 300_000
/** How long a first look waits for the past; what is not read by then is said. */
const PATIENCE_MS = 3_000
const BOUNDS_FRESH_MS = 10 * 60_000

export interface Subject {
  cluster: string
  namespace: string
  name: string
  /** of its object, epoch milliseconds; null: not known, or it has none */
  createdAt: number | null
  objective: Objective
}

export interface Measured {
  /** of a window: counts by `{cluster}/{namespace}/{name}` */
  over(windowSeconds: number): { counts: ReadonlyMap<string, ServiceCounts> }
  /**
   * Of how much of a window anything is known of a service: as far as telemetry is kept, and not before the service was
   * there, which is when its object was made or when it was first asked, whichever was earlier.
   */
  knownSeconds(windowSeconds: number, subject: Omit<Subject, 'objective'>): number
  /** where a latency is read from; undefined: above all bounds, or there are none */
  boundsOf(thresholdMs: number): Bounds | undefined
  /** hours of the past that are yet to be read */
  missingHours: number
  longestHours: number
  /** why the past could not be read; the burn of the last hours is known without it */
  failure: UpstreamError | null
}

interface Kept {
  signature: string
  history: History
}

const kept = new WeakMap<Upstreams, Kept>()

/**
 * Requests of all services with an objective over every window that is needed: a question per window, whatever the
 * number of services, kept for a while by all viewers. Throws UpstreamError.
 */
export async function measure(up: Upstreams, subjects: readonly Subject[]): Promise<Measured> {
  const now = up.clock.now()
  const wantsLatency = subjects.some(({ objective }) => objective.kind === 'latency')
  const known = wantsLatency ? await latencyBounds(up) : []
  const bounds = new Map<number, Bounds | undefined>()
  for (const { objective } of subjects) {
    if (objective.thresholdMs !== null)
      bounds.set(objective.thresholdMs, boundsAround(objective.thresholdMs, known))
  }
  const asked = [
    ...new Set([...bounds.values()].flatMap((one) => (one ? [one.lower, one.upper] : []))),
  ].filter((bound) => bound !== null)
  const les = asked.length > 0 ? [...asked, INFINITE].sort() : []
  const services = distinct(subjects)
  const keys = new Set(services.map(({ cluster, namespace, name }) => `${cluster}/${namespace}/${name}`))
  const longestSeconds = Math.max(3 * DAY, ...subjects.map(({ objective }) => objective.windowSeconds))
  // a cluster read later may tell of services beside these, of which the hours before it know nothing
  const clusters = currentInventories(up.inventories).map(({ cluster }) => cluster)
  const signature = JSON.stringify([[...keys].sort(), les, longestSeconds, clusters])
  const beside = () => findServicesBeside(up, services)
  let entry = kept.get(up)
  if (entry?.signature !== signature) {
    entry = { signature, history: createHistory(up, { services, beside, bounds: les, keys, longestSeconds }) }
    kept.set(up, entry)
  }
  const { history } = entry
  const filled = history.fill(now)
  const question = { services, beside: await beside(), scope: up.config.prometheus.scope }
  const whole = history.wholeUntil(now)
  // what follows the hours begins where they end, and nothing is counted twice or left out between
  const restSeconds =
    Math.floor((now - up.config.refresh.lagMs - whole) / REST_STEP_MS) * (REST_STEP_MS / 1_000)
  const until = whole + restSeconds * 1_000
  const windows = BURN_WINDOWS.filter((seconds) => seconds <= LONGEST_ASKED_SECONDS)
  const countsOf = (windowSeconds: number, time?: number) =>
    instantCounts(up, { ...question, windowSeconds }, les, keys, time)
  const [answers, rest] = await Promise.all([
    Promise.all(windows.map((seconds) => countsOf(seconds))),
    restSeconds > 0 ? countsOf(restSeconds, until) : new Map<string, ServiceCounts>(),
    within(up.clock, PATIENCE_MS, filled),
  ])
  const direct = new Map(windows.map((seconds, index) => [seconds, answers[index] ?? new Map()]))
  const restKnown = rest.size > 0 ? await orUnknown(history.knownAfter(now, restSeconds)) : 0
  const compute = (windowSeconds: number) => {
    const past = history.sumSince(until - windowSeconds * 1_000)
    const knownSeconds = Math.min(windowSeconds, past.knownSeconds + restKnown)
    const counts = direct.get(windowSeconds) ?? together(past.counts, rest)
    return { counts, knownSeconds, firstAt: past.firstAt }
  }
  const computed = new Map<number, ReturnType<typeof compute>>()
  const over = (windowSeconds: number) => {
    const answer = computed.get(windowSeconds) ?? compute(windowSeconds)
    computed.set(windowSeconds, answer)
    return answer
  }
  return {
    over,
    knownSeconds(windowSeconds, { cluster, namespace, name, createdAt }) {
      const { knownSeconds, firstAt } = over(windowSeconds)
      if (createdAt === null) return knownSeconds
      const first = firstAt.get(`${cluster}/${namespace}/${name}`) ?? (restKnown > 0 ? whole : Infinity)
      const agedSeconds = Math.max(0, until - Math.min(createdAt, first)) / 1_000
      return Math.min(knownSeconds, agedSeconds)
    },
    boundsOf: (thresholdMs) => bounds.get(thresholdMs),
    missingHours: history.missing(now),
    longestHours: Math.round(longestSeconds / HOUR),
    failure: history.failure(),
  }
}

/** The urgent part, how fast a budget burns now, stands without how much is known of the past. */
async function orUnknown(seconds: Promise<number>): Promise<number> {
  try {
    return await seconds
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return 0
  }
}

/** Counts over a time that ends now, or at a given instant; longer times are asked less often, as they change slower. */
async function instantCounts(
  up: Upstreams,
  question: Parameters<typeof objectiveRequestsQuery>[0],
  les: readonly string[],
  keys: ReadonlySet<string>,
  until?: number,
): Promise<Map<string, ServiceCounts>> {
  const { windowSeconds } = question
  const freshMs = Math.min(300_000, Math.max(30_000, windowSeconds * 10))
  const name = `objectives ${windowSeconds} ${until ?? ''} ${les.join()} ${[...keys].sort().join()}`
  return up.memory.get(name, freshMs, async () => {
    const recorded = rulesToRead(await up.facts.get())
    const time = until ?? up.clock.now() - up.config.refresh.lagMs
    const full = { ...question, recorded }
    const [requests, latency] = await Promise.all([
      up.prometheus.instant(objectiveRequestsQuery(full), { time }),
      les.length > 0 ? up.prometheus.instant(objectiveLatencyQuery(full, les), { time }) : { samples: [] },
    ])
    const counts = new Map<string, ServiceCounts>()
    addCounts(
      counts,
      { requests: requests.samples, latency: latency.samples },
      windowSeconds,
      up.config.defaultCluster,
    )
    for (const key of counts.keys()) if (!keys.has(key)) counts.delete(key)
    return counts
  })
}

function latencyBounds(up: Upstreams): Promise<string[]> {
  return up.memory.get('latency bounds', BOUNDS_FRESH_MS, () => {
    const now = up.clock.now()
    return up.prometheus.labelValues('le', {
      match: selector('istio_request_duration_milliseconds_bucket', up.config.prometheus.scope),
      from: now - HOUR * 1_000,
      to: now,
    })
  })
}

function distinct(subjects: readonly Subject[]) {
  const byKey = new Map(
    subjects.map(({ cluster, namespace, name }) => [
      `${cluster}/${namespace}/${name}`,
      { cluster, namespace, name },
    ]),
  )
  return [...byKey.values()]
}
