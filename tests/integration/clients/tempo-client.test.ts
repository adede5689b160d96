/** The Tempo client where Tempo is older, elsewhere, or not there at all; over HTTP on loopback. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTraceStore } from '@/lib/demo/jaeger/trace-store'
import type { SimulatedSpan } from '@/lib/demo/model'
import { tempoHandler } from '@/lib/demo/tempo/handler'
import { createTempoClient, type TempoClientOptions } from '@/lib/tempo/client'
import { present } from '@/tests/support/present'
import { serveInTest } from '@/tests/support/serve-in-test'

const NOW = 1_700_000_000_000
const ID = '0000000000000000000000000000abcd'
const hour = { startMs: NOW - 3_600_000, endMs: NOW, limit: 20 }

/** A store with one failed call from productpage to reviews, as the address of its API. */
async function tempo(before: (req: IncomingMessage, res: ServerResponse) => boolean = () => false) {
  const traces = createTraceStore({ capacity: 10 })
  const span: SimulatedSpan = {
    traceId: ID,
    spanId: '000000000000000a',
    parentSpanId: null,
    startMs: NOW - 60_000,
    durationMs: 20,
    side: 'client',
    cluster: 'east',
    namespace: 'bookinfo',
    workload: 'productpage-v1',
    app: 'productpage',
    version: 'v1',
    podName: 'productpage-v1-5d8f9b6c47-2bcdf',
    podIp: '10.0.0.7',
    upstreamCluster: 'outbound|9080||reviews.bookinfo.svc.cluster.local',
    host: 'reviews:9080',
    method: 'GET',
    path: '/reviews/0',
    protocol: 'http',
    responseCode: '503',
    grpcStatus: null,
    flags: 'UF',
    peerAddress: '10.0.0.1:41234',
  }
  const server = { ...span, spanId: '000000000000000b', parentSpanId: span.spanId, side: 'server' as const }
  traces.add([
    span,
    { ...server, workload: 'reviews-v1', app: 'reviews', podName: 'reviews-v1-6b4c9d7f88-x2x9k' },
  ])
  const asked: string[] = []
  const handler = tempoHandler({ traces, now: () => NOW })
  const url = await serveInTest((req, res) => {
    asked.push((req.url ?? '').split('?', 1)[0] ?? '')
    if (!before(req, res)) handler(req, res)
  })
  return { url, asked }
}

function client(url: string, options: Partial<TempoClientOptions> = {}) {
  const made = createTempoClient({ url, delay: () => Promise.resolve(), ...options })
  onTestFinished(() => made.close())
  return made
}

const unknownPath = (res: ServerResponse) => {
  res.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n')
  return true
}

describe('Tempo client', () => {
  it('lists services and operations, finds by any of several names, and reads the trace', async () => {
    const { url } = await tempo()
    const store = client(url, { traceUrl: 'https://grafana.example/explore?trace={traceId}' })
    expect(await store.services()).toEqual(['productpage.bookinfo', 'reviews.bookinfo'])
    expect(await store.operations(['reviews.bookinfo', 'reviews'])).toEqual([
      'reviews.bookinfo.svc.cluster.local:9080/*',
    ])
    const { traces } = await store.search(['reviews.bookinfo', 'reviews'], {
      ...hour,
      tags: {
        'http.status_code': '503',
        error: 'true',
        'guid:x-request-id': '00000000-0000-4000-9000-00000000abcd',
      },
    })
    expect(traces).toHaveLength(1)
    expect(traces[0]).toMatchObject({
      id: ID,
      whole: { rootService: 'productpage.bookinfo', spans: 2, hasError: true },
      spans: [{ id: '000000000000000b', nodeId: 'east/bookinfo/workload/reviews-v1', kind: 'server' }],
    })
    expect((await store.search(['reviews.bookinfo'], { ...hour, minDurationMs: 21 })).traces).toEqual([])
    const trace = present(await store.trace('abcd'))
    expect(trace.spans.map((one) => [one.id, one.parentId, one.hasError, one.responseFlags])).toEqual([
      ['000000000000000a', null, true, 'UF'],
      ['000000000000000b', '000000000000000a', true, 'UF'],
    ])
    expect(store.traceUrl('abcd')).toBe('https://grafana.example/explore?trace=abcd')
  })

  it('sends credentials and tenant with every question', async () => {
    const seen: IncomingMessage['headers'][] = []
    const { url } = await tempo((req) => {
      seen.push(req.headers)
      return false
    })
    const store = client(url.replace('//', '//me:secret@'), { headers: { 'X-Scope-OrgID': 'team-a' } })
    await store.services()
    await store.trace('abcd')
    const wanted = { authorization: `Basic ${btoa('me:secret')}`, 'x-scope-orgid': 'team-a' }
    expect(seen).toHaveLength(2)
    for (const headers of seen) expect(headers).toMatchObject(wanted)
  })

  it('asks an older Tempo in the older way, and remembers', async () => {
    const { url, asked } = await tempo((req, res) => /\/v2\//.test(req.url ?? '') && unknownPath(res))
    const store = client(url)
    for (let round = 0; round < 2; round += 1) {
      expect(await store.services()).toHaveLength(2)
      expect((await store.trace('abcd'))?.spans).toHaveLength(2)
    }
    expect(asked.filter((path) => path.includes('/v2/'))).toHaveLength(2)
  })

  it('answers null for a trace that is gone, without asking for what is no id', async () => {
    const { url, asked } = await tempo()
    expect(await client(url).trace('ffff')).toBeNull()
    expect(asked).toHaveLength(1)
    expect(await client(url).trace('../search')).toBeNull()
    expect(asked).toHaveLength(1)
  })

  it('says that the address is wrong rather than that a trace is gone', async () => {
    const { url } = await tempo((_req, res) => unknownPath(res))
    await expect(client(url).trace('abcd')).rejects.toMatchObject({
      upstream: 'tempo',
      kind: 'http',
      status: 404,
    })
    await expect(client(url).services()).rejects.toMatchObject({
      upstream: 'tempo',
      kind: 'http',
      status: 404,
    })
  })

  it('passes on what Tempo refuses, and what its gateway does', async () => {
    const { url } = await tempo((req, res) => {
      if (!req.url?.startsWith('/api/search?')) return false
      res
        .writeHead(400, { 'content-type': 'text/plain' })
        .end('range specified by start and end exceeds 168h0m0s\n')
      return true
    })
    await expect(client(url).search(['a'], hour)).rejects.toMatchObject({
      kind: 'query',
      status: 400,
      message: 'Tempo: range specified by start and end exceeds 168h0m0s',
    })
    const locked = await tempo((_req, res) => {
      res.writeHead(401).end('no org id\n')
      return true
    })
    await expect(client(locked.url).services()).rejects.toMatchObject({ kind: 'http', status: 401 })
  })

  it('refuses the web page that answers where Tempo should', async () => {
    const { url } = await tempo((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Grafana</title>')
      return true
    })
    await expect(client(url).services()).rejects.toMatchObject({ upstream: 'tempo', kind: 'decode' })
  })
})
