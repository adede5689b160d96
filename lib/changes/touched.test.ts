import { describe, expect, it } from 'vitest'
import { config, inventory, service, workload } from '@/tests/support/graph/samples'
import { touchedBy } from './touched'

const world = inventory({
  workloads: [workload('cart-v1'), workload('cart-v2'), workload('pay-v1', { namespace: 'bank' })],
})
const names = (set: ReadonlySet<string>) => [...set].sort()

describe('what an object touches', () => {
  it('is each host a virtual service is for, routes to and mirrors to', () => {
    const spec = {
      hosts: ['cart', 'shop.example.com', '*.example.com'],
      http: [{ route: [{ destination: { host: 'pay.bank.svc.cluster.local' } }], mirror: { host: 'copy' } }],
      tcp: [{ route: [{ destination: { host: 'db' } }] }],
    }
    const { services, hosts } = touchedBy([config('VirtualService', 'shop/x', spec)], world)
    expect(names(services)).toEqual(['bank/pay', 'shop/cart', 'shop/copy', 'shop/db'])
    expect(names(hosts)).toEqual(['shop.example.com'])
  })

  it('is the host of a destination rule', () => {
    expect(names(touchedBy([config('DestinationRule', 'shop/x', { host: 'cart' })], world).services)).toEqual(
      ['shop/cart'],
    )
  })

  it('is the services a Gateway API route names', () => {
    const spec = {
      parentRefs: [{ kind: 'Service', name: 'cart' }, { name: 'gateway' }],
      rules: [{ backendRefs: [{ name: 'cart-v1' }, { name: 'pay', namespace: 'bank' }] }],
    }
    const route = { ...config('HTTPRoute', 'shop/x', spec), apiVersion: 'gateway.networking.k8s.io/v1' }
    expect(names(touchedBy([route], world).services)).toEqual(['bank/pay', 'shop/cart', 'shop/cart-v1'])
  })

  it.each([
    ['the workloads it selects', 'shop', { selector: { matchLabels: { version: 'v2' } } }, ['shop/cart-v2']],
    ['its namespace without a selector', 'shop', {}, ['shop/cart-v1', 'shop/cart-v2']],
    ['the mesh from the root namespace', 'istio-system', {}, ['bank/pay-v1', 'shop/cart-v1', 'shop/cart-v2']],
    ['no workload when it has a target', 'shop', { targetRefs: [{ kind: 'Gateway', name: 'x' }] }, []],
  ])('is for a policy %s', (_, namespace, spec, expected) => {
    const policy = config('PeerAuthentication', 'shop/x', spec)
    const placed = {
      ...policy,
      apiVersion: 'security.istio.io/v1',
      metadata: { ...policy.metadata, namespace },
    }
    expect(names(touchedBy([placed], world).workloads)).toEqual(expected)
  })

  const proxies = (name: string, gateway: string) =>
    workload(name, { podLabels: { 'gateway.networking.k8s.io/gateway-name': gateway } })
  const behindGateways = inventory({
    namespaces: [
      { cluster: 'east', name: 'shop', labels: { 'istio.io/use-waypoint': 'way' }, annotations: {} },
      { cluster: 'east', name: 'bank', labels: { 'istio.io/use-waypoint': 'way' }, annotations: {} },
    ],
    workloads: [workload('cart-v1'), proxies('edge-istio', 'edge'), proxies('way', 'way')],
    services: [
      service('cart'),
      service('free', { labels: { 'istio.io/use-waypoint': 'none' } }),
      service('pay', { namespace: 'bank' }),
      service('far', {
        namespace: 'bank',
        labels: { 'istio.io/use-waypoint': 'way', 'istio.io/use-waypoint-namespace': 'shop' },
      }),
    ],
    config: [{ ...config('Gateway', 'shop/way', { gatewayClassName: 'istio-waypoint' }) }],
  })
  const gateway = (name: string) => ({
    ...config('Gateway', `shop/${name}`, {}),
    apiVersion: 'gateway.networking.k8s.io/v1',
  })
  const aimed = (kind: string, name: string) => ({
    ...config('AuthorizationPolicy', 'shop/x', { targetRefs: [{ kind, name }] }),
    apiVersion: 'security.istio.io/v1',
  })
  it.each([
    ['a gateway', gateway('edge'), ['shop/edge-istio'], []],
    ['a waypoint', gateway('way'), ['shop/way'], ['bank/far', 'shop/cart']],
    ['a policy for a gateway', aimed('Gateway', 'edge'), ['shop/edge-istio'], []],
    ['a policy for a waypoint', aimed('Gateway', 'way'), ['shop/way'], ['bank/far', 'shop/cart']],
    [
      'a policy for all waypoints',
      aimed('GatewayClass', 'istio-waypoint'),
      ['shop/way'],
      ['bank/far', 'shop/cart'],
    ],
  ])('is what goes through the proxies of %s', (_, object, workloads, services) => {
    const touched = touchedBy([object], behindGateways)
    expect(names(touched.receivers)).toEqual(workloads)
    expect(names(touched.senders)).toEqual(workloads)
    expect(names(touched.services)).toEqual(services)
  })

  it.each([
    ['a rule of the root namespace for all', 'DestinationRule', 'istio-system', { host: '*.local' }, 4],
    ['a rule of a namespace for all', 'DestinationRule', 'shop', { host: '*.local' }, 2],
    ['a rule for a namespace', 'DestinationRule', 'bank', { host: '*.bank.svc.cluster.local' }, 2],
    ['routes for the mesh', 'VirtualService', 'shop', { hosts: ['*.svc.cluster.local'] }, 4],
    ['routes of a gateway', 'VirtualService', 'shop', { hosts: ['*'], gateways: ['edge'] }, 0],
    ['a host outside', 'ServiceEntry', 'shop', { hosts: ['*.example.com'] }, 0],
  ])('is the services that a wildcard covers: %s', (_, kind, place, spec, count) => {
    const touched = touchedBy([config(kind, `${place}/x`, spec)], behindGateways)
    expect(touched.services.size).toBe(count)
    expect(names(touched.hosts)).toEqual([])
  })

  it.each([
    ['AuthorizationPolicy', ['bank/pay-v1', 'shop/cart-v1']],
    ['RequestAuthentication', ['bank/pay-v1', 'shop/cart-v1']],
    ['EnvoyFilter', ['bank/pay-v1', 'shop/cart-v1']],
    ['WasmPlugin', ['bank/pay-v1', 'shop/cart-v1']],
    // a selector keeps these in their own namespace
    ['Telemetry', ['istio-system/edge']],
    ['Sidecar', ['istio-system/edge']],
    // and Istio ignores this one
    ['PeerAuthentication', []],
  ])('is what a selector of the root namespace chooses for a %s', (kind, expected) => {
    const podLabels = { team: 'a' }
    const teams = inventory({
      workloads: [
        workload('cart-v1', { podLabels }),
        workload('cart-v2'),
        workload('pay-v1', { namespace: 'bank', podLabels }),
        workload('edge', { namespace: 'istio-system', podLabels: kind.match(/Te|Si|Pe/) ? podLabels : {} }),
      ],
    })
    const by = kind === 'EnvoyFilter' || kind === 'Sidecar' ? 'workloadSelector' : 'selector'
    const spec = { [by]: { matchLabels: podLabels, labels: podLabels } }
    expect(names(touchedBy([config(kind, 'istio-system/x', spec)], teams).workloads)).toEqual(expected)
  })

  it('is what the workloads of a Sidecar send, and what they receive where it has listeners for that', () => {
    const egress = { egress: [{ hosts: ['./*'] }] }
    const sending = touchedBy([config('Sidecar', 'bank/x', egress)], world)
    expect([names(sending.senders), names(sending.receivers)]).toEqual([['bank/pay-v1'], []])
    const both = touchedBy([config('Sidecar', 'bank/x', { ...egress, ingress: [] })], world)
    expect([names(both.senders), names(both.receivers)]).toEqual([['bank/pay-v1'], ['bank/pay-v1']])
  })

  const policy = { ...config('PeerAuthentication', 'shop/x', {}), apiVersion: 'security.istio.io/v1' }
  it.each([
    [
      'a rule for a host',
      config('DestinationRule', 'shop/x', { host: 'cart' }),
      ['VirtualService', 'Service'],
    ],
    ['a policy for workloads', policy, ['AuthorizationPolicy', 'Deployment']],
    [
      'a gateway',
      config('Gateway', 'shop/x', { selector: { app: 'edge' } }),
      ['VirtualService', 'Service', 'Deployment'],
    ],
  ])('may be more than is known where kinds may not be read: %s', (_, object, expected) => {
    const unread = [
      ...['AuthorizationPolicy.security.istio.io', 'Deployment.apps', 'Namespace', 'Service'],
      'VirtualService.networking.istio.io',
    ]
    expect(touchedBy([object], { ...world, unread }).unread).toEqual(expected)
    expect(touchedBy([object], world).unread).toEqual([])
  })
})
