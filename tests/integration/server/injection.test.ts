/** Names that hold PromQL, against a real Prometheus: they select exactly themselves, or nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getEdgeMetrics } from '@/app/api/v1/metrics/edge/route'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { apiPaths } from '@/lib/api/paths'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { nodeId } from '@/lib/mesh/identity'
import { startTelemetryServer, type TelemetryServer } from '../../support/heddle/telemetry-server'
import { requestSeries } from '../../support/prometheus/istio-metrics'
import { isPrometheusLeftOut } from '../../support/prometheus/prometheus-process'

const LAST = Math.floor(Date.now() / 1000 / 60) * 60 - 120
const FIRST = LAST - 900

/** Names no Kubernetes would allow, but labels and addresses can hold. */
const REAL_NAMES = [
  'say "hi"',
  'two\nlines',
  'back\\slash',
  'curly{a="b"}',
  '試験🚀',
  "it's",
  'a.b|c',
  'tab\there',
]
const ATTACKS = [
  '"} or istio_requests_total{a="',
  'x"}[5m])) or sum(rate(istio_requests_total',
  '.*',
  '.+|x',
  '',
  '\\',
  '"',
  '\n',
]

describe.skipIf(isPrometheusLeftOut)('names that hold PromQL', () => {
  let server: TelemetryServer

  beforeAll(async () => {
    const series = REAL_NAMES.flatMap((workload, index) =>
      requestSeries({
        from: { namespace: 'odd', workload: 'caller' },
        to: { namespace: 'odd', workload },
        service: { namespace: 'odd', name: `service-${index}` },
        reporter: 'source',
        perSecond: index + 1,
      }),
    )
    server = await startTelemetryServer(series, FIRST, LAST)
  })

  afterAll(async () => {
    await server?.close()
  })

  const idOf = (name: string) => nodeId({ cluster: 'east', namespace: 'odd', kind: 'workload', name })

  async function inbound(id: string): Promise<MetricAnswer> {
    const path = apiPaths.nodeMetrics({ node: id, window: '5m', at: LAST * 1000 })
    const response = await getNodeMetrics(new Request(`http://heddle.test${path}`))
    const body: unknown = await response.json()
    expect(response.status, JSON.stringify(body)).toBe(200)
    return MetricAnswer.parse(body)
  }

  it.each(REAL_NAMES.map((name, index) => [name, index + 1] as const))(
    '%j selects exactly itself, at %d requests per second',
    async (name, rate) => {
      const { series } = await inbound(idOf(name))
      const ok = series.find((line) => line.metric === 'requests')
      expect(ok?.name).toBe('2xx')
      expect(ok?.points.at(-1)?.[1]).toBeCloseTo(rate, 6)
    },
  )

  it.each(ATTACKS.filter((name) => name !== ''))('%j selects nothing', async (name) => {
    expect((await inbound(idOf(name))).series).toEqual([])
  })

  it.each(ATTACKS)('%j as a namespace shows nothing and breaks nothing', async (name) => {
    const query = new URLSearchParams({ at: String(LAST), namespaces: `no-such,${name}` })
    const response = await getGraphRoute(new Request(`http://heddle.test/api/v1/graph?${query}`))
    expect(response.status).toBe(200)
    expect(Graph.parse(await response.json()).edges).toEqual([])
  })

  it.each(['source', 'target'])('as the %s of an edge select nothing', async (end) => {
    for (const name of ATTACKS.filter((one) => one !== '')) {
      const ends = { source: idOf('caller'), target: idOf('caller'), [end]: idOf(name) }
      const path = apiPaths.edgeMetrics({ ...ends, protocol: 'http', window: '5m', at: LAST * 1000 })
      const response = await getEdgeMetrics(new Request(`http://heddle.test${path}`))
      expect(response.status).toBe(200)
      expect(MetricAnswer.parse(await response.json()).series).toEqual([])
    }
  })

  it('show in the graph as they are', async () => {
    const response = await getGraphRoute(
      new Request(`http://heddle.test/api/v1/graph?at=${LAST}&namespaces=odd`),
    )
    const graph = Graph.parse(await response.json())
    expect(graph.nodes.map((node) => node.name).sort()).toEqual([...REAL_NAMES, 'caller'].sort())
  })
})
