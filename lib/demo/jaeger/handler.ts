/** Jaeger's HTTP query API over the traces of the embedded mesh. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { BadParameter, parseDependencyQuery, parseTraceQuery } from './parameters'
import { serviceOf, spanJson } from './span-json'
import type { JaegerSpan, JaegerTag } from './span-json'
import type { StoredTrace, TraceStore } from './trace-store'

interface WireError {
  code: number
  msg: string
  traceID?: string
}

interface Answer {
  status: number
  data: unknown
  total: number
  limit: number
  errors: WireError[] | null
}

/**
 * Answers `/api/services`, `/api/services/{s}/operations`, `/api/operations`, `/api/traces`,
 * `/api/traces/{id}` and `/api/dependencies` as Jaeger's query service does; `now` in epoch milliseconds.
 */
export function jaegerHandler(options: {
  traces: TraceStore
  now: () => number
}): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { allow: 'GET' }).end()
      return
    }
    let answer: Answer | undefined
    try {
      const url = new URL(req.url ?? '/', 'http://jaeger')
      answer = answerTo(url.pathname, url.searchParams, options.traces, options.now())
    } catch (error) {
      if (!(error instanceof BadParameter) && !(error instanceof URIError)) throw error
      answer = refusal(400, error.message)
    }
    if (!answer) {
      res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n')
      return
    }
    const { status, ...rest } = answer
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(
      JSON.stringify({
        data: rest.data,
        total: rest.total,
        limit: rest.limit,
        offset: 0,
        errors: rest.errors,
      }),
    )
  }
}

function answerTo(
  path: string,
  params: URLSearchParams,
  traces: TraceStore,
  nowMs: number,
): Answer | undefined {
  if (path === '/api/services') return list(traces.services())
  if (path === '/api/operations') {
    const service = params.get('service') ?? ''
    if (service === '') return refusal(400, "parameter 'service' is required")
    const kind = params.get('spanKind') ?? ''
    return list(traces.operations(service).filter((operation) => kind === '' || operation.spanKind === kind))
  }
  const operations = /^\/api\/services\/([^/]+)\/operations$/.exec(path)?.[1]
  if (operations !== undefined) {
    const names = traces.operations(decodeURIComponent(operations)).map((operation) => operation.name)
    return list([...new Set(names)])
  }
  if (path === '/api/traces') {
    const ids = params.getAll('traceID')
    if (ids.length > 0) return byIds(ids, traces)
    const query = parseTraceQuery(params, nowMs)
    // Jaeger leaves total and limit of a search at zero
    return { ...list(traces.find(query).map(traceJson)), total: 0 }
  }
  const id = /^\/api\/traces\/([^/]+)$/.exec(path)?.[1]
  if (id !== undefined) {
    const answer = byIds([decodeURIComponent(id)], traces)
    const missing = answer.errors?.[0]
    return missing ? refusal(404, missing.msg) : answer
  }
  if (path === '/api/dependencies') {
    const { fromMs, toMs } = parseDependencyQuery(params, nowMs)
    return list(traces.dependencies(fromMs, toMs))
  }
  return undefined
}

/** Found traces and one error for each that is not there. Throws BadParameter for what is no id. */
function byIds(ids: readonly string[], traces: TraceStore): Answer {
  const found: unknown[] = []
  const errors: WireError[] = []
  for (const id of new Set(ids)) {
    if (!/^[0-9a-fA-F]{1,32}$/.test(id)) {
      throw new BadParameter(`cannot parse traceID: strconv.ParseUint: parsing "${id}": invalid syntax`)
    }
    const trace = traces.get(id)
    if (trace) found.push(traceJson(trace))
    else errors.push({ code: 404, msg: 'trace not found', traceID: id })
  }
  return { status: 200, data: found, total: 0, limit: 0, errors: errors.length > 0 ? errors : null }
}

function list(data: readonly unknown[]): Answer {
  return { status: 200, data, total: data.length, limit: 0, errors: null }
}

function refusal(code: number, msg: string): Answer {
  return { status: code, data: null, total: 0, limit: 0, errors: [{ code, msg }] }
}

/** One trace with a process per service and address. */
function traceJson(trace: StoredTrace): {
  traceID: string
  spans: JaegerSpan[]
  processes: Record<string, { serviceName: string; tags: JaegerTag[] }>
  warnings: null
} {
  const ids = new Map<string, string>()
  const processes: Record<string, { serviceName: string; tags: JaegerTag[] }> = {}
  const spans = trace.spans.map((span) => {
    const key = `${serviceOf(span)} ${span.podIp}`
    let id = ids.get(key)
    if (id === undefined) {
      id = `p${ids.size + 1}`
      ids.set(key, id)
      processes[id] = {
        serviceName: serviceOf(span),
        tags: [
          { key: 'hostname', type: 'string', value: span.podName },
          { key: 'ip', type: 'string', value: span.podIp },
        ],
      }
    }
    return spanJson(span, id)
  })
  return { traceID: trace.traceId, spans, processes, warnings: null }
}
