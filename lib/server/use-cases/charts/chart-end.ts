import 'server-only'
import { parseNodeId } from '@/lib/mesh/identity'
import type { ChartEnd } from '@/lib/prometheus/istio/charts'
import { invalid } from '../../errors'
import type { Upstreams } from '../../upstreams'
import { createMembers } from '../lists/item-graphs'

/** A node as the end of a chart. A service calls through the workloads behind it, which the newest snapshot knows. */
export function chartEnd(up: Upstreams, parameter: string, id: string): ChartEnd {
  const ref = parseNodeId(id)
  if (!ref) throw invalid(parameter, `${parameter} must be a node id.`)
  if (ref.kind !== 'service') return ref
  for (const line of up.snapshots.lines()) {
    const { snapshot } = line.state
    if (!snapshot) continue
    const workloads = createMembers(snapshot.topology)
      .workloadsOf(ref)
      .flatMap((member) => parseNodeId(member)?.name ?? [])
    if (workloads.length > 0) return { ...ref, workloads }
  }
  return { ...ref, workloads: [] }
}
