/** Tempo's wire shapes to our span model. Nanoseconds and encoded ids end here. */
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { assembleTrace } from '@/lib/trace/assemble'
import { originOfSpan, type SpanContext } from '@/lib/trace/nodes/node-of-span'
import type { Span, Trace } from '@/lib/trace/span'
import { factsOfTags, kindOf } from '@/lib/trace/span-facts'
import type { FoundTrace } from '@/lib/trace/store'
import {
  foundSpan,
  foundTrace,
  parseAttribute,
  resourceSpans,
  searchAnswer,
  tagValues,
  traceAnswer,
  wireEvent,
  wireSpan,
} from './schema'
import type { WireSpan } from './schema'

const NO_CONTEXT: SpanContext = { pods: null, defaultCluster: null }
/** nobody names a service so; Tempo says it where a trace has no root yet */
const ROOT_UNKNOWN = '<root span not yet received>'

/** Values of a tag, sorted. Throws UpstreamError('tempo', 'decode') on any other shape. */
export function decodeTagValues(body: unknown): string[] {
  const parsed = tagValues.safeParse(body)
  if (!parsed.success || (parsed.data.tagValues == null && parsed.data.metrics === undefined)) {
    throw notTempo('a list of values', parsed.error)
  }
  const values = (parsed.data.tagValues ?? []).map((one) => (typeof one === 'string' ? one : one.value))
  return [...new Set(values)].sort()
}

/**
 * One trace of `/api/v2/traces/{id}` or `/api/traces/{id}`; undefined when the answer holds no span. Broken spans are
 * dropped with a warning. Throws UpstreamError('tempo', 'decode') on any other shape.
 */
export function decodeTrace(id: string, body: unknown, context: SpanContext = NO_CONTEXT): Trace | undefined {
  const parsed = traceAnswer.safeParse(body)
  if (!parsed.success) throw notTempo('a trace', parsed.error)
  const { trace, status, message } = parsed.data
  const traceId = hexId(id, 16)
  const warnings: string[] = []
  if (status && status !== 'COMPLETE') warnings.push(message || 'Tempo sent a part of this trace only')
  const spans: Span[] = []
  let sent = 0
  for (const item of trace?.resourceSpans ?? trace?.batches ?? []) {
    const part = resourceSpans.safeParse(item)
    if (!part.success) {
      warnings.push('Spans of one resource could not be read and are left out')
      continue
    }
    const resource = readAttributes(part.data.resource?.attributes)
    const service = resource['service.name'] ?? 'unknown'
    for (const scope of part.data.scopeSpans ?? part.data.instrumentationLibrarySpans ?? []) {
      for (const wire of scope.spans ?? []) {
        sent += 1
        const span = wireSpan.safeParse(wire)
        if (span.success) spans.push(decodeSpan(span.data, traceId, service, resource, context))
      }
    }
  }
  if (sent === 0 && warnings.length === 0) return undefined
  return assembleTrace(traceId, spans, { broken: sent - spans.length, sent, warnings })
}

function decodeSpan(
  wire: WireSpan,
  traceId: string,
  service: string,
  resource: Record<string, string>,
  context: SpanContext,
): Span {
  const tags = readAttributes(wire.attributes, resource)
  const isFailed = wire.status?.code === 2 || wire.status?.code === 'STATUS_CODE_ERROR'
  if (wire.status?.message) tags['status.message'] = wire.status.message
  const facts = factsOfTags(tags)
  const start = instant(wire.startTimeUnixNano)
  // a span that never ended has no length
  const end = wire.endTimeUnixNano == null ? start : instant(wire.endTimeUnixNano)
  return {
    id: hexId(wire.spanId, 8),
    parentId: parentOf(wire, traceId),
    service,
    operation: wire.name ?? '',
    ...facts,
    kind: KINDS[String(wire.kind ?? '')] ?? facts.kind,
    hasError: isFailed || facts.hasError,
    startMs: start.ms + start.rest,
    durationMs: Math.max(0, micro(end.ms - start.ms + (end.rest - start.rest))),
    ...originOfSpan(tags, context.pods, context.defaultCluster),
    tags,
    logs: (wire.events ?? []).flatMap((item) => {
      const event = wireEvent.safeParse(item)
      if (!event.success) return []
      const at = instant(event.data.timeUnixNano)
      const fields = readAttributes(event.data.attributes)
      return [
        { atMs: at.ms + at.rest, fields: event.data.name ? { event: event.data.name, ...fields } : fields },
      ]
    }),
  }
}

const KINDS: Readonly<Record<string, Span['kind']>> = {
  1: 'internal',
  2: 'server',
  3: 'client',
  4: 'producer',
  5: 'consumer',
  SPAN_KIND_INTERNAL: 'internal',
  SPAN_KIND_SERVER: 'server',
  SPAN_KIND_CLIENT: 'client',
  SPAN_KIND_PRODUCER: 'producer',
  SPAN_KIND_CONSUMER: 'consumer',
}

/** A consumer that starts later names who caused it by a link; links to other traces do not count. */
function parentOf(wire: WireSpan, traceId: string): string | null {
  const parent = hexId(wire.parentSpanId ?? '', 8)
  if (!/^0*$/.test(parent)) return parent
  const link = (wire.links ?? []).find((one) => hexId(one.traceId, 16) === traceId)
  return link ? hexId(link.spanId, 8) : null
}

