/** The whole server on the embedded mesh: telemetry, objects and traces of one world, through the HTTP API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getApp } from '@/app/api/v1/apps/[cluster]/[namespace]/[name]/route'
import { GET as getApps } from '@/app/api/v1/apps/route'
import { GET as getScenarios } from '@/app/api/v1/demo/scenarios/route'
import { POST as setScenario } from '@/app/api/v1/demo/scenarios/[name]/[action]/route'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as openStream } from '@/app/api/v1/graph/stream/route'
import { GET as getHealthRoute } from '@/app/api/v1/health/route'
import { GET as getEdgeMetrics } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getService } from '@/app/api/v1/services/[cluster]/[namespace]/[name]/route'
import { GET as getStatusRoute } from '@/app/api/v1/status/route'
import { GET as getTraces } from '@/app/api/v1/traces/route'
import { GET as getTrace } from '@/app/api/v1/traces/[id]/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { GET as getWorkloads } from '@/app/api/v1/workloads/route'
import { apiPaths, type GraphView } from '@/lib/api/paths'
import { Graph, GraphPatch } from '@/lib/api/schemas/mesh/graph'
import { ItemDetail, ItemList } from '@/lib/api/schemas/mesh/lists'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { HealthSummary, NamespaceList, ScenarioList, Status } from '@/lib/api/schemas/status'
import { TraceAnswer, TraceList } from '@/lib/api/schemas/telemetry/traces'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { readEvents } from '../../support/heddle/event-stream'
import { until } from '../../support/until'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const WORKLOAD = { cluster: 'east', namespace: 'bookinfo', name: 'reviews-v1' }
const ID = 'east/bookinfo/workload/reviews-v1'

describe('the server on the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START, {}, { ALERTMANAGER_URL: '' })
  })

  afterAll(async () => {
    await server?.close()
  })

  const request = (path: string, init?: RequestInit) => new Request(`http://heddle.test${path}`, init)

  async function body(response: Promise<Response>): Promise<unknown> {
    const answer = await response
    const parsed: unknown = await answer.json()
    expect(answer.status, JSON.stringify(parsed).slice(0, 500)).toBe(200)
    return parsed
  }

  async function graph(view: GraphView = {}): Promise<Graph> {
    return Graph.parse(await body(getGraphRoute(request(apiPaths.graph(view)))))
  }

  /** Lets time pass in both: the mesh first, so that what the server then asks for has been scraped. */
  async function pass(seconds: number): Promise<void> {
    await server.pass(seconds)
  }

  it('shows the mesh with rates, health and P99', async () => {
    const { nodes, edges, notices } = await graph()
    expect(notices).toEqual([])
    const reviews = nodes.find((node) => node.id === ID)
    expect(reviews?.inbound.http?.requestsPerSecond).toBeGreaterThan(0)
    expect(reviews?.inbound.http?.latencyMs?.p99).toBeGreaterThan(0)
    expect(reviews?.health.status).toBe('healthy')
    expect(reviews?.workloadKind).toBe('Deployment')
    expect(reviews?.replicas?.available).toBeGreaterThan(0)
    const ids = new Set(nodes.map((node) => node.id))
    for (const edge of edges) {
      expect(ids.has(edge.source), edge.source).toBe(true)
      expect(ids.has(edge.target), edge.target).toBe(true)
    }
    // two clusters, HTTP, gRPC and TCP
    expect(new Set(nodes.map((node) => node.cluster)).size).toBeGreaterThan(1)
    expect(new Set(edges.map((edge) => edge.protocol))).toEqual(new Set(['http', 'grpc', 'tcp']))
  })

  it('agrees between graph and lists', async () => {
    const { nodes } = await graph({ idle: true })
    const list = ItemList.parse(await body(getWorkloads(request(apiPaths.items('workloads')))))
    expect(list.items.map((item) => item.id)).toEqual(
      nodes.filter((node) => node.kind === 'workload').map((node) => node.id),
    )
    const apps = ItemList.parse(await body(getApps(request(apiPaths.items('apps')))))
    const reviews = apps.items.find((item) => item.id === 'east/bookinfo/app/reviews')
    expect(reviews?.members).toEqual(
      ['v1', 'v2', 'v3'].map((version) => `east/bookinfo/workload/reviews-${version}`),
    )
    const health = HealthSummary.parse(await body(getHealthRoute(request(apiPaths.health()))))
    expect(health.items.map((item) => item.id)).toEqual(list.items.map((item) => item.id))
  })

  it('knows a workload’s pods, services and configuration', async () => {
    const path = apiPaths.item('workloads', WORKLOAD)
    const detail = ItemDetail.parse(
      await body(getWorkload(request(path), { params: Promise.resolve(WORKLOAD) })),
    )
    expect(detail.item.labels?.app).toBe('reviews')
    expect(detail.pods?.length).toBeGreaterThan(0)
    expect(detail.pods?.every((pod) => pod.hasSidecar)).toBe(true)
    expect(detail.services).toEqual(['reviews'])
    expect(detail.config?.map((object) => object.kind)).toContain('DestinationRule')
    expect(detail.edges.map((edge) => edge.source)).toEqual(['east/bookinfo/workload/productpage-v1'])
  })

  it('knows an app and a service', async () => {
    const reviews = { ...WORKLOAD, name: 'reviews' }
    const params = Promise.resolve(reviews)
    const app = ItemDetail.parse(await body(getApp(request(apiPaths.item('apps', reviews)), { params })))
    expect(app.item.members).toHaveLength(3)
    expect(app.services).toEqual(['reviews'])
    const service = ItemDetail.parse(
      await body(getService(request(apiPaths.item('services', reviews)), { params })),
    )
    expect(service.item.kind).toBe('service')
    expect(service.item.members).toHaveLength(3)
    expect(service.pods?.length).toBeGreaterThanOrEqual(3)
  })

  it('lists namespaces, also those without traffic', async () => {
    const { items } = NamespaceList.parse(await body(getNamespaces(request(apiPaths.namespaces()))))
    const bookinfo = items.find((item) => item.id === 'east/bookinfo')
    expect(bookinfo).toMatchObject({ dataPlane: 'sidecar' })
    expect(bookinfo?.requestsPerSecond).toBeGreaterThan(0)
    expect(items.some((item) => item.dataPlane === 'ambient')).toBe(true)
    expect(items.some((item) => item.dataPlane === 'none')).toBe(true)
  })

  it('draws charts of a node that agree with its figures now', async () => {
    const answer = MetricAnswer.parse(
      await body(getNodeMetrics(request(apiPaths.nodeMetrics({ node: ID, window: '10m' })))),
    )
    const metrics = new Set(answer.series.map((series) => series.metric))
    expect(metrics).toEqual(new Set(['requests', 'errors', 'latency', 'requestBytes', 'responseBytes']))
    const p99 = answer.series.find((series) => series.name === 'p99')
    expect(p99?.unit).toBe('ms')
    expect(p99?.points.length).toBeGreaterThan(20)
    const last = answer.series
      .filter((series) => series.metric === 'requests')
      .reduce((sum, series) => sum + (series.points.at(-1)?.[1] ?? 0), 0)
    // a chart's rates span a minute
    const node = (await graph({ window: '1m' })).nodes.find((one) => one.id === ID)
    expect(last).toBeCloseTo(node?.inbound.http?.requestsPerSecond ?? 0, 6)
    expect(answer.queries.requests).toContain('reviews-v1')
    for (const series of answer.series) {
      for (let i = 1; i < series.points.length; i++) {
        expect((series.points[i]?.[0] ?? 0) - (series.points[i - 1]?.[0] ?? 0)).toBe(
          answer.stepSeconds * 1_000,
        )
      }
    }
  })

  it('draws charts of an edge, with the identities at its ends', async () => {
    const source = 'east/bookinfo/workload/productpage-v1'
    const answer = MetricAnswer.parse(
      await body(
        getEdgeMetrics(
          request(apiPaths.edgeMetrics({ source, target: ID, protocol: 'http', window: '10m' })),
        ),
      ),
    )
    expect(answer.series.some((series) => series.name === 'p50')).toBe(true)
    expect(answer.principals?.[0]).toMatchObject({ mutualTls: true })
    expect(answer.principals?.[0]?.source).toContain('productpage')
  })

  it('knows the identities of what has no requests by its bytes', async () => {
    const [source, target] = ['east/bookinfo/workload/ratings-v2', 'east/bookinfo/workload/mongodb-v1']
    const answer = MetricAnswer.parse(
      await body(
        getEdgeMetrics(request(apiPaths.edgeMetrics({ source, target, protocol: 'tcp', window: '10m' }))),
      ),
    )
    expect(answer.principals).toEqual([
      {
        source: 'spiffe://cluster.local/ns/bookinfo/sa/bookinfo-ratings-v2',
        destination: 'spiffe://cluster.local/ns/bookinfo/sa/bookinfo-mongodb',
        mutualTls: true,
        requestsPerSecond: null,
        bytesPerSecond: expect.any(Number),
      },
    ])
    const last = (metric: string) =>
      answer.series.find((series) => series.metric === metric)?.points.at(-1)?.[1]
    expect(answer.principals?.[0]?.bytesPerSecond).toBeCloseTo(
      (last('tcpSentBytes') ?? 0) + (last('tcpReceivedBytes') ?? 0),
    )
  })

  it('draws charts for every kind of node and edge there is', async () => {
    for (const graphType of ['workload', 'app', 'versionedApp', 'service'] as const) {
      const { edges } = await graph({ graphType, namespaces: ['bookinfo'] })
      for (const { source, target, protocol, requestsPerSecond } of edges) {
        if (protocol === 'tcp' || !requestsPerSecond) continue
        const path = apiPaths.edgeMetrics({ source, target, protocol, window: '5m' })
        const { series } = MetricAnswer.parse(await body(getEdgeMetrics(request(path))))
        expect(
          series.some(({ metric }) => metric === 'requests'),
          `${source} > ${target} (${graphType})`,
        ).toBe(true)
      }
    }
  })

  it('finds the traces of exactly one node, and each of them', async () => {
    const { items, notices } = TraceList.parse(
      await body(getTraces(request(apiPaths.traces({ node: ID, window: '10m', limit: 5 })))),
    )
    expect(notices).toEqual([])
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) expect(item.node?.spans).toBeGreaterThan(0)
    const id = items[0]?.id ?? ''
    const { trace } = TraceAnswer.parse(
      await body(getTrace(request(apiPaths.trace(id)), { params: Promise.resolve({ id }) })),
    )
    expect(trace.spans.filter((span) => span.nodeId === ID)).toHaveLength(items[0]?.node?.spans ?? -1)
    const ofApp = TraceList.parse(
      await body(getTraces(request(apiPaths.traces({ node: 'east/bookinfo/app/reviews', limit: 5 })))),
    )
    expect(ofApp.items.every((item) => (item.node?.spans ?? 0) > 0)).toBe(true)
  })

  it('says what it is connected to', async () => {
    const status = Status.parse(await body(getStatusRoute(request(apiPaths.status()))))
    expect(status.mode).toBe('embedded')
    expect(status.upstreams.map(({ name, reachable, error }) => [name, reachable, error])).toEqual([
      ['prometheus', true, null],
      ['kubernetes', true, null],
      ['jaeger', true, null],
      ['alertmanager', null, null],
    ])
    expect(status.windows.find((window) => window.name === '7d')).toMatchObject({ usable: false })
  })

  it('shows an incident in the live feed, the graph and the health list, and its end', async () => {
    const end = new AbortController()
    const events = readEvents(await openStream(request(apiPaths.graphStream(), { signal: end.signal })))
    expect(Graph.parse((await events.next()).data).nodes.length).toBeGreaterThan(10)

    const change = (action: 'start' | 'stop') =>
      setScenario(request(apiPaths.scenario('bad-canary', action), { method: 'POST' }), {
        params: Promise.resolve({ name: 'bad-canary', action }),
      })
    const started = ScenarioList.parse(await body(change('start')))
    expect(started.items.find((item) => item.name === 'bad-canary')?.active).toBe(true)

    await pass(120)
    let patch = GraphPatch.parse((await events.next()).data)
    while (!patch.nodes.some((node) => node.health.status === 'failing')) {
      patch = GraphPatch.parse((await events.next()).data)
    }
    end.abort()
    const failing = (await graph()).nodes.filter(
      (node) => node.health.status === 'failing' && node.kind === 'workload',
    )
    expect(failing.length).toBeGreaterThan(0)
    expect(failing[0]?.health.reasons[0]?.message).toMatch(/\d/)
    const health = HealthSummary.parse(await body(getHealthRoute(request(apiPaths.health()))))
    expect(health.items.filter((item) => item.health.status === 'failing').map((item) => item.id)).toEqual(
      failing.map((node) => node.id),
    )

    const stopped = ScenarioList.parse(await body(change('stop')))
    expect(stopped.items.find((item) => item.name === 'bad-canary')?.active).toBe(false)
    await pass(300)
    const after = await until('the incident is over', async () => {
      const now = await graph()
      return now.nodes.some((node) => node.health.status === 'failing') ? undefined : now
    })
    expect(after.nodes.length).toBeGreaterThan(10)
    const listed = ScenarioList.parse(await body(getScenarios(request(apiPaths.scenarios()))))
    expect(listed.items.length).toBeGreaterThan(5)
  })

  it('sees latency leave what it was half an hour ago', async () => {
    const slow = async () =>
      (await graph()).nodes.filter((node) =>
        node.health.reasons.some((reason) => reason.code === 'latency-high'),
      )
    expect(await slow()).toEqual([])
    await server.demo.startScenario('slow-leaf')
    await pass(150)
    const nodes = await until('latency is noticed', async () => {
      const found = await slow()
      return found.length > 0 ? found : undefined
    })
    const reason = nodes[0]?.health.reasons.find(({ code }) => code === 'latency-high')
    expect(reason?.value).toBeGreaterThan(reason?.threshold ?? Infinity)
    expect(reason?.message).toContain('usually')
    await server.demo.stopScenario('slow-leaf')
  })
})
