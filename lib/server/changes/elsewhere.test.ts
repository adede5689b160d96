import { describe, expect, it } from 'vitest'
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

describe('who wrote, and when', () => {
  const route = (
    resourceVersion: string,
    exportTo: string[],
    writers: [manager: string, second: number][],
  ) => {
    const made = config('VirtualService', 'shop/cart', { hosts: ['cart'], exportTo })
    const managedFields = writers.map(([manager, second]) => ({
      manager,
      time: new Date(NOW + second * 1_000).toISOString(),
    }))
    return { ...made, metadata: { ...made.metadata, resourceVersion, managedFields } }
  }
  const watching = (first: ConfigObject) => {
    const { source, show } = clusterOf(inventory({ config: [first] }))
    const clock = manualClock(NOW + 60_000)
    const elsewhere = createElsewhere([source], clock)
    return {
      clock,
      show: (...config: ConfigObject[]) => {
        show(inventory({ config }))
      },
      seen: () =>
        elsewhere.seen().map(({ author, at, objects }) => [objects[0]?.op, author, (at - NOW) / 1_000]),
    }
  }

  it('is not told of a write that only takes away: nobody is named, and it happened when it was seen', () => {
    const { show, seen } = watching(route('1', ['*'], [['kubectl-edit', -3_600]]))
    show(route('2', [], [['kubectl-edit', -3_600]]))
    expect(seen()).toEqual([['update', null, 60]])
  })

  it('tells of what others take away from an object that Heddle wrote last', () => {
    const { show, seen } = watching(route('1', ['*'], [['heddle', -10]]))
    show(route('2', [], [['heddle', -10]]))
    expect(seen()).toEqual([['update', null, 60]])
  })

  it('puts an object that was deleted and made again within a second in that order', () => {
    const { show, seen, clock } = watching(route('1', ['*'], [['kubectl-create', -10]]))
    clock.advance(400)
    show()
    clock.advance(200)
    show(route('2', ['*'], [['kubectl-replace', 60]]))
    expect(seen()).toEqual([
      ['create', 'kubectl-replace', 60.6],
      ['delete', null, 60.4],
    ])
  })
})
