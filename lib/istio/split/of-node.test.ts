import { expect, it } from 'vitest'
import { isSplitOfNode } from './of-node'

const backend = (workload: string) => ({ host: 'reviews.shop.svc.cluster.local', workloads: [workload] })
const split = {
  cluster: 'east',
  hosts: ['shop-front.example.com', 'reviews'],
  backends: [backend('reviews-v1'), backend('reviews-v2')],
}
const node = { kind: 'service', cluster: 'east', namespace: 'shop', name: 'reviews' } as const

it.each([
  ['its service', node, true],
  ['a host it speaks for', { ...node, name: 'shop-front' }, true],
  ['another service', { ...node, name: 'ratings' }, false],
  ['its app', { ...node, kind: 'app' }, true],
  ['an app that begins alike', { ...node, kind: 'app', name: 'review' }, false],
  ['a workload behind it', { ...node, kind: 'workload', name: 'reviews-v2' }, true],
  ['a workload that is not', { ...node, kind: 'workload', name: 'reviews-v9' }, false],
  ['a namesake elsewhere', { ...node, namespace: 'other' }, false],
  ['a namesake in another cluster', { ...node, cluster: 'west' }, false],
  ['something else', { ...node, kind: 'external' }, false],
] as const)('splits send to %s', (_name, subject, isOf) => {
  expect(isSplitOfNode(split, subject)).toBe(isOf)
})

it('is none of a node where everything goes to one destination, or nobody may know who is behind it', () => {
  expect(isSplitOfNode({ ...split, backends: [backend('reviews-v1')] }, node)).toBe(false)
  const unread = { ...split, backends: split.backends.map(({ host }) => ({ host, workloads: null })) }
  expect(isSplitOfNode(unread, { ...node, kind: 'workload', name: 'reviews-v1' })).toBe(false)
  expect(isSplitOfNode(unread, node)).toBe(true)
})
