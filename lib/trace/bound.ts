/** A trace too large to send whole. */
import type { Span, Trace } from './span'
import { buildForest } from './tree'

/** More rows than this nobody scrolls through, and a browser takes seconds to read. */
export const MOST_SPANS = 20_000

/**
 * At most so many spans of a trace: those nearest to the roots, so that every kept span's parent is kept too, and of
 * one depth the failed and then the longest first. Says in its warnings what was left out. Extent stays that of all.
 */
export function boundedTrace(trace: Trace, most = MOST_SPANS): Trace {
  if (trace.spans.length <= most) return trace
  const { order } = buildForest(trace.spans)
  const kept = order
    .toSorted(
      (a, b) =>
        a.depth - b.depth ||
        Number(b.span.hasError) - Number(a.span.hasError) ||
        b.span.durationMs - a.span.durationMs,
    )
    .slice(0, most)
    .map(({ span }) => span)
  return {
    ...trace,
    spans: kept.sort(byStart),
    warnings: [
      ...trace.warnings,
      `This trace has ${trace.spans.length} spans; the ${most} nearest to its beginning are shown, failed and long ones first`,
    ],
  }
}

function byStart(a: Span, b: Span): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : 1)
}
