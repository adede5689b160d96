/** A tracing store that holds one large trace, as Envoy writes them under Istio. */
import { serveLoopback } from '../../support/loopback'

export const LARGE_TRACE_ID = 'abcdef0123456789abcdef0123456789'
const WORKLOADS = 40
const CHILDREN = 5

/** Client and server spans in turn, each calling five, with the two dozen tags a proxy writes. */
function traceJson(spans: number): string {
  const start = Date.UTC(2026, 0, 1) * 1000
  const processes = Object.fromEntries(
    Array.from({ length: WORKLOADS }, (_, n) => [
      `p${n}`,
      { serviceName: `service-${n}.shop`, tags: [{ key: 'ip', type: 'string', value: `10.0.0.${n}` }] },
    ]),
  )
  return JSON.stringify({
    data: [
      {
        traceID: LARGE_TRACE_ID,
        processes,
        spans: Array.from({ length: spans }, (_, n) => span(n, start)),
      },
    ],
  })
}

function span(n: number, start: number): object {
  const caller = Math.floor((n - 1) / CHILDREN)
  const at = n % WORKLOADS
  const host = `service-${(at + 1) % WORKLOADS}.shop.svc.cluster.local`
  const isFailed = n % 97 === 0
  const tags: Record<string, string> = {
    component: 'proxy',
    node_id: `sidecar~10.0.0.${at}~service-${at}-6b4c9d7f88-x2x9k.shop~shop.svc.cluster.local`,
    'guid:x-request-id': `7f3b4e2f-7c6a-9d90-8f00-${String(n).padStart(12, '0')}`,
    'http.url': `http://${host}/items/${n}`,
    'http.method': 'GET',
    downstream_cluster: '-',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    'http.protocol': 'HTTP/1.1',
    'peer.address': `10.0.1.${n % 250}`,
    upstream_cluster: `outbound|8080||${host}`,
    'upstream_cluster.name': `outbound|8080||${host};`,
    'http.status_code': isFailed ? '503' : '200',
    response_flags: isFailed ? 'UF' : '-',
    'istio.canonical_service': `service-${at}`,
    'istio.canonical_revision': 'v1',
    'istio.namespace': 'shop',
    'istio.cluster_id': 'east',
    'istio.mesh_id': 'cluster.local',
    'span.kind': n % 2 === 0 ? 'server' : 'client',
    request_size: '0',
    response_size: String(100 + (n % 5000)),
    ...(isFailed ? { error: 'true' } : {}),
  }
  return {
    traceID: LARGE_TRACE_ID,
    spanID: idOf(n),
    operationName: `${host}:8080/*`,
    references: n === 0 ? [] : [{ refType: 'CHILD_OF', traceID: LARGE_TRACE_ID, spanID: idOf(caller) }],
    startTime: start + n * 20,
    duration: Math.max(50, 2_000_000 - n * 150),
    tags: Object.entries(tags).map(([key, value]) => ({ key, type: 'string', value })),
    logs: [],
    processID: `p${at}`,
  }
}

const idOf = (n: number) => (n + 1).toString(16).padStart(16, '0')

/** Jaeger's answer to every question is that trace; made once, so that its making is not measured. */
export async function serveLargeTrace(spans: number): Promise<{ url: string; stop(): Promise<void> }> {
  const body = traceJson(spans)
  const server = await serveLoopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  return { url: server.url, stop: server.close }
}
