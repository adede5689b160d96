/** Jaeger's wire shapes to our span model. Microseconds end here. */
import type { Span, Trace } from '@/lib/trace/span'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { originOfSpan } from '@/lib/trace/node-of-span'
import type { PodDirectory } from '@/lib/trace/node-of-span'
import { extentOf } from '@/lib/trace/summarize'
import {
  envelope,
  parseKeyValue,
  serviceNames,
  wireLog,
  wireProcess,
  wireSpan,
  wireTrace,
  wireTraces,
} from './schema'
import type { WireSpan, WireTrace } from './schema'

/** Whom spans may belong to; see `originOfSpan`. */
export interface DecodeContext {
  pods: PodDirectory | null
  /** cluster of spans that name none; null leaves them without a node */
  defaultCluster: string | null
}

const NO_CONTEXT: DecodeContext = { pods: null, defaultCluster: null }

/** Names of services, sorted. Throws UpstreamError('jaeger', 'decode') on any other shape. */
export function decodeServices(body: unknown): string[] {
  const parsed = serviceNames.safeParse(decodeEnvelope(body))
  if (!parsed.success) throw notJaeger('a list of services', parsed.error)
  return [...new Set(parsed.data ?? [])].sort()
}

/**
 * Traces of a search, newest first, each as `decodeTrace` reads it. A trace that is none is dropped and named
 * in `warnings`. Throws UpstreamError('jaeger', 'decode') when the answer is not a list at all.
 */
export function decodeTraces(
  body: unknown,
  context: DecodeContext = NO_CONTEXT,
): { traces: Trace[]; warnings: string[] } {
  const parsed = wireTraces.safeParse(decodeEnvelope(body))
  if (!parsed.success) throw notJaeger('a list of traces', parsed.error)
  const traces: Trace[] = []
  let broken = 0
  for (const item of parsed.data ?? []) {
    const trace = wireTrace.safeParse(item)
    if (trace.success) traces.push(decodeOne(trace.data, context))
    else broken += 1
  }
  traces.sort((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1))
  const warnings = broken === 0 ? [] : [`${broken} of ${parsed.data?.length ?? 0} traces could not be read`]
  return { traces, warnings }
}

/** The one trace of `/api/traces/{id}`; undefined when the answer holds none. */
export function decodeTrace(body: unknown, context: DecodeContext = NO_CONTEXT): Trace | undefined {
  return decodeTraces(body, context).traces[0]
}

/** `data` of an answer. Throws UpstreamError: 'query' when Jaeger reports an error instead of data. */
function decodeEnvelope(body: unknown): unknown {
  const parsed = envelope.safeParse(body)
  if (!parsed.success) throw notJaeger('an answer of the query API', parsed.error)
  const { data, errors } = parsed.data
  if ((data === undefined || data === null) && errors && errors.length > 0) {
    throw new UpstreamError('jaeger', 'query', errors.map((error) => error.msg).join('; '))
  }
  return data ?? null
}

/** Spans sorted by start, then id; broken ones dropped with a warning. Clock skew is left as measured. */
function decodeOne(wire: WireTrace, context: DecodeContext): Trace {
  const warnings = new Set<string>(wire.warnings ?? [])
  const processes = new Map<string, ReturnType<typeof readProcess>>()
  for (const [id, process] of Object.entries(wire.processes ?? {})) processes.set(id, readProcess(process))

  const spans = new Map<string, Span>()
  let broken = 0
  let repeated = 0
  for (const item of wire.spans) {
    const parsed = wireSpan.safeParse(item)
    if (!parsed.success) {
      broken += 1
      continue
    }
    for (const warning of parsed.data.warnings ?? []) warnings.add(warning)
    const process = processes.get(parsed.data.processID ?? '') ?? readProcess(parsed.data.process)
    const span = decodeSpan(parsed.data, wire.traceID, process, context)
    const same = spans.get(span.id)
    if (!same) spans.set(span.id, span)
    else if (isTwin(same, span)) repeated += 1
    else {
      // Zipkin lets the server share its caller's span id: the server becomes the caller's child
      const [caller, callee] = span.kind === 'client' ? [span, same] : [same, span]
      const id = freeId(spans, caller.id)
      spans.set(caller.id, caller)
      spans.set(id, { ...callee, id, parentId: caller.id })
    }
  }
  if (broken > 0) warnings.add(`${broken} of ${wire.spans.length} spans could not be read and are left out`)
  if (repeated > 0) warnings.add(`${repeated} spans came twice`)
  const sorted = [...spans.values()].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1))
  return { id: wire.traceID, ...extentOf(sorted), spans: sorted, warnings: [...warnings] }
}

