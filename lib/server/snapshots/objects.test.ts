import { expect, it } from 'vitest'
import type { InventorySource } from '@/lib/kubernetes/watch'
import { notReadWords, outdatedNotices } from './objects'

type Current = ReturnType<InventorySource['current']>

it.each([
  ['all is well', { inventory: {}, error: null }, []],
  ['nothing was ever read, which is said elsewhere', { inventory: null, error: 'the connection broke' }, []],
  [
    'news do not come any more',
    { inventory: {}, error: 'the connection broke' },
    ['Kubernetes: the connection broke. The objects of cluster east may be out of date.'],
  ],
])('says that objects are old where %s', (_, current, expected) => {
  const source = { cluster: 'east', current: () => current as Current }
  expect(outdatedNotices({ inventories: [source] }).map(({ message }) => message)).toEqual(expected)
})

it.each([
  [
    'the connection broke',
    'Kubernetes: the connection broke. The objects of cluster east have not been read.',
  ],
  [null, 'The objects of cluster east are just being read.'],
])('says why objects are not there: %s', (error, words) => {
  expect(notReadWords({ cluster: 'east', current: () => ({ error }) as Current })).toBe(words)
})
