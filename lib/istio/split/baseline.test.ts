import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import { indexInventory } from '@/lib/mesh/inventory-index'
import type { ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { findRouteRules, findSplits } from '../splits'
import { baselineOf, podsBehind } from './baseline'
import { indexRules, shadowOf } from './shadow'

const DAY = 86_400_000
const rule = config('DestinationRule', 'shop/reviews', {
  host: 'reviews',
  subsets: ['v1', 'v2', 'v3'].map((version) => ({ name: version, labels: { version } })),
})
const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight })
const routeTo = (...route: object[]) =>
  config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http: [{ route }] })

interface Version {
  /** days since it was made; absent: unknown */
  age?: number
  ready?: boolean
}

function indexOf(object: ConfigObject, versions: Record<string, Version>, more: WorkloadInventory[] = []) {
  const workloads = Object.entries(versions).map(([version, { age }]) =>
    workload(`reviews-${version}`, { createdAt: age === undefined ? null : 1000 * DAY - age * DAY }),
  )
  const pods = workloads.map((one) => podOf(one, { ready: versions[one.name.slice(8)]?.ready ?? true }))
  return indexInventory(
    inventory({
      workloads: [...workloads, ...more],
      pods: [...pods, ...more.map((one) => podOf(one))],
      services: [service('reviews'), ...more.map((one) => service(one.name))],
      config: [rule, object],
    }),
  )
}
function baseline(object: ConfigObject, versions: Record<string, Version>, more?: WorkloadInventory[]) {
  const index = indexOf(object, versions, more)
  const [split] = findSplits(index)
  return split ? baselineOf(index, split) : undefined
}

describe('baselineOf', () => {
  const three = routeTo(to('v1', 5), to('v2', 95), to('v3', 0))

  it.each<[string, Record<string, Version>, number | null, RegExp]>([
    [
      'the oldest, though another has the weight',
      { v1: { age: 30 }, v2: { age: 9 }, v3: { age: 2 } },
      0,
      /reviews-v1 is the oldest \(since 1972-08-28\)/,
    ],
    [
      'never one without a ready pod',
      { v1: { age: 30, ready: false }, v2: { age: 9 }, v3: { age: 2 } },
      1,
      /reviews-v2 is the oldest/,
    ],
    [
      'the only one with pods',
      { v1: { ready: false }, v2: {}, v3: { ready: false } },
      1,
      /only one with ready pods/,
    ],
    [
      'the largest weight where ages are not known',
      { v1: {}, v2: { age: 9 }, v3: { age: 2 } },
      1,
      /largest weight/,
    ],
    [
      'the largest weight where ages are equal',
      { v1: { age: 9 }, v2: { age: 9 }, v3: { age: 2 } },
      1,
      /largest weight/,
    ],
    [
      'none where nothing is ready',
      { v1: { ready: false }, v2: { ready: false }, v3: { ready: false } },
      null,
      /./,
    ],
  ])('%s', (_name, versions, place, why) => {
    const found = baseline(three, versions)
    expect(found?.place ?? null).toBe(place)
    if (found) expect(found.why).toMatch(why)
  })

  it('goes by a name that says it', () => {
    const object = config('HTTPRoute', 'shop/cart', {
      parentRefs: [{ group: '', kind: 'Service', name: 'cart' }],
      rules: [
        {
          backendRefs: [
            { name: 'cart-canary', weight: 90 },
            { name: 'cart-primary', weight: 10 },
          ],
        },
      ],
    })
    expect(baseline(object, {}, [workload('cart-canary'), workload('cart-primary')])).toEqual({
      place: 1,
      why: 'its name says so',
    })
  })

  it('never goes to a subset that is not defined', () => {
    expect(baseline(routeTo(to('gone', 90), to('v2', 10)), { v1: { age: 9 }, v2: { age: 1 } })?.place).toBe(1)
  })

  it('counts the pods behind each', () => {
    const index = indexOf(three, { v1: { ready: false }, v2: {}, v3: {} })
    const [split] = findSplits(index)
    expect(split?.backends.map((backend) => podsBehind(index, backend))).toEqual([
      { ready: 0, total: 1 },
      { ready: 1, total: 1 },
      { ready: 1, total: 1 },
    ])
  })
})

describe('shadowOf', () => {
  const weighted = { route: [to('v1', 50), to('v2', 50)] }
  const made = (day: number) => ({ creationTimestamp: new Date(day * DAY).toISOString() })
  const service = (name: string, day: number, http: object[], more: object = {}) =>
    config('VirtualService', `shop/${name}`, { hosts: ['reviews'], http, ...more }, made(day))
  const httpRoute = (name: string, day: number, matches?: object[]) =>
    config(
      'HTTPRoute',
      `shop/${name}`,
      {
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews' }],
        rules: [{ ...(matches ? { matches } : {}), backendRefs: [{ name: 'a' }, { name: 'b' }] }],
      },
      made(day),
    )

  /** of the object named first: what stands in the way of its last split */
  function shadow(...config: ConfigObject[]) {
    const index = indexInventory(inventory({ config: [rule, ...config] }))
    const [first] = config
    const split = findSplits(index).findLast((one) => one.object === first)
    return split ? (shadowOf(split, indexRules(findRouteRules(index)))?.why ?? null) : undefined
  }
  const everything = { redirect: { uri: '/' } }

  it.each<[string, ConfigObject[], RegExp | null]>([
    ['nothing else', [service('a', 1, [weighted])], null],
    [
      'a rule before that takes all',
      [service('a', 1, [everything, weighted])],
      /Rule 1 of VirtualService shop\/a stands before it/,
    ],
    [
      'a rule before that takes some',
      [service('a', 1, [{ ...everything, match: [{ uri: { prefix: '/x' } }] }, weighted])],
      null,
    ],
    [
      'a rule before for gateways only',
      [service('a', 1, [{ ...everything, match: [{ gateways: ['edge'] }] }, weighted])],
      null,
    ],
    ['a rule after', [service('a', 1, [weighted, everything])], null],
    [
      'an older object of the same host',
      [service('a', 2, [weighted]), service('b', 1, [everything])],
      /VirtualService shop\/b is older/,
    ],
    ['a younger one', [service('a', 2, [weighted]), service('b', 3, [everything])], null],
    [
      'an older one of another host',
      [service('a', 2, [weighted]), service('b', 1, [everything], { hosts: ['other'] })],
      null,
    ],
    [
      'an older one of one of its two hosts',
      [
        service('a', 2, [weighted], { hosts: ['reviews', 'other'] }),
        service('b', 1, [everything], { hosts: ['other'] }),
      ],
      null,
    ],
    [
      'an older one of both of its hosts and more',
      [
        service('a', 2, [weighted], { hosts: ['reviews', 'other'] }),
        service('b', 1, [everything], { hosts: ['other', 'third', 'reviews'] }),
      ],
      /VirtualService shop\/b is older/,
    ],
    [
      'an older one at a gateway',
      [service('a', 2, [weighted]), service('b', 1, [everything], { gateways: ['edge'] })],
      null,
    ],
    [
      'an older route that takes the same',
      [httpRoute('a', 2), httpRoute('b', 1)],
      /HTTPRoute shop\/b is older/,
    ],
    [
      'an older route that takes something else',
      [httpRoute('a', 2), httpRoute('b', 1, [{ method: 'GET' }])],
      null,
    ],
  ])('%s', (_name, objects, want) => {
    const found = shadow(...objects)
    if (want === null) expect(found).toBeNull()
    else expect(found).toMatch(want)
  })
})
