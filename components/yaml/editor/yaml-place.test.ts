import { describe, expect, it } from 'vitest'
import { findKeyAt, findPlace } from './yaml-place'

/** The place of the bar in the text. */
const at = (text: string) => {
  const offset = text.indexOf('|')
  return findPlace(text.replace('|', ''), offset)
}

describe('findPlace', () => {
  it.each<[string, string, string[], string, string[]]>([
    ['the root', 'apiVersion: v1\nki|', [], 'ki', ['apiVersion']],
    ['an empty line by its column', 'spec:\n  hosts: []\n  |', ['spec'], '', ['hosts']],
    ['below a key', 'spec:\n  http:\n    |', ['spec', 'http'], '', []],
    ['the first key of an item', 'spec:\n  http:\n    - ma|', ['spec', 'http', '[]'], 'ma', []],
    [
      'a further key of an item',
      'spec:\n  http:\n    - match: []\n      ro|',
      ['spec', 'http', '[]'],
      'ro',
      ['match'],
    ],
    [
      'a list in the column of its key',
      'spec:\n  http:\n  - name: a\n  - na|',
      ['spec', 'http', '[]'],
      'na',
      [],
    ],
    [
      'deep in lists',
      'spec:\n  http:\n  - route:\n    - destination:\n        host: a\n        su|',
      ['spec', 'http', '[]', 'route', '[]', 'destination'],
      'su',
      ['host'],
    ],
    ['between keys', 'spec:\n  a: 1\n  |\n  b: 2', ['spec'], '', ['a', 'b']],
    ['after a deeper block', 'spec:\n  a:\n    x: 1\n  b|', ['spec'], 'b', ['a']],
    ['in the second document', 'a: 1\n---\nspec:\n  b|', ['spec'], 'b', []],
    ['past comments and blank lines', 'spec:\n  # words: here\n\n  b|', ['spec'], 'b', []],
  ])('knows %s', (_what, text, path, typed, siblings) => {
    expect(at(text)).toMatchObject({ kind: 'key', path, typed, siblings })
  })

  it('knows the value of a key', () => {
    expect(at('spec:\n  mtls:\n    mode: STR|')).toMatchObject({
      kind: 'value',
      path: ['spec', 'mtls', 'mode'],
      typed: 'STR',
      key: 'mode',
    })
    expect(at('spec:\n  mtls:\n    mode: |')).toMatchObject({ kind: 'value', typed: '' })
  })

  it('says nothing in a comment', () => {
    expect(at('spec:\n  # a: |')).toBeUndefined()
    expect(at('a: b # c|')).toBeUndefined()
  })
})

describe('findKeyAt', () => {
  const text = 'spec:\n  http:\n    - route:\n        - weight: 10\n'

  it('gives the path and extent of a key, not of a value', () => {
    const offset = text.indexOf('weight') + 2
    const from = text.indexOf('weight')
    expect(findKeyAt(text, offset)).toEqual({
      path: ['spec', 'http', '[]', 'route', '[]', 'weight'],
      from,
      to: from + 'weight'.length,
    })
    expect(findKeyAt(text, text.indexOf('10') + 1)).toBeUndefined()
  })
})
