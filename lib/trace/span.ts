/** Our span model, whatever store the spans came from. What the HTTP API sends has the same shape. */

export type SpanKind = 'client' | 'server' | 'producer' | 'consumer' | 'internal'

export interface Span {
  /** unique within its trace */
  id: string
  parentId: string | null
  /** as the tracing store names it */
  service: string
  operation: string
  kind: SpanKind | null
  startMs: number
  durationMs: number
  hasError: boolean
  httpStatus: string | null
  grpcStatus: string | null
  responseFlags: string | null
  /** node id of the workload that made the span; null when its tags do not say */
  nodeId: string | null
  podName: string | null
  tags: Record<string, string>
  logs: { atMs: number; fields: Record<string, string> }[]
}

export interface Trace {
  id: string
  startMs: number
  durationMs: number
  /** sorted by start, then id */
  spans: Span[]
  warnings: string[]
}

/** One line of a trace list. */
export interface TraceSummary {
  id: string
  startMs: number
  durationMs: number
  rootService: string
  rootOperation: string
  /** null when the store does not say */
  spans: number | null
  services: string[]
  hasError: boolean
  /** spans of the asked node or namespace within the trace, and the longest of them; null without such a filter */
  node: { spans: number; durationMs: number; hasError: boolean; services: string[] } | null
  /** the same trace in the tracing store */
  url: string | null
}
