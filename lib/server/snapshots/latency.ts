import 'server-only'
import { LATENCY_IN_VIEW_ONLY, LATENCY_MEAN_ONLY } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import type { Topology } from '@/lib/graph/types'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { UNKNOWN } from '@/lib/mesh/identity'
import type { LatencySample, MeanLatencySample, RequestSample } from '@/lib/mesh/traffic'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { decodeLatency, decodeMeanLatency } from '@/lib/prometheus/istio/decode'
import {
  canUseRecorded,
  latencyBucketsQuery,
  meanLatencyQueries,
  type QueryOptions,
} from '@/lib/prometheus/istio/queries'
import { noticeOf } from '../errors'

/** A quantile costs Prometheus this many times a rate: 20 bucket series stand behind each counter. */
const BUCKETS_PER_COUNTER = 20

/**
 * A mesh of this size is asked without guessing: the first answer of a busy or cold Prometheus says little of what
 * buckets cost, and should they be dear here, the next snapshot knows.
 */
const SMALL_MESH_FLOWS = 1_500

/** Between two answers of a Prometheus that is as busy as before, rates differ by less. */
const MUCH_SLOWER = 4

export interface Latency {
  latency: LatencySample[]
  means: MeanLatencySample[]
  notices: Notice[]
}

/** How quantiles are fetched: all of them, those of some namespaces, or none; means fill what is left out. */
export type LatencyPlan =
  | { kind: 'whole'; isRecorded: boolean }
  | { kind: 'namespaces'; namespaces: string[]; estimateMs: number }
  | { kind: 'mean'; estimateMs: number }

export interface PlanInput {
  options: QueryOptions
  topology: Topology
  /** how long the rates of this snapshot took */
  requestsMs: number
  /** how long the last mesh-wide buckets took, and the rates before them; null when never asked */
  lastBuckets: { bucketsMs: number; requestsMs: number } | null
  budgetMs: number
  /** namespaces of filtered views somebody looks at */
  inView: ReadonlySet<string>
}

/**
 * Mesh-wide quantiles when recorded or within the budget; else those of the namespaces in view, as far as the
 * budget goes; means cost no more than a rate and fill the rest.
 */
export function planLatency(input: PlanInput): LatencyPlan {
  if (canUseRecorded(input.options, ['latencyBuckets'])) return { kind: 'whole', isRecorded: true }
  const isSmall = input.topology.flows.length <= SMALL_MESH_FLOWS
  const guessMs = isSmall ? 0 : input.requestsMs * BUCKETS_PER_COUNTER
  const { lastBuckets: last, requestsMs: nowMs } = input
  const estimateMs = last ? expectedMs(last.bucketsMs, { thenMs: last.requestsMs, nowMs }) : guessMs
  if (estimateMs <= input.budgetMs) return { kind: 'whole', isRecorded: false }
  const namespaces = [...input.inView].sort()
  const share = shareOfFlows(input.topology, input.inView)
  if (namespaces.length > 0 && estimateMs * share <= input.budgetMs) {
    return { kind: 'namespaces', namespaces, estimateMs }
  }
  return { kind: 'mean', estimateMs }
}

/**
 * What a question will take by what it took before. Where rates took many times as long then as now, it was
 * Prometheus that was slow, not the question that is dear.
 */
export function expectedMs(tookMs: number, rates: { thenMs: number; nowMs: number }): number {
  const ease = rates.nowMs / rates.thenMs
  return ease < 1 / MUCH_SLOWER ? tookMs * ease : tookMs
}

/**
 * Callers whose pairs are counted by the called side because they report nothing themselves. Names alone: asking
 * for a namesake too costs a little and changes nothing, since only the chosen reporter of a pair is timed.
 */
export function silentCallersOf(topology: Topology, requests: readonly RequestSample[]): string[] {
  const names = new Set<string>()
  for (const sample of requests) {
    if (sample.reporter !== 'destination' || names.has(sample.source.workload ?? UNKNOWN)) continue
    if (topology.findFlow(sample)) names.add(sample.source.workload ?? UNKNOWN)
  }
  // a caller without a name has the word in its label, or no label at all
  if (names.has(UNKNOWN)) names.add('')
  return [...names].sort()
}

/** Fetches what the plan says. Never throws for an upstream: latency that is missing is told by a notice. */
export async function readLatency(
  prometheus: PrometheusClient,
  options: QueryOptions & { at: number },
  plan: LatencyPlan,
  budgetMs: number,
  silentCallers: readonly string[],
): Promise<Latency> {
  const at = { time: options.at }
  const notices: Notice[] = []
  let latency: LatencySample[] = []
  let means: MeanLatencySample[] = []
  const parts: Promise<void>[] = []
  if (plan.kind !== 'mean') {
    const query = latencyBucketsQuery(options, {
      silentCallers,
      ...(plan.kind === 'namespaces' ? { namespaces: plan.namespaces } : {}),
    })
    parts.push(
      prometheus.grouped(query, 'le', at).then((answer) => {
        latency = decodeLatency(answer.groups)
        for (const warning of answer.warnings) notices.push(partialNotice(warning))
      }),
    )
  }
  if (plan.kind !== 'whole') {
    const queries = meanLatencyQueries(options, { silentCallers })
    parts.push(
      Promise.all([prometheus.instant(queries.sum, at), prometheus.instant(queries.count, at)]).then(
        ([sum, count]) => {
          means = decodeMeanLatency({ sum: sum.samples, count: count.samples })
        },
      ),
    )
    notices.push(meanNotice(plan, budgetMs))
  }
  for (const part of await Promise.allSettled(parts)) {
    if (part.status === 'fulfilled') continue
    if (!isUpstreamError(part.reason)) throw part.reason
    notices.push(noticeOf(part.reason, 'Latency is missing from this view.'))
  }
  return { latency, means, notices }
}

function partialNotice(warning: string): Notice {
  return {
    code: 'prometheus-partial',
    message: `Prometheus says its answer about latency is not complete: ${warning}`,
    upstream: 'prometheus',
  }
}

function meanNotice(plan: Exclude<LatencyPlan, { kind: 'whole' }>, budgetMs: number): Notice {
  const cost = `Quantiles of the whole mesh would keep Prometheus busy for about ${seconds(plan.estimateMs)} s at each refresh (budget ${seconds(budgetMs)} s)`
  const next = 'install the recording rules in deploy/prometheus to have them everywhere'
  return plan.kind === 'mean'
    ? {
        code: LATENCY_MEAN_ONLY,
        message: `${cost}, so they are missing here, and the graph shows mean latency. The graph of fewer namespaces has them, and so has the page of each workload, service and application; or ${next}.`,
        upstream: 'prometheus',
      }
    : {
        code: LATENCY_IN_VIEW_ONLY,
        message: `${cost}, so they are fetched only for namespaces whose graph somebody looks at; elsewhere they are missing, and the graph shows mean latency. The page of each workload, service and application has them too; or ${next}.`,
        upstream: 'prometheus',
      }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 1 : 0)
}

function shareOfFlows(topology: Topology, namespaces: ReadonlySet<string>): number {
  const isIn = (index: number | null) => {
    const end = index === null ? undefined : topology.ends[index]
    return end !== undefined && namespaces.has(end.namespace)
  }
  const inside = topology.flows.filter((flow) => isIn(flow.source) || isIn(flow.target)).length
  return topology.flows.length === 0 ? 0 : inside / topology.flows.length
}
