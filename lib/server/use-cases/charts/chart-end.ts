import 'server-only'
import type { DrawnIn } from '@/lib/api/schemas/requests'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
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

/** The time that a chart shows, and how it is asked for. */
interface Shown {
  at: number
  options: ChartOptions
}

/**
 * The same of a graph in which a service stands for a part of what it is asked, or for all. Then who stands behind it
 * is told, as far as it is known: where Prometheus does not say, by the newest snapshot.
 */
export async function calledEnd(
  up: Upstreams,
  parameter: string,
  id: string,
  time: Shown,
  drawn: DrawnIn,
  signal?: AbortSignal,
): Promise<ChartEnd> {
  const ref = chartEnd(parameter, id)
  if (ref.kind !== 'service') return ref
  if (drawn.graphType !== 'service' && !drawn.serviceNodes) return { ...ref, part: 'unanswered' }
  try {
    return { ...ref, workloads: await workloadsBehind(up, ref, time, signal) }
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return { ...ref, workloads: membersNow(up, ref) }
  }
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
  time: Shown,
  drawn: DrawnIn,
  signal?: AbortSignal,
): Promise<ChartEnd> {
  const ref = chartEnd(parameter, id)
  if (ref.kind !== 'service') return ref
  // between callers and workloads it hands on what it is asked
  if (drawn.graphType !== 'service' && drawn.serviceNodes) return { ...ref, part: 'answered' }
  return { ...ref, workloads: await workloadsBehind(up, ref, time, signal) }
}

async function workloadsBehind(
  up: Upstreams,
  service: NodeRef,
  { at, options }: Shown,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const query = answeringWorkloadsQuery(service, options)
  const { samples } = await up.prometheus.instant(query, { time: at, ...(signal ? { signal } : {}) })
  return [...new Set([...decodeAnsweringWorkloads(samples), ...membersNow(up, service)])].sort()
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
