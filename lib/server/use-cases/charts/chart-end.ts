import 'server-only'
import type { DrawnIn } from '@/lib/api/schemas/requests'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import {
  answeringWorkloadsQuery,
  decodeAnsweringWorkloads,
  type ChartEnd,
  type ChartOptions,
} from '@/lib/prometheus/istio/charts/charts'
import { invalid } from '../../errors'
import type { Upstreams } from '../../upstreams'
import { createMembers } from '../lists/item-graphs'

/** A node as the called end of a chart. */
export function chartEnd(parameter: string, id: string): NodeRef {
  const ref = parseNodeId(id)
  if (!ref) throw invalid(parameter, `${parameter} must be a node id.`)
  return ref
}

/** The same of a graph in which a service stands for a part of what it is asked, or for all. */
export function calledEnd(parameter: string, id: string, drawn: DrawnIn): ChartEnd {
  const ref = chartEnd(parameter, id)
  const isPart = ref.kind === 'service' && drawn.graphType !== 'service' && !drawn.serviceNodes
  return isPart ? { ...ref, part: 'unanswered' } : ref
}

/**
 * A node as the calling end of what is shown from `at` back. A service calls through the workloads behind it: those
 * that answered for it in that time, which may be gone by now, and those the newest snapshot knows.
 * Throws UpstreamError.
 */
export async function callingEnd(
  up: Upstreams,
  parameter: string,
  id: string,
  time: { at: number; options: ChartOptions },
  drawn: DrawnIn,
  signal?: AbortSignal,
): Promise<ChartEnd> {
  const ref = chartEnd(parameter, id)
  if (ref.kind !== 'service') return ref
  // between callers and workloads it hands on what it is asked
  if (drawn.graphType !== 'service' && drawn.serviceNodes) return { ...ref, part: 'answered' }
  const query = answeringWorkloadsQuery(ref, time.options)
  const { samples } = await up.prometheus.instant(query, { time: time.at, ...(signal ? { signal } : {}) })
  const workloads = [...new Set([...decodeAnsweringWorkloads(samples), ...membersNow(up, ref)])].sort()
  return { ...ref, workloads }
}

function membersNow(up: Upstreams, service: NodeRef): string[] {
  for (const line of up.snapshots.lines()) {
    const { snapshot } = line.state
    if (!snapshot) continue
    const workloads = createMembers(snapshot.topology)
      .workloadsOf(service)
      .flatMap((member) => parseNodeId(member)?.name ?? [])
    if (workloads.length > 0) return workloads
  }
  return []
}
