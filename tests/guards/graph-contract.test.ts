/** The pure graph and the wire contract are written twice, since pure folders know no zod; they must be one. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as wire from '@/lib/api/schemas/mesh/graph'
import { HEALTH_STATUSES as WIRE_STATUSES, type Health as WireHealth } from '@/lib/api/schemas/common'
import type * as pure from '@/lib/graph/types'
import { buildTopology } from '@/lib/graph/build'
import { withLatency } from '@/lib/graph/latency'
import { projectGraph } from '@/lib/graph/project'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { HEALTH_STATUSES, type Health } from '@/lib/health/types'
import { BADGES } from '@/lib/istio/badges'
import {
  input,
  inventory,
  latency,
  podOf,
  request,
  service,
  tcp,
  view,
  workload,
} from '@/tests/support/graph/samples'

describe('types, in both directions', () => {
  it('graph, patch, health', () => {
    expectTypeOf<pure.Graph>().toExtend<wire.Graph>()
    expectTypeOf<wire.Graph>().toExtend<pure.Graph>()
    expectTypeOf<pure.GraphPatch>().toExtend<wire.GraphPatch>()
    expectTypeOf<wire.GraphPatch>().toExtend<pure.GraphPatch>()
    expectTypeOf<Health>().toExtend<WireHealth>()
    expectTypeOf<WireHealth>().toExtend<Health>()
  })
})

describe('words', () => {
  it('are the same lists', () => {
    expect([...BADGES]).toEqual([...wire.BADGES])
    expect([...HEALTH_STATUSES]).toEqual([...WIRE_STATUSES])
  })
})

it.each(wire.GRAPH_TYPES)('a %s graph passes its schema and the wire unchanged', (graphType) => {
  const b = workload('b-v1')
  const topology = withLatency(
    buildTopology(
      input({
        requests: [request('a', 'b-v1', 9), request('a', 'b-v1', 1, { responseCode: '500' })],
        tcp: [tcp('b-v1', 'db', 10)],
        inventories: [inventory({ workloads: [b], pods: [podOf(b)], services: [service('b')] })],
      }),
    ),
    { latency: [latency('a', 'b-v1', [1, 5, 9, 10])], means: [] },
  )
  const graph = projectGraph(topology, view({ graphType, serviceNodes: true, idle: true }), DEFAULT_HEALTH)
  expect(wire.Graph.parse(JSON.parse(JSON.stringify(graph)))).toEqual(graph)
})
