/** What a trace search asks for, as the address says it. Pure. */
import type { TraceFilter } from '@/lib/api/paths'
import { parseNodeId } from '@/lib/mesh/identity'

export interface TraceSearch {
  /** node id; at most one of `node` and `service` */
  node: string | null
  /** as the tracing store names it */
  service: string | null
  minDurationMs: number | null
  maxDurationMs: number | null
  operation: string | null
  /** HTTP status, three digits */
  status: string | null
  /** as written: `key=value …` */
  tags: string | null
  errors: boolean
  limit: number
}

export const TRACE_LIMITS = [20, 50, 100, 200] as const
export const FEWEST = TRACE_LIMITS[0]

/** The search an address asks for; what is malformed reads as not said. A node wins over a service. */
export function parseTraceSearch(params: URLSearchParams): TraceSearch {
  const node = params.get('node')
  const isNode = node !== null && parseNodeId(node) !== undefined
  const service = params.get('service')
  const status = params.get('status')
  const limit = Number(params.get('limit'))
  return {
    node: isNode ? node : null,
    service: isNode || service === null || service === '' ? null : service,
    minDurationMs: millisOf(params.get('minDurationMs')),
    maxDurationMs: millisOf(params.get('maxDurationMs')),
    operation: params.get('operation') || null,
    status: status !== null && isStatus(status) ? status : null,
    tags: params.get('tags') || null,
    errors: params.get('errors') === 'true',
    limit: TRACE_LIMITS.find((each) => each === limit) ?? FEWEST,
  }
}

/** Three digits, as HTTP has them. */
export function isStatus(text: string): boolean {
  return /^[1-5]\d\d$/.test(text)
}

function millisOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : null
}

/** What a search narrows by, as the API is asked: all but whose traces, and of when. */
export function narrowingOf(search: TraceSearch): TraceFilter {
  const { minDurationMs, maxDurationMs, operation, status, tags, errors, limit } = search
  return {
    ...(minDurationMs === null ? {} : { minDurationMs }),
    ...(maxDurationMs === null ? {} : { maxDurationMs }),
    ...(operation === null ? {} : { operation }),
    ...(status === null ? {} : { status }),
    ...(tags === null ? {} : { tags }),
    errors,
    limit,
  }
}

/** The query string after a change: what is not asked for is left out, keys of others stay. */
export function withTraceSearch(params: URLSearchParams, patch: Partial<TraceSearch>): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === '' || value === false || (key === 'limit' && value === FEWEST))
      next.delete(key)
    else next.set(key, String(value))
  }
  // another's operations are other ones
  if (patch.node || patch.service) next.delete('operation')
  if (patch.node) next.delete('service')
  if (patch.service) next.delete('node')
  return next
}
