/** The Jaeger client against the embedded mesh's Jaeger, over HTTP on loopback. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { jaegerHandler } from '@/lib/demo/jaeger/handler'
import { createTraceStore } from '@/lib/demo/jaeger/trace-store'
import type { SimulatedSpan } from '@/lib/demo/model'
import { createJaegerClient } from '@/lib/jaeger/client'
import { podDirectory } from '@/lib/trace/nodes/node-of-span'
import { summarize } from '@/lib/trace/summarize'
import { buildForest } from '@/lib/trace/tree'
import { present } from '@/tests/support/present'
import { serveInTest } from '@/tests/support/serve-in-test'

const NOW = 1_700_000_000_000

function client(url: string, pods?: Parameters<typeof podDirectory>[0]) {
  const made = createJaegerClient({
    url,
    publicUrl: 'https://jaeger.example/base/',
    delay: () => Promise.resolve(),
    ...(pods && { context: () => ({ pods: podDirectory(pods), defaultCluster: null }) }),
  })
  onTestFinished(() => made.close())
  return made
}

function simulated(rest: Partial<SimulatedSpan> & { spanId: string }): SimulatedSpan {
  return {
    traceId: '00000000000000000000000000000001',
    parentSpanId: null,
    startMs: NOW - 60_000,
    durationMs: 20,
    side: 'server',
    cluster: 'east',
    namespace: 'bookinfo',
    workload: 'reviews-v1',
    app: 'reviews',
    version: 'v1',
    podName: 'reviews-v1-6b4c9d7f88-x2x9k',
    podIp: '10.0.0.9',
    upstreamCluster: 'inbound|9080||',
    host: 'reviews.bookinfo.svc.cluster.local',
    method: 'GET',
    path: '/reviews/0',
    protocol: 'http',
    responseCode: '200',
    grpcStatus: null,
    flags: '-',
    peerAddress: '10.0.0.7:41234',
    ...rest,
  }
}

/** A call from productpage to reviews, failed or not, `agoMs` ago. */
function call(
  traceId: string,
  agoMs: number,
  reviews: string,
  rest: Partial<SimulatedSpan> = {},
): SimulatedSpan[] {
  const id = traceId.padStart(32, '0')
  return [
    simulated({
      ...rest,
      traceId: id,
      spanId: `${traceId.padStart(15, '0')}a`,
      startMs: NOW - agoMs,
      side: 'client',
      workload: 'productpage-v1',
      app: 'productpage',
      podName: 'productpage-v1-5d8f9b6c47-2bcdf',
      podIp: '10.0.0.7',
      upstreamCluster: 'outbound|9080||reviews.bookinfo.svc.cluster.local',
    }),
    simulated({
      ...rest,
      traceId: id,
      spanId: `${traceId.padStart(15, '0')}b`,
      parentSpanId: `${traceId.padStart(15, '0')}a`,
      startMs: NOW - agoMs + 2,
      durationMs: (rest.durationMs ?? 20) - 4,
      workload: reviews,
      podName: `${reviews}-6b4c9d7f88-x2x9k`,
    }),
  ]
}

async function embedded() {
  const traces = createTraceStore({ capacity: 100 })
  const url = await serveInTest(jaegerHandler({ traces, now: () => NOW }))
  return { traces, url }
}

const hour = { service: 'reviews.bookinfo', startMs: NOW - 3_600_000, endMs: NOW, limit: 20 }

