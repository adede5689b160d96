/** One line of a trace list. */
import type { Span, Trace, TraceSummary } from './span'

/**
 * What a list says about a trace. The root is the first real root; of a trace that lost its root, the earliest
 * span stands in. With `nodeId` also the share of that node: exactly its spans, no other's.
 */
export function summarize(
  trace: Trace,
  nodeId: string | null = null,
  url: string | null = null,
): TraceSummary {
  const root = trace.spans.find((span) => span.parentId === null) ?? trace.spans[0]
  return {
    id: trace.id,
    startMs: trace.startMs,
    durationMs: trace.durationMs,
    rootService: root?.service ?? '',
    rootOperation: root?.operation ?? '',
    spans: trace.spans.length,
    services: [...new Set(trace.spans.map((span) => span.service))].sort(),
    hasError: trace.spans.some((span) => span.hasError),
    node: nodeId === null ? null : nodeShare(trace.spans, nodeId),
    url,
  }
}

function nodeShare(spans: readonly Span[], nodeId: string): NonNullable<TraceSummary['node']> {
  const own = spans.filter((span) => span.nodeId === nodeId)
  return {
    spans: own.length,
    durationMs: own.reduce((longest, span) => Math.max(longest, span.durationMs), 0),
    hasError: own.some((span) => span.hasError),
  }
}

/** Start of the earliest span and time until the end of the last; zeros without spans. */
export function extentOf(spans: readonly Span[]): { startMs: number; durationMs: number } {
  let startMs = Infinity
  let endMs = -Infinity
  for (const span of spans) {
    startMs = Math.min(startMs, span.startMs)
    endMs = Math.max(endMs, span.startMs + span.durationMs)
  }
  if (spans.length === 0) return { startMs: 0, durationMs: 0 }
  // instants of today leave a double a quarter of a microsecond: what lies below is noise of the difference
  return { startMs, durationMs: Math.round((endMs - startMs) * 1000) / 1000 }
}
