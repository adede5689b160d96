import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import type { Slo, SloList, SloProblem } from '@/lib/api/schemas/telemetry/slos'
import { nodeId } from '@/lib/mesh/identity'
import type { ServiceCounts } from '@/lib/prometheus/istio/objectives'
import {
  brokenRules,
  budgetOf,
  BURN_WINDOWS,
  burnRate,
  goneInSeconds,
  HOUR,
  type Events,
} from '@/lib/slo/burn'
import { countInTime, INFINITE, type Bounds } from '@/lib/slo/in-time'
import { parseObjectives, type Objective } from '@/lib/slo/objective'
import { compareSlos, stateOf } from '@/lib/slo/rank'
import { noticeOf } from '../../errors'
import { measure, type Measured, type Subject } from '../../slo/measure'
import { currentAccess, withLeftOut } from '../../session/access'
import { outdatedNotices } from '../../snapshots/objects'
import { currentInventories, type Upstreams } from '../../upstreams'
import { isInScope, unreadNotices } from '../config-scope'

const MOST_OBJECTIVES = 2_000

interface Promised extends Subject {
  source: Slo['source']
}

/**
 * The objectives of services, what is left of their budgets and how fast it goes; of now. All of the mesh are
 * measured together, whoever asks. Without an answer of Prometheus they are listed unmeasured, with a notice.
 */
export async function getSlos(
  up: Upstreams,
  query: Pick<ScopeQuery, 'namespaces' | 'clusters'>,
): Promise<SloList> {
  // what services promise is written on them: unread, that is not none
  const unread = [...unreadNotices(up), ...outdatedNotices(up)]
  const notices = withLeftOut(await currentAccess(up), unread)
  const { promised, problems } = readPromises(up)
  if (promised.length > MOST_OBJECTIVES) {
    const message = `${promised.length} objectives are set; the first ${MOST_OBJECTIVES} are measured.`
    notices.push({ code: 'objectives-cut', message })
  }
  const counted = promised.slice(0, MOST_OBJECTIVES)
  const measured = await tolerantMeasure(up, counted, notices)
  if (measured && measured.missingHours > 0) {
    const { missingHours, longestHours, failure } = measured
    const known = `${longestHours - missingHours} of ${longestHours} hours are known so far.`
    notices.push(
      failure
        ? noticeOf(failure, `Of the past ${known}`)
        : {
            code: 'slo-history-pending',
            message: `The past is still being read: ${known}`,
            upstream: 'prometheus',
          },
    )
  }
  const isAsked = ({ cluster, namespace }: { cluster: string; namespace: string }) =>
    isInScope(query, cluster, namespace)
  return {
    at: up.clock.now(),
    notices,
    items: counted
      .filter(isAsked)
      .map((one) => sloOf(one, measured))
      .sort(compareSlos),
    problems: problems.filter(isAsked),
  }
}

async function tolerantMeasure(
  up: Upstreams,
  subjects: readonly Subject[],
  notices: Notice[],
): Promise<Measured | null> {
  if (subjects.length === 0) return null
  try {
    return await measure(up, subjects)
  } catch (error) {
    notices.push(noticeOf(error, 'What is left of the budgets is not known.'))
    return null
  }
}

