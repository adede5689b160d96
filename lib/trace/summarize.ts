/** One line of a trace list. */
import type { Span, TraceSummary } from './span'
import type { FoundTrace } from './store'

/**
 * What a list says about a trace. The root is the first real root; of a trace that lost its root, the earliest
 * span stands in. Of a trace that was sent in part, what its store says of the whole. With `whose` also the share of
 * that node, or of all spans that it takes: exactly these, no other's, as far as they were sent.
 */
export function summarize(
  trace: FoundTrace,
  whose: string | ((span: Span) => boolean) | null = null,
  url: string | null = null,
): TraceSummary {
  const { whole } = trace
  const seen = new Set(trace.spans.map((span) => span.service))
  const root = findRoot(trace) ?? trace.spans[0]
  return {
    id: trace.id,
    startMs: trace.startMs,
    durationMs: trace.durationMs,
    rootService: whole?.rootService ?? root?.service ?? '',
    rootOperation: whole?.rootOperation ?? root?.operation ?? '',
    spans: whole ? whole.spans : trace.spans.length,
    services: whole?.services ?? [...seen].sort(),
    hasError: whole?.hasError === true || trace.spans.some((span) => span.hasError),
    node:
      whose === null
        ? null
        : shareOf(trace.spans.filter(typeof whose === 'string' ? (span) => span.nodeId === whose : whose)),
    url,
  }
}

/**
 * The span a trace began with, where it was sent. Of a trace that was sent in part spans name no parents: there one
 * bears what the store says of the root, or none was sent.
 */
export function findRoot({ spans, whole }: FoundTrace): Span | undefined {
  return whole
    ? spans.find(
        ({ service, operation }) => service === whole.rootService && operation === whole.rootOperation,
      )
    : spans.find(({ parentId }) => parentId === null)
}

function shareOf(own: readonly Span[]): NonNullable<TraceSummary['node']> {
  return {
    spans: own.length,
    durationMs: own.reduce((longest, span) => Math.max(longest, span.durationMs), 0),
    hasError: own.some((span) => span.hasError),
    services: [...new Set(own.map((span) => span.service))].sort(),
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
