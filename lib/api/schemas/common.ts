/** Pieces every answer and every request of the HTTP API share. */
import { z } from 'zod'

// compiled validators need `eval`, which the content security policy refuses; set before any schema is made
if (typeof window !== 'undefined') z.config({ jitless: true })

/** Window names the page offers, with their seconds. */
export const WINDOWS = {
  '1m': 60,
  '2m': 120,
  '5m': 300,
  '10m': 600,
  '30m': 1800,
  '1h': 3600,
  '3h': 10800,
  '6h': 21600,
  '12h': 43200,
  '1d': 86400,
  '7d': 604800,
} as const
export type WindowName = keyof typeof WINDOWS
export const WINDOW_NAMES = Object.keys(WINDOWS) as [WindowName, ...WindowName[]]
export const DEFAULT_WINDOW: WindowName = '2m'
/** One of the names, or beside an instant any span, as `parseSpan` takes it: `47m`. */
export type WindowText = string

export const UPSTREAMS = ['prometheus', 'kubernetes', 'jaeger', 'tempo', 'alertmanager'] as const
export const Upstream = z.enum(UPSTREAMS)
export type Upstream = z.infer<typeof Upstream>

/** Something the reader of partial data must be told. */
export const Notice = z.object({
  code: z.string().describe('stable, kebab-case'),
  message: z.string().describe('a sentence for a person: what is missing and what to do'),
  upstream: Upstream.optional(),
})
export type Notice = z.infer<typeof Notice>

export const ApiError = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    upstream: Upstream.optional(),
    /** name of the parameter that is wrong */
    parameter: z.string().optional(),
  }),
})
export type ApiError = z.infer<typeof ApiError>

export const HEALTH_STATUSES = ['healthy', 'degraded', 'failing', 'idle', 'unknown'] as const
export const HealthStatus = z.enum(HEALTH_STATUSES)
export type HealthStatus = z.infer<typeof HealthStatus>

export const HealthReason = z.object({
  code: z.string().describe('stable, kebab-case: http-5xx, grpc-errors, no-response, replicas-unavailable…'),
  message: z.string().describe('a sentence with value, threshold and window'),
  /** ratios 0..1, milliseconds, counts: the message names the unit */
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  status: HealthStatus.describe('how bad this reason alone is'),
})
export type HealthReason = z.infer<typeof HealthReason>

export const Health = z.object({ status: HealthStatus, reasons: z.array(HealthReason) })
export type Health = z.infer<typeof Health>

/** Milliseconds from merged buckets; null where not measured. `mean` costs no more than a rate. */
export const LatencyMs = z.object({
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  mean: z.number().nullable().optional(),
})
export type LatencyMs = z.infer<typeof LatencyMs>

/** How many findings of each severity. */
export const FindingCounts = z.object({ error: z.number(), warning: z.number(), info: z.number() })
export type FindingCounts = z.infer<typeof FindingCounts>
