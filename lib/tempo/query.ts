/** Questions of a trace search in TraceQL. https://grafana.com/docs/tempo/latest/traceql/ */
import type { TraceSearch } from '@/lib/trace/store'

/** Attributes a found span is sent with: what says who made it and how it ended. */
const SELECTED = [
  'resource.service.name',
  'name',
  'kind',
  'status',
  '.node_id',
  '.istio.namespace',
  '.istio.cluster_id',
  '.k8s.namespace.name',
  '.k8s.pod.name',
  '.k8s.cluster.name',
  '.k8s.deployment.name',
  '.k8s.statefulset.name',
  '.k8s.daemonset.name',
  '.k8s.cronjob.name',
  '.k8s.job.name',
  '.http.status_code',
  '.http.response.status_code',
  '.grpc.status_code',
  '.rpc.grpc.status_code',
  '.response_flags',
  attribute('guid:x-request-id'),
] as const

/** Spans of one trace that are sent: of a workload that is called in a loop there are many. */
const SPANS_PER_TRACE = 100

/** Parameters of `GET /api/search`: spans of one of the services that meet all the rest, and what is known of them. */
export function searchParams(
  services: readonly string[],
  search: Omit<TraceSearch, 'service'>,
): Record<string, string> {
  return {
    q: traceQl(services, search),
    // whole seconds that hold all of the time asked for
    start: String(Math.floor(search.startMs / 1000)),
    end: String(Math.ceil(search.endMs / 1000)),
    limit: String(search.limit),
    spss: String(SPANS_PER_TRACE),
  }
}

function traceQl(services: readonly string[], search: Omit<TraceSearch, 'service'>): string {
  const tags = Object.entries(search.tags ?? {})
  const conditions = [
    anyOf(services.map((name) => `resource.service.name = ${quoted(name)}`)),
    ...(search.operation === undefined ? [] : [`name = ${quoted(search.operation)}`]),
    ...(search.minDurationMs === undefined ? [] : [`duration >= ${micros(search.minDurationMs)}`]),
    ...(search.maxDurationMs === undefined ? [] : [`duration <= ${micros(search.maxDurationMs)}`]),
    ...tags.map(([key, value]) => tagCondition(key, value)),
  ]
  const asked = tags.map(([key]) => attribute(key))
  const selected = [...new Set([...SELECTED, ...asked])]
  return `{ ${conditions.join(' && ')} } | select(${selected.join(', ')})`
}

/** Spans whose names are the values of `tag`: of these services only. */
export function namesQuery(services: readonly string[]): string {
  return `{ ${anyOf(services.map((name) => `resource.service.name = ${quoted(name)}`))} }`
}

/**
 * Jaeger's word `error` is the span's status. A number or truth value is another type in TraceQL than its text, and
 * which of them a tracer wrote cannot be known. The status of HTTP has two names.
 */
function tagCondition(key: string, value: string): string {
  if (key === 'error' && (value === 'true' || value === 'false')) {
    return value === 'true' ? 'status = error' : 'status != error'
  }
  const keys = key === 'http.status_code' ? [key, 'http.response.status_code'] : [key]
  const values = [
    quoted(value),
    ...(/^-?\d{1,15}(\.\d{1,15})?$/.test(value) || value === 'true' || value === 'false' ? [value] : []),
  ]
  return anyOf(keys.flatMap((one) => values.map((text) => `${attribute(one)} = ${text}`)))
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' || ')})`
}

/** An attribute of span or resource; what is no plain name is quoted. */
function attribute(key: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(key) ? `.${key}` : `.${quoted(key)}`
}

/** As Go quotes a string, which JSON does the same way. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

function micros(ms: number): string {
  return `${Math.round(ms * 1000).toFixed(0)}us`
}
