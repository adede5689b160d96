/** Questions of a trace search in the words of Jaeger's HTTP query API. */

export interface TraceSearch {
  service: string
  operation?: string
  /** all must be on one span */
  tags?: Readonly<Record<string, string>>
  startMs: number
  endMs: number
  minDurationMs?: number
  maxDurationMs?: number
  limit: number
}

/** Parameters of `GET /api/traces`: instants in microseconds, durations with unit, tags as one JSON object. */
export function searchParams(search: TraceSearch): Record<string, string | undefined> {
  const hasTags = search.tags !== undefined && Object.keys(search.tags).length > 0
  return {
    service: search.service,
    operation: search.operation,
    tags: hasTags ? JSON.stringify(search.tags) : undefined,
    start: micros(search.startMs),
    end: micros(search.endMs),
    minDuration: search.minDurationMs === undefined ? undefined : `${micros(search.minDurationMs)}us`,
    maxDuration: search.maxDurationMs === undefined ? undefined : `${micros(search.maxDurationMs)}us`,
    limit: String(search.limit),
  }
}

/** Whole microseconds; `toFixed` because a plain number of that size may print with an exponent. */
function micros(ms: number): string {
  return Math.round(ms * 1000).toFixed(0)
}

/**
 * Name under which Istio's proxies report spans of a workload: `{app}.{namespace}`, the app being its
 * canonical name. Old proxies and other tracers use the bare name.
 */
export function istioServiceName(app: string, namespace: string): string {
  return `${app}.${namespace}`
}

/** A trace id as Jaeger takes it in a path: 1 to 32 hexadecimal digits. */
export function isTraceId(text: string): boolean {
  return /^[0-9a-fA-F]{1,32}$/.test(text)
}
