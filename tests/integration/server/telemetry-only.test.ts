/**
 * A Prometheus that holds Istio's series and nothing else, through the routes of the HTTP API: every figure below
 * was worked out by hand from the rates written in `tests/support/prometheus/hand-worked-mesh.ts`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getEdgeMetrics } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { GET as getService } from '@/app/api/v1/services/[cluster]/[namespace]/[name]/route'
import { Graph, type GraphEdge, type GraphNode } from '@/lib/api/schemas/mesh/graph'
import { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { createUpstreams, setUpstreams } from '@/lib/server/upstreams'
import { startTelemetryServer, type TelemetryServer } from '../../support/heddle/telemetry-server'
import { HAND_WORKED_SERIES } from '../../support/prometheus/hand-worked-mesh'
import { isPrometheusLeftOut } from '../../support/prometheus/prometheus-process'

// blocks of the past; the present of the test machine does not matter beyond "not in the future"
const LAST = Math.floor(Date.now() / 1000 / 60) * 60 - 120
const FIRST = LAST - 900

describe.skipIf(isPrometheusLeftOut)('the graph from telemetry alone', () => {
  let server: TelemetryServer

  beforeAll(async () => {
    server = await startTelemetryServer(HAND_WORKED_SERIES, FIRST, LAST)
  })

  afterAll(async () => {
    await server?.close()
  })

  async function graph(query: string): Promise<View> {
    const url = `http://heddle.test/api/v1/graph?window=5m&at=${LAST}&${query}`
    const response = await getGraphRoute(new Request(url))
    const body: unknown = await response.json()
    expect(response.status, JSON.stringify(body)).toBe(200)
    return viewOf(Graph.parse(body))
  }

  describe('of workloads', () => {
    let view: View
    beforeAll(async () => {
      view = await graph('graphType=workload')
    })

    it('has exactly the nodes that carry traffic', () => {
      expect(view.nodeIds).toEqual([
        'east/ambient/workload/client-v1',
        'east/ambient/workload/plain-v1',
        'east/ambient/workload/server-v1',
        'east/bookinfo/service/stock',
        'east/bookinfo/workload/details-v1',
        'east/bookinfo/workload/mongodb-v1',
        'east/bookinfo/workload/productpage-v1',
        'east/bookinfo/workload/ratings-v1',
        'east/bookinfo/workload/reviews-v1',
        'east/bookinfo/workload/reviews-v2',
        'east/shop/workload/cart-v1',
        'east/shop/workload/frontend-v1',
        'unknown/unknown/unknown/unknown',
        'west/shop/workload/frontend-v1',
      ])
    })

    it('counts what both proxies report once, with errors, mutual TLS and quantiles', () => {
      const edge = view.edge('bookinfo/workload/productpage-v1', 'bookinfo/workload/reviews-v1')
      expect(edge.requestsPerSecond).toBeCloseTo(10, 6)
      expect(edge.errorRatio).toBeCloseTo(0.2, 6)
      expect(edge.clientErrorRatio).toBe(0)
      expect(edge.mtlsRatio).toBe(1)
      // all in the bucket from 5 to 10 ms
      expect(edge.latencyMs?.p50).toBeCloseTo(7.5, 6)
      expect(edge.latencyMs?.p99).toBeCloseTo(9.95, 6)
      expect(edge.health.status).toBe('failing')
    })

    it('shows the share of mutual TLS where it is partial', () => {
      const edge = view.edge('bookinfo/workload/productpage-v1', 'bookinfo/workload/reviews-v2')
      expect(edge.requestsPerSecond).toBeCloseTo(5, 6)
      expect(edge.mtlsRatio).toBeCloseTo(0.6, 6)
      expect(edge.latencyMs?.p99).toBeCloseTo(49.75, 6)
    })

    it('takes the called side where only it reports', () => {
      const edge = view.edge('unknown/unknown/unknown', 'bookinfo/workload/productpage-v1', 'unknown', 'east')
      expect(edge.requestsPerSecond).toBeCloseTo(4, 6)
      expect(edge.mtlsRatio).toBe(0)
      // all between 50 and 100 ms
      expect(edge.latencyMs?.p99).toBeCloseTo(99.5, 6)
    })

    it('leaves mutual TLS unmeasured where only the caller reports', () => {
      const edge = view.edge('bookinfo/workload/reviews-v1', 'bookinfo/workload/ratings-v1')
      expect(edge.requestsPerSecond).toBeCloseTo(6, 6)
      expect(edge.mtlsRatio).toBeNull()
      expect(edge.latencyMs).toBeNull()
    })

    it('believes the caller where the two disagree', () => {
      const edge = view.edge('bookinfo/workload/reviews-v2', 'bookinfo/workload/ratings-v1')
      expect(edge.requestsPerSecond).toBeCloseTo(8, 6)
      expect(edge.errorRatio).toBeCloseTo(1 / 8, 6)
      expect(edge.responses.map(({ code, flags }) => [code, flags])).toEqual(
        expect.arrayContaining([
          ['200', '-'],
          ['504', 'UT'],
        ]),
      )
    })

    it('ends at the service when no workload answered', () => {
      const edge = view.edge('bookinfo/workload/reviews-v1', 'bookinfo/service/stock')
      expect(edge.requestsPerSecond).toBeCloseTo(2, 6)
      expect(edge.errorRatio).toBe(1)
      expect(edge.responses).toEqual([{ code: '503', flags: 'UH', requestsPerSecond: expect.closeTo(2, 6) }])
    })

    it('counts no response as an error and keeps its flags', () => {
      const edge = view.edge('bookinfo/workload/productpage-v1', 'bookinfo/workload/details-v1')
      expect(edge.requestsPerSecond).toBeCloseTo(10, 6)
      expect(edge.errorRatio).toBeCloseTo(0.1, 6)
      expect(edge.responses).toContainEqual({
        code: '0',
        flags: 'DC',
        requestsPerSecond: expect.closeTo(1, 6),
      })
    })

    it('sees gRPC fail on HTTP 200', () => {
      const edge = view.edge('shop/workload/frontend-v1', 'shop/workload/cart-v1')
      expect(edge.protocol).toBe('grpc')
      expect(edge.requestsPerSecond).toBeCloseTo(20, 6)
      // three with status 14, one without any answer
      expect(edge.errorRatio).toBeCloseTo(0.2, 6)
      expect(edge.responses.map(({ code }) => code).sort()).toEqual(['-', '0', '14'])
    })

    it('keeps workloads of one name in two clusters apart', () => {
      const edge = view.edge('shop/workload/frontend-v1', 'shop/workload/cart-v1', 'west', 'east')
      expect(edge.requestsPerSecond).toBeCloseTo(3, 6)
      expect(edge.mtlsRatio).toBe(1)
      expect(view.node('east/shop/workload/cart-v1').inbound.grpc?.requestsPerSecond).toBeCloseTo(23, 6)
    })

    it('shows the bytes of the node proxies on the requests of the waypoint', () => {
      const edge = view.edge('ambient/workload/client-v1', 'ambient/workload/server-v1')
      expect(edge.protocol).toBe('http')
      expect(edge.requestsPerSecond).toBeCloseTo(5, 6)
      expect(edge.mtlsRatio).toBe(1)
      expect(edge.sentBytesPerSecond).toBeCloseTo(1000, 3)
      expect(edge.receivedBytesPerSecond).toBeCloseTo(500, 3)
      // 100 to 250 ms
      expect(edge.latencyMs?.p99).toBeCloseTo(248.5, 6)
      expect(view.edgesBetween('ambient/workload/client-v1', 'ambient/workload/server-v1')).toHaveLength(1)
    })

    it('shows bytes alone where there is no waypoint', () => {
      const edge = view.edge('ambient/workload/client-v1', 'ambient/workload/plain-v1')
      expect(edge.protocol).toBe('tcp')
      expect(edge.requestsPerSecond).toBeNull()
      expect(edge.sentBytesPerSecond).toBeCloseTo(2000, 3)
      expect(edge.receivedBytesPerSecond).toBeCloseTo(1000, 3)
    })

    it('carries bytes and connections of TCP, counted once', () => {
      const edge = view.edge('bookinfo/workload/ratings-v1', 'bookinfo/workload/mongodb-v1')
      expect(edge.sentBytesPerSecond).toBeCloseTo(300, 3)
      expect(edge.receivedBytesPerSecond).toBeCloseTo(100, 3)
      expect(edge.connectionsPerSecond).toBeCloseTo(0.5, 6)
      expect(edge.mtlsRatio).toBe(1)
    })

    it('sums what goes in and out of a node', () => {
      const node = view.node('east/bookinfo/workload/productpage-v1')
      expect(node.inbound.http?.requestsPerSecond).toBeCloseTo(4, 6)
      expect(node.outbound.http?.requestsPerSecond).toBeCloseTo(25, 6)
      // 2 of 500 and 1 without a response, of 25
      expect(node.outbound.http?.errorRatio).toBeCloseTo(3 / 25, 6)
      expect(node.app).toBe('productpage')
      expect(node.version).toBe('v1')
    })

    it('marks where traffic begins', () => {
      const roots = view.graph.nodes.filter((node) => node.roles.includes('root')).map((node) => node.id)
      expect(roots).toEqual([
        'east/ambient/workload/client-v1',
        'east/shop/workload/frontend-v1',
        'unknown/unknown/unknown/unknown',
        'west/shop/workload/frontend-v1',
      ])
    })
  })

  it('merges the versions of an app, and takes its P99 of all their requests', async () => {
    const view = await graph('graphType=app')
    const edge = view.edge('bookinfo/app/productpage', 'bookinfo/app/reviews')
    expect(edge.requestsPerSecond).toBeCloseTo(15, 6)
    expect(edge.errorRatio).toBeCloseTo(2 / 15, 6)
    // 10 of 10 and 3 of 5
    expect(edge.mtlsRatio).toBeCloseTo(13 / 15, 6)
    // 10 within 10 ms, 5 between 25 and 50: rank 14.85 lies 97 % into the latter; the mean of both P99 would be 23
    expect(edge.latencyMs?.p99).toBeCloseTo(49.25, 6)
    expect(edge.latencyMs?.p50).toBeCloseTo(8.75, 6)
    const toRatings = view.edge('bookinfo/app/reviews', 'bookinfo/app/ratings')
    expect(toRatings.requestsPerSecond).toBeCloseTo(14, 6)
    expect(toRatings.errorRatio).toBeCloseTo(1 / 14, 6)
    expect(view.nodeIds).toContain('unknown/unknown/unknown/unknown')
    expect(view.nodeIds).not.toContain('east/bookinfo/app/reviews/v1')
  })

  it('keeps the versions of an app apart when asked to', async () => {
    const view = await graph('graphType=versionedApp')
    const edge = view.edge('bookinfo/app/productpage/v1', 'bookinfo/app/reviews/v2')
    expect(edge.requestsPerSecond).toBeCloseTo(5, 6)
    expect(edge.latencyMs?.p99).toBeCloseTo(49.75, 6)
    expect(view.node('east/bookinfo/app/reviews/v1').inbound.http?.errorRatio).toBeCloseTo(0.2, 6)
  })

  it('draws services with the latency of all that answers for them', async () => {
    const view = await graph('graphType=service')
    const edge = view.edge('bookinfo/service/productpage', 'bookinfo/service/reviews')
    expect(edge.requestsPerSecond).toBeCloseTo(15, 6)
    expect(edge.mtlsRatio).toBeCloseTo(13 / 15, 6)
    expect(edge.latencyMs?.p99).toBeCloseTo(49.25, 6)
    const failed = view.edge('bookinfo/service/reviews', 'bookinfo/service/stock')
    expect(failed.errorRatio).toBe(1)
    expect(view.graph.nodes.every((node) => node.kind !== 'app')).toBe(true)
  })

  it('puts services between callers and workloads when asked to', async () => {
    const view = await graph('graphType=workload&serviceNodes=true')
    const into = view.edge('bookinfo/workload/productpage-v1', 'bookinfo/service/reviews')
    expect(into.requestsPerSecond).toBeCloseTo(15, 6)
    expect(into.latencyMs?.p99).toBeCloseTo(49.25, 6)
    const onward = view.edge('bookinfo/service/reviews', 'bookinfo/workload/reviews-v2')
    expect(onward.requestsPerSecond).toBeCloseTo(5, 6)
  })

  it('shows chosen namespaces with their neighbours marked as outside', async () => {
    const view = await graph('namespaces=ambient')
    expect(view.nodeIds).toEqual([
      'east/ambient/workload/client-v1',
      'east/ambient/workload/plain-v1',
      'east/ambient/workload/server-v1',
    ])
  })

  it('asks for the quantiles of one page where those of the whole mesh are too dear', async () => {
    const { config } = server.up
    const dear = createUpstreams({ ...config, prometheus: { ...config.prometheus, latencyBudgetMs: -1 } })
    setUpstreams(dear)
    const page = async (name: string) => {
      const url = `http://heddle.test/api/v1/services/east/bookinfo/${name}?window=5m&at=${LAST}`
      const params = Promise.resolve({ cluster: 'east', namespace: 'bookinfo', name })
      return ItemDetail.parse(await (await getService(new Request(url), { params })).json())
    }
    try {
      const view = await graph('graphType=service')
      expect(view.node('east/bookinfo/service/reviews').inbound.http?.latencyMs).toBeNull()
      const { item, edges } = await page('reviews')
      // ten a second within 5 to 10 ms, five within 25 to 50: the called side, which says the same, is not added
      expect(item.inbound.http?.latencyMs?.p50).toBeCloseTo(8.75, 6)
      expect(item.inbound.http?.latencyMs?.p99).toBeCloseTo(49.25, 6)
      const from = edges.find(({ source }) => source === 'east/bookinfo/service/productpage')
      expect(from?.latencyMs?.p99).toBeCloseTo(49.25, 6)
      expect(edges.find(({ target }) => target === 'east/bookinfo/service/stock')?.latencyMs).toBeNull()
      // a caller without a proxy: only the called side knows
      const { item: productpage } = await page('productpage')
      expect(productpage.inbound.http?.latencyMs?.p99).toBeCloseTo(99.5, 6)
      expect(productpage.outbound.http?.latencyMs?.p99).toBeCloseTo(49.25, 6)
    } finally {
      setUpstreams(server.up)
      await dear.close()
    }
  })

  describe('charts', () => {
    const REVIEWS = 'east/bookinfo/service/reviews'
    const requests = async (get: typeof getNodeMetrics, path: string) => {
      const url = `http://heddle.test/api/v1/metrics/${path}&window=5m&at=${LAST}`
      const { series } = MetricAnswer.parse(await (await get(new Request(url))).json())
      return series
        .filter(({ metric }) => metric === 'requests')
        .reduce((sum, { points }) => sum + (points.at(-1)?.[1] ?? 0), 0)
    }

    it('show what a service asks others at an instant of the past that nobody looks at otherwise', async () => {
      // of reviews-v1 six to ratings and two to nobody, of reviews-v2 eight
      expect(await requests(getNodeMetrics, `node?node=${REVIEWS}&direction=outbound`)).toBeCloseTo(16, 6)
      const toRatings = `edge?source=${REVIEWS}&target=east/bookinfo/service/ratings`
      expect(await requests(getEdgeMetrics, toRatings)).toBeCloseTo(14, 6)
    })

    it('show of a service what it is in the graph at hand', async () => {
      const node = `node?node=${REVIEWS}`
      expect(await requests(getNodeMetrics, node)).toBeCloseTo(15, 6)
      // all of it was answered
      expect(await requests(getNodeMetrics, `${node}&graphType=workload`)).toBe(0)
      const between = 'graphType=workload&serviceNodes=true'
      expect(await requests(getNodeMetrics, `${node}&${between}`)).toBeCloseTo(15, 6)
      const onward = `edge?source=${REVIEWS}&target=east/bookinfo/workload/reviews-v2&${between}`
      expect(await requests(getEdgeMetrics, onward)).toBeCloseTo(5, 6)
      const lost = `edge?source=east/bookinfo/workload/reviews-v1&target=east/bookinfo/service/stock`
      expect(await requests(getEdgeMetrics, `${lost}&graphType=workload`)).toBeCloseTo(2, 6)
    })
  })

  it('has the same total of requests in every graph type', async () => {
    const types = ['workload', 'app', 'versionedApp', 'service']
    const totals = await Promise.all(
      types.map(async (type) => {
        const { graph: one } = await graph(`graphType=${type}`)
        return one.edges.reduce((sum, edge) => sum + (edge.requestsPerSecond ?? 0), 0)
      }),
    )
    // 10 + 5 + 4 + 6 + 8 + 2 + 10 + 20 + 3 + 5
    for (const total of totals) expect(total).toBeCloseTo(73, 5)
  })
})

interface View {
  graph: Graph
  nodeIds: string[]
  node(id: string): GraphNode
  edge(source: string, target: string, sourceCluster?: string, targetCluster?: string): GraphEdge
  edgesBetween(source: string, target: string): GraphEdge[]
}

function viewOf(graph: Graph): View {
  const edgesBetween = (source: string, target: string, from = 'east', to = from) =>
    graph.edges.filter((edge) => edge.source === `${from}/${source}` && edge.target === `${to}/${target}`)
  return {
    graph,
    nodeIds: graph.nodes.map((node) => node.id),
    node(id) {
      const found = graph.nodes.find((node) => node.id === id)
      if (!found) throw new Error(`no node ${id} among ${graph.nodes.map((node) => node.id).join(' ')}`)
      return found
    },
    edge(source, target, from, to) {
      const [found] = edgesBetween(source, target, from, to)
      if (!found) {
        throw new Error(`no edge ${source} > ${target} among ${graph.edges.map((edge) => edge.id).join(' ')}`)
      }
      return found
    },
    edgesBetween,
  }
}
