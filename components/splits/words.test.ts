import { describe, expect, it } from 'vitest'
import type { Comparison, Split } from '@/lib/api/schemas/config/splits'
import { movedSplit, namedSplits, parseSplitsState, withSplitsState } from './page-state'
import { differenceText, ruleName, unknownPods, verdictSentence, verdictText } from './words'

const comparison = (parts: Partial<Comparison>): Comparison => ({
  verdict: 'worse',
  difference: 0.02,
  low: 0.004,
  high: 0.038,
  confidence: 0.9986,
  missingRequests: 0,
  ...parts,
})

describe('a comparison in words', () => {
  it.each<[Partial<Comparison>, 'ratio' | 'ms', string]>([
    [{}, 'ratio', '+2 points, 99.9 % sure'],
    [{ verdict: 'better', difference: -3.42, confidence: 1 }, 'ms', '−3.42 ms, >99.9 % sure'],
    [{ verdict: 'none' }, 'ms', 'no difference shown'],
    [{ verdict: 'notEnough', missingRequests: 37 }, 'ratio', '37 more requests needed'],
    [{ verdict: 'notEnough', difference: null, missingRequests: 0 }, 'ms', 'not measured'],
  ])('%o as %s', (parts, unit, text) => expect(verdictText(comparison(parts), unit)).toBe(text))

  it('has a sentence with the interval', () => {
    expect(verdictSentence(comparison({}), 'ratio')).toBe(
      'Worse than the baseline: +2 points, with 99 % confidence between +0.4 points and +3.8 points (99.9 % sure that they differ).',
    )
    expect(verdictSentence(comparison({ verdict: 'notEnough', missingRequests: 12 }), 'ms')).toMatch(
      /12 more requests are needed/,
    )
  })

  it('shows no difference as such', () => expect(differenceText(0, 'ms')).toBe('±0 ms'))
})

it.each([
  [{ protocol: 'http', rule: 0, name: null }, 'every request', ''],
  [{ protocol: 'http', rule: 1, name: 'everyone' }, 'every request', 'rule 2 (everyone)'],
  [{ protocol: 'http', rule: 0, name: null }, 'path is /a', 'rule 1'],
] as const)('ruleName of %o with %s', (route, match, want) => expect(ruleName({ route, match })).toBe(want))

describe('the address', () => {
  it('keeps what is looked at', () => {
    const state = {
      filter: 'rev',
      split: 'east/a/VirtualService/b#spec.http[0].route',
      since: 1_700_000_000_000,
    }
    expect(parseSplitsState(withSplitsState(new URLSearchParams('window=5m'), state))).toEqual(state)
    expect(
      withSplitsState(new URLSearchParams('split=x&since=5&window=5m'), {
        split: null,
        since: null,
      }).toString(),
    ).toBe('window=5m')
    expect(parseSplitsState(new URLSearchParams('since=soon'))).toEqual({
      filter: '',
      split: null,
      since: null,
    })
  })

  it('follows a rule that moves down when one is put before it', () => {
    const id = 'east/shop/HTTPRoute/stock#spec.rules[0].backendRefs'
    expect(movedSplit(id, 'spec.rules[1].backendRefs')).toBe(
      'east/shop/HTTPRoute/stock#spec.rules[1].backendRefs',
    )
  })

  it('filters by every word', () => {
    const split = {
      id: 'east/shop/VirtualService/reviews#x',
      host: 'reviews',
      match: 'every request',
      route: { protocol: 'http', rule: 0, name: null },
      backends: [{ name: 'v1', version: 'v1', workloads: ['reviews-v1'] }],
      // the rest is no matter here
    } as unknown as Split
    expect(namedSplits([split], 'shop V1')).toHaveLength(1)
    expect(namedSplits([split], 'shop v2')).toHaveLength(0)
    expect(namedSplits([split], ' ')).toHaveLength(1)
  })
})

it.each([
  ['a host outside', 'api.example.com', null, null, 'outside the cluster', undefined],
  [
    'a subset nobody may read',
    'cart.shop.svc.cluster.local',
    'v1',
    null,
    'pods not known',
    /DestinationRules/,
  ],
  [
    'a namespace the reader may not see',
    'cart.shop.svc.cluster.local',
    null,
    null,
    'pods not known',
    /namespace/,
  ],
  ['a subset in such a namespace', 'cart.shop.svc.cluster.local', 'v1', true, 'pods not known', /namespace/],
] as const)('says why no pods are told of %s', (_what, host, subset, isSubsetDefined, words, why) => {
  const told = unknownPods({ host, subset, isSubsetDefined })
  expect(told.words).toBe(words)
  if (why) expect(told.why).toMatch(why)
  else expect(told.why).toBeUndefined()
})
