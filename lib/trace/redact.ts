import type { Trace } from './span'

/** Stands for the operation of a span made elsewhere. */
export const HIDDEN_OPERATION = 'not yours to see'

/**
 * A trace for somebody who may see some places only: spans made elsewhere keep their name and times, so that the tree
 * and its critical path hold, and lose what they tell. Null when no span is of a place that `isSeen`.
 * `isSeen` gets the node id of a span; null: nobody knows who made it.
 */
export function redactTrace(trace: Trace, isSeen: (nodeId: string | null) => boolean): Trace | null {
  let seen = 0
  const spans = trace.spans.map((span) => {
    if (isSeen(span.nodeId)) {
      seen += 1
      return span
    }
    return { ...span, operation: HIDDEN_OPERATION, podName: null, tags: {}, logs: [] }
  })
  return seen === 0 ? null : { ...trace, spans }
}
