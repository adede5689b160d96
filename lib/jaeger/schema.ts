/** Wire shapes of Jaeger's HTTP query API, only what we read. https://www.jaegertracing.io/docs/latest/architecture/apis/ */
import { z } from 'zod'

/** Every answer; `data` is checked by the schema of the question. */
export const envelope = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ code: z.number().optional(), msg: z.string(), traceID: z.string().optional() }))
    .nullish(),
})

export const serviceNames = z.array(z.string()).nullable()

export interface WireKeyValue {
  key: string
  /** a number for int64 and float64, which may also come as text; binary comes base64-encoded */
  value: string | number | boolean | null
}

/** By hand: a large trace holds a quarter of a million tags, and a schema takes three times as long for each. */
export function parseKeyValue(tag: unknown): WireKeyValue | undefined {
  if (typeof tag !== 'object' || tag === null) return undefined
  const { key, value } = tag as { key?: unknown; value?: unknown }
  if (typeof key !== 'string') return undefined
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
  ) {
    return { key, value }
  }
  return undefined
}

/** Broken tags and logs do not cost the span: they fall to empty lists. */
const keyValues = z.array(z.unknown()).nullish()

export const wireSpan = z.object({
  traceID: z.string(),
  spanID: z.string().min(1),
  /** older stores wrote the parent here instead of a reference */
  parentSpanID: z.string().nullish(),
  operationName: z.string(),
  references: z
    .array(z.object({ refType: z.string(), traceID: z.string().optional(), spanID: z.string() }))
    .nullish()
    .catch(null),
  /** microseconds since 1970 */
  startTime: z.number().finite(),
  /** microseconds */
  duration: z.number().finite().nonnegative(),
  tags: keyValues,
  logs: z.array(z.unknown()).nullish().catch(null),
  processID: z.string().nullish(),
  process: z.unknown().optional(),
  warnings: z.array(z.string()).nullish().catch(null),
})
export type WireSpan = z.infer<typeof wireSpan>

export const wireLog = z.object({ timestamp: z.number().finite(), fields: keyValues })

export const wireProcess = z.object({ serviceName: z.string(), tags: keyValues })

export const wireTrace = z.object({
  traceID: z.string().min(1),
  spans: z.array(z.unknown()),
  processes: z.record(z.string(), z.unknown()).nullish(),
  warnings: z.array(z.string()).nullish().catch(null),
})
export type WireTrace = z.infer<typeof wireTrace>

export const wireTraces = z.array(z.unknown()).nullable()
