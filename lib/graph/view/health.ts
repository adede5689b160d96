/** Health of the nodes and edges of a view, by the one calculation of lib/health. */
import { combineHealth, compareStatus } from '@/lib/health/combine'
import { DEFAULT_TOLERANCES, tolerancesOf } from '@/lib/health/tolerance'
import { trafficHealth } from '@/lib/health/traffic'
import type {
  Direction,
  Health,
  HealthConfig,
  HealthReason,
  LatencyBaseline,
  RequestOutcomes,
  TcpOutcomes,
  Tolerance,
} from '@/lib/health/types'
import { workloadHealth } from '@/lib/health/workload'
import { addHistogram, quantilesOf, wholeHistogram } from '../quantile'
import type { EdgeDraft, NodeDraft } from './drafts'
import type { NodeFacts } from './facts'
import { bytesOf, isCarrying, type Tally } from './tally'

export interface HealthContext {
  at: number
  windowSeconds: number
  /** false: what exists without traffic may have some all the same */
  isMeasured: boolean
  config: HealthConfig
  baselines: ReadonlyMap<string, LatencyBaseline>
}

/** Limits for the requests of a node: of its workloads' or service's annotation, a rule, or the defaults. */
export function tolerancesOfNode(
  node: NodeDraft,
  facts: NodeFacts,
  config: HealthConfig,
): readonly Tolerance[] {
  const { namespace, kind, name } = node
  const annotations =
    kind === 'service'
      ? facts.service
        ? [facts.service.annotations]
        : []
      : facts.workloads.flatMap((workload) => [workload.annotations, workload.podAnnotations])
  return tolerancesOf(config, { namespace, kind, name, annotations })
}

/**
 * Of workloads and apps what they receive, what they send and how they run; of services and external hosts only
 * what is asked of them. An unknown end cannot be healthy or ill.
 */
export function healthOfNode(
  node: NodeDraft,
  facts: NodeFacts,
  tolerances: readonly Tolerance[],
  context: HealthContext,
): Health {
  if (node.kind === 'unknown') return { status: 'unknown', reasons: [] }
  const isCaller = node.kind === 'workload' || node.kind === 'app'
  const sides: [Direction, NodeDraft['inbound']][] = [['inbound', node.inbound]]
  if (isCaller) sides.push(['outbound', node.outbound])
  const { reasons, hasTraffic } = trafficHealth(
    {
      windowSeconds: context.windowSeconds,
      requests: sides.flatMap(([direction, side]) => [
        ...requestOutcomes('http', direction, side.http),
        ...requestOutcomes('grpc', direction, side.grpc),
      ]),
      tcp: sides.flatMap(([direction, side]) => tcpOutcomes(direction, side.tcp)),
      tolerances,
      latency: latencyOfNode(node, context.baselines),
    },
    context.config,
  )
  const state = isCaller
    ? facts.workloads.flatMap((workload) =>
        workloadHealth(
          { workload, pods: facts.pods.filter((pod) => pod.workload === workload.name), now: context.at },
          context.config,
        ),
      )
    : []
  // a second version scaled to zero says nothing of an app whose first one runs
  const told = facts.workloads.length > 1 ? state.filter((reason) => reason.status !== 'idle') : state
  const wasMeasured = [node.inbound, node.outbound].some((side) => side.http ?? side.grpc ?? side.tcp)
  return combineHealth([...reasons, ...told], {
    hasTraffic,
    isQuiet: wasMeasured || (context.isMeasured && facts.exists === true),
  })
}

/** Worst of the caller's limits for what it sends and the called side's for what it receives. */
export function healthOfEdge(
  edge: EdgeDraft,
  limits: { source: readonly Tolerance[]; target: readonly Tolerance[] },
  context: HealthContext,
): Health {
  const hasTraffic = isCarrying(edge.tally)
  if (isPlainlyHealthy(edge, limits)) return { status: hasTraffic ? 'healthy' : 'idle', reasons: [] }
  const judge = (direction: Direction, tolerances: readonly Tolerance[]): HealthReason[] =>
    trafficHealth(
      {
        windowSeconds: context.windowSeconds,
        requests: edge.protocol === 'tcp' ? [] : requestOutcomes(edge.protocol, direction, edge.tally),
        tcp: edge.protocol === 'tcp' ? tcpOutcomes(direction, edge.tally) : [],
        tolerances,
        latency: null,
      },
      context.config,
    ).reasons
  const reasons = new Map<string, HealthReason>()
  for (const reason of judge('inbound', limits.target)) reasons.set(reason.code, reason)
  for (const reason of judge('outbound', limits.source)) {
    const same = reasons.get(reason.code)
    if (!same || compareStatus(reason.status, same.status) > 0) {
      reasons.set(reason.code, { ...reason, message: reason.message.replace(' outgoing ', ' ') })
    }
  }
  return combineHealth([...reasons.values()], { hasTraffic, isQuiet: true })
}

/** Most edges: no failed request, and nobody who asks for more than the defaults. */
function isPlainlyHealthy(
  edge: EdgeDraft,
  limits: { source: readonly Tolerance[]; target: readonly Tolerance[] },
): boolean {
  if (edge.protocol === 'tcp') return edge.tally.connections.every((each) => each.flags === '-')
  if (limits.source !== DEFAULT_TOLERANCES || limits.target !== DEFAULT_TOLERANCES) return false
  return edge.tally.errorsPerSecond === 0 && edge.tally.clientErrorsPerSecond === 0
}

function requestOutcomes(
  protocol: 'http' | 'grpc',
  direction: Direction,
  tally: Tally | null,
): RequestOutcomes[] {
  return tally ? [{ protocol, direction, responses: tally.responses }] : []
}

function tcpOutcomes(direction: Direction, tally: Tally | null): TcpOutcomes[] {
  return tally ? [{ direction, connections: tally.connections, bytesPerSecond: bytesOf(tally) }] : []
}

/** P95 of all requests a node receives, whatever their protocol. */
function latencyOfNode(
  node: NodeDraft,
  baselines: ReadonlyMap<string, LatencyBaseline>,
): { p95Ms: number | null; requestsPerSecond: number; baseline: LatencyBaseline | null } | null {
  const baseline = baselines.get(node.id)
  if (!baseline) return null
  const timed = [node.inbound.http, node.inbound.grpc].flatMap((tally) => {
    const histogram = tally && wholeHistogram(tally)
    return histogram ? [{ histogram, requestsPerSecond: tally.requestsPerSecond }] : []
  })
  const [one, other] = timed.map(({ histogram }) => histogram)
  const whole = one && other ? addHistogram(addHistogram(null, one), other) : one
  return {
    p95Ms: whole ? quantilesOf(whole).p95 : null,
    requestsPerSecond: timed.reduce((sum, each) => sum + each.requestsPerSecond, 0),
    baseline,
  }
}
