import { describe, expect, it } from 'vitest'
import type { Slo } from '@/lib/api/schemas/telemetry/slos'
import {
  budgetWords,
  countWords,
  formatShare,
  formatTarget,
  goneWords,
  knownWords,
  objectiveWords,
  paceWords,
  stateSentence,
} from './slo-words'

const slo = (rest: Partial<Slo>): Slo => ({
  id: 'a',
  node: 'east/shop/service/cart',
  cluster: 'east',
  namespace: 'shop',
  name: 'cart',
  kind: 'availability',
  target: 0.999,
  thresholdMs: null,
  windowSeconds: 30 * 86_400,
  source: 'annotation',
  state: 'healthy',
  knownSeconds: 30 * 86_400,
  requests: 100,
  badRequests: 0,
  goodRatio: 1,
  budgetLeft: 0.82,
  burns: [
    { windowSeconds: 300, rate: 30 },
    { windowSeconds: 3_600, rate: 20 },
  ],
  broken: [],
  goneInSeconds: null,
  isInterpolated: false,
  problem: null,
  ...rest,
})

describe('the words of an objective', () => {
  it.each([
    [formatTarget(0.9995), '99.95 %'],
    [formatShare(0.998_749), '99.874 %'],
    [formatShare(0.999_999_9), '99.999 %'],
    [formatShare(0.999), '99.9 %'],
    [formatShare(1), '100 %'],
    [formatShare(0.964), '96 %'],
    [formatShare(null), '–'],
    [objectiveWords(slo({})), '99.9 % succeed'],
    [objectiveWords(slo({ kind: 'latency', target: 0.99, thresholdMs: 500 })), '99 % within 500 ms'],
    [budgetWords(slo({})), '82 %'],
    [budgetWords(slo({ knownSeconds: 3_600 })), 'at most 82 %'],
    [budgetWords(slo({ budgetLeft: -0.4 })), 'overspent by 40 %'],
    [budgetWords(slo({ budgetLeft: null })), '–'],
    [goneWords(slo({})), 'lasts'],
    [goneWords(slo({ burns: [] })), '–'],
    [goneWords(slo({ goneInSeconds: 0 })), 'gone'],
    [goneWords(slo({ goneInSeconds: 1.7 * 86_400 })), 'in about 41 h'],
    [goneWords(slo({ goneInSeconds: 22.4 * 86_400 })), 'in about 22 d'],
    [goneWords(slo({ goneInSeconds: 5 })), 'in about 1 min'],
    [goneWords(slo({ goneInSeconds: 3 * 3_600, knownSeconds: 86_400 })), 'within 3 h'],
    [goneWords(slo({ budgetLeft: null })), '–'],
    [knownWords(slo({})), null],
    [knownWords(slo({ knownSeconds: 4_510 })), '1 h 15 min of 30 days'],
    [knownWords(slo({ knownSeconds: 15.2 * 86_400 })), '15 days of 30 days'],
    [paceWords(0), '0 ×'],
    [paceWords(0.02), '<0.1 ×'],
    [paceWords(14.44), '14.4 ×'],
    [paceWords(999.6), '1000 ×'],
    [paceWords(null), '–'],
    [stateSentence(slo({})), null],
  ])('%s', (words, expected) => expect(words).toBe(expected))

  it('say how fast it burns, over which windows, and what to do', () => {
    const broken = [{ severity: 'page' as const, longSeconds: 3_600, shortSeconds: 300, factor: 14.4 }]
    expect(stateSentence(slo({ broken }))).toBe(
      'Over 1 h the budget burns 20 × as fast as it may, over 5 min 30 × (limit 14.4 ×): somebody must look now.',
    )
    expect(stateSentence(slo({ budgetLeft: -1 }))).toBe(
      'The budget of 30 days is spent. It burns slower than any limit now.',
    )
  })

  it('do not make silence look kept', () => {
    const silent = slo({ state: 'unknown', budgetLeft: null, requests: null, badRequests: null, burns: [] })
    expect(stateSentence(silent)).toBe('No request was measured: whether it is kept is not known.')
    // where nothing was measured, nobody knows whether anything was sent
    expect(stateSentence({ ...silent, knownSeconds: 0 })).toBe(
      'No measurement of this time could be read: whether it is kept is not known.',
    )
    expect(stateSentence({ ...silent, requests: 10 })).toContain('the past could not be read')
    expect(stateSentence({ ...silent, problem: 'No bound is this high.' })).toBe('No bound is this high.')
  })
})

it('counts no objective as well of which nothing is known', () => {
  expect(countWords(['failing', 'healthy', 'unknown'])).toBe('1 failing, 0 degraded, 1 not known of 3')
  expect(countWords(['healthy', 'degraded'])).toBe('0 failing, 1 degraded of 2')
  expect(countWords(['unknown', 'unknown'])).toBe('2 not known of 2')
})
