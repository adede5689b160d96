/** Literals for tests of traces. */
import type { Span, Trace } from './span'
import { extentOf } from './summarize'

/** A span of service and operation `id`; give what matters. */
export function span(
  id: string,
  parentId: string | null,
  startMs: number,
  durationMs: number,
  rest?: Partial<Span>,
): Span {
  return {
    id,
    parentId,
    service: id,
    operation: id,
    kind: null,
    startMs,
    durationMs,
    hasError: false,
    httpStatus: null,
    grpcStatus: null,
    responseFlags: null,
    nodeId: null,
    podName: null,
    tags: {},
    logs: [],
    ...rest,
  }
}

export function trace(spans: Span[]): Trace {
  return { id: 't', ...extentOf(spans), spans, warnings: [] }
}
