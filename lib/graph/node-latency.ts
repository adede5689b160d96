/** Quantiles of one node and its edges, where those of the whole mesh are too dear. */
import type { LatencySample } from '@/lib/mesh/traffic'
import { withLatency } from './latency'
import type { Flow, GraphEdge, GraphNode, LatencyMs, Topology } from './types'
import { emptyDrafts, type NodeDraft } from './view/drafts'
import { foldFlows } from './view/fold'
import { createRouter, type RouteView } from './view/routes'
import { isCarrying, quantilesOfTally, type Tally } from './view/tally'

type Quantiles = Omit<LatencyMs, 'mean'>

/** What a node is made of in a view: the flows over its edges, and by which names telemetry knows its part in them. */
export interface NodeFlows {
  /** indexes into `Topology.flows` */
  flows: number[]
  /** names of its workloads that call, or of its apps where no workload is known; sorted */
  callers: EndNames
  /** the same of those that are called by their own name */
  called: EndNames
  /** names of the services it stands for where it is called as one; sorted */
  services: string[]
}

interface EndNames {
  workloads: string[]
  apps: string[]
}

/** The flows of requests over the edges of a node in a view. */
export function flowsOfNode(topology: Topology, view: RouteView, id: string): NodeFlows {
  const stepsOf = createRouter(emptyDrafts(), topology, view)
  const flows: number[] = []
  const callers = createNames()
  const called = createNames()
  const services = new Set<string>()
  for (const [index, flow] of topology.flows.entries()) {
    if (flow.protocol === 'tcp' || !isCarrying(flow)) continue
    let isOwn = false
    for (const { source, target } of stepsOf(flow)) {
      if (source.id === id) callers.add(topology, flow.source)
      if (target.id === id) {
        const asked = flow.service === null ? undefined : topology.services[flow.service]
        if (isService(target) && asked) services.add(asked.name)
        else called.add(topology, flow.target)
      }
      isOwn ||= source.id === id || target.id === id
    }
    if (isOwn) flows.push(index)
  }
  return { flows, callers: callers.list(), called: called.list(), services: [...services].sort() }
}

function isService({ kind }: NodeDraft): boolean {
  return kind === 'service' || kind === 'external'
}

function createNames() {
  const workloads = new Set<string>()
  const apps = new Set<string>()
  return {
    add({ ends }: Topology, index: number | null) {
      const end = index === null ? undefined : ends[index]
      if (!end || end.kind === 'unknown') return
      if (end.workload !== null) workloads.add(end.workload)
      else if (end.app !== null) apps.add(end.app)
    },
    list: (): EndNames => ({ workloads: [...workloads].sort(), apps: [...apps].sort() }),
  }
}

/** Quantiles as `nodeQuantiles` finds them. */
export interface NodeQuantiles {
  inbound: { http: Quantiles | null; grpc: Quantiles | null }
  outbound: { http: Quantiles | null; grpc: Quantiles | null }
  /** of its edges, by id */
  edges: ReadonlyMap<string, Quantiles>
}

/**
 * Quantiles of a node and of its edges in a view, folded from the buckets of its own flows as those of a whole graph
 * are: by the reporter whose rates were taken, merged before a quantile is taken. Null where nothing was timed.
 */
export function nodeQuantiles(
  topology: Topology,
  view: RouteView,
  id: string,
  own: NodeFlows,
  latency: readonly LatencySample[],
): NodeQuantiles {
  const timed = withLatency(topology, { latency, means: [] })
  const flows = own.flows.flatMap((index): Flow[] => {
    const flow = timed.flows[index]
    return flow ? [flow] : []
  })
  const drafts = foldFlows(timed, view, flows)
  const node = drafts.nodes.get(id)
  const of = (tally: Tally | null | undefined) => (tally ? measured(quantilesOfTally(tally)) : null)
  const edges = new Map<string, Quantiles>()
  for (const edge of drafts.edges) {
    if (edge.source.id !== id && edge.target.id !== id) continue
    const quantiles = of(edge.tally)
    if (quantiles) edges.set(edge.id, quantiles)
  }
  return {
    inbound: { http: of(node?.inbound.http), grpc: of(node?.inbound.grpc) },
    outbound: { http: of(node?.outbound.http), grpc: of(node?.outbound.grpc) },
    edges,
  }
}

function measured(quantiles: Quantiles): Quantiles | null {
  return quantiles.p50 === null ? null : quantiles
}

/** The node and its edges with these quantiles in the place of none; all else, health among it, stays. */
export function withQuantiles<N extends GraphNode>(
  node: N,
  edges: readonly GraphEdge[],
  quantiles: NodeQuantiles,
): { node: N; edges: GraphEdge[] } {
  const side = (direction: 'inbound' | 'outbound') => {
    const traffic = node[direction]
    const { http, grpc } = quantiles[direction]
    return {
      ...traffic,
      http: traffic.http && { ...traffic.http, latencyMs: joined(traffic.http.latencyMs, http) },
      grpc: traffic.grpc && { ...traffic.grpc, latencyMs: joined(traffic.grpc.latencyMs, grpc) },
    }
  }
  return {
    node: { ...node, inbound: side('inbound'), outbound: side('outbound') },
    edges: edges.map((edge) => {
      const own = quantiles.edges.get(edge.id)
      return own ? { ...edge, latencyMs: joined(edge.latencyMs, own) } : edge
    }),
  }
}

function joined(known: LatencyMs | null, quantiles: Quantiles | null): LatencyMs | null {
  return quantiles === null ? known : { ...known, ...quantiles }
}
