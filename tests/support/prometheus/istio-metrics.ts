/** Istio's metrics written by hand, in OpenMetrics text: counters that rise evenly, so that every rate is known. */

export const STEP_SECONDS = 15

export interface End {
  cluster?: string
  namespace: string
  /** `reviews-v1`: app reviews, version v1 */
  workload: string
}

export interface Call {
  from: End | 'unknown'
  to: End | 'unknown'
  /** defaults to the app of `to` in its namespace */
  service?: { namespace: string; name: string; host?: string }
  reporter: 'source' | 'destination' | 'waypoint'
  policy?: 'mutual_tls' | 'none'
}

export interface Requests extends Call {
  perSecond: number
  protocol?: 'http' | 'grpc'
  code?: string
  grpc?: string
  flags?: string
  /** requests per second by bucket: [upper bound in ms, how many ended within it and not before] */
  latency?: readonly (readonly [number, number])[]
}

export interface Tcp extends Call {
  sentPerSecond: number
  receivedPerSecond: number
  openedPerSecond: number
  /** app of the pod that reports; `ztunnel` for the node proxy */
  app?: string
}

const BOUNDS = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, Infinity]

/** `from`: epoch seconds of its first sample, where that is not the first of all. */
export type Series = { name: string; labels: Record<string, string>; perSecond: number; from?: number }

export function requestSeries(call: Requests): Series[] {
  const isGrpc = call.protocol === 'grpc'
  const base = {
    ...endLabels(call),
    request_protocol: call.protocol ?? 'http',
    connection_security_policy: policyOf(call),
    response_flags: call.flags ?? '-',
    response_code: call.code ?? '200',
    ...(isGrpc && call.grpc !== undefined ? { grpc_response_status: call.grpc } : {}),
  }
  const series: Series[] = [{ name: 'istio_requests_total', labels: base, perSecond: call.perSecond }]
  if (call.latency) {
    for (const le of BOUNDS) {
      const within = call.latency.reduce((sum, [bound, count]) => (bound <= le ? sum + count : sum), 0)
      series.push({
        name: 'istio_request_duration_milliseconds_bucket',
        labels: { ...base, le: le === Infinity ? '+Inf' : String(le) },
        perSecond: within,
      })
    }
  }
  return series
}

export function tcpSeries(call: Tcp): Series[] {
  const labels = {
    ...endLabels(call),
    request_protocol: 'tcp',
    connection_security_policy: policyOf(call),
    response_flags: '-',
    app: call.app ?? 'sidecar-of-some-app',
  }
  return [
    { name: 'istio_tcp_sent_bytes_total', labels, perSecond: call.sentPerSecond },
    { name: 'istio_tcp_received_bytes_total', labels, perSecond: call.receivedPerSecond },
    { name: 'istio_tcp_connections_opened_total', labels, perSecond: call.openedPerSecond },
  ]
}

/** OpenMetrics text of all series from `fromSeconds` to `toSeconds`, one sample per step. */
export function openMetrics(series: readonly Series[], fromSeconds: number, toSeconds: number): string {
  const lines: string[] = []
  for (const { name, labels, perSecond, from = fromSeconds } of series) {
    const text = Object.entries(labels)
      .map(([label, value]) => `${label}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`)
      .join(',')
    for (let at = from; at <= toSeconds; at += STEP_SECONDS) {
      lines.push(`${name}{${text}} ${1000 + perSecond * (at - fromSeconds)} ${at}`)
    }
  }
  return `${lines.join('\n')}\n# EOF\n`
}

function endLabels(call: Call): Record<string, string> {
  const source = call.from === 'unknown' ? null : call.from
  const target = call.to === 'unknown' ? null : call.to
  const service = call.service ?? (target && { namespace: target.namespace, name: appOf(target) })
  const host = service && (call.service?.host ?? `${service.name}.${service.namespace}.svc.cluster.local`)
  return {
    reporter: call.reporter,
    source_cluster: source?.cluster ?? (source ? 'east' : 'unknown'),
    source_workload_namespace: source?.namespace ?? 'unknown',
    source_workload: source?.workload ?? 'unknown',
    source_canonical_service: source ? appOf(source) : 'unknown',
    source_canonical_revision: source ? versionOf(source) : 'latest',
    destination_cluster: target?.cluster ?? (target ? 'east' : 'unknown'),
    destination_workload_namespace: target?.namespace ?? 'unknown',
    destination_workload: target?.workload ?? 'unknown',
    destination_canonical_service: target ? appOf(target) : 'unknown',
    destination_canonical_revision: target ? versionOf(target) : 'latest',
    destination_service: host ?? 'unknown',
    destination_service_name: service?.name ?? 'unknown',
    destination_service_namespace: service?.namespace ?? 'unknown',
  }
}

/** A caller's proxy never knows how the connection was secured. */
function policyOf(call: Call): string {
  return call.reporter === 'source' ? 'unknown' : (call.policy ?? 'mutual_tls')
}

function appOf(end: End): string {
  return end.workload.replace(/-v\d+$/, '')
}

function versionOf(end: End): string {
  return /-(v\d+)$/.exec(end.workload)?.[1] ?? 'latest'
}
