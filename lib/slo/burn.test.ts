import { describe, expect, it } from 'vitest'
import { brokenRules, budgetOf, burnRate, BURN_WINDOWS, DAY, goneInSeconds, HOUR, MINUTE } from './burn'

const MONTH = 30 * DAY

describe('burnRate', () => {
  it.each([
    ['nothing failed', { total: 100, bad: 0 }, 0.999, 0],
    ['as many as allowed', { total: 1000, bad: 1 }, 0.999, 1],
    ['all of 99 %', { total: 10, bad: 10 }, 0.99, 100],
    ['counts that differ by a request', { total: 9.9, bad: 10 }, 0.9, 10],
    ['nobody asked', { total: 0, bad: 0 }, 0.999, null],
    ['not known', null, 0.999, null],
  ])('%s', (_, events, target, expected) => {
    const rate = burnRate(events, target)
    if (expected === null) expect(rate).toBeNull()
    else expect(rate).toBeCloseTo(expected, 6)
  })
})

describe('the three pairs of windows', () => {
  const burns = (...rates: (number | null)[]) =>
    new Map(BURN_WINDOWS.map((window, i) => [window, rates[i] ?? null]))

  it('look at five of them', () => {
    expect(BURN_WINDOWS).toEqual([5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 3 * DAY])
  })

  it.each([
    // 5m 30m 1h 6h 3d
    ['well', [0, 0, 0, 0, 0], []],
    ['at the even pace', [1, 1, 1, 1, 1], []],
    ['just at the limit', [14.4, 14.4, 14.4, 5, 0.5], []],
    ['fast', [20, 20, 15, 3, 0.3], [HOUR]],
    ['fast and for long', [20, 20, 15, 7, 2], [HOUR, 6 * HOUR, 3 * DAY]],
    ['fast, and over', [0, 10, 15, 3, 0.3], []],
    ['slowly', [2, 2, 2, 2, 1.5], [3 * DAY]],
    ['steadily for six hours', [7, 7, 7, 6.5, 0.6], [6 * HOUR]],
    ['slowly, and over', [0, 0, 0, 0.5, 1.5], []],
    ['in the dark', [null, null, null, null, null], []],
    ['with the long window in the dark', [20, 20, null, null, null], []],
  ])('%s', (_, rates, expected) => {
    expect(brokenRules(burns(...rates), MONTH).map(({ longSeconds }) => longSeconds)).toEqual(expected)
  })

  it('leave out those longer than the objective’s own', () => {
    expect(brokenRules(burns(20, 20, 20, 20, 20), DAY).map(({ longSeconds }) => longSeconds)).toEqual([
      HOUR,
      6 * HOUR,
    ])
  })
})

describe('the budget', () => {
  const objective = { target: 0.99, windowSeconds: MONTH }

  it.each([
    ['untouched', { total: 1000, bad: 0 }, MONTH, 1],
    ['half spent', { total: 1000, bad: 5 }, MONTH, 0.5],
    ['spent', { total: 1000, bad: 10 }, MONTH, 0],
    ['overspent', { total: 1000, bad: 20 }, MONTH, -1],
    ['half spent in the tenth that is known', { total: 100, bad: 5 }, 3 * DAY, 0.5],
    ['known for longer than it counts', { total: 1000, bad: 5 }, 60 * DAY, 0.5],
    ['not known', { total: 1000, bad: 5 }, 0, null],
    ['nobody asked', { total: 0, bad: 0 }, MONTH, null],
  ])('is %s', (_, events, known, left) => {
    const budget = budgetOf(events, objective, known)
    if (left === null) expect(budget).toBeNull()
    else expect(budget?.leftRatio).toBeCloseTo(left, 9)
  })

  const left = (leftRatio: number) => ({ spentRatio: 1 - leftRatio, leftRatio })
  it.each([
    ['all of it at ten times the pace', left(1), 10, 3 * DAY],
    ['half of it', left(0.5), 10, 1.5 * DAY],
    ['at the even pace it lasts', left(0.5), 1, null],
    ['nothing burns', left(0.5), 0, null],
    ['not known how fast', left(0.5), null, null],
    ['gone already, even if all is well now', left(-0.2), 0, 0],
    ['not known what is left', null, 10, null],
  ])('is gone in time: %s', (_, budget, burn, expected) => {
    expect(goneInSeconds(budget, burn, MONTH)).toBe(expected)
  })
})
