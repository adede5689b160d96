import { expect, it } from 'vitest'
import { inventory, podOf, workload } from '@/tests/support/graph/samples'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { concernedNodes, concernsNode } from './concerned'

const pod = (name: string): ConfigObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name },
})

it('finds the workload of each pod without looking through all pods for each', () => {
  const reviews = workload('reviews-v1')
  const pods = Array.from({ length: 300 }, (_, at) => ({ ...podOf(reviews), name: `reviews-v1-${at}` }))
  let looked = 0
  const world = Object.defineProperty(inventory({ workloads: [reviews] }), 'pods', {
    get: () => {
      looked += 1
      return pods
    },
  })
  const ids = ['east/shop/app/reviews', 'east/shop/workload/reviews-v1']
  for (const { name } of pods) expect(concernedNodes(pod(name), world)).toEqual(ids)
  expect(concernedNodes(pod('of-nobody'), world)).toEqual([])
  expect(looked).toBeLessThan(5)
  const isOfNode = concernsNode(
    { cluster: 'east', namespace: 'shop', kind: 'workload', name: 'reviews-v1' },
    world,
  )
  expect([pod('reviews-v1-7'), pod('of-nobody')].map(isOfNode)).toEqual([true, false])
})
