import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createUpstreamTarget, readUpstream } from './read-upstream'
import type { ReadOutcome, UpstreamOptions, UpstreamTarget } from './read-upstream'

type Handler = (req: IncomingMessage, res: ServerResponse, count: number) => void

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A server on a free loopback port and a target for it; delays are recorded instead of waited. */
async function serve(handler: Handler, options: Partial<UpstreamOptions> = {}, basePath = '') {
  let count = 0
  const server = createServer((req, res) => handler(req, res, ++count))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  const delays: number[] = []
  const outcomes: ReadOutcome[] = []
  const target: UpstreamTarget = createUpstreamTarget({
    upstream: 'prometheus',
    url: `http://127.0.0.1:${port}${basePath}`,
    delay: (ms) => (delays.push(ms), Promise.resolve()),
    random: () => 1,
    onDone: (outcome) => outcomes.push(outcome),
    ...options,
  })
  closers.push(() => target.close())
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { target, delays, outcomes, port, requests: () => count }
}

const json = (res: ServerResponse, body: unknown, status = 200) => {
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(JSON.stringify(body))
}

describe('readUpstream', () => {
  it('keeps the base path and its query, sends headers, repeats list parameters', async () => {
    const seen: string[] = []
    const { target } = await serve(
      (req, res) => {
        seen.push(req.url ?? '', req.headers.authorization ?? '', String(req.headers['x-scope-orgid']))
        json(res, { ok: true })
      },
      { headers: { Authorization: 'Bearer secret', 'X-Scope-OrgID': 'team' } },
      '/prom/?tenant=a',
    )
    const answer = await readUpstream(target, {
      path: '/api/v1/series',
      params: { 'match[]': ['a', 'b'], x: undefined },
    })
    expect(answer.body).toEqual({ ok: true })
    expect(seen).toEqual([
      '/prom/api/v1/series?tenant=a&match%5B%5D=a&match%5B%5D=b',
      'Bearer secret',
      'team',
    ])
  })

  it('takes user and password of the address as basic authorization, never as part of the address', async () => {
    const { target, port } = await serve((req, res) => json(res, { is: req.headers.authorization }))
    const named = createUpstreamTarget({ upstream: 'jaeger', url: `http://ada:p%40ss@127.0.0.1:${port}` })
    closers.push(() => named.close())
    const answer = await readUpstream(named, { path: '/' })
    expect(answer.body).toEqual({ is: `Basic ${Buffer.from('ada:p@ss').toString('base64')}` })
    expect(named.base.href).not.toContain('ada')
    expect(target.base.href).toBe(`http://127.0.0.1:${port}/`)
  })

  it('posts parameters as a form', async () => {
    const { target } = await serve((req, res) => {
      let body = ''
      req.on('data', (chunk: Buffer) => (body += chunk.toString()))
      req.on('end', () =>
        json(res, { method: req.method, body, type: req.headers['content-type'], url: req.url }),
      )
    })
    const answer = await readUpstream(target, { path: '/q', method: 'POST', params: { query: 'a{b="c"}' } })
    expect(answer.body).toEqual({
      method: 'POST',
      body: 'query=a%7Bb%3D%22c%22%7D',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      url: '/q',
    })
  })

  it('unpacks gzip and bounds the size after unpacking', async () => {
    const { target } = await serve(
      (_req, res) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'GZip' })
        res.end(gzipSync(JSON.stringify('x'.repeat(50_000))))
      },
      { maxBytes: 60_000 },
    )
    expect((await readUpstream(target, { path: '/' })).sizeBytes).toBe(50_002)
    const small = createUpstreamTarget({ ...target.options, maxBytes: 10_240 })
    closers.push(() => small.close())
    await expect(readUpstream(small, { path: '/' })).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('more than 10 KiB'),
    })
  })

  it('hands a scanner the text in pieces, whole characters only, and reads as JSON what it leaves', async () => {
    const body = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => `é🚀${index}`))
    const { target } = await serve((_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip' })
      res.end(gzipSync(body))
    })
    const pieces: string[] = []
    const read = (said: unknown) =>
      readUpstream(target, {
        path: '/',
        scan: () => ({ push: (text) => pieces.push(text), end: () => said }),
      })
    expect((await read('scanned')).body).toBe('scanned')
    expect(pieces.join('')).toBe(body)
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(1)
    expect((await read(undefined)).body).toEqual(JSON.parse(body))
  })

  it('gives every try a scanner of its own, and none what a failing status says', async () => {
    const { target } = await serve((_req, res, count) => json(res, { count }, count < 2 ? 503 : 200))
    const texts: string[] = []
    const answer = await readUpstream(target, {
      path: '/',
      scan: () => {
        const index = texts.push('') - 1
        return { push: (text) => (texts[index] += text), end: () => texts[index] }
      },
    })
    expect(answer.body).toBe('{"count":2}')
    expect(texts).toEqual(['{"count":2}'])
  })

  it('says that the connection broke when packed bytes end early', async () => {
    const { target } = await serve(
      (_req, res) => {
        res.writeHead(200, { 'content-encoding': 'gzip' })
        res.end(gzipSync(JSON.stringify('x'.repeat(50_000))).subarray(0, 40))
      },
      { attempts: 1 },
    )
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      kind: 'network',
      retryable: true,
    })
  })

  it.each([429, 500, 502, 503])('tries again after %i, with growing delays', async (status) => {
    const { target, delays, outcomes } = await serve((_req, res, count) =>
      count < 3 ? json(res, {}, status) : json(res, { count }),
    )
    expect((await readUpstream(target, { path: '/' })).body).toEqual({ count: 3 })
    expect(delays).toEqual([250, 500])
    expect(outcomes).toMatchObject([{ outcome: 'ok', attempts: 3 }])
  })

  it('waits as long as Retry-After says, but no longer than ten seconds', async () => {
    const { target, delays } = await serve((_req, res, count) => {
      if (count === 3) return json(res, {})
      res.writeHead(503, { 'retry-after': count === 1 ? '2' : '3600' })
      res.end()
    })
    await readUpstream(target, { path: '/' })
    expect(delays).toEqual([2_000, 10_000])
  })

  it('gives up after the allowed tries', async () => {
    const { target, requests, outcomes } = await serve((_req, res) => json(res, {}, 500), { attempts: 2 })
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      name: 'UpstreamError',
      upstream: 'prometheus',
      kind: 'http',
      status: 500,
      retryable: true,
    })
    expect(requests()).toBe(2)
    expect(outcomes).toMatchObject([{ outcome: 'http', attempts: 2 }])
  })

  it.each([400, 401, 403, 404, 422])('does not try again after %i', async (status) => {
    const { target, requests } = await serve((_req, res) => json(res, { error: 'bad' }, status))
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      kind: 'http',
      status,
      retryable: false,
    })
    expect(requests()).toBe(1)
  })

  it.each([
    [500, 'answered with status 500; its own log says why'],
    [503, 'answered with status 503: it, or a proxy in front of it, is not ready'],
  ])('says of %i where to look', async (status, words) => {
    const { target } = await serve((_req, res) => json(res, {}, status), { attempts: 1 })
    await expect(readUpstream(target, { path: '/' })).rejects.toThrow(words)
  })

  it('lets the client explain a refused question', async () => {
    const { target } = await serve((_req, res) => json(res, { error: 'parse error at char 3' }, 400))
    const explain = (_status: number, body: unknown) => ({
      kind: 'query' as const,
      message: (body as { error: string }).error,
    })
    await expect(readUpstream(target, { path: '/', explain })).rejects.toMatchObject({
      kind: 'query',
      message: 'parse error at char 3',
    })
  })

  it('refuses a web page and says so, without trying again', async () => {
    const { target, requests } = await serve((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      res.end('<!doctype html><title>Sign in</title>')
    })
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('web page'),
    })
    expect(requests()).toBe(1)
  })

  it('does not follow redirects, and names where they lead without the query', async () => {
    const { target, requests } = await serve((_req, res) => {
      res.writeHead(302, { location: 'https://login.example/start?token=abc' })
      res.end()
    })
    const failure = await readUpstream(target, { path: '/' }).catch((error: unknown) => error as Error)
    expect(failure).toMatchObject({ kind: 'http', status: 302 })
    expect((failure as Error).message).toContain('https://login.example/start;')
    expect(requests()).toBe(1)
  })

  it('calls cut JSON a decode error', async () => {
    const { target } = await serve((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end('{"status":"success","data":{"resul')
    })
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      kind: 'decode',
      retryable: false,
    })
  })

  it('calls a connection cut in the middle a network error and tries again', async () => {
    const { target } = await serve((_req, res, count) => {
      if (count === 2) return json(res, { count })
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      res.write('{"data":', () => res.destroy())
    })
    expect((await readUpstream(target, { path: '/' })).body).toEqual({ count: 2 })
  })

  it('says when nothing listens', async () => {
    const { port } = await serve((_req, res) => json(res, {}))
    for (const close of closers.splice(0).reverse()) await close()
    const target = createUpstreamTarget({
      upstream: 'jaeger',
      url: `http://127.0.0.1:${port}`,
      delay: () => Promise.resolve(),
    })
    closers.push(() => target.close())
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      upstream: 'jaeger',
      kind: 'network',
      retryable: true,
      message: expect.stringContaining('nothing listens'),
    })
  })

  it('does not speak of certificates where there is no TLS', async () => {
    const { port } = await serve((_req, res) => json(res, {}))
    const target = createUpstreamTarget({
      upstream: 'prometheus',
      url: `https://127.0.0.1:${port}`,
      attempts: 1,
    })
    closers.push(() => target.close())
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      kind: 'network',
      message: expect.stringContaining('does not speak TLS'),
    })
  })

  it('ends a silent upstream after the timeout, once', async () => {
    const { target, requests } = await serve(() => {}, { timeoutMs: 30 })
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({
      kind: 'timeout',
      retryable: true,
    })
    expect(requests()).toBe(1)
  })

  it('counts a body that never ends as a timeout', async () => {
    const { target } = await serve((_req, res) => void res.write('{'), { timeoutMs: 30 })
    await expect(readUpstream(target, { path: '/' })).rejects.toMatchObject({ kind: 'timeout' })
  })

  it("rejects with the caller's reason when the caller gives up, and frees the place", async () => {
    const caller = new AbortController()
    const { target, outcomes } = await serve(() => caller.abort(new Error('left the page')))
    await expect(readUpstream(target, { path: '/', signal: caller.signal })).rejects.toThrow('left the page')
    expect(outcomes).toMatchObject([{ outcome: 'aborted' }])
    expect(target.limiter.running).toBe(0)
  })

  it('keeps no more questions under way than allowed', async () => {
    let most = 0
    const open: ServerResponse[] = []
    const { target } = await serve(
      (_req, res) => {
        open.push(res)
        most = Math.max(most, open.length)
        // answer once both places are taken, so that an unlimited client would be seen
        if (open.length === 2) for (const held of open.splice(0)) json(held, {})
      },
      { concurrency: 2 },
    )
    await Promise.all(Array.from({ length: 6 }, () => readUpstream(target, { path: '/' })))
    expect(most).toBe(2)
    expect(target.limiter).toMatchObject({ running: 0, waiting: 0 })
  })

  it('refuses addresses that are not http', () => {
    expect(() => createUpstreamTarget({ upstream: 'jaeger', url: 'file:///etc/passwd' })).toThrow(TypeError)
    expect(() => createUpstreamTarget({ upstream: 'jaeger', url: 'prometheus:9090' })).toThrow(TypeError)
  })
})
