/** Jaeger's wire shapes to our span model. Microseconds end here. */
import type { Span, Trace } from '@/lib/trace/span'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { assembleTrace } from '@/lib/trace/assemble'
import { originOfSpan } from '@/lib/trace/nodes/node-of-span'
import type { SpanContext } from '@/lib/trace/nodes/node-of-span'
import { factsOfTags } from '@/lib/trace/span-facts'
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

const NO_CONTEXT: SpanContext = { pods: null, defaultCluster: null }

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
  context: SpanContext = NO_CONTEXT,
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
export function decodeTrace(body: unknown, context: SpanContext = NO_CONTEXT): Trace | undefined {
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

/** One trace of the answer; broken spans are dropped with a warning. */
function decodeOne(wire: WireTrace, context: SpanContext): Trace {
  const warnings = new Set<string>(wire.warnings ?? [])
  const processes = new Map<string, ReturnType<typeof readProcess>>()
  for (const [id, process] of Object.entries(wire.processes ?? {})) processes.set(id, readProcess(process))

  const spans: Span[] = []
  for (const item of wire.spans) {
    const parsed = wireSpan.safeParse(item)
    if (!parsed.success) continue
    for (const warning of parsed.data.warnings ?? []) warnings.add(warning)
    const process = processes.get(parsed.data.processID ?? '') ?? readProcess(parsed.data.process)
    spans.push(decodeSpan(parsed.data, wire.traceID, process, context))
  }
  const sent = wire.spans.length
  return assembleTrace(wire.traceID, spans, { broken: sent - spans.length, sent, warnings })
}

function decodeSpan(
  wire: WireSpan,
  traceId: string,
  process: { service: string; tags: Record<string, string> },
  context: SpanContext,
): Span {
  const tags = readTags(wire.tags, process.tags)
  const logs = (wire.logs ?? []).flatMap((item) => {
    const log = wireLog.safeParse(item)
    return log.success ? [{ atMs: log.data.timestamp / 1000, fields: readTags(log.data.fields) }] : []
  })
  return {
    id: wire.spanID,
    parentId: parentOf(wire, traceId),
    service: process.service,
    operation: wire.operationName,
    startMs: wire.startTime / 1000,
    durationMs: wire.duration / 1000,
    ...factsOfTags(tags),
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

/** Values as text, over those of `base`; a key given twice keeps its last value; what is no tag is left out. */
function readTags(
  list: readonly unknown[] | null | undefined,
  base: Readonly<Record<string, string>> = {},
): Record<string, string> {
  // one object from the start: merging two for each of 10,000 spans takes longer than reading them
  const tags: Record<string, string> = {}
  for (const key in base) tags[key] = base[key] ?? ''
  for (const item of list ?? []) {
    const tag = parseKeyValue(item)
    // assigning to `__proto__` would set no key
    if (tag && tag.value !== null && tag.key !== '__proto__') tags[tag.key] = String(tag.value)
  }
  return tags
}

function notJaeger(what: string, cause: unknown): UpstreamError {
  return new UpstreamError('jaeger', 'decode', `Jaeger's answer is not ${what}`, { cause })
}
