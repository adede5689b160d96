import 'server-only'
import type { TrafficHour } from '@/lib/api/schemas/mesh/overview'
import {
  namespaceErrorsQuery,
  namespaceRequestsQuery,
  type NamespaceTrafficOptions,
} from '@/lib/prometheus/istio/overview'
import type { Series } from '@/lib/prometheus/decode'
import { UNKNOWN } from '@/lib/mesh/identity'
import { isWaypoint } from '@/lib/mesh/labels'
import { currentInventories, type Upstreams } from '../upstreams'

const HOUR_SECONDS = 3_600
const DAY_SECONDS = 86_400
const POINTS = 24
const STEP_SECONDS = HOUR_SECONDS / POINTS
/** A point costs Prometheus as much as a whole refresh; beyond so many edges only recorded rates are cheap enough. */
export const MOST_FLOWS = 6_000

/** By `{cluster}/{namespace}`, and by `{cluster}`. */
export type Hours = ReadonlyMap<string, TrafficHour>

/**
 * The last hour of every namespace, asked once per step for all viewers: the hour ends at the last whole step.
 * Throws UpstreamError.
 */
export async function readHours(up: Upstreams, at: number): Promise<Hours> {
  const stepMs = STEP_SECONDS * 1_000
  const to = Math.floor(at / stepMs) * stepMs
  return up.memory.get(`hours ${to}`, 2 * stepMs, async () => {
    const { retentionSeconds, recorded } = await up.facts.get()
    const grid = { from: to - HOUR_SECONDS * 1_000 + stepMs, to, stepSeconds: STEP_SECONDS }
    const options: NamespaceTrafficOptions = {
      windowSeconds: STEP_SECONDS,
      scope: up.config.prometheus.scope,
      isRecorded: recorded.has('requests'),
      waypoints: waypointNames(up),
    }
    const ask = async (query: string) => (await up.prometheus.range(query, grid)).series
    const reachesYesterday = retentionSeconds === null || retentionSeconds >= DAY_SECONDS + HOUR_SECONDS
    const [requests, errors, before] = await Promise.all([
      ask(namespaceRequestsQuery(options)),
      ask(namespaceErrorsQuery(options)),
      reachesYesterday ? ask(namespaceRequestsQuery({ ...options, offsetSeconds: DAY_SECONDS })) : [],
    ])
    const { defaultCluster } = up.config
    return hoursOf({
      from: grid.from,
      requests: placed(requests, defaultCluster),
      errors: placed(errors, defaultCluster),
      before: placed(before, defaultCluster),
    })
  })
}

function waypointNames(up: Upstreams): string[] {
  const workloads = currentInventories(up.inventories).flatMap((inventory) => inventory.workloads)
  const names = workloads.flatMap(({ name, labels, podLabels }) =>
    isWaypoint(name, { ...labels, ...podLabels }) ? [name] : [],
  )
  return [...new Set(names)].sort()
}

type Lines = Map<string, (number | null)[]>

/** Each place by today's and yesterday's line: one that was called only yesterday is the one to look at. */
export function hoursOf(of: { from: number; requests: Placed; errors: Placed; before: Placed }): Hours {
  const requests = linesOf(of.requests, of.from)
  const errors = linesOf(of.errors, of.from)
  const before = linesOf(of.before, of.from)
  const hours = new Map<string, TrafficHour>()
  for (const key of new Set([...requests.keys(), ...before.keys()])) {
    const line = requests.get(key) ?? Array.from({ length: POINTS }, () => null)
    const failed = errors.get(key)
    hours.set(key, {
      from: of.from,
      stepSeconds: STEP_SECONDS,
      requests: line,
      // where requests were measured and none failed, none failed
      errors: line.map((value, index) => (value === null ? null : (failed?.[index] ?? 0))),
      yesterday: before.get(key) ?? null,
    })
  }
  return hours
}

type Placed = { keys: string[]; points: Series['points'] }[]

function placed(series: readonly Series[], defaultCluster: string): Placed {
  return series.map(({ labels, points }) => {
    const known = (value: string | undefined) => (value && value !== UNKNOWN ? value : undefined)
    const place = known(labels.destination_cluster) ?? known(labels.source_cluster) ?? defaultCluster
    const namespace = labels.destination_service_namespace ?? ''
    return { keys: [place, `${place}/${namespace}`], points }
  })
}

function linesOf(rows: Placed, from: number): Lines {
  const lines: Lines = new Map()
  for (const { keys, points } of rows) {
    for (const key of keys) {
      const line = lines.get(key) ?? Array.from({ length: POINTS }, () => null)
      for (const [at, value] of points) {
        const index = Math.round((at - from) / 1_000 / STEP_SECONDS)
        if (value !== null && index >= 0 && index < POINTS) line[index] = (line[index] ?? 0) + value
      }
      lines.set(key, line)
    }
  }
  return lines
}
