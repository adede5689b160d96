import { describe, expect, it } from 'vitest'
import type { RoutingObject } from '@/lib/api/schemas/config/routing'
import { addressOf, missingKinds, openedOf } from './routing-address'

const host = 'cart.shop.svc.cluster.local'
const object = (kind: string, name: string, why = `routes requests for ${host}`): RoutingObject => ({
  ref: { cluster: 'east', group: 'g', version: 'v1', kind, namespace: 'shop', name },
  why,
  isOwn: why === `routes requests for ${host}`,
})
const gateway = object('Gateway', 'web', 'lets in what virtual service cart routes')
const cart = object('VirtualService', 'cart')

describe('openedOf', () => {
  it.each([
    [null, { what: 'object', object: cart }],
    ['Gateway/shop/web', { what: 'object', object: gateway }],
    ['split', { what: 'split' }],
    ['new/DestinationRule', { what: 'new', kind: 'DestinationRule' }],
    ['VirtualService/shop/old', { what: 'gone', name: 'VirtualService/shop/old' }],
    ['new/Secret', { what: 'gone', name: 'new/Secret' }],
  ])('of %s', (asked, expected) => {
    expect(openedOf(asked, [gateway, cart])).toEqual(expected)
  })

  it('is nothing where nothing routes the service', () => {
    expect(openedOf(null, [])).toEqual({ what: 'nothing' })
  })

  it('finds an object by the address of its own', () => {
    expect(openedOf(addressOf(cart.ref), [gateway, cart])).toEqual({ what: 'object', object: cart })
  })
})

describe('missingKinds', () => {
  const without = (unread: string[], ...objects: RoutingObject[]) =>
    missingKinds({ cluster: 'east', namespace: 'shop', service: 'cart', host, objects, unread, notices: [] })
  const of = (...objects: RoutingObject[]) => without([], ...objects)

  it('are none of what may be there unseen', () => {
    expect(without(['DestinationRule'])).toEqual(['VirtualService', 'HTTPRoute'])
    expect(without(['HTTPRoute'])).toEqual(['DestinationRule'])
  })

  it('are all of them for a service nothing speaks of', () => {
    expect(of()).toEqual(['VirtualService', 'HTTPRoute', 'DestinationRule'])
  })

  it('leave out a second route and a second policy', () => {
    expect(of(cart)).toEqual(['DestinationRule'])
    expect(of(cart, object('DestinationRule', 'all', `sets the policy for ${host}`))).toEqual([])
  })

  it('leave out a name that is taken by an object that does something else', () => {
    expect(of(object('VirtualService', 'cart', `routes some of its requests to ${host}`))).toEqual([
      'HTTPRoute',
      'DestinationRule',
    ])
  })
})
