import { describe, expect, it } from 'vitest'
import type { KubernetesObject, WireProtocol } from '@/lib/demo/model'
import { object, run, smallWorld, workload } from './testing/small-world'

interface Shape {
  caller?: 'sidecar' | 'none' | 'ambient'
  callee?: 'sidecar' | 'none' | 'ambient'
  protocol?: WireProtocol
}

function pair(objects: KubernetesObject[], { caller, callee, protocol = 'http' }: Shape = {}) {
  const isTcp = protocol === 'tcp'
  return smallWorld({
    workloads: [
      workload('shop/loader', { dataPlane: caller ?? 'sidecar' }),
      workload('pay/front', { dataPlane: callee ?? 'sidecar', protocol }),
      workload('istio-system/ztunnel', {
        role: 'ztunnel',
        kind: 'DaemonSet',
        dataPlane: 'none',
        endpoints: [],
      }),
    ],
    services: { 'pay/front': protocol },
    entries: [{ from: 'shop/loader', to: 'pay/front', ...(isTcp ? { method: '', path: '' } : {}) }],
    objects,
  })
}

const strict = object('PeerAuthentication pay/default', { mtls: { mode: 'STRICT' } })
const tls = (mode: string) =>
  object('DestinationRule shop/front', {
    host: 'front.pay.svc.cluster.local',
    trafficPolicy: { tls: { mode } },
  })
const DESTINATION = { reporter: 'destination' }

