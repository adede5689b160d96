/** A simulated span as Tempo has it of Envoy's OpenTelemetry tracer. */
import { isFailed, operationOf, serviceOf, tagsOf } from '../jaeger/span-json'
import type { SimulatedSpan } from '../model'
import type { Value } from './traceql'

export interface WireAttribute {
  key: string
  value: { stringValue: string } | { boolValue: boolean } | { intValue: string }
}

/** What the tracer says otherwise in OTLP: kind and failure are fields, not tags. */
const FIELDS = new Set(['span.kind', 'error'])

export function attributesOf(span: SimulatedSpan): WireAttribute[] {
  return tagsOf(span)
    .filter((tag) => !FIELDS.has(tag.key))
    .map(({ key, value }) => attribute(key, value))
}

export function attribute(key: string, value: Value): WireAttribute {
  if (typeof value === 'boolean') return { key, value: { boolValue: value } }
  if (typeof value === 'number') return { key, value: { intValue: String(value) } }
  return { key, value: { stringValue: value } }
}

/** The value of a field as TraceQL names it; undefined where the span has none. */
export function fieldOf(span: SimulatedSpan): (field: string) => Value | undefined {
  let tags: Map<string, Value> | undefined
  return (field) => {
    if (field === 'name') return operationOf(span)
    if (field === 'kind') return span.side
    if (field === 'status') return isFailed(span) ? 'error' : 'unset'
    if (field === 'duration') return span.durationMs
    if (field === 'resource.service.name' || field === '.service.name') return serviceOf(span)
    tags ??= new Map(
      tagsOf(span)
        .filter((tag) => !FIELDS.has(tag.key))
        .map((tag) => [tag.key, tag.value]),
    )
    return tags.get(plainKey(field))
  }
}

/** `.http.method`, `span.http.method`, `."guid:x-request-id"` without scope and quotes. */
export function plainKey(field: string): string {
  const key = field.replace(/^(resource|span)?\./, '')
  return key.startsWith('"') ? (JSON.parse(key) as string) : key
}

/** Nanoseconds as text: a double cannot hold them. */
export function nanos(ms: number): string {
  return `${BigInt(Math.round(ms * 1000)) * 1000n}`
}

export function otlpSpan(span: SimulatedSpan): object {
  return {
    traceId: base64(span.traceId.padStart(32, '0')),
    spanId: base64(span.spanId.padStart(16, '0')),
    ...(span.parentSpanId === null ? {} : { parentSpanId: base64(span.parentSpanId.padStart(16, '0')) }),
    name: operationOf(span),
    kind: `SPAN_KIND_${span.side.toUpperCase()}`,
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(span.startMs + span.durationMs),
    attributes: attributesOf(span),
    ...(span.events
      ? {
          events: span.events.map(({ atMs, name, fields }) => ({
            timeUnixNano: nanos(atMs),
            name,
            attributes: Object.entries(fields).map(([key, value]) => attribute(key, value)),
          })),
        }
      : {}),
    status: isFailed(span) ? { code: 'STATUS_CODE_ERROR' } : {},
  }
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}
