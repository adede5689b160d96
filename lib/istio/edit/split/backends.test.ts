import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { config } from '@/tests/support/graph/samples'
import { withBackend, withoutBackend, withWeights } from './backends'
import { withMirror, withTesters } from './rule-extras'
import type { Edited } from './rule'

const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight === undefined ? {} : { weight }),
  headers: { request: { set: { seen: 'yes' } } },
})
const virtualService = (...route: object[]) =>
  config('VirtualService', 'shop/reviews', {
    hosts: ['reviews'],
    unknownField: { kept: true },
    http: [
      { name: 'first', match: [{ uri: { prefix: '/old' } }], redirect: { uri: '/' } },
      { name: 'all', route, timeout: '10s' },
    ],
  })
const httpRoute = (...backendRefs: object[]) =>
  config('HTTPRoute', 'shop/stock', {
    parentRefs: [{ group: '', kind: 'Service', name: 'stock' }],
    rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs }],
  })
const ref = (name: string, weight?: number) => ({
  name,
  port: 80,
  ...(weight === undefined ? {} : { weight }),
})
const VS = 'spec.http[1].route'
const ROUTE = 'spec.rules[0].backendRefs'

function ok(result: Edited) {
  if ('problem' in result) throw new Error(result.problem)
  return result
}
function specOf(object: ConfigObject) {
  return object.spec as Record<string, unknown> & {
    http: Record<string, unknown>[]
    rules: Record<string, unknown>[]
  }
}

describe('withWeights', () => {
  it('writes only what differs, and holds to the destinations it was made for', () => {
    const { patch } = ok(
      withWeights(virtualService(to('v1', 80), to('v2', 10), to('v3', 10)), VS, [50, 40, 10]),
    )
    expect(patch).toEqual([
      { op: 'test', path: '/spec/http/1/route/0/destination', value: { host: 'reviews', subset: 'v1' } },
      { op: 'test', path: '/spec/http/1/route/1/destination', value: { host: 'reviews', subset: 'v2' } },
      { op: 'test', path: '/spec/http/1/route/2/destination', value: { host: 'reviews', subset: 'v3' } },
      { op: 'replace', path: '/spec/http/1/route/0/weight', value: 50 },
      { op: 'replace', path: '/spec/http/1/route/1/weight', value: 40 },
    ])
  })

  it('leaves everything else of the object as it is', () => {
    const before = virtualService(to('v1', 90), to('v2', 10))
    const { object } = ok(withWeights(before, VS, [50, 50]))
    expect(object).toEqual(virtualService(to('v1', 50), to('v2', 50)))
    expect(before).toEqual(virtualService(to('v1', 90), to('v2', 10)))
  })

  it('adds a weight where none is written', () => {
    const { patch } = ok(withWeights(httpRoute(ref('a'), ref('b', 3)), ROUTE, [1, 2]))
    expect(patch.slice(2)).toEqual([
      { op: 'add', path: '/spec/rules/0/backendRefs/0/weight', value: 1 },
      { op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: 2 },
    ])
  })

  it('is nothing when nothing changes', () => {
    expect(ok(withWeights(virtualService(to('v1', 90), to('v2', 10)), VS, [90, 10])).patch).toEqual([])
  })

  it.each([
    ['another number of destinations', VS, [1, 2, 3]],
    ['a rule that is gone', 'spec.http[7].route', [1, 2]],
    ['a path that is none', 'spec.http', [1, 2]],
    ['a rule without destinations', 'spec.http[0].route', [1, 2]],
  ])('refuses %s', (_name, path, weights) => {
    expect(withWeights(virtualService(to('v1', 1), to('v2', 1)), path, weights)).toHaveProperty('problem')
  })
})

describe('withBackend', () => {
  const v2 = { host: 'reviews', namespace: null, subset: 'v2', port: null }

  it('adds a destination that gets nothing yet', () => {
    const { object } = ok(withBackend(virtualService(to('v1')), VS, v2))
    expect(specOf(object).http[1]?.route).toEqual([
      to('v1', 100),
      { destination: { host: 'reviews', subset: 'v2' }, weight: 0 },
    ])
  })

  it('writes a service for the Gateway API', () => {
    const { object } = ok(
      withBackend(httpRoute(ref('stock-v1', 9)), ROUTE, {
        host: 'stock-v2',
        namespace: null,
        subset: null,
        port: 80,
      }),
    )
    expect(specOf(object).rules[0]?.backendRefs).toEqual([
      ref('stock-v1', 9),
      { group: '', kind: 'Service', name: 'stock-v2', port: 80, weight: 0 },
    ])
  })

  it('refuses one that is there', () => {
    expect(withBackend(virtualService(to('v1', 1), to('v2', 1)), VS, v2)).toEqual({
      problem: 'The rule sends to v2 already; give it a weight.',
    })
  })
})

