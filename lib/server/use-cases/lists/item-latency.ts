import 'server-only'
import { LATENCY_IN_VIEW_ONLY, LATENCY_MEAN_ONLY, LATENCY_PENDING } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { flowsOfNode, nodeQuantiles, withQuantiles, type NodeFlows } from '@/lib/graph/node-latency'
import type { GraphType } from '@/lib/graph/types'
import type { LatencySample } from '@/lib/mesh/traffic'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { decodeLatency } from '@/lib/prometheus/istio/decode'
import { nodeLatencyBucketsQuery } from '@/lib/prometheus/istio/queries'
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

interface NodeLatency {
  own: NodeFlows
  samples: LatencySample[]
  failure: Notice | null
}

/**
 * A node and its edges with their quantiles where the snapshot has only means for them: one question about the
 * node's own buckets, asked once a moment for all its readers. Health stays the snapshot's, so that it is the same as
 * in lists and graph. Notices about the mean become those that hold here.
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
  const { id } = shown.node
  const key = `latency of ${id} over ${snapshot.windowSeconds}@${snapshot.at}`
  const answer = await within(
    up.clock,
    PATIENCE_MS,
    up.memory.get(key, KEEP_MS, () => readNodeLatency(up, snapshot, graphType, shown.node)),
  )
  if (!answer) return { ...shown, notices: [...notices, PENDING] }
  const { own, samples, failure } = answer
  if (own.flows.length === 0) return { ...shown, notices }
  const view = { graphType, serviceNodes: false }
  const quantiles = nodeQuantiles(snapshot.topology, view, id, own, samples)
  return {
    ...withQuantiles(shown.node, shown.edges, quantiles),
    notices: [...notices, failure ?? NOT_JUDGED],
  }
}

/** Never throws for an upstream: all readers of a moment share the failure, and the next moment is asked anew. */
async function readNodeLatency(
  up: Upstreams,
  snapshot: Snapshot,
  graphType: GraphType,
  { id, cluster, namespace }: GraphNode,
): Promise<NodeLatency> {
  const own = flowsOfNode(snapshot.topology, { graphType, serviceNodes: false }, id)
  const query = nodeLatencyBucketsQuery(
    { windowSeconds: snapshot.windowSeconds, scope: up.config.prometheus.scope },
    { cluster, namespace, ...own },
  )
  if (query === null) return { own, samples: [], failure: null }
  try {
    const asking = { time: snapshot.at, timeoutMs: LONGEST_QUERY_MS }
    const { groups, warnings } = await up.prometheus.grouped(query, 'le', asking)
    const [warning] = warnings
    return {
      own,
      samples: decodeLatency(groups),
      failure:
        warning === undefined
          ? null
          : {
              code: 'prometheus-partial',
              message: `Prometheus says its answer about latency is not complete: ${warning}`,
              upstream: 'prometheus',
            },
    }
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return {
      own,
      samples: [],
      failure: noticeOf(error, 'Quantiles are missing here; what is there is mean latency.'),
    }
  }
}
