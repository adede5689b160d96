/** Tempo's HTTP API over the traces of the embedded mesh. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFailed, operationOf, serviceOf } from '../jaeger/span-json'
import type { StoredTrace, TraceStore } from '../jaeger/trace-store'
import type { SimulatedSpan } from '../model'
import { attribute, fieldOf, nanos, otlpSpan, plainKey } from './otlp'
import { BadTraceQl, parseTraceQl, type TraceQl } from './traceql'

const DEFAULT_LIMIT = 20
const DEFAULT_SPANS = 3

class BadRequest extends Error {}

/**
 * Answers `/api/search` (TraceQL), `/api/traces/{id}`, `/api/v2/traces/{id}`, values of `service.name` and `name`,
 * and `/api/echo` as Tempo's query frontend does; `now` in epoch milliseconds.
 */
export function tempoHandler(options: {
  traces: TraceStore
  now: () => number
}): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const url = new URL(req.url ?? '/', 'http://tempo')
    if (url.pathname === '/api/echo') {
      res.writeHead(200, { 'content-type': 'text/plain' }).end('echo')
      return
    }
    try {
      const body = answerTo(url.pathname, url.searchParams, options.traces, options.now())
      if (body === 'gone') res.writeHead(404).end('trace not found')
      else if (body === undefined) res.writeHead(404).end('404 page not found\n')
      else res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    } catch (error) {
      if (!(error instanceof BadTraceQl) && !(error instanceof BadRequest)) throw error
      const said = error instanceof BadTraceQl ? `invalid TraceQL query: ${error.message}` : error.message
      res.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(said)
    }
  }
}

function answerTo(
  path: string,
  params: URLSearchParams,
  traces: TraceStore,
  nowMs: number,
): object | 'gone' | undefined {
  if (path === '/api/search') return search(params, traces, nowMs)
  const values = /^\/api\/(v2\/)?search\/tag\/([^/]+)\/values$/.exec(path)
  if (values) {
    const found = valuesOf(decodeURIComponent(values[2] ?? ''), params.get('q'), traces)
    const tagValues = values[1] ? found.map((value) => ({ type: 'string', value })) : found
    return { tagValues, metrics: { inspectedBytes: '1' } }
  }
  const byId = /^\/api\/(v2\/)?traces\/([^/]+)$/.exec(path)
  if (byId) {
    const id = byId[2] ?? ''
    if (!/^[0-9a-fA-F]{1,32}$/.test(id)) throw new BadRequest('trace IDs can only contain hex characters')
    const trace = traces.get(id)
    if (!trace) return 'gone'
    return byId[1]
      ? { trace: { resourceSpans: resources(trace) }, metrics: { inspectedBytes: '1' } }
      : { batches: resources(trace) }
  }
  return undefined
}

function search(params: URLSearchParams, traces: TraceStore, nowMs: number): object {
  const query = parseTraceQl(params.get('q') ?? '{}')
  const from = seconds(params, 'start') ?? 0
  const to = seconds(params, 'end') ?? nowMs
  const limit = whole(params, 'limit') ?? DEFAULT_LIMIT
  const most = whole(params, 'spss') ?? DEFAULT_SPANS
  const found = traces.all().flatMap((trace) => {
    if (trace.startMs < from || trace.startMs > to) return []
    const spans = trace.spans.filter((span) => query.matches(fieldOf(span)))
    return spans.length > 0 ? [{ trace, spans }] : []
  })
  found.sort((a, b) => b.trace.startMs - a.trace.startMs)
  return {
    traces: found.slice(0, limit).map((one) => summary(one.trace, one.spans, query, most)),
    metrics: { inspectedTraces: traces.size, inspectedBytes: '1', completedJobs: 1, totalJobs: 1 },
  }
}

function summary(trace: StoredTrace, spans: readonly SimulatedSpan[], query: TraceQl, most: number): object {
  const root = trace.spans.find((span) => span.parentSpanId === null)
  const endMs = trace.spans.reduce((last, span) => Math.max(last, span.startMs + span.durationMs), 0)
  const spanSet = {
    spans: spans.slice(0, most).map((span) => found(span, query)),
    matched: spans.length,
  }
  const serviceStats: Record<string, { spanCount: number; errorCount?: number }> = {}
  for (const span of trace.spans) {
    const stats = (serviceStats[serviceOf(span)] ??= { spanCount: 0 })
    stats.spanCount += 1
    if (isFailed(span)) stats.errorCount = (stats.errorCount ?? 0) + 1
  }
  return {
    traceID: trace.traceId.replace(/^0+(?=.)/, ''),
    rootServiceName: root ? serviceOf(root) : '<root span not yet received>',
    rootTraceName: root ? operationOf(root) : '',
    startTimeUnixNano: nanos(trace.startMs),
    durationMs: Math.floor(endMs - trace.startMs),
    spanSet,
    spanSets: [spanSet],
    serviceStats,
  }
}

function found(span: SimulatedSpan, query: TraceQl): object {
  const valueOf = fieldOf(span)
  return {
    spanID: span.spanId,
    name: operationOf(span),
    startTimeUnixNano: nanos(span.startMs),
    durationNanos: nanos(span.durationMs),
    attributes: query.select.flatMap((field) => {
      const value = field === 'name' ? undefined : valueOf(field)
      return value === undefined ? [] : [attribute(plainKey(field), value)]
    }),
  }
}

function valuesOf(tag: string, query: string | null, traces: TraceStore): string[] {
  if (tag === 'resource.service.name' || tag === 'service.name') return traces.services()
  if (tag !== 'name') return []
  const { matches } = parseTraceQl(query ?? '{}')
  const names = new Set<string>()
  for (const trace of traces.all()) {
    for (const span of trace.spans) if (matches(fieldOf(span))) names.add(operationOf(span))
  }
  return [...names]
}

/** Spans by the resource that made them. */
function resources(trace: StoredTrace): object[] {
  const byPod = new Map<string, SimulatedSpan[]>()
  for (const span of trace.spans) {
    const key = `${serviceOf(span)} ${span.podName}`
    byPod.set(key, [...(byPod.get(key) ?? []), span])
  }
  return [...byPod.values()].map((spans) => ({
    resource: { attributes: [attribute('service.name', spans[0] ? serviceOf(spans[0]) : '')] },
    scopeSpans: [{ scope: { name: 'envoy' }, spans: spans.map(otlpSpan) }],
  }))
}

function seconds(params: URLSearchParams, name: string): number | undefined {
  const value = whole(params, name)
  return value === undefined ? undefined : value * 1000
}

function whole(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name)
  if (text === null) return undefined
  if (!/^\d+$/.test(text)) throw new BadRequest(`invalid ${name}: must be a positive number`)
  return Number(text)
}
