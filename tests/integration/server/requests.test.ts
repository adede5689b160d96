import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GET as unknownRoute } from '@/app/api/[...rest]/route'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getHealthRoute } from '@/app/api/v1/health/route'
import { GET as getEdgeMetrics } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getOpenapi } from '@/app/api/v1/openapi.json/route'
import { GET as getScenarios } from '@/app/api/v1/demo/scenarios/route'
import { POST as setScenario } from '@/app/api/v1/demo/scenarios/[name]/[action]/route'
import { GET as getStatusRoute } from '@/app/api/v1/status/route'
import { GET as getTraces } from '@/app/api/v1/traces/route'
import { GET as getTrace } from '@/app/api/v1/traces/[id]/route'
import { GET as getWorkloads } from '@/app/api/v1/workloads/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { GET as getMetricsRoute } from '@/app/metrics/route'
import { GET as getReadyRoute } from '@/app/readyz/route'
import { ROUTES } from '@/lib/api/routes'
import { ApiError } from '@/lib/api/schemas/common'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { ItemDetail, ItemList } from '@/lib/api/schemas/mesh/lists'
import { HealthSummary, NamespaceList, Status } from '@/lib/api/schemas/status'
import { TraceList } from '@/lib/api/schemas/telemetry/traces'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { startFakePrometheus, type FakePrometheus } from '../../support/prometheus/fake-prometheus'
import { manualClock } from '../../support/heddle/manual-clock'

const NOW = Date.UTC(2026, 7, 20, 12, 0, 2)

