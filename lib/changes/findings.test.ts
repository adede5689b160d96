import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { config, inventory, service } from '@/tests/support/graph/samples'
import { UNOBSERVED } from '@/lib/validation/observed'
import { configAfter, findingsChanged } from './findings'

const route = (host: string) =>
  config('VirtualService', 'shop/cart', { hosts: ['cart'], http: [{ route: [{ destination: { host } }] }] })
const known = { now: 0, observed: UNOBSERVED, beside: [], hidden: new Set<never>() }
const before = route('cart')
const world = inventory({
  namespaces: [{ cluster: 'east', name: 'shop', labels: {}, annotations: {} }],
  services: [service('cart')],
  config: [before],
})

describe('findings of a change', () => {
  it('are those it adds, with the place', () => {
    const { added, resolved } = findingsChanged(world, [{ before, after: route('basket') }], known)
    expect(added).toMatchObject([
      {
        code: 'IST0101',
        object: { kind: 'VirtualService', name: 'cart' },
        path: 'spec.http[0].route[0].destination.host',
      },
    ])
    expect(resolved).toEqual([])
  })

  it('are those it resolves', () => {
    const broken = { ...world, config: [route('basket')] }
    const { added, resolved } = findingsChanged(
      broken,
      [{ before: route('basket'), after: route('cart') }],
      known,
    )
    expect(added).toEqual([])
    expect(resolved.map(({ code }) => code)).toEqual(['IST0101'])
  })

  it('are none where nothing changes', () => {
    expect(findingsChanged(world, [{ before, after: before }], known)).toEqual({ added: [], resolved: [] })
  })
})

it('the configuration after a change holds each object once, in its new state', () => {
  const other: ConfigObject = { ...before, metadata: { ...before.metadata, name: 'other' } }
  const after = route('basket')
  expect(configAfter([before, other], [{ before, after }])).toEqual([other, after])
  expect(configAfter([before, other], [{ before, after: null }])).toEqual([other])
  expect(configAfter([other], [{ before: null, after }])).toEqual([other, after])
})
