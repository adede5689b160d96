import { expect, it } from 'vitest'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { config, inventory } from '@/tests/support/graph/samples'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { createElsewhere } from './elsewhere'

const NOW = Date.UTC(2026, 7, 20, 12)
const HIDDEN = ['VirtualService.networking.istio.io']

/** A cluster whose objects are put there by hand. */
function clusterOf(first: ClusterInventory) {
  let now = first
  const listeners = new Set<() => void>()
  const source = {
    cluster: 'east',
    current: () => ({ inventory: now }),
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as InventorySource
  const show = (next: ClusterInventory) => {
    now = next
    for (const each of listeners) each()
  }
  return { source, show }
}

it('tells of objects that came and went, and not of a right to read them that did', () => {
  const of = (objects: ConfigObject[], unread?: string[]) =>
    inventory({ config: objects, ...(unread ? { unread } : {}) })
  const [cart, pay] = ['cart', 'pay'].map((host) =>
    config('VirtualService', `shop/${host}`, { hosts: [host] }),
  )
  const rule = config('DestinationRule', 'shop/cart', { host: 'cart' })
  const all = [cart, pay, rule] as ConfigObject[]
  const { source, show } = clusterOf(of(all))
  const elsewhere = createElsewhere([source], manualClock(NOW))
  const seen = () => elsewhere.seen().map(({ objects: [object] }) => `${object?.op} ${object?.ref.kind}`)
  show(of([rule], HIDDEN))
  expect(seen()).toEqual([])
  show(of([], HIDDEN))
  expect(seen()).toEqual(['delete DestinationRule'])
  const returned = of(all.slice(0, 2))
  show(returned)
  expect(seen()).toEqual(['delete DestinationRule'])
  // without an object of it at first, the kind is read again all the same
  show({ ...returned, config: [], unread: HIDDEN })
  const none: ConfigObject[] = []
  show({ ...returned, config: none, unread: HIDDEN })
  show({ ...returned, config: none })
  show(of([pay as ConfigObject]))
  expect(seen()).toEqual(['create VirtualService', 'delete DestinationRule'])
})
