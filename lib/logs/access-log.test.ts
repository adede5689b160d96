import { describe, expect, it } from 'vitest'
import { directionOf, parseAccessLog } from './access-log'

// the example of Istio's page about access logs, and one of a request nobody answered
const TEXT =
  '[2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 3 1 "-" "curl/7.73.0-DEV" "84961386-6d84-929d-98bd-c5aee93b5c88" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.httpbin.foo.svc.cluster.local default'
const REFUSED =
  '[2026-08-20T12:00:00.001Z] "GET /reviews/0?a=\\"b\\" HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_failure} - "delayed connect error: 111" 0 91 12 - "10.0.0.1,10.0.0.2" "Mozilla/5.0 (X11; Linux)" "id-1" "reviews:9080" "10.1.2.3:9080" outbound|9080|v1|reviews.bookinfo.svc.cluster.local - 10.4.0.9:9080 10.1.1.1:4000 - default'
const TCP =
  '[2026-08-20T12:00:00.000Z] "- - -" 0 - - - "-" 1320 2112 30012 - "-" "-" "-" "-" "10.1.2.3:27017" outbound|27017||mongo.db.svc.cluster.local 10.1.1.1:40 10.4.0.9:27017 10.1.1.1:41 - -'

describe('parseAccessLog', () => {
  it('reads the default text format', () => {
    expect(parseAccessLog(TEXT)).toMatchObject({
      startMs: Date.UTC(2020, 10, 25, 21, 26, 18, 409),
      method: 'GET',
      path: '/status/418',
      protocol: 'HTTP/1.1',
      code: 418,
      flags: '-',
      codeDetails: 'via_upstream',
      transportFailure: null,
      receivedBytes: 0,
      sentBytes: 135,
      durationMs: 3,
      upstreamMs: 1,
      userAgent: 'curl/7.73.0-DEV',
      requestId: '84961386-6d84-929d-98bd-c5aee93b5c88',
      authority: 'httpbin:8000',
      upstreamCluster: 'inbound|8000||',
      downstreamRemote: '10.44.1.23:37652',
      route: 'default',
    })
  })

  it('keeps what is quoted together, and several flags', () => {
    expect(parseAccessLog(REFUSED)).toMatchObject({
      code: 503,
      flags: 'UF,URX',
      transportFailure: 'delayed connect error: 111',
      upstreamMs: null,
      forwardedFor: '10.0.0.1,10.0.0.2',
      userAgent: 'Mozilla/5.0 (X11; Linux)',
      upstreamLocal: null,
    })
  })

  it('reads a TCP connection: no method, no path, code 0', () => {
    expect(parseAccessLog(TCP)).toMatchObject({ method: null, path: null, code: 0, receivedBytes: 1320 })
  })

  it('reads the JSON encoding', () => {
    const line = JSON.stringify({
      start_time: '2026-08-20T12:00:00.000Z',
      method: 'POST',
      path: '/pay',
      protocol: 'HTTP/2',
      response_code: 200,
      response_flags: '-',
      bytes_sent: 12,
      duration: 7,
      upstream_cluster: 'outbound|80||pay.shop.svc.cluster.local',
      route_name: null,
    })
    expect(parseAccessLog(line)).toMatchObject({ method: 'POST', code: 200, durationMs: 7, route: null })
  })

  it.each([
    ['', 'nothing'],
    ['{"level":"info","msg":"started"}', 'JSON of an application'],
    ['{"start_time":"x"', 'JSON cut off'],
    ['[2026-08-20 12:00:00.000][1][warning][config] gRPC config stream closed', 'Envoy’s own log'],
    ['[2026-08-20T12:00:00.001Z] "GET / HTTP/1.1" 200 - 0 1', 'a format with fewer fields'],
    [
      '[2026-08-20T12:00:00.001Z] "GET / HTTP/1.1" abc - via_upstream - "-" 0 1 1 1 "-" "-" "-" "-" "-" a b c d e f',
      'no status',
    ],
  ])('takes %j for no request: %s', (line) => {
    expect(parseAccessLog(line)).toBeUndefined()
  })
})

describe('directionOf', () => {
  it.each([
    ['inbound|9080||', 'inbound'],
    ['outbound|9080|v1|reviews.bookinfo.svc.cluster.local', 'outbound'],
    ['PassthroughCluster', 'outbound'],
    ['InboundPassthroughCluster', 'inbound'],
    ['InboundPassthroughClusterIpv4', 'inbound'],
    ['InboundPassthroughClusterIpv6', 'inbound'],
    ['something', null],
    [null, null],
  ])('of %s is %s', (upstreamCluster, direction) => {
    expect(directionOf({ upstreamCluster })).toBe(direction)
  })
})
