import { describe, expect, it } from 'vitest'
import { twoSidedTail } from './normal'
import { compareProportions, shareInterval } from './proportions'

// reference values: exact fractions and math.erfc of Python; intervals by solving the score equation
describe('twoSidedTail', () => {
  it.each([
    [0, 1],
    [0.5, 0.6170750774519738],
    [1, 0.31731050786291415],
    [2.5758293035489004, 0.01],
    [-3, 0.0026997960632601913],
    [4, 6.334248366623993e-5],
    [6, 1.9731752900754024e-9],
  ])('%s', (z, want) => expect(twoSidedTail(z) / want).toBeCloseTo(1, 6))
})

describe('shareInterval', () => {
  it.each([
    [0, 10, 0.95, 0, 0.2775327998628892],
    [5, 10, 0.95, 0.236593090512564, 0.763406909487436],
    [10, 10, 0.99, 0.6011459066950916, 1],
    // Newcombe (1998), table I
    [81, 263, 0.95, 0.2553, 0.3662],
    [15, 148, 0.99, 0.05364486961396487, 0.1832673501131525],
  ] as const)('%s of %s at %s', (events, trials, confidence, low, high) => {
    const interval = shareInterval({ events, trials }, confidence)
    expect(interval?.low).toBeCloseTo(low, 4)
    expect(interval?.high).toBeCloseTo(high, 4)
  })

  it('says nothing of no trials', () => expect(shareInterval({ events: 0, trials: 0 }, 0.95)).toBeNull())
})

describe('compareProportions', () => {
  const compare = (e1: number, n1: number, e2: number, n2: number, confidence: 0.95 | 0.99 = 0.99) =>
    compareProportions({ events: e1, trials: n1 }, { events: e2, trials: n2 }, confidence)

  it.each([
    ['1 % against 3 %', 10, 1000, 30, 1000, 0.0014013015809602168],
    ['5 % against 5.5 %', 50, 1000, 55, 1000, 0.6161697188674795],
    ['arms of different size', 100, 5000, 40, 500, 4.590440773183496e-16],
    ['the same share', 500, 10000, 500, 10000, 1],
  ])('takes the pooled test where enough is expected: %s', (_name, e1, n1, e2, n2, want) => {
    expect((compare(e1, n1, e2, n2)?.pValue ?? -1) / want).toBeCloseTo(1, 5)
  })

  it.each([
    ['nothing against three', 0, 100, 3, 100, 0.24623115577889448],
    ['few in a small arm', 1, 200, 4, 20, 0.00023997276568556877],
    ['nothing anywhere', 0, 1000, 0, 100, 1],
    ['all against none', 3, 3, 0, 3, 0.1],
    ['a large arm beside a small one', 2, 900, 6, 100, 2.0602779680765446e-5],
  ])('takes Fisher’s exact test where little is expected: %s', (_name, e1, n1, e2, n2, want) => {
    expect((compare(e1, n1, e2, n2)?.pValue ?? -1) / want).toBeCloseTo(1, 6)
  })

  it('gives Newcombe’s interval', () => {
    // the example of the paper, method 10: 56 of 70 against 48 of 80
    expect(compare(48, 80, 56, 70, 0.95)).toMatchObject({
      low: expect.closeTo(0.0524, 4) as number,
      high: expect.closeTo(0.3339, 4) as number,
    })
    expect(compare(10, 1000, 30, 1000)).toMatchObject({
      difference: expect.closeTo(0.02, 9) as number,
      low: expect.closeTo(0.00371, 5) as number,
      high: expect.closeTo(0.03813, 5) as number,
    })
  })

  it('says nothing when one has no trials', () => {
    expect(compare(0, 0, 1, 10)).toBeNull()
    expect(compare(1, 10, 0, 0)).toBeNull()
  })
})
