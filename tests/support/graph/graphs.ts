/** From samples to a graph in one call, as tests of the core ask for it. */
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { buildTopology } from '@/lib/graph/build'
import { withLatency } from '@/lib/graph/latency'
import { projectGraph } from '@/lib/graph/project'
import type { Graph, GraphView, TopologyInput } from '@/lib/graph/types'
import type { LatencySample, MeanLatencySample } from '@/lib/mesh/traffic'
import { input, view } from './samples'

export function graphOf(
  parts: Partial<TopologyInput>,
  of: Partial<GraphView> = {},
  samples: { latency?: readonly LatencySample[]; means?: readonly MeanLatencySample[] } = {},
): Graph {
  const topology = withLatency(buildTopology(input(parts)), { latency: [], means: [], ...samples })
  return projectGraph(topology, view(of), DEFAULT_HEALTH)
}

export const idsOf = (items: readonly { id: string }[]): string[] => items.map((item) => item.id)

/** `workload/a > service/b: 3` for each edge, in the graph's order. */
export function shortEdges(graph: Graph): string[] {
  const name = (id: string) => id.split('/').slice(2).join('/')
  return graph.edges.map((edge) => `${name(edge.source)} > ${name(edge.target)}: ${edge.requestsPerSecond}`)
}