describe('mutual TLS', () => {
  it('is spoken between sidecars without being asked', () => {
    const { measured } = run(pair([]))
    expect(measured.values('istio_requests_total', 'connection_security_policy', DESTINATION)).toEqual([
      'mutual_tls',
    ])
    expect(measured.values('istio_requests_total', 'source_principal', DESTINATION)).toEqual([
      'spiffe://cluster.local/ns/shop/sa/loader',
    ])
    expect(
      measured.values('istio_requests_total', 'connection_security_policy', { reporter: 'source' }),
    ).toEqual(['unknown'])
  })

  it('takes plain text from callers without a proxy while PERMISSIVE, and does not know them', () => {
    const { measured } = run(pair([], { caller: 'none' }))
    expect(measured.requests()).toBe(0)
    expect(measured.requests({ ...DESTINATION, connection_security_policy: 'none' })).toBeGreaterThan(9_000)
    expect(measured.values('istio_requests_total', 'source_workload')).toEqual(['unknown'])
    expect(measured.values('istio_requests_total', 'source_canonical_revision')).toEqual(['latest'])
  })

  it('refuses them once STRICT: nothing arrives, and nobody reports it', () => {
    const { measured } = run(pair([strict], { caller: 'none' }))
    expect(measured.sum('istio_requests_total')).toBe(0)
  })

  it('shows a sidecar that sends plain text to STRICT a 503 UC', () => {
    const { measured } = run(pair([strict, tls('DISABLE')]))
    expect(measured.requests({ response_code: '503', response_flags: 'UC' })).toBe(measured.requests())
    expect(measured.requests(DESTINATION)).toBe(0)
  })

  it('fails the handshake with a callee that has no sidecar', () => {
    const { measured } = run(pair([tls('ISTIO_MUTUAL')], { callee: 'none' }))
    expect(measured.values('istio_requests_total', 'response_flags')).toEqual(['UF,URX'])
    expect(
      run(pair([], { callee: 'none' })).measured.values('istio_requests_total', 'response_code'),
    ).toEqual(['200'])
  })

  it('goes by the port before the workload, the workload before the namespace, the namespace before the mesh', () => {
    const mesh = object('PeerAuthentication istio-system/default', { mtls: { mode: 'STRICT' } })
    const open = object('PeerAuthentication pay/open', {
      selector: { matchLabels: { app: 'front' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { '8080': { mode: 'DISABLE' } },
    })
    const permissive = object('PeerAuthentication pay/default', { mtls: { mode: 'PERMISSIVE' } })
    const arrives = (objects: KubernetesObject[]) =>
      run(pair(objects, { caller: 'none' })).measured.requests(DESTINATION) > 0
    expect(arrives([mesh])).toBe(false)
    expect(arrives([mesh, permissive])).toBe(true)
    expect(arrives([mesh, open])).toBe(true)
  })

  it('is refused to TCP callers as a broken connection', () => {
    const { measured } = run(pair([strict, tls('DISABLE')], { protocol: 'tcp' }))
    expect(measured.sum('istio_tcp_received_bytes_total')).toBe(0)
    expect(measured.values('istio_tcp_connections_opened_total', 'response_flags')).toEqual(['UF'])
  })
})

describe('authorization', () => {
  const policy = (spec: object, name = 'policy') => object(`AuthorizationPolicy pay/${name}`, spec)
  const from = (source: object) => [{ from: [{ source }] }]
  const codes = (objects: KubernetesObject[], shape: Shape = {}) =>
    run(pair(objects, shape)).measured.values('istio_requests_total', 'response_code', DESTINATION)

  it('denies with 403 what DENY matches, which both proxies report', () => {
    const { measured } = run(pair([policy({ action: 'DENY', rules: from({ namespaces: ['shop'] }) })]))
    expect(measured.requests({ response_code: '403', response_flags: '-' })).toBe(measured.requests())
    expect(measured.requests({ ...DESTINATION, response_code: '403' })).toBe(measured.requests())
  })

  it('allows only what ALLOW names, once there is one', () => {
    const principal = 'cluster.local/ns/shop/sa/loader'
    expect(codes([policy({ rules: from({ principals: [principal] }) })])).toEqual(['200'])
    expect(codes([policy({ rules: from({ principals: ['cluster.local/ns/x/sa/y'] }) })])).toEqual(['403'])
    expect(codes([policy({})])).toEqual(['403'])
    expect(codes([policy({ rules: [{}] })])).toEqual(['200'])
    const both = [
      policy({ rules: [{}] }),
      policy({ action: 'DENY', rules: [{ to: [{ operation: { methods: ['GET'] } }] }] }, 'deny'),
    ]
    expect(codes(both)).toEqual(['403'])
  })

  it('knows no principal of a caller in plain text', () => {
    expect(codes([policy({ rules: from({ principals: ['*'] }) })], { caller: 'none' })).toEqual(['403'])
    expect(codes([policy({ rules: from({ notPrincipals: ['*'] }) })], { caller: 'none' })).toEqual(['200'])
  })

  it('looks at selectors, paths and headers, and leaves dry runs alone', () => {
    const selector = { matchLabels: { app: 'other' } }
    expect(codes([policy({ selector })])).toEqual(['200'])
    expect(codes([policy({ rules: [{ to: [{ operation: { paths: ['/admin*'] } }] }] })])).toEqual(['403'])
    const when = [{ key: 'request.headers[x-token]', values: ['1'] }]
    expect(codes([policy({ rules: [{ when }] })])).toEqual(['403'])
    const dry = policy({ action: 'DENY', rules: [{}] })
    dry.metadata.annotations = { 'istio.io/dry-run': 'true' }
    expect(codes([dry])).toEqual(['200'])
  })

  it('closes TCP connections it denies', () => {
    const deny = policy({ action: 'DENY', rules: from({ namespaces: ['shop'] }) })
    const { measured } = run(pair([deny], { protocol: 'tcp' }))
    expect(measured.sum('istio_tcp_received_bytes_total')).toBe(0)
    expect(measured.values('istio_tcp_connections_opened_total', 'response_flags', DESTINATION)).toEqual([
      'UAEX',
    ])
  })
})

describe('ambient', () => {
  it('counts bytes at ztunnel on both ends, and no requests', () => {
    const { measured } = run(pair([], { caller: 'ambient', callee: 'ambient' }))
    expect(measured.sum('istio_requests_total')).toBe(0)
    const bytes = (reporter: string) =>
      measured.sum('istio_tcp_received_bytes_total', { reporter, app: 'ztunnel' })
    expect(bytes('source')).toBeGreaterThan(1_000_000)
    expect(bytes('destination')).toBe(bytes('source'))
    expect(measured.values('istio_tcp_received_bytes_total', 'connection_security_policy')).toEqual([
      'mutual_tls',
    ])
  })

  it('denies at ztunnel by identity', () => {
    const deny = object('AuthorizationPolicy pay/deny', {
      action: 'DENY',
      rules: [{ from: [{ source: { namespaces: ['shop'] } }] }],
    })
    const { measured } = run(pair([deny], { caller: 'ambient', callee: 'ambient' }))
    expect(measured.sum('istio_tcp_received_bytes_total')).toBe(0)
    expect(measured.values('istio_tcp_connections_opened_total', 'response_flags', DESTINATION)).toEqual([
      'DENY',
    ])
    expect(
      measured.values('istio_tcp_connections_opened_total', 'response_flags', { reporter: 'source' }),
    ).toEqual(['CONNECT'])
  })

  it('refuses plain text under STRICT', () => {
    const { measured } = run(pair([strict], { caller: 'none', callee: 'ambient' }))
    expect(measured.sum('istio_tcp_received_bytes_total')).toBe(0)
  })

  const behindWaypoint = (objects: KubernetesObject[]) =>
    smallWorld({
      workloads: [
        workload('pay/loader', { dataPlane: 'ambient' }),
        workload('pay/front-v1', { dataPlane: 'ambient' }),
        workload('pay/front-v2', { dataPlane: 'ambient' }),
        workload('pay/waypoint', { role: 'waypoint', endpoints: [] }),
        workload('istio-system/ztunnel', { role: 'ztunnel', dataPlane: 'none', endpoints: [] }),
      ],
      services: { 'pay/front': { protocol: 'http', waypoint: 'waypoint' } },
      entries: [{ from: 'pay/loader', to: 'pay/front' }],
      objects,
    })

  it('reports requests at the waypoint, and the same bytes at ztunnel', () => {
    const { measured } = run(behindWaypoint([]))
    expect(measured.values('istio_requests_total', 'reporter')).toEqual(['waypoint'])
    expect(measured.values('istio_requests_total', 'source_workload')).toEqual(['loader'])
    expect(measured.values('istio_requests_total', 'connection_security_policy')).toEqual(['mutual_tls'])
    const tunnel = (labels: object) =>
      measured.sum('istio_tcp_received_bytes_total', { app: 'ztunnel', ...labels })
    expect(tunnel({ reporter: 'source', destination_workload: 'waypoint' })).toBeGreaterThan(1_000_000)
    expect(tunnel({ reporter: 'destination', source_workload: 'waypoint' })).toBeGreaterThan(1_000_000)
  })

  it('obeys routes and policies of the service at the waypoint', () => {
    const deny = object('AuthorizationPolicy pay/deny', {
      targetRefs: [{ kind: 'Service', group: '', name: 'front' }],
      action: 'DENY',
      rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
    })
    const { measured } = run(behindWaypoint([deny]))
    expect(measured.values('istio_requests_total', 'response_code')).toEqual(['403'])
  })
})
