import { describe, expect, it } from 'vitest'
import { config } from '@/tests/support/graph/samples'
import type { Split, SplitBackend } from '@/lib/api/schemas/config/splits'
import { allTo, baselineItems, canGoBack, objectKey, patchItem, refOfSplit } from './change-items'

const backend = (name: string, weight: number | null, share: number): SplitBackend =>
  ({
    name,
    host: 'reviews.shop.svc.cluster.local',
    workloads: [`reviews-${name}`],
    weight,
    configuredShare: share,
  }) as SplitBackend
const split = (parts: Partial<Split> = {}): Split =>
  ({
    id: 'x',
    cluster: 'east',
    ref: {
      group: 'networking.istio.io',
      version: 'v1',
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'reviews',
    },
    path: 'spec.http[0].route',
    host: 'reviews',
    baseline: { place: 0, why: 'it is the oldest' },
    backends: [backend('v1', 80, 0.8), backend('v2', 20, 0.2)],
    ...parts,
    // what is left out is no matter here
  }) as Split
const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight })
const object = config(
  'VirtualService',
  'shop/reviews',
  {
    hosts: ['reviews'],
    http: [{ route: [to('v1', 80), to('v2', 20)] }, { route: [to('v1', 1), to('v2', 3)] }],
  },
  { resourceVersion: '42' },
)

describe('patchItem', () => {
  it('is held to the state and the destinations that were edited', () => {
    const after = {
      ...object,
      spec: {
        hosts: ['reviews'],
        http: [{ route: [to('v1', 50), to('v2', 50)] }, { route: [to('v1', 1), to('v2', 3)] }],
      },
    }
    expect(patchItem(refOfSplit(split()), object, after, split().path)).toEqual({
      op: 'patch',
      ref: { cluster: 'east', ...split().ref },
      resourceVersion: '42',
      base: object,
      patch: [
        { op: 'test', path: '/spec/http/0/route/0/destination', value: { host: 'reviews', subset: 'v1' } },
        { op: 'test', path: '/spec/http/0/route/1/destination', value: { host: 'reviews', subset: 'v2' } },
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
        { op: 'replace', path: '/spec/http/0/route/1/weight', value: 50 },
      ],
    })
  })

  it('is none when nothing changes', () => {
    expect(patchItem(refOfSplit(split()), object, { ...object, status: {} })).toBeNull()
  })
})

describe('all to the baseline', () => {
  it('keeps the sum a rule has', () => {
    expect(allTo(split(), 1)).toEqual([0, 100])
    expect(allTo(split({ backends: [backend('v1', 9, 0.9), backend('v2', 1, 0.1)] }), 0)).toEqual([10, 0])
    expect(allTo(split({ backends: [backend('v1', null, 0), backend('v2', null, 0)] }), 0)).toEqual([100, 0])
  })

  it('makes one item of several rules of one object', () => {
    const second = split({
      path: 'spec.http[1].route',
      backends: [backend('v1', 1, 0.25), backend('v2', 3, 0.75)],
    })
    const objects = new Map([[objectKey(refOfSplit(split())), object]])
    const made = baselineItems([split(), second], objects)
    expect('items' in made && made.items.map((item) => item.patch)).toEqual([
      [
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 100 },
        { op: 'replace', path: '/spec/http/0/route/1/weight', value: 0 },
        { op: 'replace', path: '/spec/http/1/route/0/weight', value: 4 },
        { op: 'replace', path: '/spec/http/1/route/1/weight', value: 0 },
      ],
    ])
  })

  it('says when an object is not the one that was looked at', () => {
    const objects = new Map([[objectKey(refOfSplit(split())), { ...object, spec: { http: [] } }]])
    expect(baselineItems([split()], objects)).toHaveProperty('problem')
  })

  it('is offered where there is something to send back', () => {
    expect(canGoBack(split())).toBe(true)
    expect(canGoBack(split({ baseline: null }))).toBe(false)
    expect(canGoBack(split({ backends: [backend('v1', 100, 1), backend('v2', 0, 0)] }))).toBe(false)
  })
})
