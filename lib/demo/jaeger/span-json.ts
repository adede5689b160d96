/** A simulated span in Jaeger's JSON, tagged as Envoy tags it under Istio. */
import type { SimulatedSpan } from '../model'

export interface JaegerTag {
  key: string
  type: 'string' | 'bool' | 'int64'
  value: string | boolean | number
}

export interface JaegerSpan {
  traceID: string
  spanID: string
  flags: number
  operationName: string
  references: { refType: 'CHILD_OF'; traceID: string; spanID: string }[]
  /** microseconds */
  startTime: number
  duration: number
  tags: JaegerTag[]
  logs: { timestamp: number; fields: JaegerTag[] }[]
  processID: string
  warnings: null
}

/** Istio's proxies report under canonical name and namespace. */
export function serviceOf(span: SimulatedSpan): string {
  return `${span.app}.${span.namespace}`
}

/** Istio names a span after the route it took: host and port of the service asked for, and everything under it. */
export function operationOf(span: SimulatedSpan): string {
  if (span.program) return span.program.operation
  // outbound|9080|v1|reviews.bookinfo.svc.cluster.local, or inbound|{container port}||
  const [direction, port, , host] = span.upstreamCluster.split('|')
  if (direction === 'outbound' && host) return `${host}:${port}/*`
  const asked = /^(.*?)(?::(\d+))?$/.exec(span.host)
  return `${asked?.[1] ?? span.host}:${asked?.[2] ?? port ?? '80'}/*`
}

/** Whether Envoy marks the span as failed: 5xx, no response at all, or a gRPC status of the server's making. */
export function isFailed(span: SimulatedSpan): boolean {
  const code = Number(span.responseCode)
  if (span.protocol === 'grpc' && span.grpcStatus !== null && span.grpcStatus !== '0') return true
  return code === 0 || code >= 500
}

/**
 * Tags of a span. Envoy: source/common/tracing/http_tracer_impl.cc (names and the `error` rule);
 * Istio adds `istio.*` through the proxy's bootstrap.
 */
export function tagsOf(span: SimulatedSpan): JaegerTag[] {
  if (span.program) return programTags(span, span.program)
  const authority = span.host
  const tags: JaegerTag[] = [
    text('component', 'proxy'),
    text(
      'node_id',
      `${proxyType(span)}~${span.podIp}~${span.podName}.${span.namespace}~${span.namespace}.svc.cluster.local`,
    ),
    text('zone', ''),
    text('guid:x-request-id', requestId(span.traceId)),
    text('http.url', `http://${authority}${span.path}`),
    text('http.method', span.protocol === 'grpc' ? 'POST' : span.method),
    text('downstream_cluster', '-'),
    text('user_agent', span.protocol === 'grpc' ? 'grpc-go/1.66.2' : '-'),
    text('http.protocol', span.protocol === 'grpc' ? 'HTTP/2' : 'HTTP/1.1'),
    text('peer.address', span.peerAddress),
    text('upstream_cluster', span.upstreamCluster),
    text('upstream_cluster.name', `${span.upstreamCluster};`),
    text('http.status_code', span.responseCode),
    text('response_flags', span.flags === '' ? '-' : span.flags),
    text('istio.canonical_service', span.app),
    text('istio.canonical_revision', span.version),
    text('istio.namespace', span.namespace),
    text('istio.cluster_id', span.cluster),
    text('istio.mesh_id', 'cluster.local'),
    text('span.kind', span.side),
  ]
  if (span.requestBytes !== undefined) tags.push(text('request_size', String(span.requestBytes)))
  if (span.responseBytes !== undefined) tags.push(text('response_size', String(span.responseBytes)))
  if (span.protocol === 'grpc') {
    tags.push(
      text('grpc.path', span.path),
      text('grpc.authority', authority),
      text('grpc.content_type', 'application/grpc'),
    )
    if (span.grpcStatus !== null) tags.push(text('grpc.status_code', span.grpcStatus))
  }
  if (isFailed(span)) tags.push({ key: 'error', type: 'bool', value: true })
  return tags
}

/** What OpenTelemetry's SDK and its Kubernetes detector write. https://opentelemetry.io/docs/specs/semconv/resource/k8s/ */
function programTags(span: SimulatedSpan, { tracer }: NonNullable<SimulatedSpan['program']>): JaegerTag[] {
  const failure = span.events?.[0]?.fields
  return [
    text(
      'otel.scope.name',
      tracer === 'java'
        ? 'io.opentelemetry.jaxrs-2.0-cxf-3.2'
        : 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp',
    ),
    text('telemetry.sdk.language', tracer),
    text('k8s.cluster.name', span.cluster),
    text('k8s.namespace.name', span.namespace),
    text('k8s.pod.name', span.podName),
    text('service.version', span.version),
    text('http.request.method', span.method),
    text('url.path', span.path),
    text('span.kind', span.side),
    ...(isFailed(span)
      ? [
          text('otel.status_code', 'ERROR'),
          ...(failure ? [text('otel.status_description', failure['exception.message'] ?? '')] : []),
          { key: 'error', type: 'bool' as const, value: true },
        ]
      : []),
  ]
}

export function spanJson(span: SimulatedSpan, processID: string): JaegerSpan {
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    flags: 1,
    operationName: operationOf(span),
    references:
      span.parentSpanId === null
        ? []
        : [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }],
    startTime: Math.round(span.startMs * 1000),
    duration: Math.max(1, Math.round(span.durationMs * 1000)),
    tags: tagsOf(span),
    logs: (span.events ?? []).map(({ atMs, name, fields }) => ({
      timestamp: Math.round(atMs * 1000),
      fields: [text('event', name), ...Object.entries(fields).map(([key, value]) => text(key, value))],
    })),
    processID,
    warnings: null,
  }
}

function proxyType(span: SimulatedSpan): 'router' | 'waypoint' | 'sidecar' {
  if (/(^|-)(ingress|egress)gateway/.test(span.workload)) return 'router'
  return /(^|-)waypoint$/.test(span.workload) ? 'waypoint' : 'sidecar'
}

/** One request id for the whole trace, in the form of a version 4 UUID. */
export function requestId(traceId: string): string {
  const hex = traceId.padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function text(key: string, value: string): JaegerTag {
  return { key, type: 'string', value }
}
