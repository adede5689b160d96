import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGzip, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { present } from '@/tests/support/present'
import { createKubernetesClient } from './client'
import type { KubernetesClient, KubernetesClientOptions } from './client'
import { followPodLogs, getObject, listEvents, readPodLogs } from './read'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(
  handler: RequestListener,
  options: Partial<KubernetesClientOptions> = {},
  basePath = '',
): Promise<{ client: KubernetesClient; delays: number[] }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const delays: number[] = []
  const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}" } }]
users: [{ name: u, user: { token: secret } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`
  const client = createKubernetesClient({
    kubeconfig,
    delay: (ms) => (delays.push(ms), Promise.resolve()),
    random: () => 1,
    ...options,
  })
  return { client, delays }
}

const refuse = (code: number, message: string) =>
  JSON.stringify({ kind: 'Status', status: 'Failure', code, message })

describe('createKubernetesClient: read', () => {
  it('keeps the base path of the server, sends credentials and the query', async () => {
    const seen: unknown[] = []
    const { client } = await serve(
      (req, res) => {
        seen.push(req.url, req.headers.authorization)
        res.end('{"ok":true}')
      },
      {},
      '/k8s/clusters/c-1/',
    )
    const body = await client.read('/api/v1/pods', {
      query: { limit: 5, continue: undefined, fieldSelector: 'a=b' },
    })
    expect(body).toEqual({ ok: true })
    expect(seen).toEqual(['/k8s/clusters/c-1/api/v1/pods?limit=5&fieldSelector=a%3Db', 'Bearer secret'])
  })

  it('unpacks gzip, and bounds the size after unpacking', async () => {
    const { client } = await serve(
      (_req, res) => {
        res.writeHead(200, { 'content-encoding': 'gzip' })
        res.end(gzipSync(JSON.stringify('x'.repeat(30_000))))
      },
      { maxBytes: 20_480 },
    )
    await expect(client.read('/')).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('20 KiB'),
    })
    const { client: large } = await serve((_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip' })
      res.end(gzipSync(JSON.stringify('x'.repeat(30_000))))
    })
    expect(await large.read('/')).toHaveLength(30_000)
  })

  it.each([
    [403, 'http', false],
    [404, 'http', false],
    [409, 'http', false],
    [422, 'query', false],
    [429, 'http', true],
    [500, 'http', true],
  ] as const)("gives the API server's own sentence with status %i", async (code, kind, retryable) => {
    const { client } = await serve((_req, res) => res.writeHead(code).end(refuse(code, 'pods is no')))
    await expect(client.read('/api/v1/pods')).rejects.toMatchObject({
      upstream: 'kubernetes',
      kind,
      status: code,
      retryable,
      message: 'pods is no',
    })
  })

  it.each([
    [503, 'upstream connect error', /^http:.+\/version answered with status 503: it, or a proxy/],
    [401, refuse(401, 'Unauthorized'), /^http:.+\/version does not accept our credentials/],
  ] as const)('says of a bare %i who answered and where to look', async (code, text, words) => {
    const { client } = await serve((_req, res) => res.writeHead(code).end(text))
    await expect(client.read('/version')).rejects.toThrow(words)
  })

  it('tries again as often as allowed, and no refusal twice', async () => {
    let count = 0
    const { client, delays } = await serve((_req, res) => {
      count += 1
      if (count < 3) res.writeHead(503).end()
      else res.end('{}')
    })
    expect(await client.read('/', { attempts: 3 })).toEqual({})
    expect(delays).toEqual([250, 500])
    count = 0
    await expect(client.read('/', { attempts: 2 })).rejects.toMatchObject({ status: 503 })
  })

  it('calls a web page and cut JSON decode errors', async () => {
    const { client } = await serve((req, res) => res.end(req.url === '/page' ? '<html>' : '{"items": ['))
    await expect(client.read('/page')).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('web page'),
    })
    await expect(client.read('/cut')).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('JSON'),
    })
  })

  it('ends a silent server after the timeout', async () => {
    const { client } = await serve(() => {}, { timeoutMs: 30 })
    await expect(client.read('/')).rejects.toMatchObject({ kind: 'timeout' })
  })

  it('says when nothing listens', async () => {
    const { client } = await serve(() => {})
    for (const close of closers.splice(0)) await close()
    await expect(client.read('/')).rejects.toMatchObject({
      kind: 'network',
      message: `nothing listens at ${client.server} (connection refused)`,
    })
  })

  it("throws the caller's reason when the caller gives up", async () => {
    const caller = new AbortController()
    const { client } = await serve(() => caller.abort(new Error('left')))
    await expect(client.read('/', { signal: caller.signal })).rejects.toThrow('left')
  })
})

describe('createKubernetesClient: stream', () => {
  const never = new AbortController().signal

  it('hands out whole lines whatever the chunks, until the regular end', async () => {
    const { client } = await serve((_req, res) => {
      res.write('{"a":')
      res.write('1}\n\n{"b":2}\n{"c"')
      res.end(':3}')
    })
    const lines: string[] = []
    await client.stream('/', { signal: never, maxMs: 60_000, onLine: (line) => lines.push(line) })
    expect(lines).toEqual(['{"a":1}', '{"b":2}', '{"c":3}'])
  })

  it('tells a broken connection from the regular end', async () => {
    const { client } = await serve((_req, res) => res.write('{"a":1}\n', () => res.destroy()))
    await expect(
      client.stream('/', { signal: never, maxMs: 60_000, onLine: () => {} }),
    ).rejects.toMatchObject({
      kind: 'network',
    })
  })

  it('ends an answer that outlives what the server promised', async () => {
    const { client } = await serve((_req, res) => void res.write('{"a":1}\n'))
    await expect(client.stream('/', { signal: never, maxMs: 20, onLine: () => {} })).rejects.toMatchObject({
      kind: 'network',
    })
  })

  it('is not cut by the timeout while it is silent', async () => {
    let finish = () => {}
    const { client } = await serve((_req, res) => {
      res.write('first\n')
      finish = () => res.end('last\n')
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const lines: string[] = []
      let done: Promise<void> | undefined
      await new Promise<void>((onOpen) => {
        done = client.stream('/', {
          signal: never,
          maxMs: 600_000,
          onOpen,
          onLine: (line) => lines.push(line),
        })
      })
      await vi.advanceTimersByTimeAsync(300_000)
      finish()
      await done
      expect(lines).toEqual(['first', 'last'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives the refusal of the server, and what the listener throws', async () => {
    const { client } = await serve((req, res) => {
      if (req.url === '/no') res.writeHead(403).end(refuse(403, 'may not watch'))
      else res.end('line\n')
    })
    await expect(
      client.stream('/no', { signal: never, maxMs: 1_000, onLine: () => {} }),
    ).rejects.toMatchObject({
      status: 403,
      message: 'may not watch',
    })
    const onLine = () => {
      throw new Error('cannot use this')
    }
    await expect(client.stream('/yes', { signal: never, maxMs: 1_000, onLine })).rejects.toThrow(
      'cannot use this',
    )
  })

  it("ends with the caller's reason", async () => {
    const caller = new AbortController()
    const { client } = await serve((_req, res) => void res.write('line\n'))
    const onLine = () => caller.abort(new Error('enough'))
    await expect(client.stream('/', { signal: caller.signal, maxMs: 1_000, onLine })).rejects.toThrow(
      'enough',
    )
  })
})

describe('single reads', () => {
  it('reads an object with every field, or null', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'X',
      metadata: { name: 'a', managedFields: [1] },
      spec: { deep: {} },
    }
    const { client } = await serve((req, res) => {
      if (req.url === '/apis/g.io/v1/namespaces/n/things/a') res.end(JSON.stringify(object))
      else res.writeHead(404).end(refuse(404, `no ${req.url}`))
    })
    const at = { group: 'g.io', version: 'v1', plural: 'things', namespace: 'n', name: 'a' }
    expect(await getObject(client, at)).toEqual(object)
    expect(await getObject(client, { ...at, name: '../b' })).toBeNull()
  })

  it('reads events newest first, of one object when asked', async () => {
    const urls: string[] = []
    const event = (name: string, lastTimestamp: string) => ({
      metadata: { name, namespace: 'n' },
      involvedObject: { kind: 'Pod', name: 'p' },
      lastTimestamp,
    })
    const items = [
      event('old', '2024-01-01T00:00:00Z'),
      event('new', '2024-01-02T00:00:00Z'),
      { broken: true },
    ]
    const { client } = await serve((req, res) => {
      urls.push(req.url ?? '')
      res.end(JSON.stringify({ metadata: {}, items }))
    })
    const events = await listEvents(client, {
      cluster: 'c',
      namespace: 'n',
      object: { kind: 'Pod', name: 'p' },
    })
    expect(events.map((one) => one.name)).toEqual(['new', 'old'])
    expect(decodeURIComponent(present(urls[0]))).toBe(
      '/api/v1/namespaces/n/events?limit=500&fieldSelector=involvedObject.kind=Pod,involvedObject.name=p',
    )
  })

  it.each([false, true])('stops reading a log that the server does not cut; packed: %s', async (isPacked) => {
    let sent = 0
    const { client } = await serve((_, res) => {
      const line = `2024-01-01T00:00:00Z ${'x'.repeat(1_000)}\n`.repeat(100)
      const packed = isPacked ? createGzip({ level: 0 }) : null
      if (packed) res.setHeader('content-encoding', 'gzip')
      packed?.pipe(res)
      const to = packed ?? res
      const more = () => {
        if (res.destroyed || sent > 64 * 1024 * 1024) return to.end()
        sent += line.length
        to.write(line, () => setImmediate(more))
      }
      more()
    })
    const lines = await readPodLogs(client, { namespace: 'n', pod: 'p', limitBytes: 300_000 })
    expect(lines.length).toBeGreaterThan(250)
    expect(lines.join('\n').length).toBeLessThanOrEqual(300_000)
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })

  it('reads and follows logs', async () => {
    const urls: string[] = []
    const { client } = await serve((req, res) => {
      urls.push(req.url ?? '')
      res.end('2024-01-01T00:00:00Z one\n2024-01-01T00:00:01Z two\n')
    })
    const at = { namespace: 'n', pod: 'p', container: 'app', tailLines: 10 }
    expect(await readPodLogs(client, at)).toEqual(['2024-01-01T00:00:00Z one', '2024-01-01T00:00:01Z two'])
    const lines: string[] = []
    await followPodLogs(client, {
      ...at,
      signal: new AbortController().signal,
      onLine: (line) => lines.push(line),
    })
    expect(lines).toHaveLength(2)
    expect(urls).toEqual([
      '/api/v1/namespaces/n/pods/p/log?container=app&tailLines=10&limitBytes=5242880&timestamps=true',
      '/api/v1/namespaces/n/pods/p/log?container=app&tailLines=10&limitBytes=5242880&timestamps=true&follow=true',
    ])
  })
})
