import { describe, expect, it } from 'vitest'
import type { ChangeDetail } from '@/lib/api/schemas/config/changes'
import { config } from '@/tests/support/graph/samples'
import type { ChangeRecord, RecordedObject } from './records'
import { unrecorded } from './unrecorded'

const T = Date.UTC(2026, 7, 20, 12)
const SECOND = 1_000
const HOUR = 3_600 * SECOND

const cart = config('VirtualService', 'shop/cart', { hosts: ['cart'] })
const wide = config('VirtualService', 'shop/cart', { hosts: ['cart'], exportTo: ['*'] })
const ref = {
  cluster: 'east',
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'shop',
  name: 'cart',
}
const plain = { ref, resourceVersion: null, error: null }

function recorded(at: number, object: Partial<RecordedObject>): ChangeRecord {
  const own = { ...plain, op: 'delete', status: 'applied', before: cart, after: null, ...object } as const
  const one = { author: 'ann', reason: null, token: null, reverts: null, status: 'applied' } as const
  return { id: `record-${at}`, at, ...one, objects: [own] }
}

/** How many of one seen change stay beside one record. */
function beside(
  record: ChangeRecord,
  object: Partial<ChangeDetail['objects'][number]>,
  {
    at = T,
    author = null,
    createdAt = T - HOUR,
  }: { at?: number; author?: string | null; createdAt?: number },
): number {
  const own = {
    ...plain,
    op: 'delete',
    status: 'applied',
    diff: '',
    before: null,
    after: null,
    ...object,
  } as const
  const one = { id: 'seen', knownBy: 'watch', reason: null, token: null, reverts: null } as const
  const change: ChangeDetail = { ...one, status: 'applied', at, author, objects: [own] }
  return unrecorded([{ change, createdAt }], [record]).length
}

describe('a deletion that was seen', () => {
  it.each([
    ['the one that is recorded', recorded(T, {}), T + SECOND, T - HOUR, 0],
    ['the one recorded, kept by finalizers for an hour', recorded(T, {}), T + HOUR, T - HOUR, 0],
    [
      'the one recorded, by another version of the kind',
      recorded(T, { ref: { ...ref, version: 'v1beta1' } }),
      T,
      T - HOUR,
      0,
    ],
    ['of an object made again since', recorded(T, {}), T + 30 * SECOND, T + 20 * SECOND, 1],
    ['after one that was refused', recorded(T, { status: 'failed' }), T + 30 * SECOND, T - HOUR, 1],
    [
      'of an object made again since, by a clock that is behind',
      recorded(T, {}),
      T + HOUR,
      T - 30 * SECOND,
      1,
    ],
    ['of one that may have gone', recorded(T, { status: 'unknown' }), T + 30 * SECOND, T - HOUR, 0],
    ['long after one that may have gone', recorded(T, { status: 'unknown' }), T + HOUR, T - HOUR, 1],
    ['of another object', recorded(T, { ref: { ...ref, name: 'pay' } }), T, T - HOUR, 1],
    ['long before the one that is recorded', recorded(T, {}), T - HOUR, T - 2 * HOUR, 1],
  ])('is %s', (_what, record, at, createdAt, left) => {
    expect(beside(record, { before: cart }, { at, createdAt })).toBe(left)
  })
})

describe('a write that leaves no name on the object', () => {
  const record = recorded(T, { op: 'patch', before: wide, after: cart, resourceVersion: '7' })
  const seen = { op: 'update', before: wide, after: cart } as const

  it('is the recorded one by the state it led to', () => {
    expect(beside(record, { ...seen, resourceVersion: '7' }, {})).toBe(0)
    // a controller wrote the status before the watch looked
    expect(beside(record, { ...seen, resourceVersion: '8' }, { at: T + SECOND })).toBe(0)
  })

  it('is the recorded one by its version alone, whoever it names and however late it is seen', () => {
    const late = { at: T + HOUR, author: 'kubectl-edit' }
    expect(beside(record, { op: 'update', before: cart, after: wide, resourceVersion: '7' }, late)).toBe(0)
    // two that say no version have none in common
    const nameless = recorded(T, { op: 'patch', before: wide, after: cart })
    expect(beside(nameless, { ...seen, resourceVersion: null }, late)).toBe(1)
  })

  it('is somebody else’s where another state came of it, a name is known, or the recorded one was refused', () => {
    expect(beside(record, { op: 'update', before: cart, after: wide, resourceVersion: '8' }, {})).toBe(1)
    expect(beside(record, { ...seen, resourceVersion: '8' }, { author: 'kubectl-edit' })).toBe(1)
    const refused = recorded(T, { op: 'patch', before: wide, after: cart, status: 'failed' })
    expect(beside(refused, { ...seen, resourceVersion: '8' }, {})).toBe(1)
  })
})
