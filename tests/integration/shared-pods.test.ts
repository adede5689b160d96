/** Two services before the pods of one workload, in a real Prometheus: figures worked out by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getEdgeRoute } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeRoute } from '@/app/api/v1/metrics/node/route'
import { apiPaths } from '@/lib/api/paths'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { askRoute } from '../support/heddle/ask-route'
import { startTelemetryServer, type TelemetryServer } from '../support/heddle/telemetry-server'
import { requestSeries } from '../support/prometheus/istio-metrics'
import { isPrometheusLeftOut } from '../support/prometheus/prometheus-process'

const LAST = Math.floor(Date.now() / 1000 / 60) * 60 - 120
const FIRST = LAST - 900

/** What a caller asks of a service, as both sides tell it: the called one names the older service for all. */
const call = (workload: string, service: string, perSecond: number) => {
  const from = { namespace: 'shop', workload }
  const to = { namespace: 'shop', workload: 'cart-v1' }
  const of = (name: string) => ({ namespace: 'shop', name })
  return [
    ...requestSeries({ from, to, service: of(service), reporter: 'source', perSecond }),
    ...requestSeries({ from, to, service: of('old'), reporter: 'destination', perSecond }),
  ]
}

describe.skipIf(isPrometheusLeftOut)('services that share pods', () => {
  let server: TelemetryServer
  beforeAll(async () => {
    const series = [...call('web-v1', 'new', 6), ...call('app-v1', 'new', 2), ...call('job-v1', 'old', 3)]
    server = await startTelemetryServer(series, FIRST, LAST)
  })
  afterAll(async () => {
    await server?.close()
  })

  const shown = { window: '5m', graphType: 'service', at: LAST * 1000 } as const
  const lastOf = async (get: (request: Request) => Promise<Response>, path: string) => {
    const { series } = await askRoute(get, path, MetricAnswer)
    return series
      .filter(({ metric }) => metric === 'requests')
      .reduce((sum, { points }) => sum + (points.at(-1)?.[1] ?? 0), 0)
  }

  it.each([
    ['old', 3],
    ['new', 8],
  ])('%s is asked for %d requests per second', async (name, perSecond) => {
    const node = `east/shop/service/${name}`
    const graph = await askRoute(getGraphRoute, apiPaths.graph(shown), Graph)
    const drawn = graph.nodes.find(({ id }) => id === node)
    expect(drawn?.inbound.http?.requestsPerSecond).toBeCloseTo(perSecond, 6)
    const path = apiPaths.nodeMetrics({ node, direction: 'inbound', charts: ['requests'], ...shown })
    expect(await lastOf(getNodeRoute, path)).toBeCloseTo(perSecond, 6)
  })

  it.each([
    ['web-v1', 'new', 6],
    ['app-v1', 'new', 2],
    ['job-v1', 'old', 3],
    ['web-v1', 'old', 0],
  ])('%s asks %s for %d requests per second', async (workload, name, perSecond) => {
    const ends = { source: `east/shop/workload/${workload}`, target: `east/shop/service/${name}` }
    const path = apiPaths.edgeMetrics({ ...ends, protocol: 'http', ...shown })
    expect(await lastOf(getEdgeRoute, path)).toBeCloseTo(perSecond, 6)
  })
})
