import { describe, expect, it } from 'vitest'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { config, inventory, service } from '@/tests/support/graph/samples'
import { routingOfService } from './service-routing'

const to = (host: string) => [{ route: [{ destination: { host } }] }]
const index = indexInventory(
  inventory({
    services: [service('cart'), service('stock')],
    config: [
      config('DestinationRule', 'shop/cart', { host: 'cart' }),
      config('VirtualService', 'shop/cart', { hosts: ['cart'], http: to('cart') }),
      config('VirtualService', 'shop/edge', { hosts: ['a.example'], gateways: ['web'], http: to('cart') }),
      config('Gateway', 'shop/web', { servers: [] }),
      config('Gateway', 'shop/other', { servers: [] }),
      config('VirtualService', 'shop/stock', { hosts: ['stock'], http: to('stock') }),
      {
        ...config('Gateway', 'shop/public', { gatewayClassName: 'istio' }),
        apiVersion: 'gateway.networking.k8s.io/v1',
      },
      config('HTTPRoute', 'shop/stock', {
        parentRefs: [{ name: 'public' }],
        rules: [{ backendRefs: [{ name: 'stock', port: 80 }] }],
      }),
    ],
  }),
)
const namesOf = (name: string) =>
  routingOfService(index, 'shop', name).map(({ object, why }) => [
    `${object.kind} ${object.metadata.name}`,
    why.replace('.shop.svc.cluster.local', ''),
  ])

describe('routingOfService', () => {
  it('names entries, routes and policies, in the order of a request', () => {
    expect(namesOf('cart')).toEqual([
      ['Gateway web', 'lets in what virtual service edge routes'],
      ['VirtualService cart', 'routes requests for cart'],
      ['VirtualService edge', 'routes some of its requests to cart'],
      ['DestinationRule cart', 'sets the policy for cart'],
    ])
  })

  it('follows routes of the Gateway API to their gateways', () => {
    expect(namesOf('stock')).toEqual([
      ['Gateway public', 'lets in what HTTPRoute stock routes'],
      ['VirtualService stock', 'routes requests for stock'],
      ['HTTPRoute stock', 'routes some of its requests to stock'],
    ])
  })
})
