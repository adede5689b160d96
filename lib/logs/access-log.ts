/**
 * Lines of Envoy's access log as Istio writes them: its default text format, and its JSON encoding.
 * https://istio.io/latest/docs/tasks/observability/logs/access-log/ (default format)
 */

export interface AccessEntry {
  /** epoch milliseconds; when the request or connection began */
  startMs: number
  /** null for a TCP connection */
  method: string | null
  path: string | null
  protocol: string | null
  /** HTTP status; 0: no answer, or a TCP connection */
  code: number
  /** `-` when clean, else short names separated by commas */
  flags: string
  /** why the status is what it is, in Envoy's own words; null when it does not say */
  codeDetails: string | null
  connectionEnd: string | null
  transportFailure: string | null
  receivedBytes: number | null
  sentBytes: number | null
  /** from the first byte received to the last byte sent */
  durationMs: number | null
  /** of it, what the called side took to begin its answer */
  upstreamMs: number | null
  forwardedFor: string | null
  userAgent: string | null
  requestId: string | null
  authority: string | null
  upstreamHost: string | null
  /** `outbound|9080|v1|reviews.bookinfo.svc.cluster.local`, `inbound|9080||`, `PassthroughCluster` */
  upstreamCluster: string | null
  upstreamLocal: string | null
  downstreamLocal: string | null
  downstreamRemote: string | null
  serverName: string | null
  route: string | null
}

/** In the order of the default text format, by their names in the JSON encoding. */
const FIELDS = [
  'response_code',
  'response_flags',
  'response_code_details',
  'connection_termination_details',
  'upstream_transport_failure_reason',
  'bytes_received',
  'bytes_sent',
  'duration',
  'upstream_service_time',
  'x_forwarded_for',
  'user_agent',
  'request_id',
  'authority',
  'upstream_host',
  'upstream_cluster',
  'upstream_local_address',
  'downstream_local_address',
  'downstream_remote_address',
  'requested_server_name',
  'route_name',
] as const

type Fields = Readonly<Record<string, string | undefined>>

/** The request a line of the access log tells of; undefined for any other line. */
export function parseAccessLog(line: string): AccessEntry | undefined {
  if (line.startsWith('[')) return parseText(line)
  return line.startsWith('{') ? parseJson(line) : undefined
}

/** Which way the request went through the proxy that wrote the line; null where its cluster does not say. */
export function directionOf(entry: Pick<AccessEntry, 'upstreamCluster'>): 'inbound' | 'outbound' | null {
  const cluster = entry.upstreamCluster
  if (cluster === null) return null
  if (cluster.startsWith('inbound|') || /^InboundPassthroughCluster(Ipv[46])?$/.test(cluster))
    return 'inbound'
  return cluster.startsWith('outbound|') || /^(PassthroughCluster|BlackHoleCluster)$/.test(cluster)
    ? 'outbound'
    : null
}

const HEAD = /^\[([^\]]{10,40})\] "(\S+) (.*?) (\S+)" /

function parseText(line: string): AccessEntry | undefined {
  const head = HEAD.exec(line)
  if (!head) return undefined
  const words = splitWords(line.slice(head[0].length))
  // formats of one's own may add fields at the end; fewer ones are another format
  if (words.length < FIELDS.length) return undefined
  const fields: Record<string, string> = {}
  FIELDS.forEach((name, index) => (fields[name] = words[index] ?? '-'))
  return entryOf({ ...fields, start_time: head[1], method: head[2], path: head[3], protocol: head[4] })
}

function parseJson(line: string): AccessEntry | undefined {
  let body: unknown
  try {
    body = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const wire = body as Record<string, unknown>
  if (!('response_code' in wire && 'response_flags' in wire && 'start_time' in wire)) return undefined
  const fields: Record<string, string> = {}
  for (const name of [...FIELDS, 'start_time', 'method', 'path', 'protocol']) {
    const value = wire[name]
    if (typeof value === 'string' || typeof value === 'number') fields[name] = String(value)
  }
  return entryOf(fields)
}

function entryOf(fields: Fields): AccessEntry | undefined {
  const startMs = Date.parse(fields.start_time ?? '')
  const code = Number(fields.response_code)
  if (Number.isNaN(startMs) || !Number.isInteger(code) || code < 0 || code > 999) return undefined
  return {
    startMs,
    method: said(fields.method),
    path: said(fields.path),
    protocol: said(fields.protocol),
    code,
    flags: said(fields.response_flags) ?? '-',
    codeDetails: said(fields.response_code_details),
    connectionEnd: said(fields.connection_termination_details),
    transportFailure: said(fields.upstream_transport_failure_reason),
    receivedBytes: count(fields.bytes_received),
    sentBytes: count(fields.bytes_sent),
    durationMs: count(fields.duration),
    upstreamMs: count(fields.upstream_service_time),
    forwardedFor: said(fields.x_forwarded_for),
    userAgent: said(fields.user_agent),
    requestId: said(fields.request_id),
    authority: said(fields.authority),
    upstreamHost: said(fields.upstream_host),
    upstreamCluster: said(fields.upstream_cluster),
    upstreamLocal: said(fields.upstream_local_address),
    downstreamLocal: said(fields.downstream_local_address),
    downstreamRemote: said(fields.downstream_remote_address),
    serverName: said(fields.requested_server_name),
    route: said(fields.route_name),
  }
}

/** Words between spaces; what is quoted is one word, a quote inside it is escaped by a backslash. */
function splitWords(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

function said(value: string | undefined): string | null {
  return value === undefined || value === '-' || value === '' ? null : value
}

function count(value: string | undefined): number | null {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : null
}
