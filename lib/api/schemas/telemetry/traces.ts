/** `GET /api/v1/traces` and `/traces/{id}`: our own span model, whatever store it came from. */
import { z } from 'zod'
import { Notice } from '../common'

export const Span = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  /** as the tracing store names it */
  service: z.string(),
  operation: z.string(),
  kind: z.enum(['client', 'server', 'producer', 'consumer', 'internal']).nullable(),
  startMs: z.number(),
  durationMs: z.number(),
  hasError: z.boolean(),
  httpStatus: z.string().nullable(),
  grpcStatus: z.string().nullable(),
  responseFlags: z.string().nullable(),
  /** node id of the workload that made the span; null when its tags do not say */
  nodeId: z.string().nullable(),
  podName: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  logs: z.array(z.object({ atMs: z.number(), fields: z.record(z.string(), z.string()) })),
})
export type Span = z.infer<typeof Span>

export const Trace = z.object({
  id: z.string(),
  startMs: z.number(),
  durationMs: z.number(),
  /** sorted by start, then id */
  spans: z.array(Span),
  warnings: z.array(z.string()),
})
export type Trace = z.infer<typeof Trace>

export const TraceSummary = z.object({
  id: z.string(),
  startMs: z.number(),
  durationMs: z.number(),
  rootService: z.string(),
  rootOperation: z.string(),
  spans: z.number().nullable().describe('null when the tracing store does not say'),
  services: z.array(z.string()),
  hasError: z.boolean(),
  /** spans of the asked node or namespace within the trace, and the longest of them; null where neither was asked for */
  node: z
    .object({
      spans: z.number(),
      durationMs: z.number(),
      hasError: z.boolean(),
      services: z.array(z.string()).describe('names its spans bear in the tracing store, sorted'),
    })
    .nullable(),
  url: z.string().nullable().describe('the same trace in the tracing store'),
})
export type TraceSummary = z.infer<typeof TraceSummary>

export const TraceList = z.object({ items: z.array(TraceSummary), notices: z.array(Notice) })
export type TraceList = z.infer<typeof TraceList>
/** Names of operations of a service, or of a node's. */
export const OperationList = z.object({ items: z.array(z.string()), notices: z.array(Notice) })

export const TraceAnswer = z.object({ trace: Trace, notices: z.array(Notice) })
export type TraceAnswer = z.infer<typeof TraceAnswer>
