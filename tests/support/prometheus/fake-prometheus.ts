/** A Prometheus API that answers a few rows, or breaks in the ways real ones do. */
import type { ServerResponse } from 'node:http'
import { serveLoopback } from '../loopback'
import { REQUEST_LABELS } from './request-labels'

export type Breakage = 'down' | 'slow' | 'error' | 'html' | 'truncated' | 'throttled' | 'refused'

export interface FakePrometheus {
  url: string
  /** null: answers as it should */
  breakage: Breakage | null
  /** requests per second of the one edge it knows */
  requestsPerSecond: number
  /** queries it was asked, newest last */
  readonly queries: string[]
  stop(): Promise<void>
}

export async function startFakePrometheus(): Promise<FakePrometheus> {
  const fake = { url: '', breakage: null as Breakage | null, requestsPerSecond: 10, queries: [] as string[] }
  const server = await serveLoopback((req, res) => {
    const url = new URL(req.url ?? '/', 'http://fake')
    const query = url.searchParams.get('query')
    if (query !== null) fake.queries.push(query)
    const body = JSON.stringify(answerTo(url, fake.requestsPerSecond))
    respond(res, body, fake.breakage)
  })
  fake.url = server.url
  return Object.assign(fake, { stop: server.close })
}

function respond(res: ServerResponse, body: string, breakage: Breakage | null): void {
  const json = { 'content-type': 'application/json' }
  switch (breakage) {
    case null:
      res.writeHead(200, json).end(body)
      return
    case 'down':
      res.destroy()
      return
    case 'slow':
      // never answers: the client's deadline ends it
      return
    case 'error':
      res.writeHead(500, json).end('{"status":"error","errorType":"internal","error":"disk is gone"}')
      return
    case 'html':
      res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Please sign in')
      return
    case 'truncated':
      res.writeHead(200, json).end(body.slice(0, body.length / 2))
      return
    case 'throttled':
      res.writeHead(429, { 'retry-after': '0' }).end('slow down')
      return
    case 'refused':
      res.writeHead(422, json).end('{"status":"error","errorType":"execution","error":"too many samples"}')
      return
  }
}

function answerTo(url: URL, requestsPerSecond: number): unknown {
  const query = url.searchParams.get('query') ?? ''
  if (url.pathname.endsWith('/buildinfo'))
    return success({ version: '2.99.0', revision: 'x', goVersion: 'x' })
  if (url.pathname.endsWith('/config')) return success({ yaml: 'global:\n  scrape_interval: 15s\n' })
  if (url.pathname.endsWith('/runtimeinfo')) return success({ storageRetention: '15d' })
  if (url.pathname.endsWith('/values')) return success([])
  const at = Number(url.searchParams.get('time'))
  const row = (labels: Record<string, string>, value: number) => ({
    metric: { ...REQUEST_LABELS, ...labels },
    value: [at, String(value)],
  })
  if (query.startsWith('max(timestamp(')) {
    return success({ resultType: 'vector', result: [{ metric: {}, value: [at, String(at)] }] })
  }
  const rows = /^sum by .*istio_requests_total/.test(query)
    ? [row({ response_code: '200', response_flags: '-' }, requestsPerSecond)]
    : query.includes('duration_milliseconds_bucket')
      ? [row({ le: '50' }, 0), row({ le: '100' }, requestsPerSecond), row({ le: '+Inf' }, requestsPerSecond)]
      : []
  return success({ resultType: 'vector', result: rows })
}

function success(data: unknown): unknown {
  return { status: 'success', data }
}
