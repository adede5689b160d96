import { expect, it } from 'vitest'
import { inventory } from '@/tests/support/graph/samples'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { hiddenIn } from './access'

const namespaces = (...names: string[]) =>
  names.map((name) => ({ cluster: 'east', name, labels: {}, annotations: {} }))

it('looks at the namespaces of a cluster once for an answer, and again when they have changed', () => {
  let looked = 0
  const counted = (parts: Partial<ClusterInventory>): ClusterInventory => {
    const { namespaces: all, ...rest } = inventory(parts)
    return Object.defineProperty({ ...rest, namespaces: [] }, 'namespaces', {
      get: () => {
        looked += 1
        return all
      },
    })
  }
  let current = counted({ namespaces: namespaces('shop', 'secret') })
  const up = {
    inventories: [{ cluster: 'east', current: () => ({ inventory: current, ready: true, error: null }) }],
  } as unknown as Parameters<typeof hiddenIn>[0]
  const access = { namespaces: new Set(['east/shop']) }
  const hiddenOf = (names: string[]) => names.filter(hiddenIn(up, access, 'east'))
  for (let row = 0; row < 1_000; row += 1) expect(hiddenOf(['shop', 'secret', 'later'])).toEqual(['secret'])
  expect(looked).toBe(1)
  current = counted({ namespaces: namespaces('shop', 'secret', 'later') })
  expect(hiddenOf(['shop', 'secret', 'later'])).toEqual(['secret', 'later'])
  expect(['secret'].filter(hiddenIn(up, { namespaces: new Set(['east/secret']) }, 'east'))).toEqual([])
})
