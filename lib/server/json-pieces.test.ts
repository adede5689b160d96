import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { jsonPieces } from './json-pieces'

describe('JSON in pieces', () => {
  it('is what JSON.stringify writes, wherever it is cut', () => {
    const value = fc.dictionary(
      fc.string({ unit: 'binary' }),
      fc.oneof(
        fc.array(fc.oneof(fc.jsonValue(), fc.constant(undefined)), { maxLength: 12 }),
        fc.jsonValue(),
        fc.constant(undefined),
      ),
    )
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 5 }), (made, perPiece) => {
        expect([...jsonPieces(made, perPiece)].join('')).toBe(JSON.stringify(made))
      }),
    )
  })

  it('cuts long lists only', () => {
    const made = { nodes: [1, 2, 3], edges: [4], at: 5 }
    expect([...jsonPieces(made, 2)]).toEqual(['{"nodes":[1,2', ',3', '],"edges":[4],"at":5}'])
  })
})
