/** A mesh whose metrics lack labels and are younger than the window, in a real Prometheus: figures worked out by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getEdgeRoute } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeRoute } from '@/app/api/v1/metrics/node/route'
import { apiPaths } from '@/lib/api/paths'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { startTelemetryServer, type TelemetryServer } from '../support/heddle/telemetry-server'
import { requestSeries, type Series } from '../support/prometheus/istio-metrics'
import { isPrometheusLeftOut } from '../support/prometheus/prometheus-process'

const LAST = Math.floor(Date.now() / 1000 / 60) * 60 - 120
const FIRST = LAST - 900

const without = (series: readonly Series[], ...dropped: string[]): Series[] =>
  series.map((one) => ({
    ...one,
    labels: Object.fromEntries(Object.entries(one.labels).filter(([label]) => !dropped.includes(label))),
  }))

const call = (perSecond: number, code: string) =>
  requestSeries({
    from: { namespace: 'shop', workload: 'web-v1' },
    to: { namespace: 'shop', workload: 'cart-v1' },
    reporter: 'source',
    perSecond,
    code,
  })

const SERIES = without(
  [...call(8, '200'), ...call(2, '503')],
  'destination_service_name',
  'destination_service_namespace',
  'request_protocol',
)

describe.skipIf(isPrometheusLeftOut)('a mesh of scant telemetry', () => {
  let server: TelemetryServer
  beforeAll(async () => {
    server = await startTelemetryServer(SERIES, FIRST, LAST)
  })
  afterAll(async () => {
    await server?.close()
  })

  const graphOver = async (window: string) => {
    const path = apiPaths.graph({ graphType: 'service', window, at: LAST * 1000 })
    return Graph.parse(await (await getGraphRoute(new Request(`http://heddle.test${path}`))).json())
  }

  it('has charts of its services, and of edges that tell no protocol, that say what the graph says', async () => {
    const { edges, notices } = await graphOver('5m')
    expect(notices).toEqual([])
    const [edge] = edges
    expect(edge?.target).toBe('east/shop/service/cart')
    expect([edge?.requestsPerSecond, edge?.errorRatio]).toEqual([
      expect.closeTo(10, 6),
      expect.closeTo(0.2, 6),
    ])
    const shown = { window: '5m', graphType: 'service', at: LAST * 1000 } as const
    const ends = { source: 'east/shop/workload/web-v1', target: 'east/shop/service/cart' }
    const paths = [
      apiPaths.nodeMetrics({ node: ends.target, direction: 'inbound', charts: ['requests'], ...shown }),
      apiPaths.edgeMetrics({ ...ends, protocol: 'http', ...shown }),
    ]
    const routes = [getNodeRoute, getEdgeRoute]
    for (const [index, path] of paths.entries()) {
      const response = await routes[index]?.(new Request(`http://heddle.test${path}`))
      const { series } = MetricAnswer.parse(await response?.json())
      const last = (wanted: string) =>
        series
          .filter(({ metric }) => metric === wanted)
          .reduce((sum, { points }) => sum + (points.at(-1)?.[1] ?? 0), 0)
      expect([last('requests'), last('errors')]).toEqual([expect.closeTo(10, 6), expect.closeTo(2, 6)])
    }
  })

  it('is told to be younger than a window, whose rates read too low', async () => {
    const { edges, notices } = await graphOver('1h')
    // 15 of 60 minutes
    expect(edges[0]?.requestsPerSecond).toBeCloseTo(2.5, 1)
    expect(notices.map(({ code }) => code)).toEqual(['prometheus-young'])
  })
})

describe.skipIf(isPrometheusLeftOut)('counters that do not tell who counted', () => {
  const unreported = without(call(8, '200'), 'reporter')
  // others, of which both sides are known
  const reported = call(2, '503')

  it.each([
    ['all of them', unreported, [], 'All counters of the mesh'],
    ['some of them', [...unreported, ...reported], [2], 'Some counters of the mesh'],
  ])('are in no figure, and are told of: %s', async (_what, series, drawn, message) => {
    const server = await startTelemetryServer(series, FIRST, LAST)
    try {
      const path = apiPaths.graph({ graphType: 'workload', window: '5m', at: LAST * 1000 })
      const answer = await getGraphRoute(new Request(`http://heddle.test${path}`))
      const { edges, notices } = Graph.parse(await answer.json())
      expect(edges.map((edge) => edge.requestsPerSecond)).toEqual(
        drawn.map((rate) => expect.closeTo(rate, 6)),
      )
      expect(notices).toEqual([
        expect.objectContaining({
          code: drawn.length === 0 ? 'prometheus-not-measured' : 'prometheus-unreported',
          message: expect.stringContaining(`${message} in Prometheus bear no label`),
        }),
      ])
    } finally {
      await server.close()
    }
  })
})

it.skipIf(isPrometheusLeftOut)(
  'tells of calls of which one side does not know the other’s cluster',
  async () => {
    const ends = {
      from: { namespace: 'shop', workload: 'web-v1' },
      to: { namespace: 'shop', workload: 'cart-v1' },
      perSecond: 10,
    }
    const server = await startTelemetryServer(
      [
        ...requestSeries({ ...ends, reporter: 'source' }),
        ...without(requestSeries({ ...ends, reporter: 'destination' }), 'source_cluster'),
      ],
      FIRST,
      LAST,
    )
    try {
      const path = apiPaths.graph({ graphType: 'workload', window: '5m', at: LAST * 1000 })
      const answer = await getGraphRoute(new Request(`http://heddle.test${path}`))
      const { edges, notices } = Graph.parse(await answer.json())
      expect(edges.map((edge) => edge.requestsPerSecond)).toEqual([expect.closeTo(10, 6)])
      expect(notices.map(({ code }) => code)).toEqual(['clusters-one-sided'])
    } finally {
      await server.close()
    }
  },
)