function freeId(spans: ReadonlyMap<string, Span>, id: string): string {
  for (let n = 2; ; n += 1) if (!spans.has(`${id}-${n}`)) return `${id}-${n}`
}

function isTwin(a: Span, b: Span): boolean {
  return (
    a.kind === b.kind && a.service === b.service && a.startMs === b.startMs && a.durationMs === b.durationMs
  )
}

function decodeSpan(
  wire: WireSpan,
  traceId: string,
  process: { service: string; tags: Record<string, string> },
  context: DecodeContext,
): Span {
  const own = readTags(wire.tags)
  const tags = { ...process.tags, ...own }
  const logs = (wire.logs ?? []).flatMap((item) => {
    const log = wireLog.safeParse(item)
    return log.success ? [{ atMs: log.data.timestamp / 1000, fields: readTags(log.data.fields) }] : []
  })
  const httpStatus = statusOf(tags['http.status_code'] ?? tags['http.response.status_code'])
  const grpcStatus = statusOf(tags['grpc.status_code'] ?? tags['rpc.grpc.status_code'])
  const flags = tags['response_flags']
  return {
    id: wire.spanID,
    parentId: parentOf(wire, traceId),
    service: process.service,
    operation: wire.operationName,
    kind: kindOf(tags['span.kind']),
    startMs: wire.startTime / 1000,
    durationMs: wire.duration / 1000,
    hasError: isError(tags),
    httpStatus,
    grpcStatus,
    responseFlags: flags === undefined || flags === '' || flags === '-' ? null : flags,
    ...originOfSpan(tags, context.pods, context.defaultCluster),
    tags,
    logs,
  }
}

/** The parent inside this trace; links to other traces and FOLLOWS_FROM beside a real parent do not count. */
function parentOf(wire: WireSpan, traceId: string): string | null {
  const within = (wire.references ?? []).filter(
    (ref) => (ref.traceID ?? traceId) === traceId && ref.spanID !== '',
  )
  const reference = within.find((ref) => ref.refType === 'CHILD_OF') ?? within[0]
  const id = reference?.spanID ?? wire.parentSpanID ?? ''
  return /^0*$/.test(id) ? null : id
}

function readProcess(value: unknown): { service: string; tags: Record<string, string> } {
  const parsed = wireProcess.safeParse(value)
  return parsed.success
    ? { service: parsed.data.serviceName, tags: readTags(parsed.data.tags) }
    : { service: 'unknown', tags: {} }
}

/** Values as text; a key given twice keeps its last value; what is no tag is left out. */
function readTags(list: readonly unknown[] | null | undefined): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const item of list ?? []) {
    const tag = parseKeyValue(item)
    // assigning to `__proto__` would set no key
    if (tag && tag.value !== null && tag.key !== '__proto__') tags[tag.key] = String(tag.value)
  }
  return tags
}

/** As Jaeger's own page: the `error` tag; OpenTelemetry says it with a status. */
function isError(tags: Readonly<Record<string, string>>): boolean {
  const error = tags['error']
  if (error !== undefined) return error !== 'false' && error !== ''
  return tags['otel.status_code'] === 'ERROR'
}

function kindOf(tag: string | undefined): Span['kind'] {
  return tag === 'client' ||
    tag === 'server' ||
    tag === 'producer' ||
    tag === 'consumer' ||
    tag === 'internal'
    ? tag
    : null
}

function statusOf(tag: string | undefined): string | null {
  return tag === undefined || tag === '' ? null : tag
}

function notJaeger(what: string, cause: unknown): UpstreamError {
  return new UpstreamError('jaeger', 'decode', `Jaeger's answer is not ${what}`, { cause })
}
