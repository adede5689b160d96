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
import type { Upstreams } from '../upstreams'
import { createHistory, together, type History } from './history'

/** Longer ones are put together from hours that are known. */
const LONGEST_ASKED_SECONDS = 6 * HOUR
/** How long a first look waits for the past; what is not read by then is said. */
const PATIENCE_MS = 3_000
const BOUNDS_FRESH_MS = 10 * 60_000

export interface Subject {
  cluster: string
  namespace: string
  name: string
  objective: Objective
}

export interface Measured {
  /** of a window: counts by `{cluster}/{namespace}/{name}`, and of how much of it anything is known */
  over(windowSeconds: number): { counts: ReadonlyMap<string, ServiceCounts>; knownSeconds: number }
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
  const signature = JSON.stringify([[...keys].sort(), les, longestSeconds])
  let entry = kept.get(up)
  if (entry?.signature !== signature) {
    entry = { signature, history: createHistory(up, { services, bounds: les, keys, longestSeconds }) }
    kept.set(up, entry)
  }
  const { history } = entry
  const filled = history.fill(now)
  const question = { services, scope: up.config.prometheus.scope }
  const whole = history.wholeUntil(now)
  const restSeconds = Math.max(300, Math.floor((now - up.config.refresh.lagMs - whole) / 300_000) * 300)
  const instants = [...BURN_WINDOWS.filter((seconds) => seconds <= LONGEST_ASKED_SECONDS), restSeconds]
  const [answers] = await Promise.all([
    Promise.all(
      instants.map((seconds) => instantCounts(up, { ...question, windowSeconds: seconds }, les, keys)),
    ),
    within(up.clock, PATIENCE_MS, filled),
  ])
  const direct = new Map(instants.map((seconds, index) => [seconds, answers[index] ?? new Map()]))
  const rest = direct.get(restSeconds) ?? new Map<string, ServiceCounts>()
  const restKnown = rest.size > 0 ? await orUnknown(history.knownAfter(now, restSeconds)) : 0
  const compute = (windowSeconds: number) => {
    const past = history.sumSince(now - windowSeconds * 1_000)
    const knownSeconds = Math.min(windowSeconds, past.knownSeconds + restKnown)
    const exact = BURN_WINDOWS.includes(windowSeconds) ? direct.get(windowSeconds) : undefined
    if (exact) return { counts: exact, knownSeconds }
    return { counts: together(past.counts, rest), knownSeconds }
  }
  const computed = new Map<number, ReturnType<Measured['over']>>()
  return {
    over(windowSeconds) {
      const answer = computed.get(windowSeconds) ?? compute(windowSeconds)
      computed.set(windowSeconds, answer)
      return answer
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

/** Counts over a time that ends now; longer times are asked less often, as they change slower. */
async function instantCounts(
  up: Upstreams,
  question: Parameters<typeof objectiveRequestsQuery>[0],
  les: readonly string[],
  keys: ReadonlySet<string>,
): Promise<Map<string, ServiceCounts>> {
  const { windowSeconds } = question
  const freshMs = Math.min(300_000, Math.max(30_000, windowSeconds * 10))
  const name = `objectives ${windowSeconds} ${les.join()} ${[...keys].sort().join()}`
  return up.memory.get(name, freshMs, async () => {
    const { recorded } = await up.facts.get()
    const time = up.clock.now() - up.config.refresh.lagMs
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
