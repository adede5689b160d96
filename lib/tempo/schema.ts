/**
 * Wire shapes of Tempo's HTTP API, only what we read. https://grafana.com/docs/tempo/latest/api_docs/
 * Traces come as OTLP in JSON: ids in hexadecimal or base64, 64-bit numbers as text or number, enums by name or number.
 */
import { z } from 'zod'

/** nanoseconds since 1970; a number has lost its last digits already */
const nanos = z.union([z.string().regex(/^\d+$/), z.number().nonnegative()]).transform(String)

/** `{ key, value: { stringValue | intValue | … } }`, read by hand: a large trace holds a quarter of a million */
const attributes = z.array(z.unknown()).nullish().catch(null)

const wireEvent = z.object({
  timeUnixNano: nanos,
  name: z.string().nullish(),
  attributes,
})

export const wireSpan = z.object({
  traceId: z.string().nullish(),
  spanId: z.string().min(1),
  parentSpanId: z.string().nullish(),
  name: z.string().nullish(),
  kind: z.union([z.string(), z.number()]).nullish().catch(null),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos.nullish(),
  attributes,
  events: z.array(z.unknown()).nullish().catch(null),
  links: z
    .array(z.object({ traceId: z.string(), spanId: z.string() }))
    .nullish()
    .catch(null),
  status: z
    .object({ code: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() })
    .nullish()
    .catch(null),
})
export type WireSpan = z.infer<typeof wireSpan>
export { wireEvent }

const scopeSpans = z.object({ spans: z.array(z.unknown()).nullish() })

export const resourceSpans = z.object({
  resource: z.object({ attributes }).nullish().catch(null),
  scopeSpans: z.array(scopeSpans).nullish(),
  /** the name before OTLP 0.19 */
  instrumentationLibrarySpans: z.array(scopeSpans).nullish(),
})

const parts = z.array(z.unknown()).nullish()
const otlp = z.object({ resourceSpans: parts, batches: parts })

/** `/api/v2/traces/{id}` wraps the trace, `/api/traces/{id}` is it, with `batches` for resourceSpans. */
export const traceAnswer = z.union([
  z.object({
    trace: otlp.nullable(),
    status: z.string().nullish().catch(null),
    message: z.string().nullish().catch(null),
  }),
  otlp
    .refine((trace) => trace.resourceSpans != null || trace.batches != null)
    .transform((trace) => ({ trace, status: null, message: null })),
])

const spanSet = z.object({ spans: z.array(z.unknown()).nullish() })

export const foundSpan = z.object({
  spanID: z.string().min(1),
  name: z.string().nullish(),
  startTimeUnixNano: nanos,
  durationNanos: nanos.nullish(),
  attributes,
})

export const foundTrace = z.object({
  traceID: z.string().min(1),
  rootServiceName: z.string().nullish(),
  rootTraceName: z.string().nullish(),
  startTimeUnixNano: nanos,
  /** left out below one millisecond */
  durationMs: z.number().nonnegative().nullish(),
  spanSets: z.array(spanSet).nullish(),
  /** before Tempo 2.3 */
  spanSet: spanSet.nullish(),
  /** since Tempo 2.4 */
  serviceStats: z
    .record(z.string(), z.object({ spanCount: z.number().nullish(), errorCount: z.number().nullish() }))
    .nullish()
    .catch(null),
})

/** `traces` is left out when none was found. */
export const searchAnswer = z.object({
  traces: z.array(z.unknown()).nullish(),
  metrics: z.unknown().optional(),
})

/** `/api/v2/search/tag/{tag}/values` types its values, `/api/search/tag/{tag}/values` does not. */
export const tagValues = z.object({
  tagValues: z.array(z.union([z.string(), z.object({ value: z.string() })])).nullish(),
  metrics: z.unknown().optional(),
})

/** The value of an attribute as text; undefined for what is no attribute. */
export function parseAttribute(item: unknown): { key: string; text: string } | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { key, value } = item as { key?: unknown; value?: unknown }
  if (typeof key !== 'string') return undefined
  const text = textOf(value)
  return text === undefined ? undefined : { key, text }
}

function textOf(value: unknown): string | undefined {
  const plain = plainOf(value)
  if (plain === undefined) return undefined
  return typeof plain === 'string' ? plain : JSON.stringify(plain)
}

/** Lists and objects nest; what is deeper than people write is left out. */
function plainOf(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 8) return undefined
  for (const [kind, held] of Object.entries(value as Record<string, unknown>)) {
    if (kind === 'stringValue' || kind === 'bytesValue') return typeof held === 'string' ? held : undefined
    if (kind === 'boolValue') return typeof held === 'boolean' ? String(held) : undefined
    if (kind === 'intValue' || kind === 'doubleValue') {
      return typeof held === 'number' || typeof held === 'string' ? String(held) : undefined
    }
    if (kind === 'arrayValue' && typeof held === 'object' && held !== null) {
      const { values } = held as { values?: unknown }
      return Array.isArray(values) ? values.map((one) => plainOf(one, depth + 1) ?? null) : []
    }
    if (kind === 'kvlistValue' && typeof held === 'object' && held !== null) {
      const { values } = held as { values?: unknown }
      const pairs = (Array.isArray(values) ? values : []).flatMap((one: unknown) => {
        if (typeof one !== 'object' || one === null) return []
        const { key, value: inner } = one as { key?: unknown; value?: unknown }
        return typeof key === 'string' ? [[key, plainOf(inner, depth + 1) ?? null] as const] : []
      })
      return Object.fromEntries(pairs)
    }
  }
  return undefined
}
