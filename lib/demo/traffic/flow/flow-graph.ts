/**
 * The call graph under the current configuration: a node for every endpoint that can be reached, its calls
 * routed, and the arithmetic of every call settled from the leaves up.
 */
import type { EndpointSpec, EntrySpec, World } from '@/lib/demo/model'
import type { MeshState } from '../config/mesh-state'
import { workloadId } from '../config/registry'
import type { WorkloadState } from '../config/registry'
import { answersOf } from './answers'
import type { NodeAnswers, WorkloadFault } from './answers'
import type { Call } from './call'
import { fromGateway } from './gateway-call'
import { planCall } from './plan'
import type { Answer, ClusterState, Plan } from './outcome'
import { routeCall } from './route-call'

export interface FlowNode {
  workload: WorkloadState
  endpoint: EndpointSpec
  calls: Call[]
  plans: Plan[]
  reaching: number[]
}

export interface FlowEntry {
  spec: EntrySpec
  /** index among the entries of the world */
  index: number
  call: Call
  plan: Plan
}

export interface FlowGraph {
  /** by node number; undefined where nothing leads */
  nodes: (FlowNode | undefined)[]
  /** callers before callees, as far as the graph has no cycles */
  order: number[]
  entries: FlowEntry[]
  planOf(call: Call): Plan
  answersOf(node: number): readonly Answer[]
  stateOf(feedbackKey: string): ClusterState | undefined
}

export interface SettleInput {
  faultOf(workloadId: string): WorkloadFault | undefined
  stateOf(feedbackKey: string): ClusterState | undefined
}

/** Calls of every reachable endpoint, routed; nothing is settled yet. */
export interface RoutedGraph {
  nodes: (Pick<FlowNode, 'workload' | 'endpoint' | 'calls'> | undefined)[]
  /** callees before callers */
  bottomUp: number[]
  hasCycles: boolean
  entries: Pick<FlowEntry, 'spec' | 'index' | 'call'>[]
}

export function routeGraph(world: World, mesh: MeshState): RoutedGraph {
  const { workloads, workloadById } = mesh.registry
  const first: number[] = []
  const endpoints: { workload: WorkloadState; endpoint: EndpointSpec }[] = []
  for (const workload of workloads) {
    first.push(endpoints.length)
    for (const endpoint of workload.spec.endpoints) endpoints.push({ workload, endpoint })
  }
  const context = { mesh, nodes: { first }, atGateway: fromGateway }
  const nodes: RoutedGraph['nodes'] = Array.from({ length: endpoints.length })
  const bottomUp: number[] = []
  const open = new Set<number>()
  let hasCycles = false

  const visit = (node: number) => {
    if (nodes[node] !== undefined) {
      hasCycles ||= open.has(node)
      return
    }
    const at = endpoints[node]
    if (at === undefined) return
    open.add(node)
    const calls = at.endpoint.calls.map((call) => routeCall(context, at.workload, call))
    nodes[node] = { ...at, calls }
    for (const call of calls) for (const next of nodesOf(call)) visit(next)
    open.delete(node)
    bottomUp.push(node)
  }

  const entries: RoutedGraph['entries'] = []
  for (const [index, spec] of world.entries.entries()) {
    const source = spec.source === null ? null : (workloadById.get(workloadId(spec.source)) ?? null)
    // nobody is there to ask
    if (spec.source !== null && (source === null || source.ready === 0)) continue
    const call = routeCall(context, source, spec)
    entries.push({ spec, index, call })
    for (const next of nodesOf(call)) visit(next)
  }
  return { nodes, bottomUp, hasCycles, entries }
}

/** Nodes that a call may reach, through gateways too. */
function* nodesOf(call: Call): Generator<number> {
  for (const branch of [...call.branches, ...call.mirrors.map((mirror) => mirror.branch)]) {
    if (branch.target.kind !== 'pods') continue
    for (const member of branch.target.members) {
      if (member.next !== null) yield* nodesOf(member.next)
      else if (typeof member.node === 'number') yield member.node
    }
  }
}

export function settleGraph(routed: RoutedGraph, input: SettleInput): FlowGraph {
  let known = new Map<number, NodeAnswers>()
  let plans = new Map<Call, Plan>()
  const preliminary = (node: number): readonly Answer[] => {
    const at = routed.nodes[node]
    return at === undefined ? [] : answersOf(at.endpoint, [], input.faultOf(at.workload.id)).answers
  }
  let previous = known
  const context = {
    answersOf: (node: number) => (known.get(node) ?? previous.get(node))?.answers ?? preliminary(node),
    planOf(call: Call): Plan {
      let plan = plans.get(call)
      if (plan === undefined) plans.set(call, (plan = planCall(call, context)))
      return plan
    },
    stateOf: input.stateOf,
  }
  // on a cycle one end is not known at first; a second round starts from what the first one found
  for (let round = 0; round < (routed.hasCycles ? 2 : 1); round++) {
    previous = known
    known = new Map()
    plans = new Map()
    for (const node of routed.bottomUp) {
      const at = routed.nodes[node]
      if (at === undefined) continue
      const own = at.calls.map((call) => context.planOf(call))
      known.set(node, answersOf(at.endpoint, own, input.faultOf(at.workload.id)))
    }
  }
  return {
    nodes: routed.nodes.map((node, index) =>
      node === undefined
        ? undefined
        : {
            ...node,
            plans: node.calls.map((call) => context.planOf(call)),
            reaching: known.get(index)?.reaching ?? [],
          },
    ),
    order: [...routed.bottomUp].reverse(),
    entries: routed.entries.map((entry) => ({ ...entry, plan: context.planOf(entry.call) })),
    planOf: context.planOf,
    answersOf: context.answersOf,
    stateOf: input.stateOf,
  }
}
