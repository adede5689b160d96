/** A request as Istio's default access log has it. https://istio.io/latest/docs/tasks/observability/logs/access-log/ */
import type { WireProtocol } from '../model'
import type { Random } from '@/lib/statistics/random'

export interface LoggedRequest {
  startMs: number
  durationMs: number
  /** the proxy of the called side wrote it */
  isInbound: boolean
  protocol: WireProtocol
  method: string
  path: string
  code: string
  flags: string
  host: string
  /** Envoy's name of the upstream cluster */
  cluster: string
  podIp: string
  peer: string
  requestId: string
  /** null: not sampled */
  traceId: string | null
  receivedBytes: number
  sentBytes: number
}

/** `%RESPONSE_CODE_DETAILS%` by the flag that goes with it. https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/response_code_details */
const DETAILS: Readonly<Record<string, string>> = {
  UH: 'no_healthy_upstream',
  UF: 'upstream_reset_before_response_started{connection_failure}',
  UO: 'overflow',
  NR: 'route_not_found',
  NC: 'cluster_not_found',
  UT: 'response_timeout',
  UC: 'upstream_reset_before_response_started{connection_termination}',
  URX: 'upstream_reset_before_response_started{connection_failure}',
  FI: 'fault_filter_abort',
  DC: 'downstream_remote_disconnect',
  UAEX: 'rbac_access_denied_matched_policy[none]',
}

export function accessLine(request: LoggedRequest, random: Random): string {
  const first = request.flags.split(',')[0] ?? '-'
  const hasAnswered = request.flags === '-' || first === 'DI'
  const isConnectionFailure = first === 'UF' || first === 'URX'
  const total = Math.max(1, Math.round(request.durationMs))
  const port = /:(\d+)$/.exec(request.host)?.[1] ?? /\|(\d+)\|/.exec(request.cluster)?.[1] ?? '80'
  const service = request.cluster.split('|')[3] ?? ''
  const client = `${request.peer}:${random.int(32_768, 60_999)}`
  const upstream = request.isInbound ? `${request.podIp}:${port}` : `${request.peer}:${port}`
  const isReached = hasAnswered || !['UH', 'NR', 'NC', 'UO', 'FI', 'UAEX'].includes(first)
  return [
    `[${new Date(request.startMs).toISOString()}]`,
    `"${request.method} ${request.path} ${request.protocol === 'grpc' ? 'HTTP/2' : 'HTTP/1.1'}"`,
    request.code || '0',
    request.flags,
    hasAnswered ? 'via_upstream' : (DETAILS[first] ?? 'upstream_reset_before_response_started'),
    '-',
    isConnectionFailure ? '"delayed_connect_error:_111"' : '"-"',
    `${request.receivedBytes} ${request.sentBytes} ${total} ${hasAnswered ? Math.max(0, total - 1) : '-'}`,
    `"-" "${request.protocol === 'grpc' ? 'grpc-go/1.66.2' : 'Mozilla/5.0'}" "${request.requestId}" "${request.host}"`,
    `"${isReached ? upstream : '-'}"`,
    request.cluster,
    request.isInbound
      ? `127.0.0.6:${random.int(32_768, 60_999)}`
      : `${request.podIp}:${random.int(32_768, 60_999)}`,
    request.isInbound ? `${request.podIp}:${port}` : `${request.peer}:${port}`,
    request.isInbound ? client : `${request.podIp}:${random.int(32_768, 60_999)}`,
    request.isInbound && service === '' ? `outbound_.${port}_._.${request.host.split(':')[0] ?? ''}` : '-',
    'default',
  ].join(' ')
}