describe('requests to the HTTP API', () => {
  let fake: FakePrometheus
  let up: Upstreams
  let lines: string[]

  beforeAll(async () => {
    fake = await startFakePrometheus()
    lines = []
    const config = readConfig({ PROMETHEUS_URL: fake.url, HEDDLE_CLUSTER_NAME: 'east' })
    up = createUpstreams(config, {
      clock: manualClock(NOW),
      log: createLog('info', (line) => lines.push(line)),
    })
    setUpstreams(up)
  })

  afterAll(async () => {
    setUpstreams(null)
    await up.close()
    await fake.stop()
  })

  beforeEach(() => {
    lines.length = 0
  })

  const request = (path: string, headers: Record<string, string> = {}) =>
    new Request(`http://heddle.test/api/v1/${path}`, { headers })

  async function refused(response: Promise<Response>): Promise<[number, ApiError['error']]> {
    const answer = await response
    return [answer.status, ApiError.parse(await answer.json()).error]
  }

  const day = 86_400_000
  const iso = (ms: number) => new Date(ms).toISOString()
  const utcText = (ms: number) => `${iso(ms).slice(0, 19).replace('T', ' ')} UTC`

  describe('with a bad parameter are refused by its name', () => {
    it.each([
      ['graphType=nonsense', 'graphType', 'invalid-parameter', 'versionedApp'],
      ['window=90s', 'window', 'invalid-parameter', 'whole minutes'],
      ['window=8d', 'window', 'invalid-parameter', 'up to 7d'],
      ['window=3m', 'window', 'window-needs-at', '1m, 2m, 5m'],
      ['window=-5m', 'window', 'invalid-parameter', '1m, 2m, 5m'],
      ['serviceNodes=yes', 'serviceNodes', 'invalid-parameter', 'true or false'],
      ['idle=1', 'idle', 'invalid-parameter', 'true or false'],
      ['hops=0', 'hops', 'invalid-parameter', 'from 1 to 5'],
      ['hops=1e9', 'hops', 'invalid-parameter', 'from 1 to 5'],
      ['hops=99999999999999', 'hops', 'invalid-parameter', 'from 1 to 5'],
      ['focus=reviews', 'focus', 'invalid-parameter', '{cluster}/{namespace}'],
      ['at=yesterday', 'at', 'invalid-parameter', 'RFC 3339'],
      ['at=NaN', 'at', 'invalid-parameter', 'RFC 3339'],
      [`at=${iso(NOW + day)}`, 'at', 'at-in-future', `${utcText(NOW + day)} lies in the future`],
      [`at=${iso(NOW - 16 * day)}`, 'at', 'at-beyond-retention', `15 days, since ${utcText(NOW - 15 * day)}`],
      [
        `namespaces=${Array.from({ length: 10_000 }, (_, i) => `ns${i}`).join(',')}`,
        'namespaces',
        'invalid-parameter',
        '200',
      ],
      [`namespaces=${'x'.repeat(300)}`, 'namespaces', 'invalid-parameter', '253'],
      ['graphtype=app', 'graphtype', 'unknown-parameter', 'graphType'],
      ['window=2m&window=5m', 'window', 'repeated-parameter', 'twice'],
      ['__proto__=1', '__proto__', 'unknown-parameter', 'graphType'],
    ])('%.60s', async (query, parameter, code, allowed) => {
      const [status, error] = await refused(getGraphRoute(request(`graph?${query}`)))
      expect(status).toBe(400)
      expect(error).toMatchObject({ code, parameter })
      expect(error.message).toContain(allowed)
      expect(error.message.length).toBeLessThan(400)
    })

    it.each(['', '?node=a/b/workload/c&service=d', '?namespace=b'])(
      'when traces are not those of one node, service or namespace: traces%s',
      async (query) => {
        const [status, error] = await refused(getTraces(request(`traces${query}`)))
        expect(status).toBe(400)
        expect(error.parameter).toBe('node')
        expect(error.message).toBe(
          'The parameter node must be given, or service, or cluster with namespace: one of these and no more.',
        )
      },
    )

    it('when a required one is missing', async () => {
      const [status, error] = await refused(getNodeMetrics(request('metrics/node')))
      expect(status).toBe(400)
      expect(error).toMatchObject({ code: 'missing-parameter', parameter: 'node' })
      const [, edge] = await refused(getEdgeMetrics(request('metrics/edge?source=a/b/workload/c')))
      expect(edge.parameter).toBe('target')
    })
  })

  it('take instants as RFC 3339 and as epoch seconds', async () => {
    const at = NOW - 3_600_000
    for (const text of [iso(at), String(at / 1000), encodeURIComponent('2026-08-20T13:00:02+02:00')]) {
      const graph = Graph.parse(await (await getGraphRoute(request(`graph?at=${text}`))).json())
      expect(graph.at).toBe(at)
    }
  })

  it('get an error that says nothing of the inside when Heddle itself fails', async () => {
    const broken = { ...up, facts: { ...up.facts, get: () => Promise.reject(new Error('secret detail')) } }
    setUpstreams(broken)
    const [status, error] = await refused(getGraphRoute(request('graph', { 'x-request-id': 'request-1234' })))
    setUpstreams(up)
    expect(status).toBe(500)
    expect(error).toMatchObject({ code: 'internal', requestId: 'request-1234' })
    expect(error.message).not.toContain('secret')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'error',
      requestId: 'request-1234',
      route: '/api/v1/graph',
      error: 'Error: secret detail',
    })
  })

  it('are logged as one JSON line with route, status and id, and never with their query', async () => {
    const response = await getGraphRoute(request('graph?namespaces=hidden-namespace'))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      route: '/api/v1/graph',
      method: 'GET',
      status: 200,
      requestId: response.headers.get('x-request-id'),
    })
    expect(lines[0]).not.toContain('hidden-namespace')
  })

  it('with an id that is none get one of ours', async () => {
    const response = await getGraphRoute(request('graph', { 'x-request-id': 'a b' }))
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('are answered with a tag, and with 304 while nothing changed', async () => {
    const first = await getGraphRoute(request('graph'))
    const etag = first.headers.get('etag') ?? ''
    const second = await getGraphRoute(request('graph', { 'if-none-match': `"other", ${etag}` }))
    expect(second.status).toBe(304)
    expect(await second.text()).toBe('')
    const other = await getGraphRoute(request('graph?graphType=app', { 'if-none-match': etag }))
    expect(other.status).toBe(200)
  })

  it('for lists agree with the graph', async () => {
    const list = ItemList.parse(await (await getWorkloads(request('workloads'))).json())
    const graph = Graph.parse(await (await getGraphRoute(request('graph?idle=true'))).json())
    const rows = list.items.map(({ labels: _labels, members: _members, versions: _versions, ...row }) => row)
    expect(rows).toEqual(graph.nodes)
    const namespaces = NamespaceList.parse(await (await getNamespaces(request('namespaces'))).json())
    expect(namespaces.items).toEqual([
      expect.objectContaining({ id: 'east/shop', nodes: 2, requestsPerSecond: 10, errorRatio: 0 }),
    ])
    const health = HealthSummary.parse(await (await getHealthRoute(request('health'))).json())
    expect(health.counts).toMatchObject({ healthy: 2, failing: 0 })
  })

  it('for one workload get its edges, and 404 in words when there is none', async () => {
    const ask = (name: string) =>
      getWorkload(request(`workloads/east/shop/${encodeURIComponent(name)}`), {
        params: Promise.resolve({ cluster: 'east', namespace: 'shop', name }),
      })
    const detail = ItemDetail.parse(await (await ask('cart-v1')).json())
    expect(detail.item.app).toBe('cart')
    expect(detail.edges).toHaveLength(1)
    expect(detail.pods).toBeNull()
    const [status, error] = await refused(ask('basket'))
    expect(status).toBe(404)
    expect(error).toMatchObject({ code: 'workload-not-found' })
    expect(error.message).toContain('basket')
  })

  it('for what is not configured say so on their own place only', async () => {
    const traces = TraceList.parse(await (await getTraces(request('traces?service=x'))).json())
    expect(traces).toMatchObject({ items: [], notices: [{ code: 'tracing-not-configured' }] })
    const params = Promise.resolve({ id: 'abc' })
    expect((await refused(getTrace(request('traces/abc'), { params })))[0]).toBe(404)
    expect((await refused(getScenarios(request('demo/scenarios'))))[1].code).toBe('no-embedded-mesh')
    const status = Status.parse(await (await getStatusRoute(request('status'))).json())
    expect(status.upstreams.map(({ name, configured }) => [name, configured])).toEqual([
      ['prometheus', true],
      ['kubernetes', false],
      ['jaeger', false],
      ['alertmanager', false],
    ])
    expect(status.windows.find(({ name }) => name === '1m')?.usable).toBe(true)
    expect(status.retentionSeconds).toBe(15 * 86_400)
    const graph = Graph.parse(await (await getGraphRoute(request('graph'))).json())
    expect(graph.notices).toEqual([])
  })

  it.each([
    [{ origin: 'http://evil.test' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://heddle.test', 'sec-fetch-site': 'same-origin' }, 404],
    [{}, 404],
  ])('that change something with %j get %d', async (headers, status) => {
    const post = new Request('http://heddle.test/api/v1/demo/scenarios/bad-canary/start', {
      method: 'POST',
      headers: { host: 'heddle.test', ...headers },
    })
    const params = Promise.resolve({ name: 'bad-canary', action: 'start' })
    // without an embedded mesh a request that may change something finds nothing to change
    expect((await refused(setScenario(post, { params })))[0]).toBe(status)
  })

  it('to addresses that are none get an error of the API’s shape', async () => {
    const [status, error] = await refused(unknownRoute(request('nonsense')))
    expect(status).toBe(404)
    expect(error.code).toBe('unknown-route')
  })

  it('are described by openapi.json, every route with parameters and answer', async () => {
    const description = (await (await getOpenapi(request('openapi.json'))).json()) as {
      openapi: string
      paths: Record<
        string,
        Record<string, { parameters?: { name: string; in: string }[]; responses: Record<string, unknown> }>
      >
      components: { schemas: Record<string, unknown> }
    }
    expect(description.openapi).toBe('3.1.0')
    expect(Object.keys(description.paths).sort()).toEqual([...new Set(ROUTES.map((one) => one.path))].sort())
    const names = description.paths['/api/v1/graph']?.get?.parameters?.map((one) => one.name)
    expect(names).toEqual(
      expect.arrayContaining(['namespaces', 'graphType', 'window', 'at', 'focus', 'hops']),
    )
    expect(Object.keys(description.paths['/api/v1/graph']?.get?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '502', '503', '504', 'default']),
    )
    // every reference leads somewhere
    const references = JSON.stringify(description).match(/#\/components\/schemas\/\w+/g) ?? []
    expect(references.length).toBeGreaterThan(20)
    for (const reference of references) {
      expect(Object.keys(description.components.schemas)).toContain(reference.split('/').at(-1))
    }
  })

  it('and what they cost show in the own metrics', async () => {
    await getGraphRoute(request('graph'))
    const text = await (await getMetricsRoute()).text()
    expect(text).toMatch(
      /heddle_http_request_duration_seconds_count\{route="\/api\/v1\/graph",method="GET",status="200"\} \d+/,
    )
    expect(text).toMatch(
      /heddle_upstream_request_duration_seconds_count\{upstream="prometheus",outcome="ok"\} \d+/,
    )
    expect(text).toContain('heddle_snapshot_duration_seconds_bucket')
    expect(text).toContain('nodejs_eventloop_lag_seconds')
    expect(text).not.toContain('frontend')
  })

  it('may come once the upstreams were asked', async () => {
    const response = await getReadyRoute()
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ready: true, upstreams: { prometheus: true } })
  })
})
