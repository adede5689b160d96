import { describe, expect, it } from 'vitest'
import { applyJsonPatch } from './json-patch'
import { applyMergePatch } from './merge-patch'
import { PatchError } from './patch-error'

describe('applyJsonPatch', () => {
  it.each([
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['replaces by add', { a: 1 }, [{ op: 'add', path: '/a', value: 2 }], { a: 2 }],
    ['inserts into a list', { l: [1, 3] }, [{ op: 'add', path: '/l/1', value: 2 }], { l: [1, 2, 3] }],
    ['appends to a list', { l: [1] }, [{ op: 'add', path: '/l/-', value: 2 }], { l: [1, 2] }],
    ['removes a list item', { l: [1, 2] }, [{ op: 'remove', path: '/l/0' }], { l: [2] }],
    [
      'replaces deep inside a list',
      { l: [{ w: 1 }] },
      [{ op: 'replace', path: '/l/0/w', value: 9 }],
      { l: [{ w: 9 }] },
    ],
    ['moves', { a: { x: 1 }, b: {} }, [{ op: 'move', from: '/a/x', path: '/b/x' }], { a: {}, b: { x: 1 } }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    [
      'reads escapes',
      { 'a/b': 1, 'm~n': 2 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'remove', path: '/m~0n' },
      ],
      {},
    ],
    ['tests', { a: { b: [1] } }, [{ op: 'test', path: '/a', value: { b: [1] } }], { a: { b: [1] } }],
    ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: { b: 1 } }], { b: 1 }],
  ])('%s', (_name, document, patch, expected) => {
    const before = structuredClone(document)
    expect(applyJsonPatch(document, patch)).toEqual(expected)
    expect(document).toEqual(before)
  })

  it.each([
    ['a missing field', { a: 1 }, [{ op: 'remove', path: '/b' }], false],
    ['a missing parent', { a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }], false],
    ['a failed test', { a: 1 }, [{ op: 'test', path: '/a', value: 2 }], false],
    ['an index past the end', { l: [] }, [{ op: 'add', path: '/l/1', value: 1 }], false],
    ['a move into itself', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/b' }], false],
    ['an unknown operation', {}, [{ op: 'swap', path: '/a' }], true],
    ['no list', {}, { op: 'add' }, true],
    ['a missing value', {}, [{ op: 'add', path: '/a' }], true],
  ])('refuses %s', (_name, document, patch, isMalformed) => {
    const error = (() => {
      try {
        applyJsonPatch(document, patch)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(PatchError)
    expect((error as PatchError).isMalformed).toBe(isMalformed)
  })

  it('writes __proto__ as a field and nothing else', () => {
    const patched = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }])
    expect(Object.hasOwn(patched as object, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('applyMergePatch', () => {
  // the table of RFC 7386, appendix A
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j', (document, patch, expected) => {
    expect(applyMergePatch(document, patch)).toEqual(expected)
  })
})
