import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { applyJsonPatch, diffJson, isEqual, type JsonPatchOperation } from './json-patch'

const DOCUMENT = { a: { 'x/y': 1, list: ['p', 'q', 'r'] }, b: null }

describe('applying a patch', () => {
  it.each<[string, JsonPatchOperation, unknown]>([
    ['adds a field', { op: 'add', path: '/c', value: 2 }, { ...DOCUMENT, c: 2 }],
    [
      'adds into a list',
      { op: 'add', path: '/a/list/1', value: 'n' },
      { ...DOCUMENT, a: { 'x/y': 1, list: ['p', 'n', 'q', 'r'] } },
    ],
    [
      'adds at the end of a list',
      { op: 'add', path: '/a/list/-', value: 'n' },
      { ...DOCUMENT, a: { 'x/y': 1, list: ['p', 'q', 'r', 'n'] } },
    ],
    [
      'replaces an item',
      { op: 'replace', path: '/a/list/2', value: 'n' },
      { ...DOCUMENT, a: { 'x/y': 1, list: ['p', 'q', 'n'] } },
    ],
    [
      'reads escapes',
      { op: 'replace', path: '/a/x~1y', value: 2 },
      { ...DOCUMENT, a: { 'x/y': 2, list: ['p', 'q', 'r'] } },
    ],
    ['removes', { op: 'remove', path: '/a/list/0' }, { ...DOCUMENT, a: { 'x/y': 1, list: ['q', 'r'] } }],
    ['copies', { op: 'copy', from: '/a/x~1y', path: '/b' }, { ...DOCUMENT, b: 1 }],
    ['moves', { op: 'move', from: '/a/list', path: '/b' }, { a: { 'x/y': 1 }, b: ['p', 'q', 'r'] }],
    ['tests', { op: 'test', path: '/b', value: null }, DOCUMENT],
  ])('%s', (_, operation, expected) => {
    expect(applyJsonPatch(DOCUMENT, [operation])).toEqual({ value: expected })
  })

  it.each<[string, JsonPatchOperation, RegExp]>([
    ['a field that is not there', { op: 'replace', path: '/z', value: 1 }, /nothing at "\/z"/],
    ['an index beyond the list', { op: 'add', path: '/a/list/4', value: 1 }, /nothing at/],
    ['an index with a leading zero', { op: 'remove', path: '/a/list/01' }, /nothing at/],
    ['a test that fails', { op: 'test', path: '/a/x~1y', value: 2 }, /is another/],
    ['a path that is no pointer', { op: 'remove', path: 'a' }, /no JSON pointer/],
    ['a move into itself', { op: 'move', from: '/a', path: '/a/list/0' }, /into itself/],
    ['the whole document', { op: 'remove', path: '' }, /whole object/],
  ])('says which operation does not fit: %s', (_, operation, problem) => {
    const result = applyJsonPatch(DOCUMENT, [{ op: 'test', path: '/b', value: null }, operation])
    expect(result).toEqual({ problem: expect.stringMatching(problem) as string, index: 1 })
  })

  it('makes __proto__ a field like any other', () => {
    const result = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }])
    expect('value' in result && Object.hasOwn(result.value as object, '__proto__')).toBe(true)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('the difference of two documents', () => {
  it('names what changed and nothing else', () => {
    const route = (weight: number) => ({
      route: [
        { host: 'a', weight: 100 - weight },
        { host: 'b', weight },
      ],
    })
    expect(diffJson({ spec: { http: [route(10)], x: 1 } }, { spec: { http: [route(50)], x: 1 } })).toEqual([
      { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
      { op: 'replace', path: '/spec/http/0/route/1/weight', value: 50 },
    ])
  })

  it('inserts into a list where the item stands', () => {
    expect(diffJson(['a', 'c'], ['a', 'b', 'c'])).toEqual([{ op: 'add', path: '/1', value: 'b' }])
  })

  it('leads from the one to the other, for any two', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.object({ maxDepth: 3 }), (before, after) => {
        const [a, b] = [before, after].map((each) => JSON.parse(JSON.stringify(each)) as unknown)
        const patched = applyJsonPatch(a, diffJson(a, b))
        expect('value' in patched && isEqual(patched.value, b)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