describe('Jaeger client against the embedded Jaeger', () => {
  it('lists services and operations', async () => {
    const { traces, url } = await embedded()
    traces.add(call('1', 1000, 'reviews-v1'))
    const jaeger = client(url)
    expect(await jaeger.services()).toEqual(['productpage.bookinfo', 'reviews.bookinfo'])
    expect(await jaeger.operations('reviews.bookinfo')).toEqual(['reviews.bookinfo.svc.cluster.local:9080/*'])
    expect(await jaeger.operations('nobody/here')).toEqual([])
  })

  it('finds traces by service, newest first, and counts exactly the spans of a workload', async () => {
    const { traces, url } = await embedded()
    traces.add(call('1', 30_000, 'reviews-v1'))
    traces.add(call('2', 20_000, 'reviews-v10'))
    traces.add(call('3', 10_000, 'reviews-v1', { responseCode: '503', flags: 'UF' }))
    const found = await client(url).search(hour)
    expect(found.warnings).toEqual([])
    const v1 = found.traces.map((trace) => summarize(trace, 'east/bookinfo/workload/reviews-v1'))
    expect(v1.map((one) => [one.id.slice(-1), one.spans, one.hasError, one.node?.spans])).toEqual([
      ['3', 2, true, 1],
      ['2', 2, false, 0],
      ['1', 2, false, 1],
    ])
    expect(v1[0]).toMatchObject({
      rootService: 'productpage.bookinfo',
      durationMs: 20,
      startMs: NOW - 10_000,
    })
  })

  it('narrows by tags, duration, time, operation and limit', async () => {
    const { traces, url } = await embedded()
    traces.add(call('1', 7_200_000, 'reviews-v1'))
    traces.add(call('2', 20_000, 'reviews-v1', { durationMs: 1_500 }))
    traces.add(call('3', 10_000, 'reviews-v1', { responseCode: '503', flags: 'UF' }))
    traces.add(call('4', 5_000, 'reviews-v1', { responseCode: '404' }))
    const jaeger = client(url)
    const ids = async (rest: object) =>
      (await jaeger.search({ ...hour, ...rest })).traces.map((trace) => trace.id.slice(-1))
    expect(await ids({})).toEqual(['4', '3', '2'])
    expect(await ids({ tags: { error: 'true' } })).toEqual(['3'])
    expect(await ids({ tags: { 'http.status_code': '404' } })).toEqual(['4'])
    expect(await ids({ tags: { 'http.status_code': '404', error: 'true' } })).toEqual([])
    expect(await ids({ minDurationMs: 1_000 })).toEqual(['2'])
    expect(await ids({ maxDurationMs: 100 })).toEqual(['4', '3'])
    expect(await ids({ startMs: NOW - 15_000 })).toEqual(['4', '3'])
    expect(await ids({ endMs: NOW - 7_000 })).toEqual(['3', '2'])
    expect(await ids({ limit: 1 })).toEqual(['4'])
    expect(await ids({ operation: 'reviews.bookinfo.svc.cluster.local:9080/*' })).toEqual(['4', '3', '2'])
    expect(await ids({ operation: 'other' })).toEqual([])
    expect(await ids({ service: 'nobody' })).toEqual([])
  })

  it('reads one trace as a tree, with the tags of Envoy', async () => {
    const { traces, url } = await embedded()
    traces.add(call('abc', 10_000, 'reviews-v1', { protocol: 'grpc', grpcStatus: '14', path: '/r.R/Get' }))
    const jaeger = client(url)
    const trace = await jaeger.trace('abc')
    expect(
      buildForest(present(trace).spans).order.map((node) => `${node.depth} ${node.span.nodeId}`),
    ).toEqual(['0 east/bookinfo/workload/productpage-v1', '1 east/bookinfo/workload/reviews-v1'])
    expect(present(trace).spans[1]).toMatchObject({
      kind: 'server',
      grpcStatus: '14',
      httpStatus: '200',
      hasError: true,
      durationMs: 16,
      tags: { component: 'proxy', ip: '10.0.0.9', 'grpc.path': '/r.R/Get' },
    })
    expect(jaeger.traceUrl('abc')).toBe('https://jaeger.example/base/trace/abc')
  })

  it('believes the known pods rather than the name', async () => {
    const { traces, url } = await embedded()
    traces.add([simulated({ spanId: 'a', podName: 'agent-x2x9k' })])
    const pods = [{ cluster: 'east', namespace: 'bookinfo', name: 'agent-x2x9k', workload: 'agent' }]
    const trace = await client(url, pods).trace('1')
    expect(present(present(trace).spans[0]).nodeId).toBe('east/bookinfo/workload/agent')
  })

  it('answers null for a trace that is gone, without asking for what is no id', async () => {
    const { url } = await embedded()
    expect(await client(url).trace('abcd')).toBeNull()
    expect(await client(url).trace('../services')).toBeNull()
  })

  it('forgets the oldest traces beyond the capacity', async () => {
    const { traces, url } = await embedded()
    for (let i = 1; i <= 101; i += 1) traces.add(call(String(i), 1000, 'reviews-v1'))
    expect(traces.size).toBe(100)
    expect(await client(url).trace('1')).toBeNull()
    expect(await client(url).trace('101')).not.toBeNull()
  })

  it('works below a base path, and says so when the path is wrong', async () => {
    const { traces } = await embedded()
    traces.add(call('1', 1000, 'reviews-v1'))
    const handler = jaegerHandler({ traces, now: () => NOW })
    const url = await serveInTest((req, res) => {
      if (!req.url?.startsWith('/tracing/jaeger/')) return void res.writeHead(404).end('404 page not found')
      req.url = req.url.slice('/tracing/jaeger'.length)
      handler(req, res)
    })
    expect(await client(`${url}/tracing/jaeger/`).services()).toHaveLength(2)
    await expect(client(url).services()).rejects.toMatchObject({
      upstream: 'jaeger',
      kind: 'http',
      status: 404,
    })
    // a 404 that is not Jaeger's own must not pass for a trace that is gone
    await expect(client(url).trace('1')).rejects.toMatchObject({ kind: 'http', status: 404 })
  })

  it("passes on Jaeger's own refusals", async () => {
    const { url } = await embedded()
    await expect(client(url).search({ ...hour, service: '' })).rejects.toMatchObject({
      kind: 'query',
      status: 400,
      message: "Jaeger: parameter 'service' is required",
    })
  })

  it('refuses the web page that answers where Jaeger should', async () => {
    const url = await serveInTest((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html' })
      res.end('<!DOCTYPE html><title>Jaeger UI</title>')
    })
    await expect(client(url).services()).rejects.toMatchObject({ upstream: 'jaeger', kind: 'decode' })
  })

  it('comes back by itself after 503', async () => {
    const { traces } = await embedded()
    const handler = jaegerHandler({ traces, now: () => NOW })
    let count = 0
    const url = await serveInTest((req, res) => {
      count += 1
      if (count < 3) res.writeHead(503).end()
      else handler(req, res)
    })
    expect(await client(url).services()).toEqual([])
  })
})

