/** Questions of a trace search in the words of Jaeger's HTTP query API. */

import type { TraceSearch } from '@/lib/trace/store'

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