describe('withoutBackend', () => {
  it('takes out what gets nothing', () => {
    const { object } = ok(withoutBackend(virtualService(to('v1', 100), to('v2', 0)), VS, 1))
    expect(specOf(object).http[1]?.route).toEqual([to('v1', 100)])
  })

  it.each([
    ['still has a weight', virtualService(to('v1', 90), to('v2', 10)), VS, 1, /v2 still has the weight 10/],
    ['has the weight 1 unwritten', httpRoute(ref('a', 1), ref('b')), ROUTE, 1, /b still has the weight 1/],
    ['is the last', virtualService(to('v1', 0)), VS, 0, /last destination/],
    ['is not there', virtualService(to('v1', 0)), VS, 4, /not in the object any more/],
  ] as const)('refuses one that %s', (_name, object, path, place, problem) => {
    expect(withoutBackend(object, path, place)).toEqual({ problem: expect.stringMatching(problem) as string })
  })
})

describe('withMirror', () => {
  const v3 = { host: 'reviews', namespace: null, subset: 'v3', port: null }

  it('sets and takes out what a virtual service mirrors', () => {
    const before = virtualService(to('v1', 100), to('v2', 0))
    const { object } = ok(withMirror(before, VS, { backend: v3, percent: 25 }))
    expect(specOf(object).http[1]).toMatchObject({
      mirror: { host: 'reviews', subset: 'v3' },
      mirrorPercentage: { value: 25 },
      timeout: '10s',
    })
    expect(ok(withMirror(object, VS, null)).object).toEqual(before)
  })

  it('sets and takes out the filter of a route, and keeps the others', () => {
    const before = httpRoute(ref('a', 1), ref('b', 1))
    const backend = { host: 'c', namespace: null, subset: null, port: 80 }
    const { object } = ok(withMirror(before, ROUTE, { backend, percent: 10 }))
    expect(specOf(object).rules[0]?.filters).toEqual([
      {
        type: 'RequestMirror',
        requestMirror: { backendRef: { group: '', kind: 'Service', name: 'c', port: 80 }, percent: 10 },
      },
    ])
    expect(ok(withMirror(object, ROUTE, null)).object).toEqual(before)
  })

  it.each([0, -1, 101, Number.NaN])('refuses %s %', (percent) => {
    expect(withMirror(virtualService(to('v1', 1)), VS, { backend: v3, percent })).toHaveProperty('problem')
  })
})

describe('withTesters', () => {
  const v2 = { host: 'reviews', namespace: null, subset: 'v2', port: null }

  it('puts a rule before, with the same settings and the header', () => {
    const { object } = ok(
      withTesters(virtualService(to('v1', 90), to('v2', 10)), VS, {
        header: 'End-User',
        value: 'jason',
        backend: v2,
      }),
    )
    expect(specOf(object).http.map((rule) => rule.name)).toEqual(['first', 'all-testers', 'all'])
    expect(specOf(object).http[1]).toEqual({
      name: 'all-testers',
      match: [{ headers: { 'end-user': { exact: 'jason' } } }],
      route: [{ destination: { host: 'reviews', subset: 'v2' } }],
      timeout: '10s',
    })
  })

  it('adds the header to each alternative of a route', () => {
    const { object } = ok(
      withTesters(httpRoute(ref('a', 9), ref('b', 1)), ROUTE, {
        header: 'x-tester',
        value: 'yes',
        backend: { host: 'b', namespace: null, subset: null, port: 80 },
      }),
    )
    expect(specOf(object).rules[0]).toEqual({
      matches: [
        {
          path: { type: 'PathPrefix', value: '/' },
          headers: [{ type: 'Exact', name: 'x-tester', value: 'yes' }],
        },
      ],
      backendRefs: [{ group: '', kind: 'Service', name: 'b', port: 80 }],
    })
  })

  it.each([
    ['no name', '', 'x'],
    ['a name with a space', 'a b', 'x'],
    ['no value', 'a', ''],
  ])('refuses %s', (_name, header, value) => {
    expect(withTesters(virtualService(to('v1', 1)), VS, { header, value, backend: v2 })).toHaveProperty(
      'problem',
    )
  })
})