/**
 * Traces of a search, newest first, each with the spans that met it. One that cannot be read is named in `warnings`.
 * Throws UpstreamError('tempo', 'decode') when the answer is none of a search.
 */
export function decodeSearch(
  body: unknown,
  context: SpanContext = NO_CONTEXT,
): { traces: FoundTrace[]; warnings: string[] } {
  const parsed = searchAnswer.safeParse(body)
  if (!parsed.success || (parsed.data.traces == null && parsed.data.metrics === undefined)) {
    throw notTempo('the answer of a search', parsed.error)
  }
  const sent = parsed.data.traces ?? []
  const traces = sent.flatMap((item) => decodeFound(item, context) ?? [])
  traces.sort((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1))
  const broken = sent.length - traces.length
  return { traces, warnings: broken === 0 ? [] : [`${broken} of ${sent.length} traces could not be read`] }
}

function decodeFound(item: unknown, context: SpanContext): FoundTrace | undefined {
  const parsed = foundTrace.safeParse(item)
  if (!parsed.success) return undefined
  const wire = parsed.data
  const sets = wire.spanSets?.length ? wire.spanSets : wire.spanSet ? [wire.spanSet] : []
  const sent = sets.flatMap((set) => set.spans ?? [])
  const spans = sent.flatMap((span): Span[] => {
    const found = foundSpan.safeParse(span)
    return found.success ? [decodeFoundSpan(found.data, context)] : []
  })
  const read = { broken: sent.length - spans.length, sent: sent.length, warnings: [] }
  const trace = assembleTrace(hexId(wire.traceID, 16), spans, read)
  const start = instant(wire.startTimeUnixNano)
  const stats = wire.serviceStats ? Object.entries(wire.serviceStats) : []
  const count = (of: 'spanCount' | 'errorCount') => stats.reduce((sum, [, one]) => sum + (one[of] ?? 0), 0)
  return {
    ...trace,
    startMs: start.ms + start.rest,
    durationMs: Math.max(wire.durationMs ?? 0, trace.durationMs),
    whole: {
      rootService: wire.rootServiceName === ROOT_UNKNOWN ? '' : (wire.rootServiceName ?? ''),
      rootOperation: wire.rootTraceName ?? '',
      spans: stats.length > 0 ? count('spanCount') : null,
      services: stats.length > 0 ? stats.map(([name]) => name).sort() : null,
      hasError: stats.length > 0 ? count('errorCount') > 0 : null,
    },
  }
}

/** Intrinsics that were selected come among the attributes. */
function decodeFoundSpan(wire: (typeof foundSpan)['_output'], context: SpanContext): Span {
  const { status, kind, name, 'service.name': service, ...tags } = readAttributes(wire.attributes)
  const facts = factsOfTags(tags)
  const start = instant(wire.startTimeUnixNano)
  return {
    id: hexId(wire.spanID, 8),
    parentId: null,
    service: service ?? 'unknown',
    operation: wire.name || (name ?? ''),
    ...facts,
    kind: kindOf(kind) ?? facts.kind,
    hasError: status === 'error' || facts.hasError,
    startMs: start.ms + start.rest,
    durationMs: micro(Number(wire.durationNanos ?? 0) / 1e6),
    ...originOfSpan(tags, context.pods, context.defaultCluster),
    tags,
    logs: [],
  }
}

/** Texts by key, over those of `base`; a key given twice keeps its last value; what is no attribute is left out. */
function readAttributes(
  list: readonly unknown[] | null | undefined,
  base: Readonly<Record<string, string>> = {},
): Record<string, string> {
  // one object from the start: merging two for each of 10,000 spans takes longer than reading them
  const read: Record<string, string> = {}
  for (const key in base) read[key] = base[key] ?? ''
  for (const item of list ?? []) {
    const one = parseAttribute(item)
    // assigning to `__proto__` would set no key
    if (one && one.key !== '__proto__') read[one.key] = one.text
  }
  return read
}

/** Milliseconds, whole and rest apart: a double holds an instant of today to a quarter of a microsecond only. */
function instant(nanos: string): { ms: number; rest: number } {
  return { ms: Number(nanos.slice(0, -6)), rest: Number(nanos.slice(-6)) / 1e6 }
}

function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

/** An id of so many bytes in small hexadecimal digits: Tempo's JSON has it so, without leading zeros, or in base64. */
function hexId(id: string, bytes: number): string {
  if (id === '') return ''
  const isHex = /^[0-9a-fA-F]+$/.test(id) && id.length <= bytes * 2
  const isBase64 = id.length === Math.ceil(bytes / 3) * 4 && /^[A-Za-z0-9+/_-]+=*$/.test(id)
  // as long as base64 and no padding where padding is due: digits that lost their zeros
  if (isHex && !(isBase64 && id.endsWith('='))) return id.toLowerCase().padStart(bytes * 2, '0')
  if (!isBase64) return id
  const raw = atob(id.replace(/-/g, '+').replace(/_/g, '/'))
  return Array.from(raw, (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

function notTempo(what: string, cause: unknown): UpstreamError {
  return new UpstreamError('tempo', 'decode', `Tempo's answer is not ${what}`, { cause })
}
