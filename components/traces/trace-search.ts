/** What a trace search asks for, as the address says it. Pure. */
import { parseNodeId } from '@/lib/mesh/identity'

export interface TraceSearch {
  /** node id; at most one of `node` and `service` */
  node: string | null
  /** as the tracing store names it */
  service: string | null
  minDurationMs: number | null
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
  const minimum = params.get('minDurationMs') ?? ''
  const limit = Number(params.get('limit'))
  return {
    node: isNode ? node : null,
    service: isNode || service === null || service === '' ? null : service,
    minDurationMs: /^\d{1,9}(\.\d+)?$/.test(minimum) && Number(minimum) > 0 ? Number(minimum) : null,
    errors: params.get('errors') === 'true',
    limit: TRACE_LIMITS.find((each) => each === limit) ?? FEWEST,
  }
}

/** The query string after a change: what is not asked for is left out, keys of others stay. */
export function withTraceSearch(params: URLSearchParams, patch: Partial<TraceSearch>): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === false || (key === 'limit' && value === FEWEST)) next.delete(key)
    else next.set(key, String(value))
  }
  if (patch.node) next.delete('service')
  if (patch.service) next.delete('node')
  return next
}
