import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expositionHandler } from '@/lib/demo/prometheus/exposition'
import { prometheusHandler } from '@/lib/demo/prometheus/handler'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'

const NOW = 1_700_000_000_000

describe('prometheusHandler', () => {
  let server: Server
  let url: string

  beforeAll(async () => {
    const store = createMetricStore({ help: { requests_total: 'Requests.' } })
    for (let app = 0; app < 100; app++) store.counter('requests_total', { app: `app-${app}` }).add(app)
    store.gauge('odd', { text: 'ä"\\\n' }).set(1e-7)
    store.scrape(NOW - 60_000)
    store.scrape(NOW)
    const api = prometheusHandler({
      store,
      now: () => NOW,
      scrapeIntervalSeconds: 5,
      retentionSeconds: 3600,
      scrapeUrl: 'http://127.0.0.1:9999/metrics',
    })
    const text = expositionHandler({ store })
    server = createServer((req, res) => (req.url === '/metrics' ? text(req, res) : api(req, res)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })

  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init)
    return {
      status: response.status,
      body: (await response.json()) as { data: unknown } & Record<string, unknown>,
    }
  }

  it('answers an instant query at the time of the mesh', async () => {
    expect(await get('/api/v1/query?query=odd')).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: {
          resultType: 'vector',
          result: [{ metric: { __name__: 'odd', text: 'ä"\\\n' }, value: [NOW / 1000, '1e-07'] }],
        },
      },
    })
  })

  it.each([
    ['1', { resultType: 'scalar', result: [NOW / 1000, '1'] }],
    ['"a"', { resultType: 'string', result: [NOW / 1000, 'a'] }],
    ['nothing', { resultType: 'vector', result: [] }],
    ['nothing[5m]', { resultType: 'matrix', result: [] }],
  ])('answers %s in its own shape', async (query, data) => {
    expect((await get(`/api/v1/query?query=${encodeURIComponent(query)}`)).body.data).toEqual(data)
  })

  it('takes a form as well as an address', async () => {
    const params = {
      query: 'sum(requests_total)',
      start: String(NOW / 1000 - 60),
      end: String(NOW / 1000),
      step: '1m',
    }
    const data = {
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [NOW / 1000 - 60, '4950'],
            [NOW / 1000, '4950'],
          ],
        },
      ],
    }
    const posted = await get('/api/v1/query_range', { method: 'POST', body: new URLSearchParams(params) })
    expect(posted.body.data).toEqual(data)
    expect((await get(`/api/v1/query_range?${new URLSearchParams(params)}`)).body.data).toEqual(data)
  })

  it('looks back as far as it is told', async () => {
    const at = NOW / 1000 + 100
    const found = async (more: string) =>
      ((await get(`/api/v1/query?query=odd&time=${at}${more}`)).body.data as { result: unknown[] }).result
        .length
    expect([await found(''), await found('&lookback_delta=99s'), await found('&lookback_delta=100')]).toEqual(
      [1, 0, 1],
    )
  })

  it.each([
    ['/api/v1/query?query=sum(', 400, 'bad_data', 'invalid parameter "query": 1:5: parse error'],
    ['/api/v1/query?query=odd&time=x', 400, 'bad_data', 'invalid parameter "time": cannot parse "x"'],
    ['/api/v1/query?query=odd&timeout=x', 400, 'bad_data', 'invalid parameter "timeout"'],
    ['/api/v1/query_range?query=odd&start=0&end=20000&step=1', 400, 'bad_data', '11,000 points'],
    [
      '/api/v1/query_range?query=odd&start=1&end=0&step=1',
      400,
      'bad_data',
      'end timestamp must not be before',
    ],
    ['/api/v1/query?query=requests_total*on()odd', 422, 'execution', 'many-to-one'],
    ['/api/v1/query?query=odd&timeout=0', 503, 'timeout', 'timed out'],
    ['/api/v1/series', 400, 'bad_data', 'no match[] parameter provided'],
    ['/api/v1/series?match[]=sum(a)', 400, 'bad_data', 'invalid parameter "match[]"'],
    ['/api/v1/label/a-b/values', 400, 'bad_data', 'invalid label name'],
    ['/api/v1/label/%ff/values', 400, 'bad_data', 'bad escape'],
  ])("refuses %s in Prometheus's shape", async (path, status, errorType, text) => {
    const answer = await get(path)
    expect(answer).toMatchObject({ status, body: { status: 'error', errorType } })
    expect(answer.body.error).toContain(text)
  })

  it.each([
    ['/api/v1/labels', ['__name__', 'app', 'text']],
    ['/api/v1/labels?match[]=odd', ['__name__', 'text']],
    ['/api/v1/labels?match[]=odd&end=1', []],
    ['/api/v1/label/__name__/values', ['odd', 'requests_total']],
    ['/api/v1/label/app/values?match[]={app=~"app-1."}&match[]={app="app-5"}', 11],
    ['/api/v1/series?match[]=requests_total{app="app-7"}', [{ __name__: 'requests_total', app: 'app-7' }]],
    [
      '/api/v1/metadata?metric=requests_total',
      { requests_total: [{ type: 'counter', help: 'Requests.', unit: '' }] },
    ],
    ['/api/v1/alerts', { alerts: [] }],
    ['/api/v1/rules', { groups: [] }],
  ])('%s', async (path, wanted) => {
    const { body } = await get(path)
    if (typeof wanted === 'number') expect(body.data).toHaveLength(wanted)
    else expect(body.data).toEqual(wanted)
  })

  it.each([
    ['buildinfo', { version: '2.42.0' }],
    ['config', { yaml: expect.stringContaining('scrape_interval: 5s') }],
    ['runtimeinfo', { storageRetention: '1h' }],
    ['flags', { 'query.lookback-delta': '5m' }],
    [
      'tsdb',
      {
        seriesCountByMetricName: [
          { name: 'requests_total', value: 100 },
          { name: 'odd', value: 1 },
        ],
      },
    ],
  ])('tells its status: %s', async (path, wanted) => {
    expect((await get(`/api/v1/status/${path}`)).body.data).toMatchObject(wanted)
  })

  it('has one target, as old as the last scrape', async () => {
    const { body } = await get('/api/v1/targets')
    expect(body.data).toMatchObject({
      activeTargets: [
        { health: 'up', scrapeUrl: 'http://127.0.0.1:9999/metrics', lastScrape: new Date(NOW).toISOString() },
      ],
    })
  })

  it('is ready, knows no other paths and no other methods', async () => {
    const status = async (path: string, method = 'GET') => (await fetch(url + path, { method })).status
    expect(await status('/-/ready')).toBe(200)
    expect(await status('/-/healthy')).toBe(200)
    expect(await status('/api/v1/nope')).toBe(404)
    expect(await status('/api/v1/constructor')).toBe(404)
    expect(await status('/api/v1/query', 'PUT')).toBe(405)
    expect(await status('/api/v1/metadata', 'POST')).toBe(405)
  })

  it('compresses large answers when asked to, and says so', async () => {
    const ask = async (accepted: string, query: string) => {
      const response = await fetch(`${url}/api/v1/query?query=${query}`, {
        headers: { 'accept-encoding': accepted },
      })
      return response.headers.get('content-encoding')
    }
    expect(await ask('gzip', 'requests_total')).toBe('gzip')
    expect(await ask('identity', 'requests_total')).toBeNull()
    expect(await ask('gzip;q=0', 'requests_total')).toBeNull()
    expect(await ask('gzip', 'odd')).toBeNull()
  })

  it('serves the same text compressed and plain', async () => {
    const plain = await fetch(`${url}/metrics`, { headers: { 'accept-encoding': 'identity' } })
    const text = await plain.text()
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toContain(`requests_total{app="app-99"} 99 ${NOW}\n`)
    const { request } = await import('node:http')
    const zipped = await new Promise<Buffer>((resolve, reject) => {
      request(`${url}/metrics`, { headers: { 'accept-encoding': 'gzip' } }, (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => resolve(Buffer.concat(chunks)))
      })
        .on('error', reject)
        .end()
    })
    expect(gunzipSync(zipped).toString()).toBe(text)
  })
})
