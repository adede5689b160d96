import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { modeRows } from './modes'

const namespace = (name: string) => ({ cluster: 'east', name, labels: {}, annotations: {} })
const port = (name: string, number: number, targetPort: string | null = null) => ({
  name,
  port: number,
  targetPort,
  protocol: 'TCP',
  appProtocol: null,
})
const reviews = workload('reviews-v1')

function rowsOf(parts: Partial<ClusterInventory> = {}, pod: Parameters<typeof podOf>[1] = {}) {
  const rows = modeRows(
    indexInventory(
      inventory({
        namespaces: [namespace('istio-system'), namespace('shop')],
        workloads: [reviews, workload('istio-system/istiod')],
        pods: [podOf(reviews, pod)],
        services: [service('reviews', { ports: [port('http', 80, '8080'), port('tcp-db', 9000)] })],
        ...parts,
      }),
    ),
  )
  const of = (workloadName: string | null, portNumber: number | null = null, ns: string | null = 'shop') =>
    rows.find((row) => row.namespace === ns && row.workload === workloadName && row.port === portNumber)
  return { rows, of }
}
const peer = (name: string, spec: object) => config('PeerAuthentication', name, spec)

describe('modeRows', () => {
  it('has a row for the mesh, each namespace, workload and port', () => {
    const { rows } = rowsOf()
    expect(rows.map((row) => [row.namespace, row.workload, row.port])).toEqual([
      [null, null, null],
      ['shop', null, null],
      ['shop', 'reviews-v1', null],
      ['shop', 'reviews-v1', 8080],
      ['shop', 'reviews-v1', 9000],
    ])
  })

  it('knows no mode where PeerAuthentications may not be read, but that nothing enforces one without a proxy', () => {
    const unread = ['PeerAuthentication.security.istio.io']
    const { rows, of } = rowsOf({ unread, config: [] })
    for (const row of rows) {
      expect(row).toMatchObject({ configured: { mode: null, source: null }, effective: { mode: null } })
      expect(row.effective.reason).toContain('Heddle may not read PeerAuthentications')
      expect(row.clients).toEqual(row.workload === null ? [] : null)
    }
    const bare = rowsOf({ unread }, { hasSidecar: false }).of('reviews-v1')
    expect(bare).toMatchObject({ configured: { mode: null }, effective: { mode: 'DISABLE' } })
    expect(of('reviews-v1')?.served).toHaveLength(2)
  })

  it('knows the mode, but not what callers send, where DestinationRules may not be read', () => {
    const strict = peer('shop/default', { mtls: { mode: 'STRICT' } })
    const { of } = rowsOf({ unread: ['DestinationRule.networking.istio.io'], config: [strict] })
    expect(of('reviews-v1')).toMatchObject({ effective: { mode: 'STRICT' }, clients: null })
    expect(of('reviews-v1')?.effective.reason).toContain('What callers send is not known')
  })

  it('tells a port from its workload', () => {
    const own = peer('shop/reviews', {
      selector: { matchLabels: { app: 'reviews' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { 9000: { mode: 'DISABLE' } },
    })
    const { of } = rowsOf({ config: [own] })
    expect(of('reviews-v1', 9000)).toMatchObject({
      configured: { mode: 'DISABLE', source: { name: 'reviews' } },
      effective: { mode: 'DISABLE' },
    })
    expect(of('reviews-v1', 8080)?.effective.mode).toBe('STRICT')
    expect(of(null)).toMatchObject({ configured: { mode: 'PERMISSIVE', source: null } })
  })

  it('says that nothing enforces a mode without a proxy', () => {
    const { of } = rowsOf(
      { config: [peer('shop/default', { mtls: { mode: 'STRICT' } })] },
      { hasSidecar: false },
    )
    expect(of('reviews-v1')).toMatchObject({
      dataPlane: 'none',
      configured: { mode: 'STRICT' },
      effective: { mode: 'DISABLE' },
    })
    expect(of('reviews-v1')?.effective.reason).toBe(
      "STRICT by the namespace's PeerAuthentication shop/default. Its pods have no proxy, so nothing enforces it and callers send plain text.",
    )
    expect(of('reviews-v1')?.clients?.map((each) => each.meeting)).toEqual(['plaintext', 'plaintext'])
  })

  it('names pods that were left out', () => {
    const { of } = rowsOf({
      config: [peer('shop/default', { mtls: { mode: 'STRICT' } })],
      pods: [podOf(reviews, { name: 'a' }), podOf(reviews, { name: 'b', hasSidecar: false })],
    })
    expect(of('reviews-v1')).toMatchObject({ effective: { mode: 'STRICT' }, podsWithoutProxy: ['b'] })
    expect(of('reviews-v1')?.effective.reason).toContain(
      'Pod b has no proxy and takes plain text whatever the mode.',
    )
  })

  it('knows that one pod without a proxy switches auto mTLS off for a headless service', () => {
    const parts = (bare: boolean) => ({
      config: [peer('shop/default', { mtls: { mode: 'STRICT' } })],
      services: [service('reviews', { isHeadless: true, ports: [port('tcp', 9000)] })],
      pods: [podOf(reviews, { name: 'a' }), podOf(reviews, { name: 'b', hasSidecar: !bare })],
    })
    const meetings = (bare: boolean) =>
      rowsOf(parts(bare))
        .of('reviews-v1')
        ?.clients?.map((each) => [each.who, each.meeting])
    expect(meetings(true)).toEqual([
      ['callers with a proxy', 'mutual'],
      ['callers of reviews', 'broken'],
      ['callers without a proxy', 'broken'],
    ])
    expect(meetings(false)).toHaveLength(2)
  })

  it('says which policies do not count', () => {
    const aged = (name: string, mode: string, year: number) =>
      config('PeerAuthentication', name, { mtls: { mode } }, { creationTimestamp: `${year}-01-01T00:00:00Z` })
    const { of } = rowsOf({ config: [aged('shop/old', 'STRICT', 2024), aged('shop/new', 'DISABLE', 2025)] })
    const said = 'PeerAuthentication shop/new is younger than another of its kind here and does not count.'
    expect(of(null)?.effective.reason).toContain(said)
    expect(of('reviews-v1')?.effective.reason).toContain(said)
  })

  it('finds the port a service names', () => {
    const { of } = rowsOf({
      workloads: [workload('reviews-v1', { namedPorts: { web: 8080 } })],
      services: [service('reviews', { ports: [port('http', 80, 'web')] })],
    })
    expect(of('reviews-v1', 8080)?.served).toMatchObject([{ servicePort: 80, port: 8080 }])
  })

  it('keeps what was configured apart from what ambient makes of it', () => {
    const { of } = rowsOf(
      { config: [peer('shop/default', { mtls: { mode: 'DISABLE' } })] },
      { hasSidecar: false, isAmbient: true },
    )
    expect(of('reviews-v1')).toMatchObject({
      configured: { mode: 'DISABLE' },
      effective: { mode: 'PERMISSIVE' },
    })
  })

  it('names the DestinationRules that clash, in both directions', () => {
    const rule = (mode: string) =>
      config('DestinationRule', 'shop/r', { host: 'reviews', trafficPolicy: { tls: { mode } } })
    const strict = peer('shop/default', { mtls: { mode: 'STRICT' } })
    const { of } = rowsOf({ config: [strict, rule('DISABLE')] })
    expect(of('reviews-v1')?.clients?.map((each) => [each.sends, each.meeting])).toEqual([
      ['auto', 'mutual'],
      ['plaintext', 'broken'],
      ['plaintext', 'broken'],
    ])
    expect(of('reviews-v1')?.effective.reason).toContain(
      'DestinationRule shop/r sets TLS DISABLE for reviews.shop.svc.cluster.local: what its callers send is refused: the port takes mutual TLS only.',
    )
    const disabled = rowsOf({
      config: [peer('shop/default', { mtls: { mode: 'DISABLE' } }), rule('ISTIO_MUTUAL')],
    })
    expect(disabled.of('reviews-v1')?.clients?.map((each) => each.meeting)).toEqual([
      'plaintext',
      'broken',
      'plaintext',
    ])
  })
})
