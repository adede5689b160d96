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
import { createOnceAMinute, type OnceAMinute } from '../../once-a-minute'
import type { Upstreams } from '../../upstreams'
import { createMembers } from '../lists/item-graphs'

/** A node as an end of a chart, whatever graph it was chosen in. */
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

/** One side of a chart, as a request names it. */
interface NamedEnd {
  side: 'called' | 'calling'
  parameter: string
  id: string
  drawn: DrawnIn
}

/**
 * A node as one end of what is shown from `at` back, in the graph it was chosen in: there a service stands for a part of
 * what it is asked, or for all. Then the workloads behind it are told: those that answered for it in that time, which
 * may be gone by now, and those the newest snapshot knows. A service calls through them, so without Prometheus' word
 * nothing is known of its calls; what it is asked is known all the same. Throws UpstreamError.
 */
export async function drawnEnd(
  up: Upstreams,
  { side, parameter, id, drawn }: NamedEnd,
  time: Shown,
): Promise<ChartEnd> {
  const ref = chartEnd(parameter, id)
  if (ref.kind !== 'service') return ref
  const part = partOf(side, drawn)
  if (part) return { ...ref, part }
  const now = membersNow(up, ref)
  try {
    const before = await answeringWorkloads(up, ref, time)
    return { ...ref, workloads: [...new Set([...before, ...now])].sort() }
  } catch (error) {
    if (side === 'calling' || !isUpstreamError(error)) throw error
    return { ...ref, workloads: now }
  }
}

/** Between callers and workloads a service hands on what it is asked; in place of workloads it was asked in vain. */
function partOf(side: NamedEnd['side'], { graphType, serviceNodes }: DrawnIn): ChartEnd['part'] {
  if (graphType === 'service') return undefined
  if (side === 'calling') return serviceNodes ? 'answered' : undefined
  return serviceNodes ? undefined : 'unanswered'
}

/** Charts of a service are drawn anew every few seconds, by many; those who answered for it hardly change. */
const remembered = new WeakMap<Upstreams, OnceAMinute<readonly string[]>>()

function answeringWorkloads(
  up: Upstreams,
  service: NodeRef,
  { at, options }: Shown,
): Promise<readonly string[]> {
  const once = remembered.get(up) ?? createOnceAMinute<readonly string[]>(up.clock)
  remembered.set(up, once)
  const query = answeringWorkloadsQuery(service, options)
  return once(query, at, async () =>
    decodeAnsweringWorkloads((await up.prometheus.instant(query, { time: at })).samples),
  )
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
