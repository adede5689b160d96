import { describe, expect, it } from 'vitest'
import { rebase } from './rebase'

const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight })
const route = (v1: number, v2: number, more: object = {}) => ({
  spec: { http: [{ route: [to('v1', v1), to('v2', v2)], ...more }] },
})

describe('mine onto theirs', () => {
  it('keeps both where each changed another field', () => {
    const theirs = { ...route(90, 10, { timeout: '3s' }), metadata: { labels: { by: 'kubectl' } } }
    const answer = rebase({ base: route(90, 10), theirs, mine: route(50, 50) })
    expect(answer).toEqual({
      value: { ...route(50, 50, { timeout: '3s' }), metadata: { labels: { by: 'kubectl' } } },
      clashes: [],
    })
  })

  it('leaves theirs and tells where both changed one field, until mine is chosen', () => {
    const of = (timeout: string) => route(90, 10, { timeout })
    const versions = { base: of('1s'), theirs: of('2s'), mine: of('3s') }
    const path = '/spec/http/0/timeout'
    expect(rebase(versions)).toEqual({
      value: of('2s'),
      clashes: [{ path, base: '1s', theirs: '2s', mine: '3s' }],
    })
    expect(rebase(versions, { [path]: 'mine' }).value).toEqual(of('3s'))
  })

  it('mixes no split out of two: the weights of one side stand, and the other fields of both', () => {
    const three = (weights: readonly number[], more: object = {}) => ({
      route: [
        { ...to('v1', weights[0] ?? 0), ...more },
        to('v2', weights[1] ?? 0),
        to('v3', weights[2] ?? 0),
      ],
    })
    const headers = { headers: { request: { remove: ['x'] } } }
    // field by field that would be 70, 20, 20, and no clash
    const versions = {
      base: three([80, 10, 10]),
      theirs: three([70, 10, 20]),
      mine: three([70, 20, 10], headers),
    }
    const path = '/route/weight'
    expect(rebase(versions)).toEqual({
      value: three([70, 10, 20], headers),
      clashes: [{ path, base: [80, 10, 10], theirs: [70, 10, 20], mine: [70, 20, 10] }],
    })
    expect(rebase(versions, { [path]: 'mine' })).toMatchObject({ value: three([70, 20, 10], headers) })
  })

  it('takes weights away with those who left them out', () => {
    const lone = { route: [{ destination: { host: 'reviews', subset: 'v1' } }] }
    const of = (weight: number) => ({ route: [to('v1', weight)] })
    const versions = { base: of(100), theirs: of(90), mine: lone }
    expect(rebase(versions, { '/route/weight': 'mine' }).value).toEqual(lone)
    expect(rebase(versions).value).toEqual(of(90))
  })

  it('does not carry a change to another item when a list was put in another order', () => {
    const theirs = { spec: { http: [{ route: [to('v2', 50), to('v1', 50)] }] } }
    const { value, clashes } = rebase({ base: route(50, 50), theirs, mine: route(60, 40) })
    expect(value).toEqual(theirs)
    expect(clashes.map(({ path }) => path)).toEqual(['/spec/http/0/route'])
  })

  it('does not guess when a rule was put in front of the one that was edited', () => {
    const other = { match: [{ headers: {} }], route: [to('v3', 100)] }
    const theirs = { spec: { http: [other, ...route(90, 10).spec.http] } }
    expect(rebase({ base: route(90, 10), theirs, mine: route(50, 50) }).clashes).toHaveLength(1)
  })

  it('agrees where both did the same, and takes what only one removed', () => {
    expect(rebase({ base: { a: 1, b: 2 }, theirs: { b: 3 }, mine: { a: 1, b: 3 } })).toEqual({
      value: { b: 3 },
      clashes: [],
    })
    expect(rebase({ base: { a: 1 }, theirs: { a: 2 }, mine: {} })).toMatchObject({
      value: { a: 2 },
      clashes: [{ path: '/a', mine: undefined }],
    })
  })

  it('treats a field named __proto__ as any other', () => {
    const mine = JSON.parse('{"a":1,"__proto__":{"x":1}}') as object
    const { value } = rebase({ base: { a: 1 }, theirs: { a: 2 }, mine })
    expect(JSON.stringify(value)).toBe('{"a":2,"__proto__":{"x":1}}')
  })
})
