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

const keyValue = z.object({
  key: z.string(),
  // a number for int64 and float64, which may also come as text; binary comes base64-encoded
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
})
export type WireKeyValue = z.infer<typeof keyValue>

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
export type WireProcess = z.infer<typeof wireProcess>

export const wireTrace = z.object({
  traceID: z.string().min(1),
  spans: z.array(z.unknown()),
  processes: z.record(z.string(), z.unknown()).nullish(),
  warnings: z.array(z.string()).nullish().catch(null),
})
export type WireTrace = z.infer<typeof wireTrace>

export const wireTraces = z.array(z.unknown()).nullable()

export function parseKeyValue(value: unknown): WireKeyValue | undefined {
  const parsed = keyValue.safeParse(value)
  return parsed.success ? parsed.data : undefined
}
