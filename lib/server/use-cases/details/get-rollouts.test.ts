import { expect, it } from 'vitest'
import { createMemory } from '@/lib/server/incidents/memory'
import type { Upstreams } from '@/lib/server/upstreams'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import { getEvents } from './get-events'
import { getRollouts } from './get-rollouts'

it('costs the API server one reading, however many pages ask for events and rollouts', async () => {
  const clock = manualClock(Date.UTC(2026, 7, 20, 12))
  const workloads = ['cart-v1', 'cart-v2'].map((name) => workload(name))
  const objects = inventory({
    workloads,
    services: [service('cart')],
    pods: workloads.map((one) => podOf(one)),
  })
  let reads = 0
  const read = (_path: string, { query }: { query?: { fieldSelector?: string } }) => {
    reads += 1
    const [, name = ''] = /name=(.+)$/.exec(query?.fieldSelector ?? '') ?? []
    return Promise.resolve({
      metadata: {},
      items: [
        {
          metadata: { name: `${name}-scaled`, namespace: 'shop' },
          involvedObject: { kind: 'Deployment', name, namespace: 'shop' },
          reason: 'ScalingReplicaSet',
          message: `Scaled up replica set ${name}-5c4 from 1 to 3`,
          lastTimestamp: new Date(clock.now()).toISOString(),
        },
      ],
    })
  }
  const source = {
    cluster: 'east',
    client: { read },
    events: () => [],
    current: () => ({ inventory: objects }),
  }
  // all that is read of it
  const up = { inventories: [source], memory: createMemory(clock), clock } as unknown as Upstreams
  const node = 'east/shop/app/cart'
  const [first] = await Promise.all([
    getRollouts(up, { node }),
    getRollouts(up, { node }),
    getEvents(up, { node }),
  ])
  expect(first?.items?.map(({ message }) => message)).toEqual(
    expect.arrayContaining(['scaled up from 1 to 3 pods']),
  )
  expect(reads).toBe(3)
  clock.advance(20_000)
  await getRollouts(up, { node })
  expect(reads).toBe(3)
  clock.advance(10_000)
  await getRollouts(up, { node })
  expect(reads).toBe(6)
})
