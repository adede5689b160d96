import fc from '@/tests/support/chance'
import { expect, it } from 'vitest'
import { quantizeBytes, quantizeRate, ratioOf, roundRate } from './quantum'

it('sums of quantized rates are the same to the last bit in any order', () => {
  const rates = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 3, maxLength: 50 })
  fc.assert(
    fc.property(rates, (values) => {
      for (const quantize of [quantizeRate, quantizeBytes]) {
        const terms = values.map(quantize)
        const forward = terms.reduce((sum, term) => sum + term, 0)
        const backward = terms.reduceRight((sum, term) => sum + term, 0)
        const sorted = [...terms].sort((a, b) => a - b).reduce((sum, term) => sum + term, 0)
        expect([backward, sorted]).toEqual([forward, forward])
      }
    }),
  )
  // which plain numbers do not promise
  expect(0.1 + 0.2 + 0.3).not.toBe(0.3 + 0.2 + 0.1)
})

it('comes back as it was measured', () => {
  for (const rate of [0, 0.1, 1 / 3, 10, 0.000001, 123_456.789]) {
    expect(roundRate(quantizeRate(rate))).toBeCloseTo(rate, 9)
  }
})

it('takes no number that is no rate', () => {
  expect([Number.NaN, -1, Infinity].map(quantizeRate)).toEqual([0, 0, 0])
})

it('has no ratio of nothing, and none above 1', () => {
  expect([ratioOf(0, 0), ratioOf(1, Number.NaN), ratioOf(1, 4), ratioOf(5, 4)]).toEqual([null, null, 0.25, 1])
})
