/** Which nodes a flow passes in a view: one step, or two where a service stands between. */
import type { Flow, GraphView, Topology } from '../types'
import { nodeOfEnd, nodeOfService, note, type Drafts, type NodeDraft } from './drafts'
import { callerShares } from './service-callers'

/** One edge a flow goes over, and how much of it. */
export interface Step {
  source: NodeDraft
  target: NodeDraft
  factor: number
}

export type RouteView = Pick<GraphView, 'graphType' | 'serviceNodes'>

/** A function from a flow to its steps in the view; nodes are made in `drafts` on the way. */
export function createRouter(drafts: Drafts, topology: Topology, view: RouteView): (flow: Flow) => Step[] {
  const endNodes: NodeDraft[] = []
  const serviceNodes: NodeDraft[] = []
  const endNode = (index: number): NodeDraft => {
    const known = endNodes[index]
    if (known) return known
    const end = topology.ends[index]
    if (!end) throw new Error(`flow names end ${index} of ${topology.ends.length}`)
    return (endNodes[index] = nodeOfEnd(drafts, end, view.graphType))
  }
  const serviceNode = (index: number): NodeDraft => {
    const known = serviceNodes[index]
    if (known) return known
    const service = topology.services[index]
    if (!service) throw new Error(`flow names service ${index} of ${topology.services.length}`)
    return (serviceNodes[index] = nodeOfService(drafts, service))
  }
  const targetNode = (flow: Flow): NodeDraft => {
    if (flow.target !== null) return endNode(flow.target)
    if (flow.service !== null) return serviceNode(flow.service)
    throw new Error('flow names neither workload nor service')
  }

  if (view.graphType === 'service') {
    const sharesOf = callerShares(topology)
    return (flow) => {
      const target = flow.service === null ? targetNode(flow) : serviceNode(flow.service)
      noteMember(topology, flow, target)
      const shares = sharesOf(flow.source)
      if (shares.length === 0) return [{ source: endNode(flow.source), target, factor: 1 }]
      return shares.map(({ service, share }) => ({ source: serviceNode(service), target, factor: share }))
    }
  }
  return (flow) => {
    const source = endNode(flow.source)
    const target = targetNode(flow)
    if (!view.serviceNodes || !isSplit(topology, flow)) return [{ source, target, factor: 1 }]
    const service = serviceNode(flow.service ?? -1)
    service.isInjected = true
    noteMember(topology, flow, service)
    return [
      { source, target: service, factor: 1 },
      { source: service, target, factor: 1 },
    ]
  }
}

/** A service stands between unless it is a mere stand-in, no workload answered, or an end is a waypoint. */
function isSplit(topology: Topology, flow: Flow): boolean {
  if (flow.service === null || flow.target === null) return false
  const role = topology.services[flow.service]?.role
  if (role === 'passthrough' || role === 'blackHole') return false
  return !topology.ends[flow.source]?.isWaypoint && !topology.ends[flow.target]?.isWaypoint
}

/** A service node tells the app of what answers for it. */
function noteMember(topology: Topology, flow: Flow, service: NodeDraft): void {
  if (flow.target === null || service.kind !== 'service') return
  const end = topology.ends[flow.target]
  if (!end || end.kind === 'unknown') return
  if (end.app !== null) note(service.apps, end.app)
  if (end.isGateway) note(service.roles, 'gateway')
}