describe('embedded Jaeger, plain HTTP', () => {
  const get = async (url: string) => {
    const response = await fetch(url)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it("answers 404 in Jaeger's envelope", async () => {
    const { url } = await embedded()
    expect(await get(`${url}/api/traces/abc`)).toEqual({
      status: 404,
      body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code: 404, msg: 'trace not found' }] },
    })
    expect((await fetch(`${url}/nowhere`)).status).toBe(404)
    expect((await fetch(`${url}/api/services`, { method: 'POST' })).status).toBe(405)
  })

  it('takes several trace ids and reports each missing one', async () => {
    const { traces, url } = await embedded()
    traces.add(call('1', 1000, 'reviews-v1'))
    const { status, body } = await get(`${url}/api/traces?traceID=1&traceID=ff`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      data: [{ traceID: '1'.padStart(32, '0') }],
      errors: [{ code: 404, traceID: 'ff' }],
    })
  })

  it('takes tag=key:value, lookback and durations with units', async () => {
    const { traces, url } = await embedded()
    traces.add(call('1', 7_200_000, 'reviews-v1'))
    traces.add(call('2', 60_000, 'reviews-v1', { durationMs: 1_300 }))
    traces.add(call('3', 60_000, 'reviews-v1'))
    const ids = async (query: string) => {
      const { body } = await get(`${url}/api/traces?service=reviews.bookinfo&${query}`)
      return (body.data as { traceID: string }[]).map((trace) => trace.traceID.slice(-1)).sort()
    }
    expect(await ids('')).toEqual(['1', '2', '3'])
    expect(await ids('lookback=1h')).toEqual(['2', '3'])
    expect(await ids('minDuration=1.2s')).toEqual(['2'])
    expect(await ids('maxDuration=100ms')).toEqual(['1', '3'])
    expect(await ids('tag=http.status_code:200&tag=istio.namespace:bookinfo')).toEqual(['1', '2', '3'])
    expect(await ids('tag=http.status_code:500')).toEqual([])
    expect(await ids('tag=ip:10.0.0.9')).toEqual(['1', '2', '3'])
  })

  it.each([
    ['', "parameter 'service' is required"],
    ['service=a&limit=x', `unable to parse param 'limit': strconv.ParseInt: parsing "x": invalid syntax`],
    ['service=a&minDuration=12', `unable to parse param 'minDuration': time: invalid duration "12"`],
    ['service=a&minDuration=2s&maxDuration=1s', "'maxDuration' should be greater than 'minDuration'"],
    ['service=a&tag=oops', "malformed 'tag' parameter, expecting key:value, received: oops"],
    ['service=a&tags=%7B', "malformed 'tags' parameter, cannot unmarshal JSON: {"],
    ['traceID=zz', 'cannot parse traceID: strconv.ParseUint: parsing "zz": invalid syntax'],
  ])('refuses %j', async (query, msg) => {
    const { url } = await embedded()
    expect(await get(`${url}/api/traces?${query}`)).toMatchObject({
      status: 400,
      body: { data: null, errors: [{ code: 400, msg }] },
    })
  })

  it('lists operations by kind and the calls between services', async () => {
    const { traces, url } = await embedded()
    traces.add(call('1', 7_200_000, 'reviews-v1'))
    traces.add(call('2', 1_000, 'reviews-v2'))
    expect((await get(`${url}/api/operations?service=reviews.bookinfo&spanKind=client`)).body.data).toEqual(
      [],
    )
    expect((await get(`${url}/api/operations?service=reviews.bookinfo`)).body.data).toEqual([
      { name: 'reviews.bookinfo.svc.cluster.local:9080/*', spanKind: 'server' },
    ])
    const calls = { parent: 'productpage.bookinfo', child: 'reviews.bookinfo' }
    expect((await get(`${url}/api/dependencies?endTs=${NOW}`)).body.data).toEqual([
      { ...calls, callCount: 2 },
    ])
    expect((await get(`${url}/api/dependencies?endTs=${NOW}&lookback=60000`)).body.data).toEqual([
      { ...calls, callCount: 1 },
    ])
  })
})
