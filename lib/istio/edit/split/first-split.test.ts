import { describe, expect, it } from 'vitest'
import { problemsOf } from '@/lib/validation/editing/problems'
import { config } from '@/tests/support/graph/samples'
import { asList, getAt } from '../fields'
import {
  firstHttpRoute,
  firstSplitProblems,
  firstVirtualService,
  splitLoneRule,
  versionService,
  type FirstSplit,
} from './first-split'
import { missingSubsets } from './missing-subsets'

const split: FirstSplit = {
  namespace: 'shop',
  service: 'cart',
  port: 80,
  versions: [
    { subset: 'v1', service: 'cart-v1', weight: 95 },
    { subset: 'v2', service: null, weight: 5 },
  ],
  testers: { header: 'End-User', value: 'jason', place: 1 },
  mirror: { percent: 10, place: 1 },
}

describe('the first split of a service', () => {
  it('is a virtual service that lets testers in first', () => {
    const object = firstVirtualService(split)
    const to = (subset: string) => ({ destination: { host: 'cart', subset } })
    expect(object.spec).toEqual({
      hosts: ['cart'],
      http: [
        { name: 'testers', match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
        {
          route: [
            { ...to('v1'), weight: 95 },
            { ...to('v2'), weight: 5 },
          ],
          mirror: { host: 'cart', subset: 'v2' },
          mirrorPercentage: { value: 10 },
        },
      ],
    })
    expect(problemsOf(object)).toEqual([])
  })

  it('or a route of the Gateway API between services of a version', () => {
    const object = firstHttpRoute(split)
    expect(getAt(object, ['spec', 'parentRefs'])).toEqual([
      { group: '', kind: 'Service', name: 'cart', port: 80 },
    ])
    const backend = (name: string) => ({ group: '', kind: 'Service', name, port: 80 })
    expect(getAt(object, ['spec', 'rules', 1])).toEqual({
      matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      filters: [{ type: 'RequestMirror', requestMirror: { backendRef: backend('cart-v2'), percent: 10 } }],
      backendRefs: [
        { ...backend('cart-v1'), weight: 95 },
        { ...backend('cart-v2'), weight: 5 },
      ],
    })
    expect(problemsOf(object)).toEqual([])
  })

  it('without testers and mirror is one rule', () => {
    const plain = { ...split, testers: null, mirror: null }
    expect(asList(getAt(firstVirtualService(plain), ['spec', 'http']))).toHaveLength(1)
    expect(Object.keys(getAt(firstHttpRoute(plain), ['spec', 'rules', 0]) as object)).toEqual([
      'matches',
      'backendRefs',
    ])
  })

  it('keeps all else of a rule that sent everything to the service', () => {
    const before = config('VirtualService', 'shop/cart', {
      hosts: ['cart'],
      odd: { kept: true },
      http: [
        {
          timeout: '5s',
          route: [{ destination: { host: 'cart', port: { number: 80 } }, headers: { request: {} } }],
        },
      ],
    })
    const made = splitLoneRule(before, 'spec.http[0].route', { ...split, testers: null, mirror: null })
    expect('object' in made && made.object.spec).toEqual({
      hosts: ['cart'],
      odd: { kept: true },
      http: [
        {
          timeout: '5s',
          route: [
            { subset: 'v1', weight: 95 },
            { subset: 'v2', weight: 5 },
          ].map(({ subset, weight }) => ({
            destination: { host: 'cart', port: { number: 80 }, subset },
            headers: { request: {} },
            weight,
          })),
        },
      ],
    })
    const full = splitLoneRule(before, 'spec.http[0].route', split)
    expect('object' in full && asList(getAt(full.object, ['spec', 'http']))).toHaveLength(2)
    expect(splitLoneRule(firstVirtualService(split), 'spec.http[1].route', split)).toHaveProperty('problem')
  })

  it('needs a service of its own for a version behind a route', () => {
    const ports = [{ port: 80, name: 'http', protocol: 'TCP' }]
    const labels = { app: 'cart', version: 'v2' }
    expect(versionService(split, { name: 'v2', labels }, ports)).toMatchObject({
      metadata: { name: 'cart-v2', namespace: 'shop' },
      spec: { selector: labels, ports: [{ name: 'http', port: 80 }] },
    })
  })

  it.each([
    ['one version', { weights: ['100'] }, ['weights']],
    ['weights that add up', { weights: ['90', '10'] }, []],
    ['a negative one', { weights: ['110', '-10'] }, ['weights']],
    ['a fractional one', { weights: ['99.5', '0.5'] }, ['weights', 'weights']],
    ['too few', { weights: ['50', '40'] }, ['weights']],
    ['no header', { testers: { header: 'end user', value: '' } }, ['header', 'value']],
    ['a mirror of nothing', { mirror: { percent: '' } }, ['percent']],
    ['a mirror beyond all', { mirror: { percent: '101' } }, ['percent']],
  ])('says of %s what is wrong, and where', (_what, typed, fields) => {
    const whole = { weights: ['90', '10'], testers: null, mirror: null, ...typed }
    expect(firstSplitProblems(whole).map(({ field }) => field)).toEqual(fields)
  })
})

describe('missingSubsets', () => {
  const object = firstVirtualService({
    ...split,
    versions: [...split.versions, { subset: 'v9', service: null, weight: 0 }],
  })
  it('finds destinations and mirrors whose subset nobody defines', () => {
    const host = 'cart.shop.svc.cluster.local'
    expect(missingSubsets(object, host, ['v1', 'v2'])).toEqual([
      { path: ['spec', 'http', 1, 'route', 2, 'destination', 'subset'], subset: 'v9' },
    ])
    expect(missingSubsets(object, host, ['v1']).map(({ path }) => path.join('.'))).toContain(
      'spec.http.1.mirror.subset',
    )
    expect(missingSubsets(object, 'other.shop.svc.cluster.local', [])).toEqual([])
  })
})
