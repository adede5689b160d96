import { expect, it } from 'vitest'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { notReadWords, outdatedNotices, whyHidden } from './objects'

type Current = ReturnType<InventorySource['current']>

it.each([
  ['all is well', { inventory: {}, error: null, kinds: [] }, []],
  ['nothing was ever read, which is said elsewhere', { inventory: null, error: 'the connection broke' }, []],
  [
    'news do not come any more',
    { inventory: {}, error: 'the connection broke', kinds: [] },
    ['Kubernetes: the connection broke. The objects of cluster east may be out of date.'],
  ],
  [
    'some may not be read',
    {
      inventory: {},
      error: null,
      kinds: [
        { kind: 'Pod', state: 'forbidden' },
        { kind: 'Event', state: 'forbidden' },
        { kind: 'Deployment.apps', state: 'forbidden' },
        { kind: 'Service', state: 'watching' },
      ],
    },
    [
      'The account may not read Deployment.apps, Pod of cluster east: what depends on them is missing here, and checks that look at them say nothing. Grant it list and watch in all namespaces.',
    ],
  ],
])('says that objects are old, or hidden, where %s', (_, current, expected) => {
  const source = { cluster: 'east', current: () => current as unknown as Current }
  expect(outdatedNotices({ inventories: [source] }).map(({ message }) => message)).toEqual(expected)
})

it.each([
  [
    'the connection broke',
    'Kubernetes: the connection broke. The objects of cluster east have not been read.',
  ],
  [null, 'The objects of cluster east are just being read.'],
])('says why objects are not there: %s', (error, words) => {
  expect(notReadWords({ cluster: 'east', current: () => ({ error }) as unknown as Current })).toBe(words)
})

it.each([
  ['never read', { inventory: null, error: 'no', kinds: [] }, /have not been read/],
  [
    'partly hidden',
    { inventory: {}, error: null, kinds: [{ kind: 'Pod', state: 'forbidden' }] },
    /may not read Pod/,
  ],
])('a missing thing may be there where objects were %s', (_, current, words) => {
  expect(whyHidden({ cluster: 'east', current: () => current as unknown as Current })).toMatch(words)
})

it('a missing thing is not there where all may be read', () => {
  const current = { inventory: {}, error: null, kinds: [{ kind: 'Pod', state: 'watching' }] }
  expect(whyHidden({ cluster: 'east', current: () => current as unknown as Current })).toBeNull()
})