/** What is written on services and in the configuration file; of one service the annotations win, kind by kind. */
function readPromises(up: Upstreams): { promised: Promised[]; problems: SloProblem[] } {
  const byService = new Map<string, Omit<Promised, 'createdAt'>[]>()
  const problems: SloProblem[] = []
  const made = new Map<string, number | null>()
  const keyOf = ({ cluster, namespace, name }: Pick<Subject, 'cluster' | 'namespace' | 'name'>) =>
    `${cluster}/${namespace}/${name}`
  for (const { objectives, cluster = up.config.defaultCluster, ...rest } of up.config.objectives) {
    const place = { ...rest, cluster }
    const known = byService.get(keyOf(place)) ?? []
    const own = objectives.map((objective) => ({ ...place, objective, source: 'configuration' as const }))
    byService.set(keyOf(place), [...known, ...own])
  }
  const services = currentInventories(up.inventories).flatMap((inventory) => inventory.services)
  for (const { cluster, namespace, name, annotations, createdAt } of services) {
    const parsed = parseObjectives(annotations)
    const place = { cluster, namespace, name }
    made.set(keyOf(place), createdAt)
    if (parsed.objectives.length > 0) {
      const kinds = new Set(parsed.objectives.map(({ kind }) => kind))
      const others = byService.get(keyOf(place))?.filter(({ objective }) => !kinds.has(objective.kind)) ?? []
      const own = parsed.objectives.map((objective) => ({
        ...place,
        objective,
        source: 'annotation' as const,
      }))
      byService.set(keyOf(place), [...others, ...own])
    }
    const node = nodeId({ ...place, kind: 'service' })
    problems.push(...parsed.problems.map((problem) => ({ node, ...place, ...problem })))
  }
  // of two of one service that say the same, the last counts
  const byId = new Map([...byService.values()].flat().map((one) => [idOf(one), one]))
  const promised = [...byId.values()].map((one) => ({ ...one, createdAt: made.get(keyOf(one)) ?? null }))
  return { promised, problems }
}

function idOf({ cluster, namespace, name, objective }: Omit<Subject, 'createdAt'>): string {
  const what = objective.kind === 'latency' ? `latency-${objective.thresholdMs}ms` : objective.kind
  return `${nodeId({ cluster, namespace, kind: 'service', name })}/${what}`
}

function sloOf(promised: Promised, measured: Measured | null): Slo {
  const { cluster, namespace, name, objective, source } = promised
  const { target, windowSeconds, thresholdMs } = objective
  const key = `${cluster}/${namespace}/${name}`
  const bounds = thresholdMs === null ? undefined : measured?.boundsOf(thresholdMs)
  // without a request there is no histogram whose bounds could be too low
  const hasRequests = (measured?.over(windowSeconds).counts.get(key)?.total ?? 0) > 0
  const isUnmeasurable = hasRequests && thresholdMs !== null && !bounds
  const over = (seconds: number) => {
    const answer = measured?.over(seconds)
    const counts = answer?.counts.get(key)
    return {
      events: counts ? eventsOf(objective, counts, bounds) : null,
    }
  }
  const rates = new Map(
    BURN_WINDOWS.filter((seconds) => seconds <= windowSeconds).map((seconds) => [
      seconds,
      burnRate(over(seconds).events, target),
    ]),
  )
  const { events } = over(windowSeconds)
  const knownSeconds = measured?.knownSeconds(windowSeconds, promised) ?? 0
  const budget = budgetOf(events, objective, knownSeconds)
  const broken = [...brokenRules(rates, windowSeconds)]
  const isMeasured = events !== null && events.total > 0
  const budgetLeft = budget?.leftRatio ?? null
  return {
    id: idOf(promised),
    node: nodeId({ cluster, namespace, kind: 'service', name }),
    cluster,
    namespace,
    name,
    kind: objective.kind,
    target,
    thresholdMs,
    windowSeconds,
    source,
    state: stateOf({ budgetLeft, broken }),
    knownSeconds,
    requests: events?.total ?? null,
    badRequests: events?.bad ?? null,
    goodRatio: isMeasured ? Math.max(0, 1 - events.bad / events.total) : null,
    budgetLeft,
    burns: [...rates].map(([seconds, rate]) => ({ windowSeconds: seconds, rate })),
    broken,
    goneInSeconds: goneInSeconds(budget, rates.get(HOUR) ?? null, windowSeconds),
    isInterpolated: bounds?.upper != null,
    problem: isUnmeasurable
      ? 'The histogram has no bound this high: nothing tells how many requests are in time.'
      : null,
  }
}

function eventsOf(objective: Objective, counts: ServiceCounts, bounds: Bounds | undefined): Events | null {
  if (objective.thresholdMs === null) return { total: counts.total, bad: counts.bad }
  const total = counts.byBound.get(INFINITE)
  const inTime = bounds && countInTime(objective.thresholdMs, bounds, counts.byBound)
  return total === undefined || inTime == null ? null : { total, bad: Math.max(0, total - inTime) }
}
