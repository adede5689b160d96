import 'server-only'
import { LATENCY_IN_VIEW_ONLY, LATENCY_MEAN_ONLY, LATENCY_PENDING } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { flowsOfNode, nodeQuantiles, withQuantiles, type NodeQuantiles } from '@/lib/graph/node-latency'
import type { GraphType } from '@/lib/graph/types'
import type { LatencySample } from '@/lib/mesh/traffic'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { decodeLatency } from '@/lib/prometheus/istio/decode'
import { nodeLatencyBucketsQuery } from '@/lib/prometheus/istio/queries'
import { formatAge } from '@/lib/units/duration'
import { within } from '../../clock'
import { noticeOf } from '../../errors'
import type { Snapshot } from '../../snapshots/snapshot'
import type { Upstreams } from '../../upstreams'

/** An answer waits so long for its quantiles; they are kept for the next when they come later. */
const PATIENCE_MS = 2_000
/** What everybody calls has as many buckets as a small mesh: Prometheus is not kept busy longer for one page. */
const LONGEST_QUERY_MS = 15_000
/** A moment does not change; its pages are looked at until the next one. */
const KEEP_MS = 60_000

const NOT_JUDGED: Notice = {
  code: 'latency-not-judged',
  message:
    'Health does not judge latency here: that takes quantiles of the whole mesh, and they are too dear without the recording rules in deploy/prometheus. The quantiles of this page were asked for it alone.',
  upstream: 'prometheus',
}

const PENDING: Notice = {
  code: LATENCY_PENDING,
  message: 'Quantiles of latency are still being computed; they come with the next refresh.',
  upstream: 'prometheus',
}

/** Of a node at one moment: what its buckets came to, not the buckets, which may be as many as a small mesh has. */
interface NodeLatency {
  /** requests go over its edges */
  hasRequests: boolean
  /** null: Prometheus did not answer */
  quantiles: NodeQuantiles | null
  failure: Notice | null
}

interface Moment {
  at: number
  latency: NodeLatency
}

/** So much older than the figures beside them quantiles may be: two minutes of refreshes. */
const OLDEST_MS = 120_000
const KEPT = 200
/** What was answered last about a node: each refresh is of another moment, and some questions take longer than one waits. */
const latest = new WeakMap<Upstreams, Map<string, Moment>>()

/**
 * A node and its edges with their quantiles where the snapshot has only means for them: one question about the
 * node's own buckets, asked once a moment for all its readers; while it is being answered, those of a moment before.
 * Health stays the snapshot's, so that it is the same as in lists and graph. Notices about the mean become those that
 * hold here.
 */
export async function withItemLatency<N extends GraphNode>(
  up: Upstreams,
  snapshot: Snapshot,
  graphType: GraphType,
  shown: { node: N; edges: GraphEdge[]; notices: Graph['notices'] },
): Promise<{ node: N; edges: GraphEdge[]; notices: Notice[] }> {
  const notices = shown.notices.filter(
    ({ code }) => code !== LATENCY_MEAN_ONLY && code !== LATENCY_IN_VIEW_ONLY,
  )
  if (notices.length === shown.notices.length) return shown
  const { at } = snapshot
  const key = `latency of ${shown.node.id} over ${snapshot.windowSeconds}`
  const answer = await within(
    up.clock,
    PATIENCE_MS,
    up.memory.get(`${key}@${at}`, KEEP_MS, async () => {
      const latency = await readNodeLatency(up, snapshot, graphType, shown.node)
      if (latency.quantiles) keep(up, key, { at, latency })
      return latency
    }),
  )
  const { latency, ageMs } = answer ? { latency: answer, ageMs: 0 } : keptBefore(up, key, at)
  if (!latency) return { ...shown, notices: [...notices, PENDING] }
  if (!latency.hasRequests) return { ...shown, notices }
  return {
    ...(latency.quantiles ? withQuantiles(shown.node, shown.edges, latency.quantiles) : shown),
    notices: [...notices, ...(ageMs > 0 ? [late(ageMs)] : []), latency.failure ?? NOT_JUDGED],
  }
}

function late(ageMs: number): Notice {
  return {
    code: LATENCY_PENDING,
    message: `Quantiles of latency here are ${formatAge(ageMs)} older than the rates beside them: Prometheus takes long to compute them.`,
    upstream: 'prometheus',
  }
}

function keep(up: Upstreams, key: string, moment: Moment): void {
  const moments = latest.get(up) ?? new Map<string, Moment>()
  latest.set(up, moments)
  // an answer may come after that of a later moment, or be of the past
  if ((moments.get(key)?.at ?? Number.NEGATIVE_INFINITY) > moment.at) return
  moments.delete(key)
  moments.set(key, moment)
  const oldest = moments.keys().next()
  if (moments.size > KEPT && !oldest.done) moments.delete(oldest.value)
}

function keptBefore(up: Upstreams, key: string, at: number): { latency: NodeLatency | null; ageMs: number } {
  const moment = latest.get(up)?.get(key)
  const ageMs = at - (moment?.at ?? Number.NEGATIVE_INFINITY)
  return moment && ageMs > 0 && ageMs <= OLDEST_MS ? { latency: moment.latency, ageMs } : NOTHING
}

const NOTHING = { latency: null, ageMs: 0 }

/** Never throws for an upstream: all readers of a moment share the failure, and the next moment is asked anew. */
async function readNodeLatency(
  up: Upstreams,
  { topology, windowSeconds, at }: Snapshot,
  graphType: GraphType,
  { id, cluster, namespace }: GraphNode,
): Promise<NodeLatency> {
  const view = { graphType, serviceNodes: false }
  const own = flowsOfNode(topology, view, id)
  const hasRequests = own.flows.length > 0
  const query = nodeLatencyBucketsQuery(
    { windowSeconds, scope: up.config.prometheus.scope },
    { cluster, namespace, ...own },
  )
  const read = (samples: readonly LatencySample[], failure: Notice | null): NodeLatency => ({
    hasRequests,
    quantiles: nodeQuantiles(topology, view, id, own, samples),
    failure,
  })
  if (query === null) return read([], null)
  try {
    const { groups, warnings } = await up.prometheus.grouped(query, 'le', {
      time: at,
      timeoutMs: LONGEST_QUERY_MS,
    })
    const [warning] = warnings
    return read(
      decodeLatency(groups),
      warning === undefined
        ? null
        : {
            code: 'prometheus-partial',
            message: `Prometheus says its answer about latency is not complete: ${warning}`,
            upstream: 'prometheus',
          },
    )
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    const failure = noticeOf(error, 'Quantiles are missing here; what is there is mean latency.')
    return { hasRequests, quantiles: null, failure }
  }
}
