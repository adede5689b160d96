import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { actingWeights, presets, setWeight, sumToKeep, weightProblems } from './weights'

describe('setWeight', () => {
  it.each<[string, number[], number, number, number[], number[], number]>([
    ['two', [90, 10], 1, 50, [], [50, 50], 100],
    ['others keep their proportion', [80, 10, 10], 1, 40, [], [53, 40, 7], 100],
    ['others at nothing share evenly', [100, 0, 0], 0, 50, [], [50, 25, 25], 100],
    ['odd rests go to the first', [100, 0, 0], 0, 49, [], [49, 26, 25], 100],
    ['a locked one stays', [80, 10, 10], 1, 40, [2], [50, 40, 10], 100],
    ['it takes no more than locked ones leave', [60, 10, 30], 1, 95, [2], [0, 70, 30], 100],
    ['all others locked: nothing moves', [60, 10, 30], 1, 95, [0, 2], [60, 10, 30], 100],
    ['a locked one cannot be set', [90, 10], 0, 50, [0], [90, 10], 100],
    ['more than all is all', [90, 10], 1, 170, [], [0, 100], 100],
    ['less than nothing is nothing', [90, 10], 1, -5, [], [100, 0], 100],
    ['relative weights keep their own sum', [3, 1], 1, 2, [], [2, 2], 4],
  ])('%s', (_name, weights, place, value, locked, want, sum) => {
    expect(setWeight(weights, place, value, { sum, locked: new Set(locked) })).toEqual(want)
  })

  it('keeps the sum, whole and not negative, whatever is done', () => {
    const rule = fc
      .array(fc.nat(1000), { minLength: 1, maxLength: 6 })
      .filter((weights) => weights.some((weight) => weight > 0))
    fc.assert(
      fc.property(
        rule,
        fc.nat(5),
        fc.integer({ min: -50, max: 2000 }),
        fc.array(fc.nat(5)),
        (weights, place, value, locked) => {
          const sum = sumToKeep(weights)
          const after = setWeight(weights, place % weights.length, value, { sum, locked: new Set(locked) })
          expect(after.reduce((total, weight) => total + weight, 0)).toBe(sum)
          expect(after.every((weight) => Number.isInteger(weight) && weight >= 0)).toBe(true)
          for (const at of locked) if (at < weights.length) expect(after[at]).toBe(weights[at])
        },
      ),
    )
  })
})

it.each<[string, (number | null)[], 'istio' | 'gateway', number[]]>([
  ['absent is 1 of the Gateway API', [null, 3], 'gateway', [1, 3]],
  ['absent is none among several of a virtual service', [70, null], 'istio', [70, 0]],
  ['alone it is all', [null], 'istio', [100]],
])('actingWeights: %s', (_name, weights, api, want) => expect(actingWeights(weights, api)).toEqual(want))

describe('presets', () => {
  const of = (weights: number[], baseline: number, canary: number, sum: number) =>
    Object.fromEntries(presets(weights, { baseline, canary, sum }).map((one) => [one.name, one.weights]))

  it('speaks of the canary and gives the rest to the baseline', () => {
    expect(of([80, 10, 10], 0, 1, 100)).toEqual({
      '0 / 100': [100, 0, 0],
      '1 / 99': [99, 1, 0],
      '5 / 95': [95, 5, 0],
      '10 / 90': [90, 10, 0],
      '25 / 75': [75, 25, 0],
      '50 / 50': [50, 50, 0],
      Swap: [10, 80, 10],
      'All to baseline': [100, 0, 0],
    })
  })

  it('stays within what the sum can express', () => {
    expect(Object.keys(of([9, 1], 0, 1, 10))).toEqual([
      '0 / 100',
      '10 / 90',
      '50 / 50',
      'Swap',
      'All to baseline',
    ])
    expect(of([9, 1], 0, 1, 10)['10 / 90']).toEqual([9, 1])
  })

  it('keeps what is locked, and shares out what it leaves', () => {
    const locked = (weights: number[], ...places: number[]) =>
      Object.fromEntries(
        presets(weights, { baseline: 0, canary: 1, sum: 100, locked: new Set(places) }).map((one) => [
          one.name,
          one.weights,
        ]),
      )
    expect(locked([70, 10, 20], 2)).toEqual({
      '0 / 100': [80, 0, 20],
      '5 / 95': [76, 4, 20],
      '10 / 90': [72, 8, 20],
      '25 / 75': [60, 20, 20],
      '50 / 50': [40, 40, 20],
      Swap: [10, 70, 20],
      'The rest to baseline': [80, 0, 20],
    })
    expect(locked([70, 10, 20], 0)).toEqual({})
    expect(locked([70, 10, 20], 1)).toEqual({ 'The rest to baseline': [90, 10, 0] })
    expect(locked([70, 130, 20], 1)).toEqual({})
  })

  it('has only the way back where there is no canary', () => {
    expect(of([100], 0, 0, 100)).toEqual({ 'All to baseline': [100] })
  })
})

describe('weightProblems', () => {
  it.each<[string, string[], number | null, [number | null, RegExp][]]>([
    ['whole and adding up', ['90', '10'], 100, []],
    ['too few', ['90', '5'], 100, [[null, /add up to 95, 5 too few/]]],
    ['too many', ['90', '15'], 100, [[null, /add up to 105, 5 too many/]]],
    ['relative ones may have any sum', ['3', '1'], null, []],
    ['negative', ['110', '-10'], 100, [[1, /cannot be negative/]]],
    [
      'fractional',
      ['99.5', '0.5'],
      100,
      [
        [0, /whole numbers: 99.5/],
        [1, /whole numbers: 0.5/],
      ],
    ],
    ['empty', ['', '100'], 100, [[0, /Give a weight/]]],
    ['no number', ['ten', '90'], 100, [[0, /ten is no number/]]],
    ['all zero', ['0', '0'], null, [[null, /every request would be refused/]]],
    ['beyond the API server', ['1000001', '0'], null, [[0, /at most 1000000/]]],
  ])('%s', (_name, typed, sum, want) => {
    const found = weightProblems(typed, sum)
    expect(found.map((problem) => problem.place)).toEqual(want.map(([place]) => place))
    for (const [at, [, message]] of want.entries()) expect(found[at]?.message).toMatch(message)
  })
})
