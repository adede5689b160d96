import { describe, expect, it } from 'vitest'
import { config, inventory, workload } from '@/tests/support/graph/samples'
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
