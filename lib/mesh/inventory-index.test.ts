import { expect, it } from 'vitest'
import { inventory, service, workload } from '@/tests/support/graph/samples'
import { servicesBeside } from './inventory-index'

const named = (name: string, namespace = 'shop') => ({ namespace, name })

it('finds the other services before the pods of some, in any cluster', () => {
  const east = inventory({
    workloads: [workload('cart-v1'), workload('cart-v2'), workload('pay-v1')],
    services: [
      service('cart'),
      service('primary', { selector: { app: 'cart', version: 'v1' } }),
      service('canary', { selector: { app: 'cart', version: 'v2' } }),
      service('pay'),
      service('outside', { selector: {} }),
      service('cart', { namespace: 'bank' }),
    ],
  })
  const west = inventory({
    cluster: 'west',
    workloads: [workload('cart-v1', { cluster: 'west' })],
    services: ['cart', 'cart-all', 'canary'].map((name) =>
      service(name, { cluster: 'west', selector: { app: 'cart' } }),
    ),
  })
  const both = [west, east]
  expect(servicesBeside(both, [named('cart')])).toEqual(
    ['canary', 'cart-all', 'primary'].map((one) => named(one)),
  )
  expect(servicesBeside([east], [named('canary')])).toEqual([named('cart')])
  // each of them is asked for anyway
  expect(
    servicesBeside(
      [east],
      ['cart', 'primary', 'canary'].map((one) => named(one)),
    ),
  ).toEqual([])
  expect(
    servicesBeside(both, [named('pay'), named('outside'), named('cart', 'bank'), named('gone')]),
  ).toEqual([])
})
