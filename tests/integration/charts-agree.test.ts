/** Every node and every edge has one set of figures: the graph's, and the last point of its chart over the same time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getEdgeRoute } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeRoute } from '@/app/api/v1/metrics/node/route'
import { apiPaths } from '@/lib/api/paths'
import { Graph, type GraphType } from '@/lib/api/schemas/mesh/graph'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { startDemoServer, type DemoServer } from '../support/heddle/demo-server'

const NOON = Date.UTC(2026, 7, 20, 12)

interface Figures {
  requests: number
  errors: number
  sent: number
}

/** What is left after rounding, of either way of adding up. */
const close = (value: number) => expect.closeTo(value, 2)

describe('charts of the embedded mesh', () => {
  let server: DemoServer
  beforeAll(async () => {
    server = await startDemoServer(NOON)
  })
  afterAll(async () => {
    await server?.close()
  })

  async function graphOf(graphType: GraphType): Promise<Graph> {
    const path = apiPaths.graph({ graphType, window: '1m' })
    return Graph.parse(await (await getGraphRoute(new Request(`http://heddle.test${path}`))).json())
  }

  /** The last points: rates over the minute that the graph shows. */
  async function lastOf(answer: Promise<Response>): Promise<Figures> {
    const { series, rateSeconds, notices } = MetricAnswer.parse(await (await answer).json())
    expect([rateSeconds, notices]).toEqual([60, []])
    const sum = (wanted: string) =>
      series
        .filter(({ metric }) => metric === wanted)
        .reduce((total, { points }) => total + (points.at(-1)?.[1] ?? 0), 0)
    return { requests: sum('requests'), errors: sum('errors'), sent: sum('tcpSentBytes') }
  }

  const chartOf = {
    node: (node: string, direction: 'inbound' | 'outbound', graph: Graph) => {
      const drawn = {
        graphType: graph.graphType,
        at: graph.at,
        window: '1m',
        charts: ['requests', 'tcp'],
      } as const
      const path = apiPaths.nodeMetrics({ node, direction, ...drawn })
      return lastOf(getNodeRoute(new Request(`http://heddle.test${path}`)))
    },
    edge: ({ source, target, protocol }: Graph['edges'][number], { graphType, at }: Graph) => {
      const path = apiPaths.edgeMetrics({ source, target, protocol, graphType, at, window: '1m' })
      return lastOf(getEdgeRoute(new Request(`http://heddle.test${path}`)))
    },
  }

  const rates = (one: { requestsPerSecond: number | null; errorRatio: number | null } | null) => ({
    requests: one?.requestsPerSecond ?? 0,
    errors: (one?.requestsPerSecond ?? 0) * (one?.errorRatio ?? 0),
  })

  it('say what the graph says, while some requests reach nobody', async () => {
    await server.demo.startScenario('hub-outage')
    await server.pass(120)
    for (const graphType of ['workload', 'service'] as const) {
      const graph = await graphOf(graphType)
      expect(graph.edges.length).toBeGreaterThan(40)
      for (const edge of graph.edges) {
        const sent = edge.protocol === 'tcp' ? (edge.sentBytesPerSecond ?? 0) : 0
        const { requests, errors } = rates(edge)
        const shown = { requests: close(requests), errors: close(errors), sent: close(sent) }
        expect([edge.id, await chartOf.edge(edge, graph)]).toEqual([edge.id, shown])
      }
      for (const node of graph.nodes) {
        for (const direction of ['inbound', 'outbound'] as const) {
          const { http, grpc, tcp } = node[direction]
          const [a, b] = [rates(http), rates(grpc)]
          const shown = {
            requests: close(a.requests + b.requests),
            errors: close(a.errors + b.errors),
            sent: close(tcp?.sentBytesPerSecond ?? 0),
          }
          // a service that the graph of workloads draws for what nobody answered calls nobody there
          if (graphType === 'workload' && node.kind === 'service' && direction === 'outbound') continue
          const what = `${node.id} ${direction}`
          expect([what, await chartOf.node(node.id, direction, graph)]).toEqual([what, shown])
        }
      }
    }
  })
})
