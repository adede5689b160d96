import 'server-only'
import { LOG_LIMITS, type LogSpan } from '@/lib/api/schemas/telemetry/logs'
import type { Upstreams } from '../../upstreams'
import { searchNodeTraces } from '../find-traces'

/** traces asked for: each may hold several spans of a pod */
const TRACES = 200

/** Spans that a node's own pods reported in a time, by start; null without a tracing store. Throws UpstreamError. */
export async function findSpans(
  up: Upstreams,
  node: string,
  range: { startMs: number; endMs: number },
  signal?: AbortSignal,
): Promise<LogSpan[] | null> {
  const traces = await searchNodeTraces(up, node, { ...range, limit: TRACES }, signal)
  if (!traces) return null
  return traces
    .flatMap((trace) =>
      trace.spans.flatMap((span): LogSpan[] =>
        span.nodeId === node && span.startMs >= range.startMs && span.startMs <= range.endMs
          ? [
              {
                traceId: trace.id,
                spanId: span.id,
                atMs: span.startMs,
                durationMs: span.durationMs,
                service: span.service,
                operation: span.operation,
                kind: span.kind,
                pod: span.podName,
                hasError: span.hasError,
                httpStatus: span.httpStatus,
                responseFlags: span.responseFlags,
                requestId: span.tags['guid:x-request-id'] ?? null,
              },
            ]
          : [],
      ),
    )
    .sort((a, b) => a.atMs - b.atMs || (a.spanId < b.spanId ? -1 : 1))
    .slice(-LOG_LIMITS.spans)
}
